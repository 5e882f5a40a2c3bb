from datetime import datetime, timedelta

import msgspec

from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision, Failure, Held
from mxproof.judge.senders.protection import Protection, Reason, Rules
from mxproof.mail.memory import Memory
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.query import query_result
from mxproof.serve.policyd.query_text import explained, exported
from mxproof.serve.policyd.reply import NOT_FOUND, Dialect
from mxproof.store.destinations.destination import Destination
from support_store import AT
from support_world import ZoneWorld, collect

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


FAILED = Failure(AT, ResultType.STS_WEBPKI_INVALID, "expired", None, times=2)
DECIDED = Decision(Protection.STS, Reason.STS_ENFORCE, AT)


def told(before: Held, after: Held) -> list[str]:
    """Return the lines of what was held of a destination before it was asked about and after."""
    evidence = collect(ZoneWorld())
    asked = query_result(NextHop(evidence.domain), before, after, evidence, Rules(), None, AT)
    return [" ".join(line.split()) for line in explained(asked).splitlines()]


def test_what_is_held_is_told_with_the_moments_at_which_it_is_looked_at_again() -> None:
    lines = told(Held(POLICY, FAILED), Held(POLICY, None, DECIDED))
    policy = "policy enforce, id 1, live: mx.example.com"
    assert f"held before {policy}" in lines
    assert f"held after {policy}" in lines
    assert (
        lines.count(
            "fetched 2026-06-01T12:00:00Z, ends 2026-06-11T12:00:00Z, refreshed from 2026-06-02T12:00:00Z"
        )
        == 2
    )
    assert "fetch failed 2 times, last 2026-06-01T12:00:00Z: sts-webpki-invalid, expired" in lines
    assert "decided sts because sts-enforce at 2026-06-01T12:00:00Z" in lines


def test_of_what_was_never_asked_about_nothing_is_held() -> None:
    lines = told(Held(), Held(None, None, DECIDED))
    assert "held before nothing" in lines
    assert not [one for one in lines if one.startswith("held after nothing")]
