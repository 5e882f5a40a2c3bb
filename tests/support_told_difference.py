"""Differences made by hand for tests of forms: one in which nothing changed, one that says all."""

from datetime import timedelta

import msgspec

from mxproof.judge.difference import (
    Course,
    Difference,
    FindingShift,
    LookedAt,
    MomentSeen,
    SenderCourse,
    SenderState,
    Shift,
    Supposed,
    SupposedFact,
)
from mxproof.judge.report import Bounce, Summary
from mxproof.judge.vocabulary import Confidence, Security, Severity, Verdict
from mxproof.mail.observed_fact import FactKind
from support_certificates import NOW

FINE = Summary(Verdict.DELIVERS, "All deliver")
SAME = Difference(
    1,
    "example.com",
    Course.SAME,
    MomentSeen(NOW, FINE),
    MomentSeen(NOW + timedelta(hours=1), FINE),
    senders=(),
    shifts=(),
    appeared=(),
    gone=(),
)
SECURE = SenderState(Verdict.DELIVERS, Security.MTA_STS, (), None)
REFUSING = SenderCourse(
    "big-sender",
    "Big_Sender",
    Confidence.OBSERVED,
    Course.WORSE,
    SECURE,
    SenderState(Verdict.REFUSED, None, ("mx-alias",), Bounce("451 later", "550 no", 60)),
)
GUESSED = SenderCourse(
    "guessed",
    "Guessed",
    Confidence.GUESS,
    Course.BETTER,
    SenderState(Verdict.UNKNOWN, None, (), None),
    SECURE,
)
RECORD = Shift(
    FactKind.RECORD,
    ("example.com",),
    ("MX",),
    ("10 mx1.example.com.",),
    ("10 mx2.example.com.",),
    ("big-sender",),
)
CERTIFICATE = Shift(
    FactKind.CERTIFICATE,
    ("mx2.example.com",),
    ("192.0.2.2:25",),
    None,
    ("until 2026-07-01",),
    (),
    sight=LookedAt.AFTER,
)
APPEARED = FindingShift("mx-alias", Severity.ERROR, "example.com", "The `MX` is an alias.", ("big-sender",))
GONE = FindingShift("ptr-missing", Severity.NOTICE, "192.0.2.1", "No reverse name.", ())
WORSE = msgspec.structs.replace(
    SAME,
    course=Course.WORSE,
    after=MomentSeen(NOW + timedelta(hours=1), Summary(Verdict.REFUSED, "Big_Sender refuses")),
    senders=(REFUSING, GUESSED),
    shifts=(RECORD, CERTIFICATE),
    appeared=(APPEARED,),
    gone=(GONE,),
)
SUPPOSED = Supposed((SupposedFact("serving", "192.0.2.1"),), ("TXT _mta-sts.example.com",))
