"""Words about the certificates of MX hosts."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_POLICY = "RFC 8461 section 4.2"
_PATH = "RFC 5280 section 6.1"
_SHOW = (
    "openssl s_client -starttls smtp -connect mx.example.com:25 -verify_hostname mx.example.com </dev/null",
)
_ENFORCED = (
    "A sender that enforces your policy does not deliver to a host with such a certificate. Without a policy that is "
    "enforced, and with DANE records for the key itself (usage 3), senders do not look."
)

ENTRIES = (
    FindingWords(
        code=Code.CERT_NAME_MISMATCH,
        severity=Severity.WARNING,
        title="The certificate does not name the MX host",
        summary="The certificate of MX host {host} at {addresses} does not name {host}",
        detail="It names {seen:each}. What counts is the subject alternative name, where * stands for one label; the common "
        "name never does.",
        why=_ENFORCED,
        fix=(
            (
                "Get a certificate that has {host} among its subject alternative names, beside those that it needs otherwise, "
                "and install it at {addresses}. If the server has several, let it show this one when asked for {host}."
            ),
        ),
        rfc=(_POLICY, "RFC 9525 section 6.3"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_EXPIRED,
        severity=Severity.WARNING,
        title="A certificate has expired",
        summary="The certificate of MX host {host} at {addresses} has expired",
        detail="Seen: {seen:each}.",
        why=_ENFORCED,
        fix=(
            (
                "Renew it, install it at {addresses} and make the mail server load it: certbot renew, then postfix reload. "
                "A renewed file that the running server never read is a common cause. If a certificate above it has expired, "
                "install the chain that your authority sends today."
            ),
        ),
        rfc=(_POLICY, "RFC 5280 section 4.1.2.5"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_NOT_YET_VALID,
        severity=Severity.WARNING,
        title="A certificate is not valid yet",
        summary="The certificate of MX host {host} at {addresses} is not valid yet",
        detail="Seen: {seen:each}.",
        why=_ENFORCED,
        fix=(
            (
                "Install the certificate that is in force until then, or see whether the clock of the machine that made "
                "this one is wrong."
            ),
        ),
        rfc=(_POLICY, "RFC 5280 section 4.1.2.5"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_SELF_SIGNED,
        severity=Severity.WARNING,
        title="The certificate is self-signed",
        summary="The certificate of MX host {host} at {addresses} is self-signed",
        detail="Seen: {seen:each}. No sender has a reason to trust it, unless a DANE record vouches for it.",
        why=_ENFORCED,
        fix=(
            (
                "Get a certificate from a public authority and install it with its intermediate at {addresses}: certbot "
                "certonly -d {host}."
            ),
        ),
        rfc=(_POLICY, _PATH),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_CHAIN_INCOMPLETE,
        severity=Severity.WARNING,
        title="The intermediate certificate is missing",
        summary="MX host {host} at {addresses} does not send the certificate of its issuer",
        detail="Seen: {seen:each}. Browsers fetch or remember what is missing; mail servers do not.",
        why=_ENFORCED,
        fix=(
            (
                "Let the server send the whole chain, its own certificate first: with certbot that is fullchain.pem, not "
                "cert.pem; in Postfix: smtpd_tls_chain_files with key and fullchain."
            ),
        ),
        rfc=(_POLICY, "RFC 8446 section 4.4.2"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_UNTRUSTED,
        severity=Severity.WARNING,
        title="The certificate does not lead to a trusted root",
        summary="The certificate of MX host {host} at {addresses} is not trusted",
        detail="Seen: {seen:each}.",
        why=_ENFORCED,
        fix=(
            (
                "Get a certificate from an authority that senders trust and install it with its intermediates at "
                "{addresses}: certbot certonly -d {host}. If it is from one, install the chain that the authority gives "
                "today."
            ),
        ),
        rfc=(_POLICY, _PATH),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_UNREADABLE,
        severity=Severity.WARNING,
        title="The certificate cannot be read",
        summary="The certificate of MX host {host} at {addresses} cannot be read",
        detail="Seen: {seen:each}.",
        why=_ENFORCED,
        fix=(
            (
                "Install a certificate and chain as the authority gave them. Look at each one of the file: "
                "openssl crl2pkcs7 -nocrl -certfile chain.pem | openssl pkcs7 -print_certs -noout"
            ),
        ),
        rfc=(_POLICY, "RFC 5280 section 4.1"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_EXPIRES_SOON,
        severity=Severity.WARNING,
        title="A certificate expires soon",
        summary="The certificate of MX host {host} at {addresses} expires on {seen:each}",
        detail="By now it should have been renewed, or the renewed one should have been loaded.",
        why="From that moment on, senders that enforce your policy do not deliver.",
        fix=(
            (
                "See why it was not renewed (certbot certificates, systemctl list-timers), and that the mail server loads "
                "the new one: postfix reload after every renewal."
            ),
        ),
        rfc=(_POLICY, "RFC 5280 section 4.1.2.5"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_OK,
        severity=Severity.OK,
        title="The certificates are valid",
        summary="The certificates of MX host {host} are valid until {until:day}",
        detail="At {addresses} they are trusted, in force and for {names}.",
        why="This is how it should be. The finding exists so that you can see what was examined.",
        rfc=(_POLICY,),
        verify=_SHOW,
    ),
)
