"""The way back from a step is judged: when it is safe, and who would suffer from going back too soon."""

from collections.abc import Sequence

from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.senders import SENDERS
from mxproof.mail.change import Change, MxValue, Publish, ServePolicy, TxtValue, Withdraw
from mxproof.remedy.judgement import Judge
from mxproof.remedy.plan import Pause, PlannedStep
from mxproof.remedy.rehearsal.way_back import WayBack, ways_back
from support_scenarios import AT, seen

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
