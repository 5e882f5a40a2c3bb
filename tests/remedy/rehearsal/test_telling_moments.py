"""What is told of moments one after another: since when all is well for good, what settles, who suffers, and each step's states."""

import pytest

from mxproof.judge.vocabulary import Confidence, Verdict
from mxproof.mail.change import Ipv4Value, Publish
from mxproof.remedy.plan import Lane, Pause, PlannedStep, SenderOutcome, Span, StepState, Suffering
from mxproof.remedy.rehearsal.edit import NEW_RANK, Edit, TimedEdit
from mxproof.remedy.rehearsal.order import Order
from mxproof.remedy.rehearsal.telling import CURRENT, rehearsed, restored_s, settled_s, steps_of
from mxproof.remedy.rehearsal.timeline import CacheState, Moment, Timeline
from mxproof.remedy.search.goal import Wanted
from support_moments import does, moment

FINE = (does("rfc8461"), does("mox"))
LATE = (does("rfc8461", Verdict.AT_RISK), does("mox"))
REFUSED = (does("rfc8461", Verdict.REFUSED), does("mox"))
BOTH = (does("rfc8461", Verdict.REFUSED), does("mox", Verdict.REFUSED))
WANTED = tuple(Wanted(one.id, None, counts=True) for one in FINE)
CHANGES = tuple(Publish(f"{name}.example.com", Ipv4Value("192.0.2.9")) for name in ("one", "two"))


def order(timeline: Timeline, *at_s: int) -> Order:
    edits = [Edit(NEW_RANK, (change,)) for change, _ in zip(CHANGES, at_s, strict=False)]
    return Order(tuple(map(TimedEdit, at_s, edits)), timeline, is_safe=False)


AGAIN = (
    moment(-1, REFUSED),
    moment(0, FINE),
    moment(300, FINE, REFUSED),
    moment(600, FINE),
    moment(900, FINE, FINE),
)


@pytest.mark.parametrize(
    ("timeline", "waited_s", "since_s"),
    [
        (AGAIN, 0, 600),
        (AGAIN[:2], 0, 0),
        (AGAIN[:3], 0, None),
        (AGAIN[:1], 0, None),
        (AGAIN, 600, 600),
        (AGAIN, 601, 900),
        (AGAIN, 5000, 900),
        ((*AGAIN, moment(1200, FINE, REFUSED)), 5000, None),
    ],
)
def test_it_is_over_since_the_first_moment_after_the_last_that_falls_short(
    timeline: Timeline, waited_s: int, since_s: int | None
) -> None:
    assert restored_s(timeline, WANTED, waited_s) == since_s


def test_a_sender_of_which_nothing_is_wanted_keeps_nothing_from_being_over() -> None:
    lenient = (Wanted("rfc8461", None, counts=False), WANTED[1])
    assert restored_s(AGAIN, lenient) == 0


def test_all_is_settled_once_no_moment_has_more_than_one_state_and_no_step_is_left() -> None:
    timeline = (moment(-1, FINE), moment(0, FINE, FINE), moment(300, FINE, FINE), moment(600, FINE))
    assert settled_s(order((*timeline, moment(900, FINE)), 0)) == 600
    assert settled_s(order(timeline, 0, 700)) == 700
    assert settled_s(order(timeline[:1], 0)) == 0
    assert settled_s(order(timeline[:1])) == 0


def test_each_sender_has_a_lane_and_suffers_while_it_fares_worse_than_before_the_first_step() -> None:
    guess = does("courier", Verdict.REFUSED, confidence=Confidence.GUESS)
    fine = (*FINE, does("courier", confidence=Confidence.GUESS))
    made = (
        moment(-1, fine),
        moment(0, fine, (*LATE, guess)),
        moment(300, (*LATE, guess), (*REFUSED, guess)),
        moment(600, (*REFUSED, guess)),
        moment(900, fine),
        moment(1200, (*LATE, guess)),
    )
    told = rehearsed(order(made, 0, 900))
    delivers, at_risk, refused = Verdict.DELIVERS, Verdict.AT_RISK, Verdict.REFUSED
    assert told.steps_s == (0, 900)
    assert told.lanes == (
        Lane(
            "rfc8461",
            (
                Span(-1, 0, delivers),
                Span(0, 300, at_risk),
                Span(300, 900, refused),
                Span(900, 1200, delivers),
                Span(1200, None, at_risk),
            ),
        ),
        Lane("mox", (Span(-1, None, delivers),)),
        Lane(
            "courier",
            (
                Span(-1, 0, delivers),
                Span(0, 900, refused),
                Span(900, 1200, delivers),
                Span(1200, None, refused),
            ),
        ),
    )
    assert told.suffering == (
        Suffering("rfc8461", at_risk, 0, 300),
        Suffering("rfc8461", refused, 300, 900),
        Suffering("rfc8461", at_risk, 1200, None),
    )


def test_who_was_refused_before_suffers_from_nothing_that_is_no_worse() -> None:
    made = (moment(-1, REFUSED), moment(0, BOTH), moment(300, FINE))
    assert rehearsed(order(made, 0)).suffering == (Suffering("mox", Verdict.REFUSED, 0, 300),)


def outcomes(first: Verdict, second: Verdict = Verdict.DELIVERS) -> tuple[SenderOutcome, ...]:
    return SenderOutcome("rfc8461", first), SenderOutcome("mox", second)


def test_a_step_has_the_worst_of_each_state_until_the_next_and_the_last_one_until_the_end() -> None:
    old = (("MX", "example.com"),)
    made = (
        moment(-1, BOTH),
        Moment(0, (CacheState((), FINE), CacheState(old, LATE))),
        Moment(300, (CacheState((), LATE), CacheState(old, REFUSED))),
        Moment(600, (CacheState((), FINE),)),
        Moment(900, (CacheState((), FINE), CacheState((*old, ("TXT", "example.com")), BOTH))),
        Moment(1200, (CacheState((), FINE),)),
    )
    delivers, refused = Verdict.DELIVERS, Verdict.REFUSED
    first = PlannedStep(
        0,
        CHANGES[:1],
        900,
        Pause.MAX_AGE,
        (
            StepState(CURRENT, outcomes(Verdict.AT_RISK)),
            StepState("MX example.com", outcomes(refused)),
        ),
        CHANGES[0],
    )
    states = (
        StepState(CURRENT, outcomes(delivers)),
        StepState("MX example.com, TXT example.com", outcomes(refused, refused)),
    )
    for restored, until_s, pause in (
        (None, 1200, Pause.TTL),
        (1500, 1500, Pause.MAX_AGE),
        (300, 900, Pause.NONE),
    ):
        last = PlannedStep(900, CHANGES[1:], until_s, pause, states, CHANGES[1])
        assert steps_of(order(made, 0, 900), restored) == (first, last)
