"""The founding migration, while mail flows: in the order of the plan all of it arrives, naively not that of whom the model names."""

import datetime as dt
import time
from collections.abc import Iterator
from contextlib import contextmanager

from mxproof.evidence.codec import decode
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import Change, MxValue, Publish
from mxproof.remedy.plan import Plan
from mxproof.remedy.rehearsal.edit import NAIVE_RANKS, edits
from mxproof.remedy.standing import Advice, StandingReason
from mxproof.remedy.step_record import acted
from mxproof.render.action.folder import step_files
from real.bed.postfix import Sender
from real.bed.town import Town
from real.plan.administrator import Administrator
from real.plan.domains import LAG_S, MAX_AGE_S, MODELS, MOVE_ZONE, MOVED, MOVED_NAIVELY, TTL_S, move_policy
from real.plan.flow import flowing, undelivered

_OPTIONS = (
    "--name-server-lag",
    str(LAG_S),
    *(word for model in ("rfc8461", *dict.fromkeys(MODELS.values())) for word in ("--sender", model)),
)
"""The state that was planned has names that Microsoft refuses; it is put in order for the others as it is."""


def _failing(plan: Plan) -> set[str]:
    """Return the real senders whose model fares worse in the naive order."""
    failing = {one.sender for one in plan.ways[0].naive.suffering if one.outcome is not Verdict.UNKNOWN}
    return {name for name, model in MODELS.items() if model in failing}


def _is_of_mx(change: Change) -> bool:
    return isinstance(change, Publish) and isinstance(change.record, MxValue)


@contextmanager
def _second_server_left_behind(place: Town) -> Iterator[None]:
    """Have the second name server follow no change, until it catches up when the context is left."""
    assert place.follower is not None
    place.follower.freeze(f"{MOVED.name}.")
    yield
    place.follower.thaw(f"{MOVED.name}.")


def test_in_the_order_of_the_plan_every_message_arrives_while_it_is_verified_step_by_step(
    place: Town, senders: dict[str, Sender]
) -> None:
    who = Administrator(place, MOVED.name, place.folder / "moved", {})
    with flowing(senders, MOVED.name) as flow:
        flow.await_all(time.monotonic())
        plan = who.plan(MOVE_ZONE, move_policy("moved"), *_OPTIONS)
        assert plan.ways[0].is_safe
        steps = plan.ways[0].steps
        made_at: dt.datetime | None = None
        for number, step in enumerate(steps, 1):
            assert who.verify(made_at) == (0, Advice.GO_ON, StandingReason.READY, number)
            if any(_is_of_mx(one) for one in step.changes):
                with _second_server_left_behind(place):
                    who.make(number, everywhere=False)
                    assert who.verify() == (3, Advice.WAIT, StandingReason.PARTLY_VISIBLE, number)
                made_at = dt.datetime.now(dt.UTC)
            else:
                made_at = who.make(number)
            made_s, wait_s = time.monotonic(), step.wait_until_s - step.at_s
            if wait_s > 0:
                assert who.verify()[:2] == (
                    3,
                    Advice.WAIT,
                )  # the resolver may hold the old records, or not any more
                flow.await_all(made_s + wait_s)
            else:
                flow.await_all(
                    made_s + TTL_S
                )  # nobody has to wait, but the resolver shows the step only then
        flow.await_all(time.monotonic() + MAX_AGE_S)
        assert who.verify(made_at) == (0, Advice.GO_ON, StandingReason.FINISHED, None)
    assert undelivered(flow) == {}


def test_in_the_naive_order_exactly_those_senders_defer_that_the_model_names(
    place: Town, senders: dict[str, Sender]
) -> None:
    who = Administrator(place, MOVED_NAIVELY.name, place.folder / "naive", {})
    with flowing(senders, MOVED_NAIVELY.name) as flow:
        flow.await_all(time.monotonic())
        plan = who.plan(MOVE_ZONE, move_policy("naive"), *_OPTIONS)
        evidence = decode(who.asked("collect", MOVED_NAIVELY.name).stdout)
        by_rank = sorted(edits(plan.ways[0].changes), key=lambda one: NAIVE_RANKS.index(one.rank))
        for number, step in enumerate(acted(evidence, [one.changes for one in by_rank]), 1):
            who.put_down(number, step_files(step))
            who.make(number)
            flow.await_all(time.monotonic() + TTL_S)
    assert set(undelivered(flow)) == _failing(plan) == {"fresh", "holding"}
