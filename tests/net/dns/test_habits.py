"""What is remembered of how servers talk, and for how long."""

import pytest

from mxproof.net.asking import Peer
from mxproof.net.dns.habits import HABIT_S, PEERS_REMEMBERED_MAX, Habits

SERVER = Peer("192.0.2.53", 53)


def test_who_was_never_asked_has_no_habits() -> None:
    habits = Habits()
    assert (habits.keeps_letters(SERVER, 0), habits.speaks_edns(SERVER, 0)) == (None, None)
    assert not habits.sends_strays(SERVER, 0)


@pytest.mark.parametrize(("after_s", "want"), [(HABIT_S - 1, False), (HABIT_S, None)])
def test_a_habit_is_held_for_a_while(after_s: float, want: bool | None) -> None:
    habits = Habits()
    habits.saw_letters(SERVER, 0, kept=False)
    assert habits.keeps_letters(SERVER, after_s) is want


def test_who_has_spoken_edns_does_not_unlearn_it_by_a_lost_answer() -> None:
    habits = Habits()
    habits.saw_edns(SERVER, 0, answered=True)
    habits.saw_edns(SERVER, 1, answered=False)
    assert habits.speaks_edns(SERVER, 2) is True


def test_who_learns_edns_is_asked_with_it_again() -> None:
    habits = Habits()
    habits.saw_edns(SERVER, 0, answered=False)
    habits.saw_edns(SERVER, 1, answered=True)
    assert habits.speaks_edns(SERVER, 2) is True


def test_the_first_seen_is_forgotten_first() -> None:
    habits = Habits()
    for port in range(PEERS_REMEMBERED_MAX + 1):
        habits.saw_strays(Peer("192.0.2.53", port), 0)
    assert not habits.sends_strays(Peer("192.0.2.53", 0), 1)
    assert habits.sends_strays(Peer("192.0.2.53", 1), 1)


def test_who_is_seen_again_takes_nobodys_place() -> None:
    habits = Habits()
    for port in range(PEERS_REMEMBERED_MAX):
        habits.saw_letters(Peer("192.0.2.53", port), 0, kept=True)
    habits.saw_letters(Peer("192.0.2.53", 5), HABIT_S / 2, kept=False)
    assert habits.keeps_letters(Peer("192.0.2.53", 0), 1) is True
    assert habits.keeps_letters(Peer("192.0.2.53", 5), HABIT_S + 1) is False
    assert habits.keeps_letters(Peer("192.0.2.53", 6), HABIT_S + 1) is None


def test_each_habit_is_one_by_itself() -> None:
    habits = Habits()
    habits.saw_letters(SERVER, 0, kept=True)
    assert (habits.speaks_edns(SERVER, 1), habits.sends_strays(SERVER, 1)) == (None, False)
    habits.saw_edns(SERVER, 0, answered=False)
    assert (habits.keeps_letters(SERVER, 1), habits.sends_strays(SERVER, 1)) == (True, False)
    habits.saw_strays(SERVER, 0)
    assert (habits.keeps_letters(SERVER, 1), habits.speaks_edns(SERVER, 1)) == (True, False)


def test_who_was_not_heard_with_edns_for_a_while_may_be_known_to_do_without() -> None:
    habits = Habits()
    habits.saw_edns(SERVER, 0, answered=True)
    habits.saw_edns(SERVER, HABIT_S, answered=False)
    assert habits.speaks_edns(SERVER, HABIT_S + 1) is False
