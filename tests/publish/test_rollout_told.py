"""How a roll-out stands, as it is told: which stage comes next, and why it does or does not."""

from datetime import UTC, datetime

import pytest

from mxproof.publish.rollout import Rollout, RolloutAim, RolloutDecision, RolloutReason, RolloutStage
from mxproof.publish.rollout_told import told_rollout

AT = datetime(2026, 3, 2, tzinfo=UTC)
ENFORCE, NONE = RolloutAim.ENFORCE, RolloutAim.NONE


@pytest.mark.parametrize(
    ("aim", "stage", "since", "next_stage"),
    [
        (ENFORCE, RolloutStage.TESTING, None, RolloutStage.TESTING),
        (ENFORCE, RolloutStage.TESTING, AT, RolloutStage.ENFORCE_DAY),
        (ENFORCE, RolloutStage.ENFORCE_MONTHS, None, RolloutStage.ENFORCE_MONTHS),
        (ENFORCE, RolloutStage.ENFORCE_MONTHS, AT, None),
        (NONE, RolloutStage.NONE, AT, RolloutStage.WITHDRAWN),
        (NONE, RolloutStage.GONE, AT, None),
    ],
)
def test_the_next_stage_is_this_one_until_everybody_shows_it_and_none_after_the_last(
    aim: RolloutAim, stage: RolloutStage, since: datetime | None, next_stage: RolloutStage | None
) -> None:
    told = told_rollout("example.com", Rollout("example.com", aim, stage, since), None)
    assert (told.aim, told.stage, told.since, told.next_stage) == (aim, stage, since, next_stage)


def test_of_a_domain_without_one_there_is_nothing_to_tell_but_why() -> None:
    told = told_rollout("example.com", None, None, said="no server answers")
    assert (told.aim, told.stage, told.since, told.next_stage) == (None, None, None, None)
    assert (told.paused, told.without_reports, told.reason, told.said) == (
        False,
        False,
        None,
        "no server answers",
    )


def test_a_decision_is_told_with_what_it_is_about_and_until_when() -> None:
    reason = next(iter(RolloutReason))
    decision = RolloutDecision(makes_step=False, reason=reason, until=AT, names=("mx-alias",))
    rollout = Rollout("example.com", ENFORCE, RolloutStage.TESTING, AT, paused=True, without_reports=True)
    told = told_rollout("example.com", rollout, decision)
    assert (told.reason, told.names, told.until) == (reason, ("mx-alias",), AT)
    assert (told.paused, told.without_reports) == (True, True)
