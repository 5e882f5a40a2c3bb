"""What leaves the journal when: what came, what was refused, reports, and counts."""

from datetime import timedelta

from mxproof.store.journal.journal import Journal
from mxproof.store.journal.retention import Retention
from support_journal import AT, EVER, arrival, refused, report, signed_by_nobody_knows_whom


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
