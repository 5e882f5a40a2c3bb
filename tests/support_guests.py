"""The contract of the checks of guests, as functions that a journal in any back end is handed to."""

from collections.abc import Callable
from datetime import timedelta

from mxproof.evidence.parts import parts_of
from mxproof.store.journal.guest_bounds import GuestBounds
from mxproof.store.journal.guest_checks import (
    GUEST_TRIES_MAX,
    SAME_RESULT,
    ClaimedGuestCheck,
    GuestJournal,
    GuestRefusal,
)
from mxproof.store.journal.journal import Journal
from support_watch import HOUR, NOW
from support_web import BAD, GOOD

LEASE = timedelta(minutes=5)
BOUNDS = GuestBounds(waiting_max=3, an_hour_max=5, kept=timedelta(days=90))
SECOND = timedelta(seconds=1)


def asked(guests: GuestJournal, *links: str) -> None:
    """Have a domain of its own checked for each link, a second after the other."""
    for number, link in enumerate(links):
        assert guests.ask(link, f"{link}.example", NOW + number * SECOND, BOUNDS) == link


def taken(guests: GuestJournal, worker: str = "one", checks_max: int = 1) -> list[ClaimedGuestCheck]:
    return guests.claim(worker, NOW + HOUR, LEASE, checks_max)


def a_check_is_made_once_and_its_evidence_is_under_its_link(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second")
    assert [one.domain for one in taken(guests)] == ["first.example"]
    (other,) = taken(guests, "two", 9)
    assert other.domain == "second.example"
    assert taken(guests, "three", 9) == []
    assert guests.finish(other, parts_of(BAD), NOW + HOUR)
    assert not guests.finish(other, parts_of(BAD), NOW + HOUR)
    found = guests.check("second", NOW + HOUR)
    assert found is not None
    assert (found.done_at, found.has_evidence, found.kept_until) == (
        NOW + HOUR,
        True,
        NOW + SECOND + BOUNDS.kept,
    )
    evidence = guests.evidence("second")
    assert evidence is not None
    assert set(evidence.answers) == set(BAD.answers)
    assert guests.evidence("first") is None
    assert not guests.is_waiting(NOW + HOUR, LEASE)


def who_waits_sees_how_many_are_before(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second", "third")
    found = [guests.check(one, NOW) for one in ("first", "second", "third")]
    assert [None if one is None else (one.ahead, one.is_begun) for one in found] == [
        (0, False),
        (1, False),
        (2, False),
    ]
    assert guests.check("other", NOW) is None


def the_same_domain_is_not_asked_again_at_once(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    assert guests.ask("again", "first.example", NOW + SAME_RESULT - SECOND, BOUNDS) == "first"
    assert guests.ask("later", "first.example", NOW + HOUR, BOUNDS) == "first", "it still waits"
    (claimed,) = taken(guests)
    guests.finish(claimed, parts_of(GOOD), NOW + HOUR)
    assert guests.ask("anew", "first.example", NOW + HOUR, BOUNDS) == "anew"


def a_queue_and_an_hour_are_bounded(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second", "third")
    at = NOW + 10 * SECOND
    assert guests.ask("more", "more.example", at, BOUNDS) is GuestRefusal.CROWDED
    for claimed in guests.claim("one", at, LEASE, 9):
        guests.finish(claimed, parts_of(GOOD), at)
    for link in ("fourth", "fifth"):
        assert guests.ask(link, f"{link}.example", at, BOUNDS) == link
    assert guests.ask("more", "more.example", at, BOUNDS) is GuestRefusal.SPENT
    assert guests.ask("more", "more.example", NOW + HOUR + SECOND, BOUNDS) == "more"


def that_of_a_dead_worker_is_taken_over_and_given_up_at_last(journal: Journal) -> None:
    guests, at = GuestJournal(journal), NOW
    asked(guests, "first")
    for number in range(GUEST_TRIES_MAX):
        (claimed,) = guests.claim(f"worker-{number}", at, LEASE, 9)
        assert guests.claim("other", at + LEASE - SECOND, LEASE, 9) == []
        at += LEASE
    assert guests.claim("last", at, LEASE, 9) == []
    found = guests.check("first", at)
    assert found is not None
    assert (found.done_at, found.has_evidence) == (at, False)
    assert not guests.finish(claimed, parts_of(GOOD), at)


def what_is_given_back_counts_for_no_try_and_is_taken_at_once(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    for number in range(GUEST_TRIES_MAX + 1):
        claims = taken(guests, f"worker-{number}")
        assert len(claims) == 1
        guests.give_back(claims)
    assert guests.is_waiting(NOW, LEASE)


def a_lease_of_a_clock_that_was_wrong_holds_nobody_up(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    assert len(guests.claim("ahead", NOW + timedelta(days=30), LEASE, 9)) == 1
    assert len(guests.claim("right", NOW, LEASE, 9)) == 1


def a_result_goes_when_its_time_is_over_and_its_parts_with_it(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second")
    for claimed in taken(guests, checks_max=9):
        guests.finish(claimed, parts_of(BAD), NOW + HOUR)
    end = NOW + BOUNDS.kept
    assert guests.sweep(end - SECOND) == 0
    assert guests.check("first", end) is None
    assert guests.sweep(end) == 1
    assert (guests.evidence("first"), guests.evidence("second") is not None) == (None, True)
    assert [guests.sweep(end + HOUR), guests.sweep(end + HOUR)] == [1, 0]
    assert guests.evidence("second") is None


GUEST_CONTRACT: tuple[Callable[[Journal], None], ...] = (
    a_check_is_made_once_and_its_evidence_is_under_its_link,
    who_waits_sees_how_many_are_before,
    the_same_domain_is_not_asked_again_at_once,
    a_queue_and_an_hour_are_bounded,
    that_of_a_dead_worker_is_taken_over_and_given_up_at_last,
    what_is_given_back_counts_for_no_try_and_is_taken_at_once,
    a_lease_of_a_clock_that_was_wrong_holds_nobody_up,
    a_result_goes_when_its_time_is_over_and_its_parts_with_it,
)
