"""A check that brings two things at once, or comes between two that belong together: neither is lost, and neither is told twice."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from mxproof.judge.settling import (
    BLIND_CHECKS,
    CANDIDATE_CHECKS,
    FLAPS,
    SEEN_ONCE_MAX,
    STAYS,
    Blindness,
    Candidate,
    SeenState,
    SettledState,
    Step,
    Turn,
    TurnKind,
    Weighed,
    looked,
    settle,
)
from mxproof.judge.vocabulary import Severity
from mxproof.mail.memory import Memory
from support_certificates import NOW
from support_settling import BAD, BLIND, GOOD, HOUR, MOVED, MX_RECORD, REFUSES, START, UNKNOWN, UNLISTED
from support_world import GOOD_POLICY, ZoneWorld, collect


def steps(held: SettledState, sights: Sequence[SeenState], start: datetime = START) -> list[Step]:
    """Return the steps of checks an hour apart, the first at `start`."""
    made: list[Step] = []
    for number, one in enumerate(sights):
        made.append(settle(made[-1].held if made else held, one, start + number * HOUR))
    return made


def after(*sights: SeenState) -> list[Step]:
    """Return the steps of checks behind a domain that is in good order since before START."""
    return steps(SettledState(sight=GOOD), sights)


def told(made: Sequence[Step]) -> list[Turn | None]:
    return [one.turn for one in made]


def test_a_check_that_sees_nothing_is_not_what_later_ones_are_compared_with() -> None:
    made = after(BLIND, GOOD)
    assert [(one.adopts, one.soon) for one in made] == [(False, False), (True, False)]
    assert made[0].held.blindness == Blindness(START, 1)
    assert made[1].held.blindness is None


def test_what_was_seen_once_before_another_change_held_has_to_be_seen_twice_again() -> None:
    made = after(BAD, MOVED, MOVED, BAD, BAD)
    assert told(made) == [
        None,
        None,
        Turn(TurnKind.DETAIL, START + HOUR),
        None,
        Turn(TurnKind.CHANGED, START + 3 * HOUR),
    ]
    assert [one.adopts for one in made] == [False, False, True, False, True]
    assert made[2].held.candidates == ()


def test_a_detail_that_holds_when_less_is_not_seen_any_more_leaves_the_news_that_it_is_seen() -> None:
    made = after(MOVED, *[BLIND] * BLIND_CHECKS, MOVED)
    assert made[-1].turn == Turn(TurnKind.SIGHTED, START + (BLIND_CHECKS + 1) * HOUR)
    assert (made[-1].held.sight, made[-1].adopts, made[-1].held.candidates) == (MOVED, True, ())


def test_a_change_of_mail_goes_before_the_news_that_more_is_seen_again() -> None:
    made = after(BAD, *[BLIND] * BLIND_CHECKS, BAD)
    assert made[-1].turn == Turn(TurnKind.CHANGED, START)
    assert (made[-1].held.sight, made[-1].held.blindness) == (BAD, None)


def test_blindness_is_told_since_its_first_check_and_counted_on_without_a_word() -> None:
    made = after(*[BLIND] * (BLIND_CHECKS + 2))
    assert told(made)[BLIND_CHECKS - 1 :] == [Turn(TurnKind.BLIND, START), None, None]
    assert made[-1].held.blindness == Blindness(START, BLIND_CHECKS + 2, is_told=True)
    again = steps(made[-1].held, [GOOD, *[BLIND] * BLIND_CHECKS], START + 24 * HOUR)
    assert told(again) == [
        Turn(TurnKind.SIGHTED, START + 24 * HOUR),
        *[None] * (BLIND_CHECKS - 1),
        Turn(TurnKind.BLIND, START + 25 * HOUR),
    ]


def test_blindness_is_told_though_a_fault_is_seen_once_in_the_same_check() -> None:
    half = SeenState({"google": UNKNOWN, "microsoft": REFUSES}, (UNLISTED,), BAD.facts, ("a?",))
    made = after(*[BLIND] * (BLIND_CHECKS - 1), half)
    assert (made[-1].turn, made[-1].soon, made[-1].adopts) == (Turn(TurnKind.BLIND, START), True, False)
    assert [one.since for one in made[-1].held.candidates] == [START + (BLIND_CHECKS - 1) * HOUR]


def _quiet(since: datetime) -> SettledState:
    """Return a domain of which the last change, to mail that is refused, was told to nobody."""
    turns = tuple(since - number * timedelta(minutes=10) for number in range(FLAPS, -1, -1))
    return SettledState(sight=BAD, turns=turns)


def test_that_a_fault_came_to_stay_waits_behind_the_news_that_more_is_seen_again() -> None:
    held = msgspec.structs.replace(_quiet(START), blindness=Blindness(START, BLIND_CHECKS, is_told=True))
    late = START + STAYS
    made = steps(held, [BAD, BAD, BAD], late)
    assert told(made) == [Turn(TurnKind.SIGHTED, late), Turn(TurnKind.CHANGED, START, stays=True), None]


def test_that_a_fault_came_to_stay_is_not_told_by_a_check_that_sees_nothing_or_something_else() -> None:
    late = START + STAYS
    assert told(steps(_quiet(START), [BLIND, BAD], late)) == [
        None,
        Turn(TurnKind.CHANGED, START, stays=True),
    ]
    assert settle(_quiet(START), GOOD, late).turn is None
    assert settle(_quiet(START), BAD, late - timedelta(seconds=1)).turn is None
    fewer = msgspec.structs.replace(_quiet(START), turns=_quiet(START).turns[1:])
    assert settle(fewer, BAD, late).turn is None


def test_once_it_was_told_to_stay_as_many_changes_are_held_as_are_told_aloud() -> None:
    made = settle(_quiet(START), BAD, START + STAYS)
    assert made.held.turns == _quiet(START).turns[1:]
    assert made.adopts


def test_a_detail_that_is_seen_while_a_fault_comes_to_stay_is_told_afterwards() -> None:
    other = msgspec.structs.replace(BAD, facts={MX_RECORD: "d"})
    late = START + STAYS
    assert told(steps(_quiet(START), [other, other], late)) == [
        Turn(TurnKind.CHANGED, START, stays=True),
        Turn(TurnKind.DETAIL, late),
    ]


def test_of_what_was_seen_once_the_latest_are_remembered_each_one_check_older() -> None:
    turning = [
        msgspec.structs.replace(GOOD, facts={MX_RECORD: f"{number}"}) for number in range(SEEN_ONCE_MAX + 1)
    ]
    made = after(*turning)
    assert [(one.since, one.checks_left) for one in made[-1].held.candidates] == [
        (START + number * HOUR, CANDIDATE_CHECKS - SEEN_ONCE_MAX + number)
        for number in range(1, SEEN_ONCE_MAX + 1)
    ]
    quiet = settle(made[-1].held, GOOD, START + 9 * HOUR)
    assert [one.checks_left for one in quiet.held.candidates] == [
        one.checks_left - 1 for one in made[-1].held.candidates if one.checks_left > 1
    ]
    last = SettledState(sight=GOOD, candidates=(Candidate("x", START, 1), Candidate("y", START, 2)))
    assert settle(last, GOOD, START).held.candidates == (Candidate("y", START, 1),)


def test_the_same_facts_are_the_same_detail_in_whatever_order_they_were_found() -> None:
    facts = {"address mx1 A": "c", MX_RECORD: "a"}
    turned = dict(reversed(facts.items()))
    one, other = (msgspec.structs.replace(GOOD, facts=each) for each in (facts, turned))
    assert told(after(one, other)) == [None, Turn(TurnKind.DETAIL, START)]
    fates = dict(reversed([*BAD.fates.items()]))
    assert told(after(BAD, msgspec.structs.replace(BAD, fates=fates))) == [
        None,
        Turn(TurnKind.CHANGED, START),
    ]


def test_where_a_question_was_not_answered_what_it_told_of_stays_as_it_was() -> None:
    warned = Weighed("tlsrpt-missing", "example.com", Severity.WARNING)
    full = msgspec.structs.replace(GOOD, findings=(warned,), facts={MX_RECORD: "a", "record b TXT": "b"})
    less = msgspec.structs.replace(GOOD, unknowns=("TXT?",))
    held = SettledState(sight=full)
    made = steps(held, [less, less, less])
    assert told(made) == [None, None, None]
    assert made[-1].held.sight == full
    assert [one.adopts for one in made] == [True, True, True]
    gone = msgspec.structs.replace(full, findings=())
    answered = steps(made[-1].held, [gone, gone])
    assert told(answered) == [None, Turn(TurnKind.CHANGED, START)]


def test_a_question_that_nobody_ever_answered_keeps_no_finding_alive() -> None:
    warned = Weighed("dane-mismatch", "mx1.example.com", Severity.WARNING)
    silent = msgspec.structs.replace(GOOD, findings=(warned,), unknowns=("TXT?",))
    made = steps(SettledState(sight=silent), [msgspec.structs.replace(silent, findings=())] * 2)
    assert told(made) == [None, Turn(TurnKind.CHANGED, START)]


def test_each_check_remembers_what_it_saw_served_and_is_judged_by_what_was_served_before() -> None:
    day = timedelta(days=1)
    other = ZoneWorld(policy=GOOD_POLICY.replace(b"mx2.example.com", b"*.example.com")).zone_with(
        "_mta-sts.example.com TXT v=STSv1; id=2;"
    )
    first = looked(SettledState(), collect(ZoneWorld()))
    old = Memory(GOOD_POLICY, NOW, "20260601")
    assert (first.memories, first.judged.memories, first.step.held.served) == ((), (), (old,))
    second = looked(first.step.held, collect(other.but(at=NOW + day)))
    assert (second.memories, second.judged.memories) == ((old,), (old,))
    assert [one.id for one in second.step.held.served] == ["20260601", "2"]
    assert second.judged.now == NOW + day
