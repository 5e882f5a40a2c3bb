"""The contracts of the journals of certificates, as functions that a journal in any back end is handed to."""

from datetime import UTC, datetime, timedelta

from mxproof.store.journal.rollover import RolloverState
from mxproof.store.journal.rollover_journal import ROLLOVERS_KEPT_MAX, RolloverJournal
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)
MX1, MX2 = "mx1.example.com", "mx2.example.com"


def _later(seconds: int) -> datetime:
    return AT + timedelta(seconds=seconds)


def what_is_begun_of_a_host_is_open_until_it_is_over(journal: RolloverJournal) -> None:
    begun = journal.begin(MX1, b"rolled", "it is known\0", AT)
    assert journal.opened(MX1) == begun
    assert (begun.rollover, begun.forced) == (b"rolled", "it is known\N{REPLACEMENT CHARACTER}")
    assert (journal.opened(MX2), journal.open_hosts()) == (None, (MX1,))
    journal.end(begun.number, RolloverState.DONE, _later(1))
    assert (journal.opened(MX1), journal.open_hosts()) == (None, ())
    (done,) = journal.history(MX1, 5)
    assert (done.state, done.ended_at) == (RolloverState.DONE, _later(1))


def when_it_was_announced_and_shown_is_kept_and_the_first_may_be_taken_back(journal: RolloverJournal) -> None:
    begun = journal.begin(MX1, b"rolled", "", AT)
    journal.announced(begun.number, _later(1))
    journal.shown(begun.number, _later(2))
    found = journal.opened(MX1)
    assert found is not None
    assert (found.announced_at, found.shown_at) == (_later(1), _later(2))
    journal.announced(begun.number, None)
    again = journal.opened(MX1)
    assert again is not None
    assert (again.announced_at, again.shown_at) == (None, _later(2))


def another_one_of_a_host_takes_the_place_of_what_is_open(journal: RolloverJournal) -> None:
    first = journal.begin(MX1, b"first", "", AT)
    second = journal.begin(MX1, b"second", "", _later(1))
    other = journal.begin(MX2, b"other", "", _later(1))
    assert (journal.opened(MX1), journal.opened(MX2)) == (second, other)
    assert [(one.number, one.state) for one in journal.history(MX1, 5)] == [
        (second.number, RolloverState.OPEN),
        (first.number, RolloverState.SUPERSEDED),
    ]


def what_is_over_is_altered_no_more(journal: RolloverJournal) -> None:
    first = journal.begin(MX1, b"first", "", AT)
    journal.begin(MX1, b"second", "", _later(1))
    journal.end(first.number, RolloverState.DONE, _later(2))
    journal.shown(first.number, _later(2))
    superseded = journal.history(MX1, 5)[1]
    assert (superseded.state, superseded.shown_at) == (RolloverState.SUPERSEDED, None)


def of_a_host_the_newest_rollovers_are_kept(journal: RolloverJournal) -> None:
    for number in range(ROLLOVERS_KEPT_MAX + 3):
        journal.begin(MX1, str(number).encode(), "", _later(number))
    kept = journal.history(MX1, 2 * ROLLOVERS_KEPT_MAX)
    assert (len(kept), kept[0].rollover) == (ROLLOVERS_KEPT_MAX, str(ROLLOVERS_KEPT_MAX + 2).encode())


ROLLOVER_CONTRACT = (
    what_is_begun_of_a_host_is_open_until_it_is_over,
    when_it_was_announced_and_shown_is_kept_and_the_first_may_be_taken_back,
    another_one_of_a_host_takes_the_place_of_what_is_open,
    what_is_over_is_altered_no_more,
    of_a_host_the_newest_rollovers_are_kept,
)


def a_name_is_wanted_once_and_due_until_it_is_forgotten(journal: WantedCertificateJournal) -> None:
    assert journal.want((MX1, MX1, MX2), AT) == 0
    assert journal.want((MX1,), _later(9)) == 0
    assert [(one.name, one.wanted_at) for one in journal.due(AT, 10)] == [(MX1, AT), (MX2, AT)]
    assert [one.name for one in journal.due(AT, 1)] == [MX1]
    journal.forget(MX1)
    assert [one.name for one in journal.waiting()] == [MX2]


def one_that_failed_is_due_at_its_time_and_behind_those_that_did_not(
    journal: WantedCertificateJournal,
) -> None:
    journal.want((MX1,), AT)
    journal.failed(MX1, "not ours\0", _later(60))
    journal.want((MX2,), _later(1))
    assert [one.name for one in journal.due(_later(59), 10)] == [MX2]
    due = journal.due(_later(60), 10)
    assert [(one.name, one.failures) for one in due] == [(MX2, 0), (MX1, 1)]
    assert due[1].said == "not ours\N{REPLACEMENT CHARACTER}"


WANTED_CERTIFICATE_CONTRACT = (
    a_name_is_wanted_once_and_due_until_it_is_forgotten,
    one_that_failed_is_due_at_its_time_and_behind_those_that_did_not,
)
