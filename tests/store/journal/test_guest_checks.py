"""Checks that guests ask for: who makes them, and for how long their results are kept."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.evidence.parts import parts_of
from mxproof.store.journal import guest_checks
from mxproof.store.journal.guest_bounds import GuestBounds
from mxproof.store.journal.guest_checks import (
    GUEST_TRIES_MAX,
    SAME_RESULT,
    ClaimedGuestCheck,
    GuestJournal,
    GuestRefusal,
)
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.parts import kept_parts, release_parts
from mxproof.store.journal.watched import CLOCKS_APART_S
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


def test_a_check_is_made_once_and_its_evidence_is_under_its_link(journal: Journal) -> None:
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


def test_who_waits_sees_how_many_are_before(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second", "third")
    found = [guests.check(one, NOW) for one in ("first", "second", "third")]
    assert [None if one is None else (one.ahead, one.is_begun) for one in found] == [
        (0, False),
        (1, False),
        (2, False),
    ]
    assert guests.check("other", NOW) is None


def test_the_same_domain_is_not_asked_again_at_once(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    assert guests.ask("again", "first.example", NOW + SAME_RESULT - SECOND, BOUNDS) == "first"
    assert guests.ask("later", "first.example", NOW + HOUR, BOUNDS) == "first", "it still waits"
    (claimed,) = taken(guests)
    guests.finish(claimed, parts_of(GOOD), NOW + HOUR)
    assert guests.ask("anew", "first.example", NOW + HOUR, BOUNDS) == "anew"


def test_a_result_of_the_last_minute_is_given_again_and_an_older_one_is_not(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    (claimed,) = guests.claim("one", NOW, LEASE, 1)
    guests.finish(claimed, parts_of(GOOD), NOW)
    assert guests.ask("again", "first.example", NOW + SAME_RESULT - SECOND, BOUNDS) == "first"
    assert guests.ask("other", "other.example", NOW, BOUNDS) == "other"
    assert guests.ask("anew", "first.example", NOW + SAME_RESULT, BOUNDS) == "anew"


def test_a_result_that_a_clock_ahead_has_left_is_not_given_again(journal: Journal) -> None:
    guests = GuestJournal(journal)
    assert guests.ask("ahead", "first.example", NOW + SECOND, BOUNDS) == "ahead"
    (claimed,) = guests.claim("one", NOW, LEASE, 1)
    guests.finish(claimed, parts_of(GOOD), NOW)
    assert guests.ask("anew", "first.example", NOW, BOUNDS) == "anew"


def test_a_check_that_nobody_made_in_its_time_holds_up_no_other(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second", "third")
    end = NOW + BOUNDS.kept
    assert guests.ask("anew", "first.example", end - SECOND, BOUNDS) == "first"
    assert guests.ask("more", "more.example", end - SECOND, BOUNDS) is GuestRefusal.CROWDED
    assert guests.ask("anew", "first.example", end, BOUNDS) == "anew"


def test_an_hour_is_over_after_an_hour(journal: Journal) -> None:
    guests = GuestJournal(journal)
    bounds = GuestBounds(waiting_max=99, an_hour_max=2, kept=timedelta(days=1))
    for link in ("first", "second"):
        assert guests.ask(link, f"{link}.example", NOW, bounds) == link
    assert guests.ask("more", "more.example", NOW + HOUR - SECOND, bounds) is GuestRefusal.SPENT
    assert guests.ask("more", "more.example", NOW + HOUR, bounds) == "more"


def test_what_is_in_other_hands_by_now_is_neither_finished_nor_given_back(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second")
    (mine,) = guests.claim("one", NOW, LEASE, 1)
    (theirs,) = guests.claim("two", NOW + LEASE, LEASE, 1)
    assert (mine.domain, theirs.domain) == ("first.example", "first.example")
    guests.give_back([mine])
    assert not guests.finish(mine, parts_of(GOOD), NOW + LEASE)
    found, other = (guests.check(link, NOW + LEASE) for link in ("first", "second"))
    assert found is not None
    assert other is not None
    assert (found.is_begun, other.is_begun, other.ahead) == (True, False, 1)
    assert guests.finish(theirs, parts_of(GOOD), NOW + LEASE)
    assert (guests.evidence("first") is not None, guests.evidence("second")) == (True, None)


def test_a_lease_may_end_as_late_as_clocks_differ_and_no_later(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    apart = timedelta(seconds=CLOCKS_APART_S)
    guests.claim("ahead", NOW + apart, LEASE, 1)
    assert guests.is_waiting(NOW - SECOND, LEASE)
    assert not guests.is_waiting(NOW, LEASE)
    assert not guests.is_waiting(NOW + apart + LEASE - SECOND, LEASE)
    assert guests.is_waiting(NOW + apart + LEASE, LEASE)


def test_a_queue_and_an_hour_are_bounded(journal: Journal) -> None:
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


def test_that_of_a_dead_worker_is_taken_over_and_given_up_at_last(journal: Journal) -> None:
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


def test_what_is_given_back_counts_for_no_try_and_is_taken_at_once(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    for number in range(GUEST_TRIES_MAX + 1):
        claims = taken(guests, f"worker-{number}")
        assert len(claims) == 1
        guests.give_back(claims)
    assert guests.is_waiting(NOW, LEASE)


def test_a_lease_of_a_clock_that_was_wrong_holds_nobody_up(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    assert len(guests.claim("ahead", NOW + timedelta(days=30), LEASE, 9)) == 1
    assert len(guests.claim("right", NOW, LEASE, 9)) == 1


def test_a_result_goes_when_its_time_is_over_and_its_parts_with_it(journal: Journal) -> None:
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


def test_what_was_asked_for_at_this_moment_is_the_same_check(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    (claimed,) = guests.claim("one", NOW, LEASE, 1)
    guests.finish(claimed, parts_of(GOOD), NOW)
    assert guests.ask("again", "first.example", NOW, BOUNDS) == "first"


def test_a_worker_finishes_and_gives_back_what_is_its_own_alone(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second")
    first, _ = taken(guests, checks_max=9)
    for other in (
        msgspec.structs.replace(first, worker="two"),
        msgspec.structs.replace(first, leased_until=first.leased_until + SECOND),
    ):
        guests.give_back([other])
        assert not guests.finish(other, parts_of(GOOD), NOW + HOUR)
    assert not guests.is_waiting(NOW + HOUR, LEASE)
    guests.give_back([first])
    assert [one.link for one in taken(guests, "three", 9)] == ["first"]


def test_of_those_at_hand_only_the_one_that_nobody_could_make_is_given_up(journal: Journal) -> None:
    guests, at = GuestJournal(journal), NOW
    asked(guests, "first")
    for number in range(GUEST_TRIES_MAX):
        assert len(guests.claim(f"worker-{number}", at, LEASE, 9)) == 1
        at += LEASE
    assert guests.ask("second", "second.example", at, BOUNDS) == "second"
    assert [one.link for one in guests.claim("last", at, LEASE, 9)] == ["second"]
    first, second = (guests.check(link, at) for link in ("first", "second"))
    assert first is not None
    assert second is not None
    assert ((first.done_at, first.is_begun), (second.done_at, second.is_begun)) == ((at, False), (None, True))


def test_evidence_of_which_a_part_is_lost_is_none(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    (claimed,) = taken(guests)
    parts = parts_of(GOOD)
    guests.finish(claimed, parts, NOW + HOUR)
    assert guests.evidence("first") is not None
    journal.writes(lambda connection: release_parts(connection, {min(parts.parts): 1}))
    assert guests.evidence("first") is None
    assert guests.evidence("unknown") is None


def test_nothing_is_left_of_checks_whose_time_is_over_be_they_made_or_not(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second")
    (claimed,) = taken(guests)
    parts = parts_of(GOOD)
    guests.finish(claimed, parts, NOW + HOUR)
    assert guests.sweep(NOW + BOUNDS.kept + HOUR) == 2
    assert journal.reads(lambda connection: kept_parts(connection, parts.parts.keys())) == {}
    assert (guests.check("second", NOW), guests.is_waiting(NOW, LEASE)) == (None, False)


def test_checks_are_made_in_the_order_in_which_they_were_asked_for(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "c", "a", "b")
    assert [one.ahead for link in "cab" if (one := guests.check(link, NOW))] == [0, 1, 2]
    (first,) = guests.claim("one", NOW, LEASE, 1)
    assert guests.finish(first, parts_of(GOOD), NOW)
    waiting = guests.check("b", NOW)
    done = guests.check("c", NOW)
    assert waiting is not None
    assert done is not None
    assert (waiting.ahead, done.ahead) == (1, 0), "one that is done is before nobody"
    assert [one.link for one in guests.claim("one", NOW, LEASE, 1)] == ["a"]
    waiting = guests.check("b", NOW)
    assert waiting is not None
    assert (waiting.ahead, waiting.is_begun) == (1, False), "one that is made still is before it"
    assert [first.link, *(one.link for one in guests.claim("two", NOW, LEASE, 9))] == ["c", "b"]


def test_of_two_results_of_a_domain_the_newer_is_given(journal: Journal) -> None:
    guests = GuestJournal(journal)
    for link, at in (("b", NOW), ("a", NOW + SAME_RESULT)):
        assert guests.ask(link, "first.example", at, BOUNDS) == link
        (claimed,) = guests.claim("one", at, LEASE, 1)
        guests.finish(claimed, parts_of(GOOD), at)
    assert guests.ask("c", "first.example", NOW + SAME_RESULT, BOUNDS) == "a"
    late = NOW + 2 * SAME_RESULT - SECOND
    assert guests.ask("c", "first.example", late, BOUNDS) == "a"
    assert guests.ask("c", "first.example", late + SECOND, BOUNDS) == "c"


def test_what_was_seen_for_a_check_that_is_lost_is_not_kept(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first")
    (lost,) = guests.claim("one", NOW, LEASE, 1)
    (again,) = guests.claim("two", NOW + LEASE, LEASE, 1)
    parts = parts_of(GOOD)
    assert not guests.finish(lost, parts_of(BAD), NOW + LEASE)
    assert guests.finish(again, parts, NOW + LEASE)
    assert not guests.finish(again, parts, NOW + LEASE)
    wanted = {*parts.parts, *parts_of(BAD).parts}
    assert set(journal.reads(lambda connection: kept_parts(connection, wanted))) == set(parts.parts)
    assert guests.sweep(NOW + BOUNDS.kept) == 1
    assert journal.reads(lambda connection: kept_parts(connection, wanted)) == {}


def test_those_that_are_over_go_some_at_a_time_the_oldest_first(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guest_checks, "GUESTS_SWEPT_AT_ONCE", 2)
    guests = GuestJournal(journal)
    asked(guests, "c", "b", "a")
    end = NOW + BOUNDS.kept + 2 * SECOND
    assert guests.sweep(end) == 2
    assert [guests.check(link, NOW) is None for link in "cba"] == [True, True, False]
    assert [guests.sweep(end), guests.sweep(end)] == [1, 0]


def test_an_hour_counts_what_was_asked_for_whatever_became_of_it(journal: Journal) -> None:
    guests = GuestJournal(journal)
    bounds = GuestBounds(waiting_max=1, an_hour_max=2, kept=timedelta(days=1))
    for number, link in enumerate(("first", "second")):
        at = NOW + number * SECOND
        assert guests.ask(link, f"{link}.example", at, bounds) == link
        assert guests.ask("more", "more.example", at, bounds) is GuestRefusal.CROWDED
        (claimed,) = guests.claim("one", at, LEASE, 9)
        assert guests.ask("more", "more.example", at, bounds) is GuestRefusal.CROWDED, "it is made, not done"
        guests.finish(claimed, parts_of(GOOD), at)
    assert guests.ask("more", "more.example", NOW + SECOND, bounds) is GuestRefusal.SPENT
    assert guests.check("more", NOW + SECOND) is None


def test_of_several_results_that_go_at_once_all_parts_go_that_no_other_result_has(journal: Journal) -> None:
    guests = GuestJournal(journal)
    asked(guests, "first", "second", "third")
    of_good, of_bad = parts_of(GOOD), parts_of(BAD)
    for claimed, parts in zip(taken(guests, checks_max=9), (of_good, of_good, of_bad), strict=True):
        assert guests.finish(claimed, parts, NOW + HOUR)
    both = {*of_good.parts, *of_bad.parts}
    assert guests.sweep(NOW + BOUNDS.kept + SECOND) == 2
    assert set(journal.reads(lambda connection: kept_parts(connection, both))) == set(of_bad.parts)
    assert guests.evidence("third") is not None
    assert guests.ask("fourth", "fourth.example", NOW + HOUR, BOUNDS) == "fourth"
    (again,) = taken(guests)
    assert guests.finish(again, of_good, NOW + HOUR)
    assert guests.sweep(NOW + HOUR + BOUNDS.kept) == 2
    assert journal.reads(lambda connection: kept_parts(connection, both)) == {}
