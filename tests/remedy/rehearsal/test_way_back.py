"""The way back from a step is judged: when it is safe, and who would suffer from going back too soon."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from mxproof.evidence import Evidence, Kind, Question
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Confidence, Verdict
from mxproof.mail.change import Change, MxValue, Publish, ServePolicy, TxtValue, Withdraw
from mxproof.mail.memory import Memory
from mxproof.remedy.judgement import Judge
from mxproof.remedy.plan import Pause, PlannedStep
from mxproof.remedy.rehearsal.way_back import WayBack, _worse_from, ways_back
from support_moments import does, moment
from support_scenarios import AT, seen
from support_world import collect
from support_worlds import GOOD, MX1, MX2, policy

EVIDENCE = seen("direct").evidence
RECORD = "_mta-sts.example.com"
OLD_ID, NEW_ID = TxtValue("v=STSv1; id=20260301T210000;"), TxtValue("v=STSv1; id=2;")
OLD = Policy(Mode.ENFORCE, 604_800, ("smol.example.com", "tol.example.com"))
TOL_ALONE = Policy(Mode.ENFORCE, 604_800, ("tol.example.com",))
SMOL = MxValue(10, "smol.example.com")
RETIRED = (Withdraw("example.com", SMOL),)
NARROWED = (
    ServePolicy("example.com", TOL_ALONE),
    Withdraw(RECORD, OLD_ID),
    Publish(RECORD, NEW_ID),
)


def _backs(steps: Sequence[tuple[tuple[Change, ...], tuple[Change, ...]]]) -> tuple[WayBack, ...]:
    """Return the ways back of steps made one day after the other, each given with what undoes it."""
    judge = Judge(EVIDENCE, AT, (), SENDERS)
    planned = [
        PlannedStep(place * 86_400, made, (place + 1) * 86_400, Pause.NONE, ())
        for place, (made, _) in enumerate(steps)
    ]
    return ways_back(judge, planned, [back for _, back in steps])


def test_going_back_to_what_the_policy_lists_is_safe_at_once() -> None:
    assert _backs([(RETIRED, (Publish("example.com", SMOL),))]) == (WayBack(0, ()),)


def test_going_back_to_a_host_that_the_policy_of_a_later_step_leaves_out_has_senders_refuse() -> None:
    widened = (
        ServePolicy("example.com", OLD),
        Withdraw(RECORD, NEW_ID),
        Publish(RECORD, OLD_ID),
        Publish("example.com", SMOL),
    )
    _, narrowed = _backs([(RETIRED, (Publish("example.com", SMOL),)), (NARROWED, widened)])
    assert "rfc8461" in narrowed.suffering
    assert narrowed.safe_after_s != 0


def test_a_step_that_nothing_undoes_has_nothing_to_be_judged() -> None:
    assert _backs([(RETIRED, ())]) == (WayBack(0, ()),)


def test_a_sender_fares_worse_that_does_so_in_one_state_from_the_undoing_on() -> None:
    guess = Confidence.GUESS
    fine = (does("rfc8461"), does("mox"), does("courier", confidence=guess))
    first, second, guessed = (
        does("rfc8461", Verdict.REFUSED),
        does("mox", Verdict.REFUSED),
        does("courier", Verdict.REFUSED, confidence=guess),
    )
    rehearsed = (
        moment(-1, fine),
        moment(0, (first, second, guessed)),
        moment(300, fine, (fine[0], second, guessed)),
        moment(600, fine),
    )
    assert _worse_from(rehearsed, 0) == ["rfc8461", "mox"]
    assert _worse_from(rehearsed, 300) == ["mox"]
    assert _worse_from(rehearsed, 301) == []
    better = (moment(-1, (first, second, guessed)), moment(0, fine))
    assert _worse_from(better, 0) == []


HOUR_S, LIFE_S = 3600, 604_800
THIRD = MxValue(5, "mx3.example.com")


def with_a_third_host_that_no_record_names_yet() -> Evidence:
    asked = Question(Kind.MX, "example.com")
    three = GOOD.but(policy=policy("*.example.com")).zone_with(
        *(f"example.com MX {one}" for one in (f"5 {THIRD.exchange}", f"10 {MX1}", f"20 {MX2}")),
        f"{THIRD.exchange} A 192.0.2.3",
    )
    return collect(three).with_answers([(asked, collect(GOOD).answer(asked))])


def remembered(mx: tuple[str, ...], ends_s: int) -> Memory:
    """Return a policy that is held for so many seconds yet, with nothing else to come of it before its end."""
    return Memory(policy(*mx, max_age=LIFE_S), GOOD.at - timedelta(seconds=LIFE_S - ends_s), "20260601")


@pytest.mark.parametrize(("others_held", "safe_after_s"), [(9, 12 * HOUR_S), (10, None)])
def test_going_back_is_tried_at_twelve_moments(others_held: int, safe_after_s: int | None) -> None:
    """What a policy leaves out that is still held is safe once its end is among them.

    The step itself comes before it, a look at the policy after ten minutes, and the end of each other policy.
    """
    end = remembered((MX1, MX2), 12 * HOUR_S)
    others = (remembered(("*.example.com",), number * HOUR_S // 2) for number in range(1, others_held + 1))
    senders = tuple(one for one in SENDERS if one.id == "rfc8461")
    judge = Judge(with_a_third_host_that_no_record_names_yet(), GOOD.at, (end, *others), senders, 0)
    step = PlannedStep(0, (Publish(f"www.{EVIDENCE.domain}", TxtValue("hello")),), 0, Pause.NONE, ())
    (way,) = ways_back(judge, [step], [(Publish("example.com", THIRD),)])
    assert way == WayBack(safe_after_s, ("rfc8461",))
