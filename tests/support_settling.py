"""What checks see of one domain: in good order, refused by one sender, nothing of it, and with another detail."""

from datetime import UTC, datetime, timedelta

import msgspec

from mxproof.judge.settling import Fate, SeenState, Weighed
from mxproof.judge.vocabulary import Security, Severity, Verdict

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
MX_RECORD = "record example.com MX"
DELIVERS = Fate(Verdict.DELIVERS, Security.MTA_STS, ())
REFUSES = Fate(Verdict.REFUSED, None, ("sts-mx-unlisted",))
UNKNOWN = Fate(Verdict.UNKNOWN, None, ("smtp-unanswered",))
UNLISTED = Weighed("sts-mx-unlisted", "mx1.example.com", Severity.ERROR)
GOOD = SeenState({"google": DELIVERS, "microsoft": DELIVERS}, (), {MX_RECORD: "a"})
BAD = SeenState({"google": DELIVERS, "microsoft": REFUSES}, (UNLISTED,), {MX_RECORD: "b"})
BLIND = SeenState({"google": UNKNOWN, "microsoft": UNKNOWN}, (), {MX_RECORD: ""}, ("mx?",))
MOVED = msgspec.structs.replace(GOOD, facts={MX_RECORD: "c"})
