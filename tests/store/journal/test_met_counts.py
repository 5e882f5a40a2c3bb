"""What was met, counted in memory: each policy and way apart, no more of them than the bounds, and the sessions beyond these."""

import msgspec

from mxproof.formats.tlsrpt.datagram import SessionDatagram
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.store.journal.met_counts import (
    MET_POLICIES_MAX,
    MET_WAYS_MAX,
    MetBounds,
    MetCounts,
    PolicyKey,
    WayKey,
)
from support_met import GOOD, MISMATCH, of_domain, with_lines

DAY = 20_000
AT = 1_728_000_000.0


def policy(number: int, domain: str = "example.com", day: int = DAY) -> PolicyKey:
    return PolicyKey(day, domain, b"policy %d" % number)


def way(number: int, of: PolicyKey) -> WayKey:
    return WayKey(*of, b"way %d" % number)


def admitted(bounds: MetBounds, *keys: PolicyKey) -> list[bool]:
    return [bounds.admit(key) for key in keys]


def totals(counts: MetCounts) -> tuple[int, int, int]:
    total = counts.total(DAY)
    return total.attempts, total.refused, total.beyond


def failing(*reasons: str, domain: str = "example.com") -> SessionDatagram:
    """Return a session that failed in these ways, under one policy."""
    ways = tuple(FailureDetails("certificate-expired", 1, reason=one) for one in reasons)
    told = ReportedPolicy("sts", domain, 0, 1, ("version: STSv1",), (), ways)
    return SessionDatagram(domain, f"v=TLSRPTv1; rua=mailto:tls@{domain}", (told,))


def test_of_a_day_as_many_domains_are_counted_as_may_be_and_those_again() -> None:
    bounds = MetBounds(2)
    names = ("a.example", "b.example", "c.example", "a.example")
    assert admitted(bounds, *(policy(0, one) for one in names)) == [True, True, False, True]
    assert bounds.domains(DAY) == 2
    assert admitted(bounds, policy(0, "c.example", DAY + 1)) == [True]
    assert (bounds.domains(DAY + 1), bounds.domains(DAY + 2)) == (1, 0)


def test_of_a_domain_as_many_policies_are_counted_as_may_be_and_those_again() -> None:
    bounds = MetBounds(2)
    keys = [policy(number) for number in range(MET_POLICIES_MAX + 1)]
    assert admitted(bounds, *keys) == [True] * MET_POLICIES_MAX + [False]
    assert admitted(bounds, keys[0], keys[-1], policy(0, "other.example")) == [True, False, True]
    assert bounds.domains(DAY) == 2


def test_of_a_policy_as_many_ways_are_counted_as_may_be_and_those_again() -> None:
    bounds = MetBounds(1)
    one, other = policy(0), policy(1)
    got = [bounds.admit_way(way(number, one)) for number in range(MET_WAYS_MAX + 1)]
    assert got == [True] * MET_WAYS_MAX + [False]
    assert bounds.admit_way(way(0, one))
    assert bounds.admit_way(way(MET_WAYS_MAX, other))


def test_what_is_written_already_is_known_however_much_it_is() -> None:
    bounds = MetBounds(1)
    keys = [
        policy(number, name) for name in ("a.example", "b.example") for number in range(MET_POLICIES_MAX + 1)
    ]
    bounds.recall(keys, [way(number, keys[0]) for number in range(MET_WAYS_MAX + 1)])
    assert bounds.domains(DAY) == 2
    assert admitted(bounds, keys[-1], policy(0, "c.example"), policy(99, "b.example")) == [True, False, False]
    assert [bounds.admit_way(way(number, keys[0])) for number in (MET_WAYS_MAX, 999)] == [True, False]


