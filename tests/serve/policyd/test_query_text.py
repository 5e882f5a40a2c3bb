from datetime import datetime, timedelta

import msgspec

from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.judge.decision import Decision, Held
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.mail.memory import Memory
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.query_text import exported
from mxproof.serve.policyd.reply import NOT_FOUND, Dialect
from mxproof.store.destinations.destination import Destination
from support_store import AT

POLICY = Memory(b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 864000\n", AT, "1")
DAY = timedelta(days=1)


def destination(
    key: str, protection: Protection, reason: Reason, policy: Memory | None = None
) -> Destination:
    return Destination(key, Held(policy, None, Decision(protection, reason, AT)), AT)


ENTRIES = (
    destination("dane.example", Protection.DANE_ONLY, Reason.DANE_EVERYWHERE),
    destination("policy.example", Protection.STS, Reason.STS_ENFORCE, POLICY),
    destination("none.example", Protection.DEFAULT, Reason.STS_ABSENT),
    destination("unknown.example", Protection.UNDECIDED, Reason.MX_UNANSWERED),
)
BY_POLICY = "secure match=mx.example.com servername=hostname"


def table(at: datetime, **given: ReadyOverride) -> dict[str, str]:
    overrides = {f"{label}.example": one for label, one in given.items()}
    lines = "".join(exported(ENTRIES, overrides, Dialect.CLASSIC, at)).splitlines()
    assert lines == sorted(lines)
    return {key: text for key, _, text in (line.partition("\t") for line in lines)}


def test_what_is_demanded_stands_in_the_table() -> None:
    assert table(AT) == {"dane.example": "dane-only", "policy.example": BY_POLICY}


def test_dane_is_in_the_table_as_long_as_it_is_kept_and_a_policy_as_long_as_it_lives() -> None:
    assert table(AT + DAY + timedelta(seconds=1)) == {"policy.example": BY_POLICY}
    assert table(AT + 10 * DAY) == {}


def test_overrides_stand_in_the_table_until_they_end() -> None:
    encrypt = ReadyOverride(SocketmapReply(Status.OK, "encrypt"), "why", AT + DAY)
    default = msgspec.structs.replace(encrypt, reply=NOT_FOUND)
    over = msgspec.structs.replace(encrypt, until=AT)
    assert table(AT, policy=encrypt, dane=default, other=encrypt, unknown=over) == {
        "other.example": "encrypt",
        "policy.example": "encrypt",
    }
