"""The contract of the journal of what was met, as functions that one in any back end is handed to."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import msgspec

from mxproof.formats.tlsrpt.datagram import SessionDatagram, read_datagram
from mxproof.formats.tlsrpt.met_day import MetDay
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.store.journal.days import day_of
from mxproof.store.journal.met_counts import MET_POLICIES_MAX, MET_WAYS_MAX, MetBounds, MetCounts
from mxproof.store.journal.met_journal import MetJournal, MetTally
from support_datagram import DATAGRAMS

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = NOON.date()
AT = NOON.timestamp()
NUMBER = day_of(NOON)
GOOD, MISMATCH, *_ = map(read_datagram, DATAGRAMS)
RECORD = "v=TLSRPTv1; rua=mailto:tls@{}"


def met(told: SessionDatagram, success: int, failure: int) -> MetDay:
    """Return what was met where one datagram was all that told of a domain."""
    (policy,) = told.policies
    failures = tuple(msgspec.structs.replace(one, count=failure) for one in policy.failures)
    counted = msgspec.structs.replace(policy, success=success, failure=failure, failures=failures)
    return MetDay(told.domain, DAY, (counted,), told.record)


def counted(bounds: MetBounds, *told: tuple[SessionDatagram, int], at: datetime = NOON) -> MetCounts:
    """Return the counts of datagrams, each with how many there were."""
    counts = MetCounts(bounds)
    for one, times in told:
        counts.add(day_of(at), one, times, at.timestamp())
    return counts


def with_lines(told: SessionDatagram, *lines: str) -> SessionDatagram:
    """Return a datagram under another policy."""
    (policy,) = told.policies
    return msgspec.structs.replace(told, policies=(msgspec.structs.replace(policy, strings=lines),))


def of_domain(name: str) -> SessionDatagram:
    """Return a session without a policy."""
    return SessionDatagram(name, RECORD.format(name), (ReportedPolicy("no-policy-found", name, 1, 0),))


def sessions_add_up_by_day_domain_and_policy(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    journal.add(counted(bounds, (GOOD, 3), (MISMATCH, 2)))
    journal.add(counted(bounds, (GOOD, 4), (MISMATCH, 1)))
    assert journal.met_on(DAY) == [met(GOOD, 7, 0), met(MISMATCH, 0, 3)]
    assert journal.met_with(DAY, "mismatch.test") == met(MISMATCH, 0, 3)
    assert journal.tallies() == [MetTally(DAY, 2, 10, 0, 0)]


def a_day_is_one_in_utc(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    journal.add(counted(bounds, (GOOD, 1), at=datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)))
    journal.add(counted(bounds, (GOOD, 1), at=datetime(2026, 3, 2, tzinfo=UTC)))
    assert [one.day for one in journal.tallies()] == [DAY, date(2026, 3, 2)]
    assert journal.met_on(DAY) == [met(GOOD, 1, 0)]


def domains_are_read_in_the_order_of_their_names(journal: MetJournal) -> None:
    names = [f"d{number}.example" for number in range(7)]
    journal.add(counted(MetBounds(10), *((of_domain(name), 1) for name in reversed(names))))
    first = journal.met_on(DAY, domains_max=4)
    behind = journal.met_on(DAY, first[-1].domain, domains_max=4)
    assert [one.domain for one in (*first, *behind)] == names


def a_policy_that_changed_stands_beside_the_one_before(journal: MetJournal) -> None:
    journal.add(counted(MetBounds(10), (GOOD, 1), (with_lines(GOOD, "version: STSv1"), 2)))
    found = journal.met_with(DAY, "good.test")
    assert found is not None
    assert sorted(one.success for one in found.policies) == [1, 2]
    assert (found.sessions, found.begin.date(), found.end.date()) == (3, DAY, DAY)


def dane_counts_for_the_domain_of_its_records(journal: MetJournal) -> None:
    details = FailureDetails("certificate-not-trusted", 1, receiving_mx="mx.example")
    dane = ReportedPolicy("tlsa", "mx.example", 0, 1, ("3 1 1 AB",), (), (details,))
    told = SessionDatagram("good.test", GOOD.record, (dane, *GOOD.policies))
    journal.add(counted(MetBounds(10), (told, 1)))
    assert journal.met_on(DAY) == [met(GOOD, 1, 0), MetDay("mx.example", DAY, (dane,))]
    assert journal.tallies() == [MetTally(DAY, 2, 1, 0, 0)]


def the_record_is_the_one_that_was_met_last(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    journal.add(counted(bounds, (GOOD, 1)))
    journal.add(
        counted(bounds, (msgspec.structs.replace(GOOD, record="v=TLSRPTv1; rua=mailto:b@b.example"), 1))
    )
    journal.add(counted(bounds, (msgspec.structs.replace(GOOD, record=""), 1)))
    found = journal.met_with(DAY, "good.test")
    assert found is not None
    assert (found.record, found.sessions) == ("v=TLSRPTv1; rua=mailto:b@b.example", 3)


def what_is_beyond_the_bounds_is_counted_apart(journal: MetJournal) -> None:
    bounds = MetBounds(2)
    names = [f"d{number}.example" for number in range(5)]
    journal.add(counted(bounds, *((of_domain(name), 2) for name in names)))
    assert [one.domain for one in journal.met_on(DAY)] == names[:2]
    assert journal.tallies() == [MetTally(DAY, 2, 10, 0, 6)]


def the_bounds_hold_across_a_restart(journal: MetJournal) -> None:
    journal.add(counted(MetBounds(2), (of_domain("a.example"), 1), (of_domain("b.example"), 1)))
    bounds = journal.bounds(2, NOON)
    assert bounds.domains(NUMBER) == 2
    journal.add(counted(bounds, (of_domain("b.example"), 1), (of_domain("c.example"), 1)))
    assert [(one.domain, one.sessions) for one in journal.met_on(DAY)] == [("a.example", 1), ("b.example", 2)]


def policies_and_ways_of_one_domain_are_bounded(journal: MetJournal) -> None:
    bounds = MetBounds(2)
    policies = [(with_lines(GOOD, f"max_age: {number}"), 1) for number in range(MET_POLICIES_MAX + 3)]
    (policy,) = MISMATCH.policies
    ways = [
        (
            msgspec.structs.replace(
                MISMATCH,
                policies=(
                    msgspec.structs.replace(
                        policy, failures=(msgspec.structs.replace(policy.failures[0], reason=str(number)),)
                    ),
                ),
            ),
            1,
        )
        for number in range(MET_WAYS_MAX + 3)
    ]
    journal.add(counted(bounds, *policies, *ways))
    good, mismatch = journal.met_on(DAY)
    assert (len(good.policies), good.sessions) == (MET_POLICIES_MAX, MET_POLICIES_MAX)
    (failed,) = mismatch.policies
    assert (failed.failure, len(failed.failures)) == (MET_WAYS_MAX + 3, MET_WAYS_MAX)
    assert [one.beyond for one in journal.tallies()] == [3]


def days_before_are_forgotten(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    journal.add(counted(bounds, (GOOD, 1), (MISMATCH, 1)))
    journal.add(counted(bounds, (GOOD, 1), at=datetime(2026, 3, 9, tzinfo=UTC)))
    assert journal.forget_before(date(2026, 3, 2)) == 1
    assert [one.day for one in journal.tallies()] == [date(2026, 3, 9)]
    assert journal.met_on(DAY) == []


def refused_datagrams_are_counted(journal: MetJournal) -> None:
    counts = MetCounts(MetBounds(10))
    counts.total(NUMBER).refused += 4
    journal.add(counts)
    journal.add(counts)
    assert journal.tallies() == [MetTally(DAY, 0, 0, 8, 0)]


MET_CONTRACT: list[Callable[[MetJournal], None]] = [
    sessions_add_up_by_day_domain_and_policy,
    a_day_is_one_in_utc,
    domains_are_read_in_the_order_of_their_names,
    a_policy_that_changed_stands_beside_the_one_before,
    dane_counts_for_the_domain_of_its_records,
    the_record_is_the_one_that_was_met_last,
    what_is_beyond_the_bounds_is_counted_apart,
    the_bounds_hold_across_a_restart,
    policies_and_ways_of_one_domain_are_bounded,
    days_before_are_forgotten,
    refused_datagrams_are_counted,
]
