"""Publications as they are noted: what is open, what was done, and how each step stands."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.publication import (
    PublicationKind,
    PublicationState,
    StepStanding,
)
from mxproof.store.journal.publication_journal import PUBLICATIONS_KEPT_MAX, PublicationJournal
from support_publication_journal import new

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)


@pytest.fixture
def journal(journal: Journal) -> PublicationJournal:
    return PublicationJournal(journal)


def test_what_is_begun_is_open_until_it_is_over(journal: PublicationJournal) -> None:
    begun = journal.begin(new(forced="it is known"), AT)
    assert journal.opened("example.com") == begun
    assert journal.opened("example.net") is None
    assert (begun.after, begun.forced, begun.state) == (b"after", "it is known", PublicationState.OPEN)
    journal.end(begun.number, PublicationState.DONE, AT + timedelta(seconds=1))
    assert journal.opened("example.com") is None
    (done,) = journal.published("example.com")
    assert (done.number, done.ended_at) == (begun.number, AT + timedelta(seconds=1))


def test_a_domain_has_one_publication_at_a_time_that_is_open(journal: PublicationJournal) -> None:
    journal.begin(new(), AT)
    with pytest.raises(JournalError):
        journal.begin(new(), AT)
    journal.begin(new("example.net"), AT)
    assert journal.open_domains() == ("example.com", "example.net")


def test_one_that_is_undone_makes_room_for_the_next_in_the_same_act(journal: PublicationJournal) -> None:
    first = journal.begin(new(), AT)
    second = journal.begin(new(after=b"other"), AT, instead_of=first.number)
    assert journal.opened("example.com") == second
    assert [one.state for one in journal.history("example.com", 5)] == [
        PublicationState.OPEN,
        PublicationState.UNDONE,
    ]


def test_a_step_keeps_when_it_was_begun_and_what_held_it_up(journal: PublicationJournal) -> None:
    begun = journal.begin(new(), AT)
    journal.note(begun.number, "policy", StepStanding.BEGUN, "", AT)
    journal.note(begun.number, "policy", StepStanding.BEGUN, "it lags\0", AT + timedelta(seconds=5))
    journal.note(begun.number, "id", StepStanding.SEEN, "", AT + timedelta(seconds=9))
    found = journal.opened("example.com")
    assert found is not None
    assert [(one.step, one.state, one.begun_at, one.said) for one in found.steps] == [
        ("policy", StepStanding.BEGUN, AT, "it lags\N{REPLACEMENT CHARACTER}"),
        ("id", StepStanding.SEEN, AT + timedelta(seconds=9), ""),
    ]


def test_the_newest_are_kept_and_the_oldest_forgotten(journal: PublicationJournal) -> None:
    for number in range(PUBLICATIONS_KEPT_MAX + 2):
        begun = journal.begin(new(after=str(number).encode()), AT)
        journal.note(begun.number, "id", StepStanding.SEEN, "", AT)
        journal.end(begun.number, PublicationState.DONE, AT)
    kept = journal.history("example.com", 10 * PUBLICATIONS_KEPT_MAX)
    assert [one.after for one in kept[:2]] == [b"31", b"30"]
    assert len(kept) == PUBLICATIONS_KEPT_MAX


def test_the_history_of_all_goes_on_behind_a_number(journal: PublicationJournal) -> None:
    numbers = []
    for domain in ("example.com", "example.net", "example.com"):
        numbers.append(journal.begin(new(domain), AT).number)
        journal.end(numbers[-1], PublicationState.DONE, AT)
    first, second, third = numbers
    assert [one.number for one in journal.history(None, 5)] == [third, second, first]
    assert [one.number for one in journal.history(None, 1, older_than=third)] == [second]
    assert [one.number for one in journal.history("example.com", 5, older_than=third)] == [first]


def test_who_is_alone_at_a_domain_keeps_nobody_out_of_others(journal: PublicationJournal) -> None:
    with journal.alone("example.com") as still, journal.alone("example.net"):
        still()
    with journal.alone("example.com"):
        pass


def test_what_becomes_of_one_domain_becomes_of_no_other(journal: PublicationJournal) -> None:
    one, other = journal.begin(new(), AT), journal.begin(new("example.net"), AT)
    journal.end(one.number, PublicationState.UNDONE, AT)
    assert (journal.opened("example.net"), journal.open_domains()) == (other, ("example.net",))
    for number in range(PUBLICATIONS_KEPT_MAX + 1):
        begun = journal.begin(new(after=str(number).encode()), AT)
        journal.end(begun.number, PublicationState.DONE, AT)
    assert journal.history("example.net", 5) == (other,)
    assert journal.domains() == ("example.com", "example.net")


def test_a_step_tells_when_it_was_seen_and_is_that_of_its_publication(journal: PublicationJournal) -> None:
    second = timedelta(seconds=1)
    one, other = journal.begin(new(), AT), journal.begin(new("example.net"), AT)
    journal.note(one.number, "policy", StepStanding.SEEN, "", AT + second)
    journal.note(other.number, "policy", StepStanding.BEGUN, "", AT)
    found = {name: journal.opened(name) for name in ("example.com", "example.net")}
    assert {name: [step.seen_at for step in each.steps] for name, each in found.items() if each} == {
        "example.com": [AT + second],
        "example.net": [None],
    }
    journal.note(one.number, "policy", StepStanding.BEGUN, "", AT)
    again = journal.opened("example.com")
    assert again is not None
    assert [(step.begun_at, step.seen_at) for step in again.steps] == [(AT + second, None)]


def test_what_is_over_stays_as_it_ended(journal: PublicationJournal) -> None:
    begun = journal.begin(new(), AT)
    journal.end(begun.number, PublicationState.DONE, AT)
    journal.end(begun.number, PublicationState.UNDONE, AT + timedelta(seconds=1))
    (done,) = journal.published("example.com", 5)
    assert (done.state, done.ended_at) == (PublicationState.DONE, AT)


def test_only_what_was_done_is_published_the_last_one_first(journal: PublicationJournal) -> None:
    first = journal.begin(new(after=b"first"), AT)
    journal.end(first.number, PublicationState.DONE, AT)
    undone = journal.begin(new(after=b"undone"), AT)
    second = journal.begin(new(after=b"second"), AT, instead_of=undone.number)
    assert [one.after for one in journal.published("example.com", 5)] == [b"first"]
    journal.end(second.number, PublicationState.DONE, AT)
    third = journal.begin(new(after=b"third"), AT)
    assert [one.after for one in journal.published("example.com", 5)] == [b"second", b"first"]
    assert [one.after for one in journal.published("example.com")] == [b"second"]
    assert (journal.published("example.net", 5), journal.opened("example.com")) == ((), third)
    states = [(one.number, one.state, one.ended_at) for one in journal.history("example.com", 9)]
    assert states == [
        (third.number, PublicationState.OPEN, None),
        (second.number, PublicationState.DONE, AT),
        (undone.number, PublicationState.UNDONE, AT),
        (first.number, PublicationState.DONE, AT),
    ]


def test_what_is_begun_is_read_back_as_it_was_said_to_be(journal: PublicationJournal) -> None:
    begun = journal.begin(new(forced="I know\0"), AT)
    assert begun.forced == "I know\N{REPLACEMENT CHARACTER}"
    assert journal.opened("example.com") == begun
    assert (begun.kind, begun.before, begun.after) == (PublicationKind.APPLY, b"before", b"after")
    assert (begun.begun_at, begun.ended_at, begun.steps) == (AT, None, ())


def test_where_another_one_cannot_be_begun_what_was_open_stays_open(journal: PublicationJournal) -> None:
    done = journal.begin(new(), AT)
    journal.end(done.number, PublicationState.DONE, AT)
    opened = journal.begin(new(after=b"open"), AT)
    with pytest.raises(JournalError):
        journal.begin(new(after=b"more"), AT, instead_of=done.number)
    assert journal.opened("example.com") == opened
    assert [one.state for one in journal.history("example.com", 9)] == [
        PublicationState.OPEN,
        PublicationState.DONE,
    ]


def test_steps_stand_in_the_order_in_which_they_were_begun_in_every_way_to_read_them(
    journal: PublicationJournal,
) -> None:
    second = timedelta(seconds=1)
    begun = journal.begin(new(), AT)
    for number, step in enumerate(("policy", "id", "tlsa")):
        journal.note(begun.number, step, StepStanding.BEGUN, "", AT + number * second)
    journal.note(begun.number, "policy", StepStanding.BEGUN, "it lags", AT + 4 * second)
    journal.note(begun.number, "policy", StepStanding.SEEN, "", AT + 5 * second)
    opened = journal.opened("example.com")
    assert opened is not None
    want = [
        ("policy", StepStanding.SEEN, AT, AT + 5 * second, ""),
        ("id", StepStanding.BEGUN, AT + second, None, ""),
        ("tlsa", StepStanding.BEGUN, AT + 2 * second, None, ""),
    ]
    journal.end(begun.number, PublicationState.DONE, AT + 9 * second)
    other = journal.begin(new(), AT)
    (done,) = journal.published("example.com")
    latest, older = journal.history(None, 9)
    assert (latest, latest.steps) == (other, ())
    for one in (opened, done, older):
        found = [(each.step, each.state, each.begun_at, each.seen_at, each.said) for each in one.steps]
        assert found == want


def test_two_are_never_alone_at_one_domain(journal: PublicationJournal) -> None:
    with journal.alone("example.com"), pytest.raises(JournalError), journal.alone("example.com"):
        raise AssertionError("both are alone")
    with journal.alone("example.com"):
        pass
