"""What was met when delivering, as it is kept by day, policy domain and policy."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest

from mxproof.formats.tlsrpt.datagram import SessionDatagram
from mxproof.formats.tlsrpt.met_day import MetDay
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_counts import MET_POLICIES_MAX, MET_WAYS_MAX, MetBounds, MetCounts
from mxproof.store.journal.met_journal import ROWS_AT_ONCE, MetJournal, MetTally
from support_met import DAY, GOOD, MISMATCH, NOON, NUMBER, counted, met, of_domain, with_lines


@pytest.fixture
def journal(journal: Journal) -> MetJournal:
    return MetJournal(journal)


def test_sessions_add_up_by_day_domain_and_policy(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    journal.add(counted(bounds, (GOOD, 3), (MISMATCH, 2)))
    journal.add(counted(bounds, (GOOD, 4), (MISMATCH, 1)))
    assert journal.met_on(DAY) == [met(GOOD, 7, 0), met(MISMATCH, 0, 3)]
    assert journal.met_with(DAY, "mismatch.test") == met(MISMATCH, 0, 3)
    assert journal.tallies() == [MetTally(DAY, 2, 10, 0, 0)]


def test_a_day_is_one_in_utc(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    journal.add(counted(bounds, (GOOD, 1), at=datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)))
    journal.add(counted(bounds, (GOOD, 1), at=datetime(2026, 3, 2, tzinfo=UTC)))
    assert [one.day for one in journal.tallies()] == [DAY, date(2026, 3, 2)]
    assert journal.met_on(DAY) == [met(GOOD, 1, 0)]


def test_domains_are_read_in_the_order_of_their_names(journal: MetJournal) -> None:
    names = [f"d{number}.example" for number in range(7)]
    journal.add(counted(MetBounds(10), *((of_domain(name), 1) for name in reversed(names))))
    first = journal.met_on(DAY, domains_max=4)
    behind = journal.met_on(DAY, first[-1].domain, domains_max=4)
    assert [one.domain for one in (*first, *behind)] == names


def test_a_policy_that_changed_stands_beside_the_one_before(journal: MetJournal) -> None:
    journal.add(counted(MetBounds(10), (GOOD, 1), (with_lines(GOOD, "version: STSv1"), 2)))
    found = journal.met_with(DAY, "good.test")
    assert found is not None
    assert sorted(one.success for one in found.policies) == [1, 2]
    assert (found.sessions, found.begin.date(), found.end.date()) == (3, DAY, DAY)


def test_dane_counts_for_the_domain_of_its_records(journal: MetJournal) -> None:
    details = FailureDetails("certificate-not-trusted", 1, receiving_mx="mx.example")
    dane = ReportedPolicy("tlsa", "mx.example", 0, 1, ("3 1 1 AB",), (), (details,))
    told = SessionDatagram("good.test", GOOD.record, (dane, *GOOD.policies))
    journal.add(counted(MetBounds(10), (told, 1)))
    assert journal.met_on(DAY) == [met(GOOD, 1, 0), MetDay("mx.example", DAY, (dane,))]
    assert journal.tallies() == [MetTally(DAY, 2, 1, 0, 0)]


def test_the_record_is_the_one_that_was_met_last(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    journal.add(counted(bounds, (GOOD, 1)))
    journal.add(
        counted(bounds, (msgspec.structs.replace(GOOD, record="v=TLSRPTv1; rua=mailto:b@b.example"), 1))
    )
    journal.add(counted(bounds, (msgspec.structs.replace(GOOD, record=""), 1)))
    found = journal.met_with(DAY, "good.test")
    assert found is not None
    assert (found.record, found.sessions) == ("v=TLSRPTv1; rua=mailto:b@b.example", 3)


def test_what_is_beyond_the_bounds_is_counted_apart(journal: MetJournal) -> None:
    bounds = MetBounds(2)
    names = [f"d{number}.example" for number in range(5)]
    journal.add(counted(bounds, *((of_domain(name), 2) for name in names)))
    assert [one.domain for one in journal.met_on(DAY)] == names[:2]
    assert journal.tallies() == [MetTally(DAY, 2, 10, 0, 6)]


def test_the_bounds_hold_across_a_restart(journal: MetJournal) -> None:
    journal.add(counted(MetBounds(2), (of_domain("a.example"), 1), (of_domain("b.example"), 1)))
    bounds = journal.bounds(2, NOON)
    assert bounds.domains(NUMBER) == 2
    journal.add(counted(bounds, (of_domain("b.example"), 1), (of_domain("c.example"), 1)))
    assert [(one.domain, one.sessions) for one in journal.met_on(DAY)] == [("a.example", 1), ("b.example", 2)]


def test_policies_and_ways_of_one_domain_are_bounded(journal: MetJournal) -> None:
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


def test_days_before_are_forgotten(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    journal.add(counted(bounds, (GOOD, 1), (MISMATCH, 1)))
    journal.add(counted(bounds, (GOOD, 1), at=datetime(2026, 3, 9, tzinfo=UTC)))
    assert journal.forget_before(date(2026, 3, 2)) == 1
    assert [one.day for one in journal.tallies()] == [date(2026, 3, 9)]
    assert journal.met_on(DAY) == []


def test_refused_datagrams_are_counted(journal: MetJournal) -> None:
    counts = MetCounts(MetBounds(10))
    counts.total(NUMBER).refused += 4
    journal.add(counts)
    journal.add(counts)
    assert journal.tallies() == [MetTally(DAY, 0, 0, 8, 0)]


def test_of_a_domain_with_which_nothing_was_met_there_is_nothing(journal: MetJournal) -> None:
    journal.add(counted(MetBounds(10), (GOOD, 1)))
    assert journal.met_with(DAY, "unknown.example") is None
    assert journal.met_with(DAY + timedelta(days=1), "good.test") is None


def test_each_day_has_its_own_sessions_and_failures(journal: MetJournal) -> None:
    bounds, next_day = MetBounds(10), NOON + timedelta(days=1)
    journal.add(counted(bounds, (MISMATCH, 2)))
    journal.add(counted(bounds, (MISMATCH, 5), at=next_day))
    assert journal.met_on(DAY) == [met(MISMATCH, 0, 2)]
    later = msgspec.structs.replace(met(MISMATCH, 0, 5), day=next_day.date())
    assert journal.met_on(next_day.date()) == [later]


def test_of_several_policies_the_record_is_that_of_the_newest_that_has_one(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    for hours, record in enumerate(
        ("v=TLSRPTv1; rua=mailto:a@a.example", "v=TLSRPTv1; rua=mailto:b@b.example", "")
    ):
        told = msgspec.structs.replace(with_lines(GOOD, str(hours)), record=record)
        journal.add(counted(bounds, (told, 1), at=NOON + timedelta(hours=hours)))
    found = journal.met_with(DAY, "good.test")
    assert found is not None
    assert (len(found.policies), found.record) == (3, "v=TLSRPTv1; rua=mailto:b@b.example")


def test_who_says_no_record_has_none(journal: MetJournal) -> None:
    journal.add(counted(MetBounds(10), (msgspec.structs.replace(GOOD, record=""), 1)))
    assert [one.record for one in journal.met_on(DAY)] == [""]


def test_the_ways_that_are_written_count_towards_the_bounds_after_a_restart(journal: MetJournal) -> None:
    before = counted(MetBounds(10), (MISMATCH, 1))
    (way,) = before.ways
    journal.add(before)
    for since, more in ((NOON, MET_WAYS_MAX - 1), (NOON + timedelta(days=1), MET_WAYS_MAX)):
        bounds = journal.bounds(10, since)
        got = [bounds.admit_way(way._replace(way=b"%d" % number)) for number in range(MET_WAYS_MAX)]
        assert got == [True] * more + [False] * (MET_WAYS_MAX - more)


def test_the_day_from_which_on_is_kept_stays(journal: MetJournal) -> None:
    bounds = MetBounds(10)
    for days in range(3):
        journal.add(counted(bounds, (MISMATCH, 1), at=NOON + timedelta(days=days)))
    next_day = DAY + timedelta(days=1)
    assert journal.forget_before(next_day) == 1
    assert [one.day for one in journal.tallies()] == [next_day, DAY + timedelta(days=2)]
    assert journal.met_on(DAY) == []
    (found,) = journal.met_on(next_day)
    assert [one.count for one in found.policies[0].failures] == [1]


def test_what_is_met_again_on_a_day_that_was_forgotten_begins_anew(journal: MetJournal) -> None:
    journal.add(counted(MetBounds(10), (GOOD, 2), (MISMATCH, 3)))
    assert journal.forget_before(DAY + timedelta(days=1)) == 1
    assert (journal.met_on(DAY), journal.tallies()) == ([], [])
    journal.add(counted(journal.bounds(10, NOON), (MISMATCH, 1)))
    assert journal.met_on(DAY) == [met(MISMATCH, 0, 1)]
    assert journal.tallies() == [MetTally(DAY, 1, 1, 0, 0)]


def test_more_than_is_written_at_once_is_written_whole(journal: MetJournal) -> None:
    names = sorted(f"d{number}.example" for number in range(ROWS_AT_ONCE + 1))
    bounds = MetBounds(len(names))
    for times in (1, 2):
        journal.add(counted(bounds, *((of_domain(name), times) for name in names)))
    assert journal.tallies() == [MetTally(DAY, len(names), 3 * len(names), 0, 0)]
    found = journal.met_on(DAY, domains_max=len(names))
    assert [(one.domain, one.sessions) for one in found] == [(name, 3) for name in names]


def test_the_record_is_that_of_the_policy_that_was_met_last_also_where_it_was_met_before(
    journal: MetJournal,
) -> None:
    other = with_lines(GOOD, "version: STSv1")
    for minute, told in enumerate((GOOD, other, GOOD, other)):
        record = f"v=TLSRPTv1; rua=mailto:{minute}@good.test"
        session = msgspec.structs.replace(told, record=record)
        at = NOON + timedelta(minutes=minute)
        journal.add(counted(MetBounds(10), (session, 1), at=at))
        found = journal.met_with(DAY, "good.test")
        assert found is not None
        assert found.record == record
