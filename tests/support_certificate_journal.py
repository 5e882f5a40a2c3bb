"""The contracts of the journals of certificates, as functions that a journal in any back end is handed to."""

from datetime import UTC, datetime, timedelta

from mxproof.store.journal.certificate_order_journal import ORDERS_KEPT_S, CertificateOrderJournal, LetAlone
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


def one_that_was_put_off_is_due_once_it_leads_here_and_one_that_failed_is_not(
    journal: WantedCertificateJournal,
) -> None:
    journal.want((MX1, MX2), AT)
    journal.put_off(MX1, "it leads elsewhere", _later(60))
    journal.failed(MX2, "not ours", _later(60))
    assert journal.want((MX1, MX2), _later(1)) == 0
    assert journal.due(_later(1), 10) == ()
    assert [(one.name, one.failures, one.said) for one in journal.waiting()] == [
        (MX1, 0, "it leads elsewhere"),
        (MX2, 1, "not ours"),
    ]
    journal.want((MX1, MX2), _later(2), leading_here=True)
    assert [(one.name, one.said) for one in journal.due(_later(2), 10)] == [(MX1, "")]


WANTED_CERTIFICATE_CONTRACT = (
    a_name_is_wanted_once_and_due_until_it_is_forgotten,
    one_that_failed_is_due_at_its_time_and_behind_those_that_did_not,
    one_that_was_put_off_is_due_once_it_leads_here_and_one_that_failed_is_not,
)


def orders_of_an_authority_are_counted_apart_from_those_of_another(
    journal: CertificateOrderJournal, other: CertificateOrderJournal
) -> None:
    journal.note(MX1, AT)
    journal.note(MX2, _later(60))
    other.note(MX1, _later(61))
    assert journal.since(_later(-1)) == (AT, _later(60))
    assert (journal.since(AT), other.since(AT)) == ((_later(60),), (_later(61),))


def orders_of_long_ago_are_forgotten(
    journal: CertificateOrderJournal, other: CertificateOrderJournal
) -> None:
    journal.note(MX1, AT)
    other.note(MX1, AT)
    journal.note(MX2, _later(ORDERS_KEPT_S + 1))
    assert journal.since(_later(-1)) == (_later(ORDERS_KEPT_S + 1),)
    assert other.since(_later(-1)) == ()


def an_authority_that_refuses_is_let_alone_until_it_issues(
    journal: CertificateOrderJournal, other: CertificateOrderJournal
) -> None:
    assert journal.let_alone() is None
    journal.refused("too many\0", _later(60))
    journal.refused("far too many", _later(120))
    assert journal.let_alone() == LetAlone(2, _later(120), "far too many")
    assert other.let_alone() is None
    journal.issued()
    assert journal.let_alone() is None


CERTIFICATE_ORDER_CONTRACT = (
    orders_of_an_authority_are_counted_apart_from_those_of_another,
    orders_of_long_ago_are_forgotten,
    an_authority_that_refuses_is_let_alone_until_it_issues,
)
