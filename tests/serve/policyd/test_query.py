from datetime import timedelta

import pytest

from mxproof.formats.mtasts import Mode
from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision, Failure, Held
from mxproof.judge.senders.protection import Protection, Reason, Rules
from mxproof.mail.memory import Memory
from mxproof.serve.policyd.override import ReadyOverride
from mxproof.serve.policyd.query import (
    HeldState,
    ListFilter,
    QueryResult,
    Unlooked,
    held_state,
    query_result,
    wanted_destinations,
)
from mxproof.serve.policyd.reply import Dialect
from mxproof.store.destinations.destination import Destination
from support_store import AT
from support_world import ZoneWorld, collect

DAY = timedelta(days=1)
ENFORCED = Memory(b"version: STSv1\nmode: enforce\nmx: mx.example.com\nmax_age: 864000\n", AT, "1")
TESTED = Memory(b"version: STSv1\nmode: testing\nmx: mx.example.com\nmax_age: 86400\n", AT, "2")
FAILED = Failure(AT, ResultType.STS_WEBPKI_INVALID, "expired", "3", times=2)


def stored(
    key: str, protection: Protection, policy: Memory | None, failure: Failure | None = None
) -> Destination:
    return Destination(key, Held(policy, failure, Decision(protection, Reason.STS_ABSENT, AT)), AT)


DESTINATIONS = (
    stored("b.example", Protection.REPORT, TESTED),
    stored("a.example", Protection.STS, ENFORCED, FAILED),
    stored("c.example.net", Protection.DEFAULT, None),
    Destination("d.example", Held(), AT),
)


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        (ListFilter(), ["a.example", "b.example", "c.example.net", "d.example"]),
        (ListFilter(patterns=("*.NET", "a.*")), ["a.example", "c.example.net"]),
        (ListFilter(modes=(Mode.TESTING,)), ["b.example"]),
        (ListFilter(protections=(Protection.STS, Protection.DEFAULT)), ["a.example", "c.example.net"]),
        (ListFilter(failing=True), ["a.example"]),
        (ListFilter(ends_within=DAY), ["b.example"]),
        (ListFilter(ends_within=DAY - timedelta(seconds=1)), []),
        (ListFilter(ends_within=10 * DAY), ["a.example", "b.example"]),
        (ListFilter(ends_within=DAY, failing=True), []),
    ],
)
def test_the_filter_lets_through_what_fits_all_of_it(wanted: ListFilter, keys: list[str]) -> None:
    assert [row.destination for row in wanted_destinations(DESTINATIONS, wanted, AT)] == keys


def test_what_is_held_comes_with_the_moments_that_follow_from_it() -> None:
    state = held_state(DESTINATIONS[1].held, AT + 11 * DAY)
    assert state.policy is not None
    assert state.failure is not None
    assert (state.policy.live, state.policy.ends_at, state.policy.refresh_at) == (
        False,
        AT + 10 * DAY,
        AT + DAY,
    )
    assert (state.failure.times, state.failure.retry_at) == (2, AT + timedelta(seconds=600))
    assert held_state(Held(), AT) == HeldState(policy=None, failure=None, decision=None)


def result(world: ZoneWorld, override: ReadyOverride | None = None) -> QueryResult:
    evidence = collect(world)
    held = Held(ENFORCED, None, Decision(Protection.STS, Reason.STS_ENFORCE, AT))
    hop = NextHop(evidence.domain)
    return query_result(hop, Held(), held, evidence, Rules(), override, AT)


def test_every_dialect_has_its_reply_and_an_override_takes_the_place_of_all_until_it_is_over() -> None:
    said = "OK secure match=mx.example.com servername=hostname"
    assert result(ZoneWorld()).replies[Dialect.CLASSIC] == said
    encrypt = ReadyOverride(SocketmapReply(Status.OK, "encrypt"), "why", AT + DAY)
    given = result(ZoneWorld(), encrypt)
    assert set(given.replies.values()) == {"OK encrypt"}
    assert set(given.replies) == set(Dialect)
    over = result(ZoneWorld(), ReadyOverride(encrypt.reply, "why", AT))
    assert over.override is not None
    assert (over.override.over, over.replies[Dialect.CLASSIC]) == (True, said)


def test_why_no_host_was_looked_at_is_said() -> None:
    assert result(ZoneWorld(validating=False)).hosts_unlooked is Unlooked.NOT_BELIEVED
    assert result(ZoneWorld()).hosts_unlooked is Unlooked.MX_INSECURE
    assert result(ZoneWorld(signed=("example.com",))).hosts_unlooked is None
    no_mail = ZoneWorld(signed=("example.com",)).zone_with("example.com MX 0 .")
    assert result(no_mail).hosts_unlooked is Unlooked.NONE
    for outcome in ("timeout", "servfail", "bogus"):
        unanswered = ZoneWorld(signed=("example.com",)).zone_with(f"example.com MX !{outcome}")
        assert result(unanswered).hosts_unlooked is Unlooked.MX_UNANSWERED
    assert result(ZoneWorld(zone="example.com A 192.0.2.1")).hosts_unlooked is Unlooked.MX_INSECURE


@pytest.mark.parametrize("body", [b"", b"version: STSv1\nmode: enforced\nmax_age: 864000\n"])
def test_a_text_that_is_no_policy_is_held_by_nobody(body: bytes) -> None:
    assert held_state(Held(Memory(body, AT, "1")), AT).policy is None
