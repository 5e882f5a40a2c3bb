"""What is advised of steps as they are seen: what stops a way before what is waited for, and until when that is."""

from datetime import timedelta

import msgspec
import pytest

from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import Change, Ipv4Value, Publish, Withdraw
from mxproof.remedy.plan import Pause, PlannedStep, SenderOutcome, StepState
from mxproof.remedy.standing import (
    Advice,
    SeenStep,
    StandingReason,
    _advice,
    _foretold,
    _is_over,
    _wait,
    _waits_for,
)

HERE, THERE = "ns1", "ns2"
WORSE = (SenderOutcome("google", Verdict.REFUSED),)
RECORD = Ipv4Value("192.0.2.9")
DELIVERS, AT_RISK, REFUSED = Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED


def step(at_s: int, until_s: int, *changes: Change, because: Pause = Pause.NONE) -> PlannedStep:
    return PlannedStep(at_s, changes, until_s, because, ())


STEPS = (step(0, 600, because=Pause.TTL), step(600, 900), step(900, 5000, because=Pause.MAX_AGE))


def made(number: int) -> SeenStep:
    return SeenStep(number, (HERE, THERE), (), ())


def partly(number: int) -> SeenStep:
    return SeenStep(number, (HERE,), (THERE,), ())


def missing(number: int) -> SeenStep:
    return SeenStep(number, (), (HERE, THERE), ())


def unknown(number: int) -> SeenStep:
    return SeenStep(number, (), (), (HERE, THERE))


@pytest.mark.parametrize(
    ("seen", "worse", "waiting", "reason"),
    [
        ((missing(1), made(2), missing(3)), WORSE, True, StandingReason.OUT_OF_ORDER),
        ((made(1), partly(2), missing(3)), WORSE, True, StandingReason.SENDER_WORSE),
        ((made(1), partly(2), missing(3)), (), True, StandingReason.PARTLY_VISIBLE),
        ((made(1), made(2), missing(3)), (), True, StandingReason.TIME),
        ((made(1), made(2), made(3)), (), True, StandingReason.TIME),
        ((made(1), made(2), made(3)), (), False, StandingReason.FINISHED),
        ((made(1), made(2), unknown(3)), (), False, StandingReason.NOT_SEEN),
        ((made(1), made(2), unknown(3)), (), True, StandingReason.TIME),
        ((made(1), made(2), missing(3)), (), False, StandingReason.READY),
        (
            (made(1), made(2), msgspec.structs.replace(missing(3), unknown=("resolver",))),
            (),
            False,
            StandingReason.READY,
        ),
    ],
)
def test_the_gravest_of_several_reasons_is_told(
    seen: tuple[SeenStep, ...], worse: tuple[SenderOutcome, ...], waiting: bool, reason: StandingReason
) -> None:
    count = sum(one.is_made for one in seen)
    advice = {
        StandingReason.OUT_OF_ORDER: Advice.DO_NOT,
        StandingReason.SENDER_WORSE: Advice.DO_NOT,
        StandingReason.READY: Advice.GO_ON,
        StandingReason.FINISHED: Advice.GO_ON,
    }.get(reason, Advice.WAIT)
    assert _advice(STEPS, seen, count, worse, waiting=waiting) == (advice, reason)


def test_the_wait_after_a_step_is_its_own_and_before_the_first_there_is_none() -> None:
    assert [_wait(STEPS, number) for number in range(4)] == [
        timedelta(),
        timedelta(seconds=600),
        timedelta(seconds=300),
        timedelta(seconds=4100),
    ]
    assert [_waits_for(STEPS, number) for number in range(4)] == [
        Pause.MAX_AGE,
        Pause.TTL,
        Pause.MAX_AGE,
        Pause.MAX_AGE,
    ]


def with_states(**outcomes: Verdict) -> PlannedStep:
    """Return a step with a state for each outcome of one sender, by the name of the state."""
    states = tuple(StepState(name, (SenderOutcome("google", one),)) for name, one in outcomes.items())
    return msgspec.structs.replace(step(0, 0), states=states)


FORETOLD = (with_states(current=AT_RISK), with_states(current=DELIVERS, old=REFUSED), with_states())


@pytest.mark.parametrize(
    ("steps", "made", "begun", "foretold"),
    [
        (FORETOLD, 0, 0, {}),
        (FORETOLD, 0, 1, {"google": AT_RISK}),
        (FORETOLD, 1, 1, {"google": AT_RISK}),
        (FORETOLD, 1, 2, {"google": REFUSED}),
        (FORETOLD, 2, 2, {"google": REFUSED}),
        (FORETOLD, 2, 3, {"google": REFUSED}),
        (FORETOLD, 3, 3, {}),
        (FORETOLD[::-1], 0, 0, {}),
        (FORETOLD[::-1], 1, 1, {"google": REFUSED}),
        (FORETOLD[::-1], 3, 3, {"google": AT_RISK}),
        ((FORETOLD[2], FORETOLD[0], FORETOLD[1]), 1, 1, {"google": AT_RISK}),
    ],
)
def test_foretold_is_the_worst_of_the_steps_that_may_be_the_last_ones_made(
    steps: tuple[PlannedStep, ...], made: int, begun: int, foretold: dict[str, Verdict]
) -> None:
    assert _foretold(steps, made, begun) == foretold


def test_a_step_is_over_once_a_later_one_that_is_made_took_back_all_of_it() -> None:
    one, other = (Publish(f"{name}.example.com", RECORD) for name in ("one", "other"))
    back, others_back = (Withdraw(each.name, RECORD) for each in (one, other))
    steps = (step(0, 0, one, other), step(0, 0, back), step(0, 0, others_back))
    assert [_is_over(steps, 0, number) for number in range(4)] == [False, False, False, True]
    assert [_is_over(steps, 1, number) for number in range(4)] == [False] * 4