def test_of_the_days_before_nothing_is_known_any_more() -> None:
    bounds = MetBounds(1)
    days = (DAY - 1, DAY, DAY + 1)
    assert admitted(bounds, *(policy(0, "a.example", day) for day in days)) == [True] * 3
    bounds.forget_before(DAY)
    assert [bounds.domains(day) for day in days] == [0, 1, 1]
    assert admitted(bounds, *(policy(0, "b.example", day) for day in days)) == [True, False, False]


def test_counts_are_there_once_something_is_to_be_added() -> None:
    counts = MetCounts(MetBounds(1))
    assert not counts
    counts.add(DAY, GOOD, 1, AT)
    assert counts


def test_sessions_count_as_often_as_they_are_told_and_once_for_each_attempt_of_theirs() -> None:
    counts = MetCounts(MetBounds(9))
    assert counts.add(DAY, msgspec.structs.replace(GOOD, attempts=3), 2, AT)
    assert counts.add(DAY, MISMATCH, 5, AT)
    assert counts.add(DAY, MISMATCH, 1, AT)
    assert totals(counts) == (12, 0, 0)
    assert sorted((key.domain, one.success, one.failure) for key, one in counts.policies.items()) == [
        ("good.test", 6, 0),
        ("mismatch.test", 0, 6),
    ]
    ((details, count),) = counts.ways.values()
    assert (details, count) == (MISMATCH.policies[0].failures[0], 6)


def test_ways_and_policies_are_apart_that_differ_in_anything() -> None:
    counts = MetCounts(MetBounds(9))
    counts.add(DAY, failing("one", "other"), 1, AT)
    counts.add(DAY, failing("other"), 2, AT)
    assert sorted((one.reason, count) for one, count in counts.ways.values()) == [("one", 1), ("other", 3)]
    for told in (with_lines(GOOD, "a", "b"), with_lines(GOOD, "a"), of_domain("good.test")):
        counts.add(DAY, told, 1, AT)
    assert len([key for key in counts.policies if key.domain == "good.test"]) == 3


def test_attempts_beyond_the_bounds_are_counted_apart_and_once_each() -> None:
    counts = MetCounts(MetBounds(1))
    assert counts.add(DAY, of_domain("a.example"), 1, AT)
    two = SessionDatagram(
        "b.example", "", (*of_domain("b.example").policies, *of_domain("c.example").policies)
    )
    assert not counts.add(DAY, two, 4, AT)
    mixed = SessionDatagram(
        "a.example", "", (*of_domain("b.example").policies, *of_domain("a.example").policies)
    )
    assert not counts.add(DAY, mixed, 2, AT)
    assert totals(counts) == (7, 0, 6)
    assert [(key.domain, one.success) for key, one in counts.policies.items()] == [("a.example", 3)]


def test_a_way_beyond_the_bounds_is_left_out_and_its_sessions_counted() -> None:
    counts = MetCounts(MetBounds(1))
    for number in range(MET_WAYS_MAX + 2):
        assert counts.add(DAY, failing(str(number)), 1, AT)
    (met,) = counts.policies.values()
    assert (met.failure, len(counts.ways), totals(counts)) == (
        MET_WAYS_MAX + 2,
        MET_WAYS_MAX,
        (MET_WAYS_MAX + 2, 0, 0),
    )


def test_a_record_is_that_of_the_domain_itself_and_the_last_that_there_was() -> None:
    counts = MetCounts(MetBounds(9))
    first, last = "v=TLSRPTv1; rua=mailto:a@a.example", "v=TLSRPTv1; rua=mailto:b@b.example"
    for record, at in ((first, AT + 2), (last, AT + 1), ("", AT)):
        counts.add(DAY, msgspec.structs.replace(GOOD, record=record), 1, at)
    (met,) = counts.policies.values()
    assert (met.record, met.seen_at) == (last, AT + 2)
    dane = ReportedPolicy("tlsa", "mx.example.net", 1, 0)
    counts.add(DAY, msgspec.structs.replace(GOOD, policies=(dane,)), 1, AT)
    assert [one.record for key, one in counts.policies.items() if key.domain == "mx.example.net"] == [""]
