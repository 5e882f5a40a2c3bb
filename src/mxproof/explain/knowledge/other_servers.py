"""Texts of OpenSMTPD and Postal as senders, and of the policy services beside Postfix."""

from typing import Final

from mxproof.explain.causes import suspects
from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_OPENSMTPD: Final = "OpenSMTPD/OpenSMTPD usr.sbin/smtpd/"
_POSTAL: Final = "postalserver/postal app/senders/smtp_sender.rb"
_SAMPLES: Final = "sisimai/set-of-emails"
_TLSPOL: Final = "Zuplu/postfix-tlspol internal/server.go"
_RESOLVER: Final = "Snawoot/postfix-mta-sts-resolver postfix_mta_sts_resolver/"

_OPENSMTPD_TEXTS: Final = (
    Rule(
        cause="starttls_missing",
        texts=(
            "tls required but not supported by remote host",
            "starttls rejected: ",
        ),
        sample="TLS required but not supported by remote host",
        unlike=(
            "TLS required but not supported by this client",
            "EHLO rejected: 550 no",
        ),
        source=f"{_OPENSMTPD}mta_session.c:613,962",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="tls_handshake",
        texts=(
            "io error: error:{word}:ssl routines",
            "reason=tls-failure",
            "reason=tls-connect-failed",
        ),
        sample="0123456789abcdef mta closing reason=tls-failure",
        unlike=(
            "mta disconnected reason=quit messages=1",
            "IO Error: Connection reset by peer",
        ),
        source=f"{_OPENSMTPD}mta_session.c:1387,1580,1600",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "connection failed: operation timed out",
            "connection failed: connection timed out",
            "smtp-out: error on session {word}: connection timeout",
            "mta error reason=connection timeout",
        ),
        sample="smtp-out: Error on session 0123456789abcdef: Connection failed: Operation timed out",
        unlike=(
            "smtp-out: Error on session 0123456789abcdef: Connection failed: Connection refused",
            "Connection closed unexpectedly",
        ),
        source=f"{_OPENSMTPD}mta_session.c:552,1365",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_refused",
        texts=("connection failed: connection refused",),
        sample="smtp-out: Error on session 0123456789abcdef: Connection failed: Connection refused",
        unlike=(
            "Connection failed: Operation timed out",
            "Connection refused",
        ),
        source=f"{_OPENSMTPD}mta_session.c:552",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "network error on destination mxs",
            "connection failed: no route to host",
            "connection failed: host is down",
        ),
        sample="a@example.com: Network error on destination MXs",
        unlike=(
            "Network error on the local host",
            "Destination seem to reject all mails",
        ),
        source=f"{_OPENSMTPD}mta.c:1224 ; {_SAMPLES} lhost-opensmtpd-04.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="connect_failure",
        texts=(
            "address family mismatch on destination mxs",
            "connection failed: network is unreachable",
        ),
        sample="a@example.com: Address family mismatch on destination MXs",
        unlike=(
            "Network error on destination MXs",
            "address mismatch",
        ),
        source=f"{_OPENSMTPD}mta.c:1228",
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.NETWORK,
            suspects.MX,
        ),
    ),
    Rule(
        cause="dns_temp",
        texts=("temporary failure in mx lookup",),
        sample="a@example.com: Temporary failure in MX lookup",
        unlike=(
            "MX lookup",
            "Temporary failure",
        ),
        source=f"{_OPENSMTPD}mta.c:1088",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mx_no_address",
        texts=(
            "no mx found for domain",
            "no mx found for destination",
        ),
        sample="a@example.com: No MX found for domain",
        unlike=(
            "an MX was found for domain example.com",
            "Temporary failure in MX lookup",
        ),
        source=f"{_OPENSMTPD}mta.c:1103,1226",
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.MX,
            suspects.RESOLVER,
        ),
    ),
    Rule(
        cause="null_mx",
        texts=("domain does not accept mail",),
        sample="a@example.com: Domain does not accept mail",
        unlike=(
            "Domain example.com does not accept mail (nullMX)",
            "Domain does accept mail",
        ),
        source=f"{_OPENSMTPD}mta.c:1107",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="route_or_dns",
        texts=(
            "no valid route to remote mx",
            "no valid route to destination",
            "all routes to destination blocked",
        ),
        sample="a@example.com: No valid route to destination",
        unlike=(
            "a valid route to destination",
            "Network error on destination MXs",
        ),
        source=f"{_OPENSMTPD}mta.c:1214-1232",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="queue_expired",
        texts=("envelope expired",),
        sample="a@example.com: Envelope expired",
        unlike=(
            "certificate expired",
            "Envelope accepted",
        ),
        source=f"{_SAMPLES} lhost-opensmtpd-05.eml",
        confidence=Confidence.OBSERVED,
    ),
    Rule(
        cause="dns_nxdomain",
        texts=("domain does not exist",),
        sample="a@example.com: Domain does not exist",
        unlike=(
            "Domain of sender address a@example.com does not exist",
            "domain example.com does not exist",
        ),
        source=f"{_OPENSMTPD}mta.c:1096 ; {_SAMPLES} lhost-opensmtpd-10.eml",
        confidence=Confidence.OBSERVED,
        lead=True,
    ),
)

