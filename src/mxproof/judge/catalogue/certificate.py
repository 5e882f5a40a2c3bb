"""Words about the certificates of MX hosts."""

import msgspec

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

_KEY_KEPT = (
    "The TLSA records at _25._tcp.{base} name the key of this certificate or what is above it: keep the key, or publish the "
    "record of a new key first and wait for the time to live."
)
_NEW_RECORD = (
    "The TLSA records at _25._tcp.{base} name this very certificate, or an authority that senders do not trust, so they must "
    "change together with it. First publish the record of its key and wait until the time to live of the old ones is "
    "over:{new_records:block}"
)
_KEY_THEN = (
    "Keep that key for the new certificate, and remove the TLSA records of the old one when it is in use."
)
_ELSEWHERE = (
    "Install at {addresses} the certificate and chain that are in order at {sound}, with their key, and make the mail server "
    "there load them. If something else answers at that address, such as a container or a proxy, that is where to mend it."
)
_RENEW = "    certbot renew\n"
_RENEW_WITH_KEY = "    certbot renew --reuse-key\n"
_ISSUE = "{wanted:certbot}"
_ISSUE_WITH_KEY = "{wanted:certbot_with_key}"

_PLAIN = (
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
                "and install it at {addresses}:{wanted:certbot}If the server has several, let it show this one when asked for "
                "{host}."
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
                "Renew it, install it at {addresses} and make the mail server load it:\n    certbot renew\n    postfix reload\n"
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
                "Get a certificate from a public authority and install it with its intermediate at {addresses}:"
                "{wanted:certbot}"
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
                "Let the server send the whole chain, its own certificate first: of the files that certbot writes fullchain.pem, "
                "not cert.pem. In Postfix:"
                "\n    postconf -e 'smtpd_tls_chain_files = /etc/letsencrypt/live/{host}/privkey.pem, /etc/letsencrypt/live/{host}/fullchain.pem'"
                "\n    postfix reload"
            ),
        ),
        rfc=(_POLICY, "RFC 8446 section 4.4.2"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_ISSUER_NO_AUTHORITY,
        severity=Severity.WARNING,
        title="The certificate is signed by one that is no authority",
        summary="The certificate of MX host {host} at {addresses} is signed by one that is no authority",
        detail="Seen: {seen:each}. A certificate for a server cannot vouch for another one.",
        why=_ENFORCED,
        fix=(
            "Get a certificate from a public authority and install it with the intermediates of that authority at {addresses}: {wanted:certbot}Of two files that were joined by mistake, leave out the one for another server.",
        ),
        rfc=(
            _POLICY,
            "RFC 5280 section 4.2.1.9",
        ),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_PURPOSE_WRONG,
        severity=Severity.WARNING,
        title="The certificate is not meant for servers",
        summary="The certificate of MX host {host} at {addresses} is not meant for servers",
        detail="Seen: {seen:each}. What its key usage and its extended key usage allow is not what a server does in TLS; the "
        "libraries that senders use differ in which of it they heed.",
        why=_ENFORCED,
        fix=(
            "Get a certificate with serverAuth among its extended key usages and digitalSignature in its key usage, which is what public authorities issue for servers, and install it at {addresses}:{wanted:certbot}",
        ),
        rfc=(
            _POLICY,
            "RFC 5280 section 4.2.1.3",
            "RFC 5280 section 4.2.1.12",
        ),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_NAME_LIMITED,
        severity=Severity.WARNING,
        title="The authority may not issue for this name",
        summary="The certificate of MX host {host} at {addresses} has a name that its authority may not issue for",
        detail="Seen: {seen:each}. Name constraints in the certificate of an authority bind all that is below it.",
        why=_ENFORCED,
        fix=(
            "Get a certificate for {host} from an authority without such a limit, or one without the other names, and install it at {addresses}:{wanted:certbot}",
        ),
        rfc=(
            _POLICY,
            "RFC 5280 section 4.2.1.10",
        ),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_SIGNATURE_WEAK,
        severity=Severity.WARNING,
        title="A signature in the chain is too weak",
        summary="The certificate of MX host {host} at {addresses} rests on a signature that is too weak",
        detail="Seen: {seen:each}. Signatures over MD5 and SHA-1, and those by keys that are too short, can be forged; TLS libraries reject them.",
        why=_ENFORCED,
        fix=(
            "Get a new certificate, which every public authority signs with SHA-256 or better, and install it with the intermediates of today at {addresses}:{wanted:certbot}",
        ),
        rfc=(
            _POLICY,
            "RFC 9155 section 2",
        ),
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
                "{addresses}:{wanted:certbot}If it is from one, install the chain that the authority gives "
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
                "Install a certificate and chain as the authority gave them. Look at each one of the file:"
                "\n    openssl crl2pkcs7 -nocrl -certfile chain.pem | openssl pkcs7 -print_certs -noout"
            ),
        ),
        rfc=(_POLICY, "RFC 5280 section 4.1"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_KEY_WEAK,
        severity=Severity.WARNING,
        title="The key of the certificate is too short",
        summary="The certificate of MX host {host} at {addresses} has a key that is too short",
        detail="Seen: {seen:each}. RSA takes 2048 bits and elliptic curves 224 to be out of reach; P-256 is the usual choice.",
        why="Some senders refuse such a key where they authenticate the server, more do with every version of their TLS library, and whoever can break it can read and change the mail.",
        fix=(
            "Make a new key and get a certificate for it, and install both at {addresses}:{wanted:certbot_ecdsa}Where TLSA records name the key, publish the new one first and wait for their time to live.",
        ),
        rfc=(
            _POLICY,
            "RFC 5280 section 8",
        ),
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
                "See why it was not renewed, and that the mail server loads the new one after every renewal:"
                "\n    certbot certificates\n    systemctl list-timers\n    postfix reload"
            ),
        ),
        rfc=(_POLICY, "RFC 5280 section 4.1.2.5"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_LAST_DAYS,
        severity=Severity.WARNING,
        title="A certificate is in its last days",
        summary="The certificate of MX host {host} at {addresses} expires on {seen:each}, within days",
        detail="Less than three days are left, or less than a thirtieth of its life. Whatever should renew it does not.",
        why="From that moment on, senders that enforce your policy do not deliver. A weekend is longer than what is left.",
        fix=(
            (
                "Renew it by hand today, see that the mail server loads it, and then why it was not renewed:"
                "\n    certbot renew --force-renewal\n    postfix reload\n    systemctl list-timers"
            ),
        ),
        rfc=(_POLICY, "RFC 5280 section 4.1.2.5"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_VALIDITY_ENDLESS,
        severity=Severity.NOTICE,
        title="A certificate is valid almost for ever",
        summary="The certificate of MX host {host} at {addresses} is valid until {seen:each}",
        detail="It is in force for more than ten years. No public authority issues such a certificate, and nothing but this date would ever have a lost key replaced.",
        why="No sender refuses for it. It is most often the sign of a certificate that was made once by hand and forgotten.",
        fix=(
            "Use certificates of a year or less that renew themselves. Where TLSA records name the key, keep it:\n    certbot renew --reuse-key",
        ),
        rfc=("RFC 5280 section 4.1.2.5",),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_UNCHECKED,
        severity=Severity.NOTICE,
        title="Nobody looks at the certificate",
        summary="No mail is lost by what is wrong with the certificate of MX host {host}, for no sender looks at it",
        detail="There is neither a policy in force nor DANE, so that a sender encrypts with whatever certificate it is "
        "shown ({codes}).",
        why="It does not matter now. It will on the day on which a policy is enforced.",
        fix=("Mend it before you serve a policy in mode enforce.",),
        rfc=("RFC 7435 section 3", "RFC 8461 section 4.2"),
        verify=("openssl s_client -starttls smtp -connect mx.example.com:25",),
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


def _with_ways(entry: FindingWords) -> FindingWords:
    """Return an entry with what is to be done where TLSA records vouch for the certificate, or another address shows a good one."""
    kept = tuple(map(_with_key, entry.fix))
    ways = {
        "key-kept": kept if entry.code is Code.CERT_CHAIN_INCOMPLETE else (_KEY_KEPT, *kept),
        "new-record": (_NEW_RECORD, *kept, _KEY_THEN),
        "elsewhere": (_ELSEWHERE,),
    }
    return msgspec.structs.replace(entry, ways=ways) if entry.fix else entry


def _with_key(step: str) -> str:
    """Return a step with commands that make a new certificate for the key in use."""
    return step.replace(_RENEW, _RENEW_WITH_KEY).replace(_ISSUE, _ISSUE_WITH_KEY)


ENTRIES = tuple(map(_with_ways, _PLAIN))
