"""Explanations made by hand for tests of forms: one that says nothing, one that says all."""

import msgspec

from mxproof.evidence import Outcome
from mxproof.explain.causes.cause import CauseKind
from mxproof.explain.causes.fault import Fault
from mxproof.explain.explanation import (
    Claim,
    Explanation,
    Joined,
    JoinStanding,
    LookedFor,
    MeasuredNameServer,
    Reached,
    Reporter,
    Suspicion,
)
from mxproof.explain.knowledge.rule import Side
from mxproof.judge.vocabulary import Confidence
from support_certificates import NOW

UNKNOWN = Explanation(
    source="bounce.eml",
    understood=False,
    kind=CauseKind.OTHER,
    other=None,
    decided_by=Side.SENDER,
    domain=None,
    reporter=Reporter(),
    recipients=(),
    codes=(),
    causes=(),
    leads=(),
    first_attempt=None,
    last_attempt=None,
    retried_s=None,
    headline="Nothing is known of this.",
    words="",
    next=(),
)
CAUSE = Claim(
    "mtasts_mx_mismatch",
    Confidence.OBSERVED,
    "MX hosts failed MTA-STS validation",
    "mx.example.com",
    "Look at the `mx` lines.",
    known_from="a page; a sample",
)
LEAD = Claim("queue_expired", Confidence.CLAIMED, "Message expired", None, "Look at the queue.")
LIVE = Joined(
    domain="example.com",
    observed_at=NOW,
    simulated="",
    standing=JoinStanding.CONFIRMED,
    sender=None,
    outcome=None,
    findings=(),
    words="The `policy` does not list it.",
    fix="",
    joined=LookedFor.CONFIRMED,
)
SERVER = MeasuredNameServer(
    "example.com",
    "ns1.example.com",
    "192.0.2.53",
    Reached(Outcome.FOUND, 12, 100),
    Reached(Outcome.TIMEOUT, 5000, 0),
)
WHOLE = msgspec.structs.replace(
    UNKNOWN,
    understood=True,
    kind=CauseKind.TRANSPORT_SECURITY,
    fault=Fault.RECIPIENT,
    suspects=(Suspicion(Fault.RECIPIENT, "its policy"),),
    reporter=Reporter(name="Postfix", host="mail.example.net"),
    codes=("451", "4.4.8"),
    causes=(CAUSE,),
    leads=(LEAD,),
    headline="The MX host is not in the `policy`.",
    words="It was `mx.example.com`.",
    next=("mxproof check example.com", "mxproof finding mx-alias"),
    live=msgspec.structs.replace(
        LIVE,
        simulated="incident",
        steps=("List it:\n    mx: mx.example.com", "Then change the id."),
        otherwise=("Or retire the host.",),
        name_servers=(SERVER,),
        who="you, in the `policy`",
        verified="With it every sender delivers.",
    ),
)
