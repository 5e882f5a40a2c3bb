"""What leaves the journal when: what came, what was refused, reports, and counts."""

from datetime import UTC, datetime, timedelta

from mxproof.explain.tlsrpt.period import PeriodCounts
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.kept_reports import ReportJournal
from mxproof.store.journal.retention import Retention
from support_journal import AT, EVER, altered, arrival, refused, report, signed_by_nobody_knows_whom


def test_what_is_still_to_be_verified_leaves_with_what_it_came_in(journal: Journal) -> None:
    journal.keep([arrival(signed_by_nobody_knows_whom())])
    journal.sweep(Retention(raw_days=10, report_days=100, count_days=1000), AT + timedelta(days=11))
    assert journal.unverified(AT + timedelta(days=11)) == []
    assert journal.counts(EVER).senders[0].reports == 1


def test_each_kind_leaves_after_its_own_time(journal: Journal) -> None:
    retention = Retention(raw_days=10, report_days=100, count_days=1000)
    journal.keep([arrival(report()), refused(b"refused")])
    days = [journal.sweep(retention, AT + timedelta(days=number)) for number in (9, 11, 11, 99, 102, 102)]
    assert [(one.raws, one.refused, one.reports) for one in days] == [
        (0, 0, 0),
        (1, 1, 0),
        (0, 0, 0),
        (0, 0, 0),
        (0, 0, 1),
        (0, 0, 0),
    ]
    assert journal.counts(EVER).senders[0].success == 7
    journal.sweep(retention, AT + timedelta(days=1002))
    assert journal.counts(EVER).senders == ()


def test_what_is_just_as_old_as_it_may_be_stays_to_the_next_moment(journal: Journal) -> None:
    retention = Retention(raw_days=10, report_days=100, count_days=1000)
    journal.keep([arrival(report()), refused(b"refused")])
    swept = [journal.sweep(retention, AT + timedelta(days=10, seconds=late_s)) for late_s in (0, 1)]
    assert [(one.raws, one.refused) for one in swept] == [(0, 0), (1, 1)]


def test_what_was_to_be_verified_can_come_again_once_what_it_came_in_is_gone(journal: Journal) -> None:
    later = AT + timedelta(days=11)
    journal.keep([arrival(signed_by_nobody_knows_whom())])
    journal.sweep(Retention(raw_days=10, report_days=100, count_days=1000), later)
    journal.keep([arrival(signed_by_nobody_knows_whom(), data=b"again", at=later)])
    assert [one.data for one in journal.unverified(later + timedelta(hours=1))] == [b"again"]
    assert [one.reports for one in journal.counts(EVER).senders] == [1]


def test_a_report_leaves_by_the_end_of_its_time_however_late_it_came(journal: Journal) -> None:
    retention = Retention(raw_days=1000, report_days=100, count_days=1000)
    ended = AT.replace(microsecond=0) - timedelta(days=50)
    journal.keep(
        [
            arrival(report(altered(id="late", begin=ended - timedelta(days=1), end=ended))),
            arrival(report(altered(id="of no known time", begin=None, end=None)), data=b"two"),
        ]
    )
    swept = [journal.sweep(retention, ended + timedelta(days=100, seconds=late_s)) for late_s in (0, 1)]
    assert [one.reports for one in swept] == [0, 1]
    assert [one.report_id for one in ReportJournal(journal).lines()] == ["of no known time"]
    swept = [journal.sweep(retention, AT + timedelta(days=100, seconds=late_s)) for late_s in (0, 1)]
    assert [one.reports for one in swept] == [0, 1]
    assert ReportJournal(journal).lines() == []


def test_counts_leave_by_their_day_with_the_ways_in_which_sessions_failed(journal: Journal) -> None:
    retention = Retention(raw_days=10, report_days=10, count_days=20)
    midnight = datetime(2026, 3, 1, tzinfo=UTC) + timedelta(days=21)
    journal.keep([arrival(report())])
    journal.sweep(retention, midnight - timedelta(seconds=1))
    counts = journal.counts(EVER)
    assert [(one.reports, one.success, one.failure) for one in counts.senders] == [(1, 7, 3)]
    assert [one.count for one in counts.ways] == [3]
    journal.sweep(retention, midnight)
    assert journal.counts(EVER) == PeriodCounts((), (), ())
