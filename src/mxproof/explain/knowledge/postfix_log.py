"""What Postfix says of the look-up and of the connection that failed, in its log before a status and in the status."""

from typing import Final

from mxproof.explain.knowledge.rule import Chapter, Rule, Side
from mxproof.judge.vocabulary import Confidence

_SOURCE: Final = "vdukhovni/postfix postfix/src/"
_SAMPLES: Final = "sisimai/set-of-emails"

_SENDER: Final = (
    Rule(
        cause="dane_dns",
        texts=(
            "name service error for name=_25._tcp.{host} type=tlsa",
            "dane tlsa lookup problem: ",
            "tls policy lookup for {word}: tlsa lookup error",
        ),
        codes="log",
        sample="warning: DANE TLSA lookup problem: Host or domain name not found. Name service error for "
        "name=_25._tcp.mx.example.com type=TLSA: Host not found, try again",
        unlike=(
            "Name service error for name=mx.example.com type=A: Host not found, try again",
            "warning: TLS policy lookup for example.com/mx.example.com: client TLS configuration problem",
        ),
        source=f"{_SOURCE}tls/tls_dane.c, smtp/smtp_tls_policy.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_timeout",
        texts=(
            "connect to {host}[{address}]:{number}: connection timed out",
            "connect to {host}[{address}]: connection timed out",
            "connect to {host}[]: connection timed out",
        ),
        codes="4.4.1",
        sample="connect to mx.example.com[2001:db8::1]:25: Connection timed out",
        unlike=(
            "connect to mx.example.com[192.0.2.1]:25: Connection refused",
            "conversation with mx.example.com[192.0.2.1] timed out while sending message body",
        ),
        source=f"{_SOURCE}smtp/smtp_connect.c:335 ; {_SAMPLES} lhost-postfix-37.eml",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="connect_refused",
        texts=(
            "connect to {host}[{address}]:{number}: connection refused",
            "connect to {host}[{address}]: connection refused",
            "connect to {host}[]: connection refused",
        ),
        codes="4.4.1",
        sample="connect to mx.example.com[192.0.2.1]:25: Connection refused",
        unlike=(
            "connect to mx.example.com[192.0.2.1]:25: Connection timed out",
            "connect to mx.example.com[192.0.2.1]:25: Permission denied",
        ),
        source=f"{_SOURCE}smtp/smtp_connect.c:335",
        confidence=Confidence.SOURCE_CODE,
    ),
)

CHAPTERS: Final = (Chapter("postfix", Side.SENDER, _SENDER),)
