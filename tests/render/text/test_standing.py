"""How far a plan has come, in text: the advice with its reason, and where each step is visible."""

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.plan import Pause, SenderOutcome
from mxproof.remedy.standing import STANDING_VERSION, Advice, SeenStep, Standing, StandingReason
from mxproof.render.text.paper import Paper, Tone
from mxproof.render.text.standing import standing_text

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
MADE = SeenStep(1, ("here", "ns1"), (), ())
PARTLY = SeenStep(2, ("here",), ("ns1", "ns2"), ("ns3",))
MISSING = SeenStep(2, (), ("here",), ())
LATER = SeenStep(3, ("here",), (), ())


def told(advice: Advice, reason: StandingReason, **changes: Any) -> list[str]:  # noqa: ANN401 - the fields have many types
    one = Standing(STANDING_VERSION, "example.com", AT, 1, advice, reason, (MADE,), 2, None, Pause.NONE, ())
    text = standing_text(msgspec.structs.replace(one, **changes), Paper(width=120, unicode=True))
    assert text.endswith("\n")
    return text.splitlines()


def test_the_next_step_may_be_made() -> None:
    assert told(Advice.GO_ON, StandingReason.READY) == [
        "✔ GO ON  step 2 may be made.",
        "  step 1  visible at here and ns1",
    ]


def test_all_steps_are_made() -> None:
    assert told(Advice.GO_ON, StandingReason.FINISHED, next_step=None, steps=(MADE, LATER))[0] == (
        "✔ GO ON  all 2 steps are made, and nothing is waited for."
    )
    assert told(Advice.GO_ON, StandingReason.FINISHED, next_step=None)[0] == (
        "✔ GO ON  the one step is made, and nothing is waited for."
    )
    assert told(Advice.GO_ON, StandingReason.FINISHED, next_step=None, steps=()) == [
        "✔ GO ON  nothing is waited for any more."
    ]


def test_the_first_step_that_is_seen_at_some_places_alone_is_named_with_them() -> None:
    steps = (MADE, PARTLY, msgspec.structs.replace(PARTLY, number=3))
    assert told(Advice.WAIT, StandingReason.PARTLY_VISIBLE, steps=(MISSING, *steps))[0] == (
        "? WAIT  step 2 is visible at here and not at ns1 and ns2."
    )


def test_whether_a_step_is_made_could_not_be_found_out() -> None:
    assert told(Advice.WAIT, StandingReason.NOT_SEEN)[0] == (
        "? WAIT  whether step 2 is made could not be found out."
    )


@pytest.mark.parametrize(
    ("pause", "holder"),
    [
        (Pause.NONE, "what was there before may be held"),
        (Pause.NEXT_SERVER, "one server is set up after the other"),
        (Pause.TTL, "caches may hold the old records"),
        (Pause.MAX_AGE, "senders may go on holding the older policy"),
    ],
)
def test_it_is_told_who_holds_what_was_there_before_and_until_when(pause: Pause, holder: str) -> None:
    assert told(Advice.WAIT, StandingReason.TIME, waits_for=pause, wait_until=AT)[0] == (
        f"? WAIT  step 1 is made; {holder} until 2026-11-20 12:00:00 UTC."
    )
    assert told(Advice.WAIT, StandingReason.TIME, waits_for=pause)[0] == f"? WAIT  step 1 is made; {holder}."


def test_before_the_first_step_none_is_called_made_and_after_the_last_all_are() -> None:
    assert told(Advice.WAIT, StandingReason.TIME, next_step=1)[0] == (
        "? WAIT  what was there before may be held."
    )
    assert told(Advice.WAIT, StandingReason.TIME, next_step=None, steps=(MADE, LATER))[0] == (
        "? WAIT  step 2 is made; what was there before may be held."
    )


def test_a_step_that_was_made_too_early_names_those_that_are_missing_before_it() -> None:
    missing = msgspec.structs.replace(MISSING, number=1)
    assert told(Advice.DO_NOT, StandingReason.OUT_OF_ORDER, steps=(missing, PARTLY, LATER), next_step=3)[
        0
    ] == ("✘ DO NOT  a later step is visible before steps 1 and 2 are; make no further one, and look why.")
    assert told(Advice.DO_NOT, StandingReason.OUT_OF_ORDER, steps=(MADE, MISSING, LATER))[0] == (
        "✘ DO NOT  a later step is visible before step 2 is; make no further one, and look why."
    )


def test_senders_that_fare_worse_are_named() -> None:
    worse = (SenderOutcome("google", Verdict.REFUSED), SenderOutcome("exim", Verdict.AT_RISK))
    assert told(Advice.DO_NOT, StandingReason.SENDER_WORSE, worse=worse)[0] == (
        "✘ DO NOT  google REFUSES and exim at risk, which was better before the first step; make no further one, and look why."
    )


def test_each_step_has_the_places_where_it_is_seen_or_not() -> None:
    over = SeenStep(3, (), ("here",), (), is_over=True)
    nowhere = SeenStep(4, (), (), ())
    assert told(Advice.GO_ON, StandingReason.READY, steps=(MADE, PARTLY, over, nowhere))[1:] == [
        "  step 1  visible at here and ns1",
        "  step 2  visible at here; not at ns1 and ns2; not known at ns3",
        "  step 3  over, for a later step took it back",
        "  step 4  nothing to be seen from here",
    ]


def test_the_advice_has_its_colour() -> None:
    paper = Paper(width=100, colour=True)
    for advice, words, tone in (
        (Advice.GO_ON, "+ GO ON", Tone.GOOD),
        (Advice.WAIT, "? WAIT", Tone.UNKNOWN),
        (Advice.DO_NOT, "x DO NOT", Tone.BAD),
    ):
        one = Standing(
            STANDING_VERSION, "example.com", AT, 1, advice, StandingReason.READY, (), 1, None, Pause.NONE, ()
        )
        assert standing_text(one, paper) == f"{paper.painted(words, tone)}  step 1 may be made.\n"
