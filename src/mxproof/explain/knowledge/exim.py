"""Texts of Exim, in bounces and its log, and of access lists that are commonly run with it."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SOURCE: Final = "Exim/exim src/src/"
_SAMPLES: Final = "sisimai/set-of-emails"

_SENDER: Final = (
    Rule(
        cause="mx_no_address",
        texts=(
            "all relevant mx records point to non-existent hosts",
            "all host address lookups failed permanently",
        ),
        sample="all relevant MX records point to non-existent hosts",
        unlike=(
            "all hosts have been failing for a long time",
            "all hosts have been failing for a long time and were last tried after this message arrived",
        ),
        source=f"{_SOURCE}routers/dnslookup.c:370, transports/smtp.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="null_mx",
        texts=("an mx or srv record indicated no smtp service",),
        sample="an MX or SRV record indicated no SMTP service",
        unlike=(
            "an MX record indicated another host",
            "== a@example.com R=dnslookup T=remote_smtp defer (111): Connection refused",
        ),
        source=f"{_SOURCE}routers/dnslookup.c:366",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dns_temp",
        texts=("host lookup did not complete", "host lookup done insecurely"),
        sample="== a@example.com R=dnslookup defer (-1): host lookup did not complete",
        unlike=(
            "host lookup failed",
            "== a@example.com R=dnslookup T=remote_smtp defer (113): No route to host",
        ),
        source=f"{_SOURCE}routers/dnslookup.c:318,329",
        confidence=Confidence.SOURCE_CODE,
        check="'done insecurely' means that DNSSEC is required for the domain and its answer was not signed.",
    ),
    Rule(
        cause="starttls_missing",
        texts=("a tls session is required, but the server did not offer tls support",),
        sample="a TLS session is required, but the server did not offer TLS support",
        unlike=(
            "a TLS session was established",
            "a TLS session is required, but an attempt to start TLS failed",
        ),
        source=f"{_SOURCE}transports/smtp.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=("a tls session is required, but an attempt to start tls failed",),
        sample="a TLS session is required, but an attempt to start TLS failed",
        unlike=(
            "a TLS session is required, but the server did not offer TLS support",
            "Recipient server TLS certificate is not trusted but authentication is required by MTA-STS",
        ),
        source=f"{_SOURCE}transports/smtp.c (ERRNO_TLSREQUIRED where STARTTLS was offered)",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_dns",
        texts=("dane error: tlsa lookup {word}",),
        sample="DANE error: tlsa lookup DEFER",
        unlike=(
            "tlsa lookup succeeded",
            "DANE error: mx.example.com lookup not DNSSEC",
        ),
        source=f"{_SOURCE}transports/smtp.c:2174",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="dane_required_unsigned",
        texts=("dane error: {host} lookup not dnssec",),
        sample="DANE error: mx.example.com lookup not DNSSEC",
        unlike=(
            "mx.example.com lookup was DNSSEC",
            "DANE error: tlsa lookup DEFER",
        ),
        source=f"{_SOURCE}transports/smtp.c:2421",
        confidence=Confidence.SOURCE_CODE,
        check="Exim looks up the TLSA record at the end of a CNAME chain.",
    ),
    Rule(
        cause="dane_tlsa_mismatch",
        texts=(
            "dane attempt failed; tls connection to {host} [{address}]: (certificate verify failed)",
            "dane attempt failed; tls connection to {host}",
        ),
        sample="DANE attempt failed; TLS connection to mx.example.com [192.0.2.1]: (certificate verify failed): error",
        unlike=(
            "DANE attempt succeeded; TLS connection to mx.example.com [192.0.2.1]",
            "[192.0.2.1] SSL verify error: certificate name mismatch",
        ),
        source=f"{_SOURCE}transports/smtp.c:3021",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "verify error: certificate name mismatch",
            "verify error: depth={number} error=certificate has expired",
            "verify error: depth={number} error=certificate is not yet valid",
        ),
        sample='[192.0.2.1] SSL verify error: certificate name mismatch: DN="/CN=www.example.net" H="mx.example.com"',
        unlike=(
            "[192.0.2.1] SSL verify error: depth=1 error=unable to get issuer certificate cert=/CN=Example CA",
            "certificate name matches",
        ),
        source=f"{_SOURCE}tls-openssl.c, verify_callback()",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.CERTIFICATE,),
    ),
    Rule(
        cause="cert_not_verified",
        texts=(
            "tls session: (certificate verification failed)",
            "tls session: (certificate verify failed)",
            "ssl verify error",
            "(certificate verify failed)",
        ),
        sample="[192.0.2.1] SSL verify error: depth=1 error=unable to get issuer certificate cert=/CN=Example CA",
        unlike=("SSL verify ok", "Certificate validation failed"),
        source=f"{_SOURCE}tls-openssl.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=("tls session: (", "defer (-37): tls session:"),
        sample="TLS session: (SSL_connect): error:0A00042E:SSL routines::tlsv1 alert protocol version",
        unlike=(
            "TLS session: succeeded",
            "[192.0.2.1] SSL verify error: certificate name mismatch",
        ),
        source=f"{_SOURCE}transports/smtp.c:3031",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "defer ({number}): connection timed out",
            "defer ({number}) h={host} [{address}]: connection timed out",
            "connection timed out: retry timeout exceeded",
        ),
        sample="== a@example.com R=dnslookup T=remote_smtp defer (110): Connection timed out",
        unlike=(
            "defer (-18): Remote host closed connection in response to EHLO",
            "== a@example.com R=dnslookup T=remote_smtp defer (111): Connection refused",
        ),
        source=f"{_SOURCE}transports/smtp.c, deliver.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_refused",
        texts=(
            "defer ({number}): connection refused",
            "defer ({number}) h={host} [{address}]: connection refused",
            "connection refused: retry timeout exceeded",
        ),
        sample="== a@example.com R=dnslookup T=remote_smtp defer (111): Connection refused",
        unlike=(
            "defer (110): Connection timed out",
            "== a@example.com R=dnslookup T=remote_smtp defer (110): Connection timed out",
        ),
        source=f"{_SOURCE}transports/smtp.c, deliver.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "defer ({number}): no route to host",
            "defer ({number}) h={host} [{address}]: no route to host",
        ),
        sample="== a@example.com R=dnslookup T=remote_smtp defer (113): No route to host",
        unlike=(
            "defer (110): Connection timed out",
            "== a@example.com R=dnslookup T=remote_smtp defer (111): Connection refused",
        ),
        source=f"{_SOURCE}transports/smtp.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="route_or_dns",
        texts=("unrouteable address", "unroutable address"),
        sample="Unrouteable address",
        unlike=(
            "routable address",
            "all relevant MX records point to non-existent hosts",
        ),
        source=f"{_SOURCE}deliver.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="queue_expired",
        texts=(
            "retry timeout exceeded",
            "retry time not reached for any host",
            "all hosts have been failing for a long time",
            "all hosts for {domain} have been failing for a long time",
        ),
        sample="all hosts have been failing for a long time and were last tried after this message arrived",
        unlike=(
            "all relevant MX records point to non-existent hosts",
            "554 5.7.1 [HME1] This message was blocked for failing both SPF and DKIM authentication checks.",
        ),
        source=f"{_SOURCE}deliver.c, retry.c ; {_SAMPLES} lhost-exim-08.eml",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_VERIFIED: Final = (
    Rule(
        cause="sender_domain_dns",
        texts=(
            "sender verify fail for {word}: unrouteable address",
            "sender verify fail for {word}: all relevant mx records point to non-existent hosts",
            "verification failed for {gap}unrouteable address",
            "verification failed for {gap}all relevant mx records point to non-existent hosts",
        ),
        codes="550",
        sample="H=mx.example.net [192.0.2.1] sender verify fail for <a@example.org>: Unrouteable address",
        unlike=(
            "sender verify fail for <a@example.org>: response to RCPT TO from mx.example.org was: 550 no such user",
            "a@example.org: Unrouteable address",
        ),
        source=f"{_SOURCE}verify.c, acl.c ; fail2ban/fail2ban fail2ban/tests/files/logs/exim",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_RECEIVER: Final = (
    Rule(
        cause="ptr_missing",
        texts=(
            "fix reverse dns for",
            "missing reverse dns",
            "reverse dns failed",
            "reverse dns lookup failed",
            "reverse dns lookup {gap}failed",
            "no ptr record found",
        ),
        codes="550",
        sample="554 5.7.1 [C14] Missing reverse DNS for 203.0.113.2",
        unlike=(
            "reverse DNS lookup succeeded",
            "550 Bad SPF records for [example.org:192.0.2.2], see http://spf.pobox.com/",
        ),
        source=f"{_SAMPLES} lhost-exim-32, 34, 42, 43, 46.eml ; cf/m4/proto.m4:1858 of sendmail 8.17.1.9",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="spf_fail",
        texts=("bad spf records for",),
        codes="550",
        sample="550 Bad SPF records for [example.org:192.0.2.2], see http://spf.pobox.com/",
        unlike=(
            "good SPF records for example.org",
            "554 5.7.1 [C14] Missing reverse DNS for 203.0.113.2",
        ),
        source=f"{_SAMPLES} lhost-exim-29.eml",
        confidence=Confidence.OBSERVED,
    ),
)

CHAPTERS: Final = (
    Chapter("exim", Side.RECEIVER, _VERIFIED),
    Chapter("exim", Side.SENDER, _SENDER),
    Chapter("exim", Side.RECEIVER, _RECEIVER),
)