_POSTAL_TEXTS: Final = (
    Rule(
        cause="mx_no_address",
        texts=("no smtp servers were available for {gap}no hosts to try",),
        sample="No SMTP servers were available for example.com. No hosts to try.",
        unlike=(
            "No SMTP servers were available for example.com. Tried mx.example.com.",
            "SMTP servers were available",
        ),
        source=f"{_POSTAL}:45-47",
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.MX,
            suspects.RESOLVER,
        ),
    ),
    Rule(
        cause="connect_failure",
        texts=("no smtp servers were available for {domain}",),
        sample="No SMTP servers were available for example.com. Tried mx1.example.com and mx2.example.com.",
        unlike=(
            "SMTP servers were available for example.com",
            "Temporary SMTP delivery error when sending to mx.example.com",
        ),
        source=f"{_POSTAL}:45-50",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "connection timed out - connect(2) for {word}",
            "net::opentimeout",
            "execution expired",
        ),
        sample="Net::OpenTimeout: execution expired",
        unlike=(
            'Connection refused - connect(2) for "192.0.2.1" port 25',
            "the certificate expired",
        ),
        source=f"{_POSTAL}:207 ; ruby/ruby net/protocol.rb",
        confidence=Confidence.DOCUMENTED,
    ),
    Rule(
        cause="connect_refused",
        texts=("connection refused - connect(2) for {word}",),
        sample='Connection refused - connect(2) for "mx.example.com" port 25',
        unlike=(
            'Connection timed out - connect(2) for "mx.example.com" port 25',
            "Connection refused",
        ),
        source=f"{_POSTAL}:207 ; ruby/ruby ext/socket",
        confidence=Confidence.DOCUMENTED,
    ),
)

_TLSPOL_TEXTS: Final = (
    Rule(
        cause="mtasts_lookup",
        texts=("evaluating policy failed temporarily",),
        sample='level=WARN msg="Evaluating policy failed temporarily" origin=network domain=example.com ttl=240',
        unlike=(
            'level=INFO msg="Evaluated policy" origin=network domain=example.com',
            "Evaluating policy",
        ),
        source=f"{_TLSPOL}:1144",
        confidence=Confidence.SOURCE_CODE,
        suspects=(
            suspects.ZONE,
            suspects.RESOLVER,
        ),
    ),
    Rule(
        cause="sender_config",
        texts=(
            "could not load /etc/resolv.conf",
            "no nameservers found in /etc/resolv.conf",
            "reading dns configuration failed",
        ),
        sample='level=ERROR msg="Reading DNS configuration failed" error="no nameservers found in /etc/resolv.conf"',
        unlike=(
            "nameservers found",
            'level=INFO msg="Server listening"',
        ),
        source="Zuplu/postfix-tlspol internal/config.go:119,225-232",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.RESOLVER,),
    ),
    Rule(
        cause="sender_config",
        texts=(
            "socketmap reply exceeds postfix protocol limit",
            "error accepting connection",
        ),
        sample='level=ERROR msg="Socketmap reply exceeds Postfix protocol limit" bytes=120000',
        unlike=(
            "Socketmap reply sent",
            'level=INFO msg="Server listening"',
        ),
        source=f"{_TLSPOL}:517,1169",
        confidence=Confidence.SOURCE_CODE,
        suspects=(suspects.POLICY_DAEMON,),
    ),
)

_RESOLVER_TEXTS: Final = (
    Rule(
        cause="mtasts_fetch",
        texts=("sts policy fetch for domain {domain} failed with error",),
        sample="WARNING RES: STS policy fetch for domain 'example.com' failed with error: Cannot connect to host mta-sts.example.com:443",
        unlike=(
            "STS policy fetch for domain 'example.com' succeeded",
            "DEBUG RES: Parsed policy for domain example.com",
        ),
        source=f"{_RESOLVER}resolver.py",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="mtasts_fetch",
        texts=("does not have a valid policy.",),
        sample="PF: Domain example.com does not have a valid policy.",
        unlike=(
            "Domain example.com has a valid policy.",
            "a valid policy",
        ),
        source=f"{_RESOLVER}proactive_fetcher.py:35",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="sender_config",
        texts=(
            "mta-sts-daemon: error",
            "cache set failed: ",
        ),
        sample="Cache set failed: database is locked",
        unlike=(
            "Cache set",
            "the cache is set",
        ),
        source=f"{_RESOLVER}base_cache.py:29",
        confidence=Confidence.SOURCE_CODE,
        lead=True,
        suspects=(suspects.POLICY_DAEMON,),
    ),
)

CHAPTERS: Final = (
    Chapter("opensmtpd", Side.SENDER, _OPENSMTPD_TEXTS),
    Chapter("postal", Side.SENDER, _POSTAL_TEXTS),
    Chapter("postfix-tlspol", Side.SENDER, _TLSPOL_TEXTS),
    Chapter("mta-sts-daemon", Side.SENDER, _RESOLVER_TEXTS),
)
