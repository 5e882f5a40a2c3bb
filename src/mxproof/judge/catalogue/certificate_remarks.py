"""Words about certificates that senders take, and that give reason to say something all the same."""

from mxproof.judge.catalogue.finding_words import FindingWords
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Severity

_SHOW = ("openssl s_client -starttls smtp -connect mx.example.com:25 -showcerts </dev/null",)

ENTRIES = (
    FindingWords(
        code=Code.CERT_CHAIN_DISORDERED,
        severity=Severity.NOTICE,
        title="The certificates are sent out of order",
        summary="MX host {host} sends its certificates out of order",
        detail="Seen at {addresses}. Behind each certificate that of its issuer should come, without gaps and without others.",
        why="TLS 1.2 demands the order, TLS 1.3 asks clients to put up with any. Most libraries sort such a chain; old ones and "
        "devices take it for an incomplete one.",
        fix=(
            "Install the chain as the authority gives it: most call the file fullchain.pem. Nothing is to be pasted to it.",
        ),
        rfc=("RFC 5246 section 7.4.2", "RFC 8446 section 4.4.2"),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_DIFFERS,
        severity=Severity.NOTICE,
        title="The addresses of an MX host show different certificates",
        summary="The addresses of MX host {host} show different certificates",
        detail="Seen: {seen:each}.",
        why="That may be meant, with several machines behind one name. Often one of them was forgotten, and keeps its "
        "certificate until that ends, while every look from the usual network finds the other.",
        fix=("See that each of the machines renews its certificate by itself, and loads it.",),
        rfc=("RFC 8461 section 4.2",),
        verify=_SHOW,
    ),
    FindingWords(
        code=Code.CERT_NAME_DEPENDENT,
        severity=Severity.NOTICE,
        title="Which certificate a client is shown depends on the name that it gives",
        summary="MX host {host} shows another certificate to a client that gives another name in TLS, or none",
        detail="Seen: {seen:each}.",
        why="Postfix gives no name unless it is told to, and senders differ in which of two names they give for an alias. Where "
        "the other certificate has not the name of the MX host in it, such a sender does not take it for the host.",
        fix=(
            (
                "Have the certificate with the name {host} shown to clients that give no name: in Postfix it stands in "
                "smtpd_tls_chain_files, and that of tls_server_sni_maps is for the names beside it."
            ),
        ),
        rfc=("RFC 6066 section 3", "RFC 7672 section 8.1", "RFC 8461 section 4"),
        verify=(
            "openssl s_client -starttls smtp -connect mx.example.com:25 -noservername </dev/null",
            "openssl s_client -starttls smtp -connect mx.example.com:25 -servername mx.example.com </dev/null",
        ),
        checked_by="mxproof check example.com --only tls",
    ),
    FindingWords(
        code=Code.CERT_RENEWAL_DUE,
        severity=Severity.NOTICE,
        title="A certificate is due for renewal",
        summary="The certificate of MX host {host} ends on {seen:each} and has not been renewed",
        detail="Seen at {addresses}. Less than a quarter of its life is left, and less than 30 days.",
        why="Most programs have renewed a certificate by then. There is still time to see why this one has not been, or why "
        "the mail server has not loaded the new one.",
        fix=(
            "See that it is renewed and that the mail server loads it:\n    certbot certificates\n    systemctl list-timers\n    postfix reload",
        ),
        rfc=("RFC 5280 section 4.1.2.5",),
        verify=_SHOW,
    ),
)
