"""What Postfix logs before the status of a delivery: the look-up, the policy table and the connection that failed."""

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
        unlike=("Name service error for name=mx.example.com type=A: Host not found, try again",),
        source=f"{_SOURCE}tls/tls_dane.c, smtp/smtp_tls_policy.c",
        confidence=Confidence.SOURCE_CODE,
    ),
    Rule(
        cause="sender_config",
        texts=(
            "policy table lookup error",
            'lookup error for "{domain}"',
            ': invalid attribute name: "',
            "tls_policy_maps{gap}invalid attribute",
            "tls_policy_maps{gap}invalid security level",
            "tls policy lookup for {word}: client tls configuration",
        ),
        codes="log",
        sample='warning: smtp_tls_policy_maps, next-hop destination "example.com": policy table lookup error',
        unlike=(
            "warning: TLS policy lookup for example.com/mx.example.com: TLSA lookup error for mx.example.com:25",
        ),
        source=f"{_SOURCE}smtp/smtp_tls_policy.c",
        confidence=Confidence.SOURCE_CODE,
        check="The log line names the table or the attribute: a policy daemon that does not answer, a map that cannot be "
        "read, or a word in it that this version of Postfix does not know.",
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
        unlike=("connect to mx.example.com[192.0.2.1]:25: Connection refused",),
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
        unlike=("connect to mx.example.com[192.0.2.1]:25: Connection timed out",),
        source=f"{_SOURCE}smtp/smtp_connect.c:335",
        confidence=Confidence.SOURCE_CODE,
    ),
)

_SHARED: Final = (
    Rule(
        cause="cert_not_verified",
        texts=("server certificate not trusted",),
        codes="4.7.5",
        sample="4.7.5 Server certificate not trusted",
        unlike=("Trusted TLS connection established to mx.example.com[192.0.2.1]:25",),
        source=f"{_SOURCE}smtp/smtp_proto.c",
        confidence=Confidence.SOURCE_CODE,
    ),
)

LATE_CHAPTERS: Final = (Chapter("postfix", Side.SENDER, _SHARED),)
"""Words that another system uses within longer ones."""
CHAPTERS: Final = (Chapter("postfix", Side.SENDER, _SENDER),)
