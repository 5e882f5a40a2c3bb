"""The stages of a roll-out: which policy each has, what follows and what precedes it, and at which one a published policy is."""

from datetime import UTC, datetime

import pytest

from mxproof.formats.mtasts import Mode, Policy, parse_policy
from mxproof.publish.rollout import (
    STAGE_POLICIES,
    STAGES,
    Rollout,
    RolloutAim,
    RolloutDecision,
    RolloutReason,
    RolloutStage,
    decoded_rollout,
    encoded_rollout,
    stage_after,
    stage_before,
    stage_of,
)

AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY_S = 86_400


def policy(mode: str, max_age_s: int) -> Policy:
    return parse_policy(f"version: STSv1\nmode: {mode}\nmx: mx.example.com\nmax_age: {max_age_s}\n".encode())


def at(stage: RolloutStage, since: datetime | None = AT) -> Rollout:
    aim = next(aim for aim, stages in STAGES.items() if stage in stages)
    return Rollout("example.com", aim, stage, since)


def test_the_way_in_is_held_longer_with_each_stage_and_the_way_out_for_a_day() -> None:
    modes = {stage: (one.mode, one.max_age_s // DAY_S) for stage, one in STAGE_POLICIES.items()}
    assert modes == {
        RolloutStage.TESTING: (Mode.TESTING, 1),
        RolloutStage.ENFORCE_DAY: (Mode.ENFORCE, 1),
        RolloutStage.ENFORCE_WEEK: (Mode.ENFORCE, 7),
        RolloutStage.ENFORCE_MONTH: (Mode.ENFORCE, 30),
        RolloutStage.ENFORCE_MONTHS: (Mode.ENFORCE, 90),
        RolloutStage.NONE: (Mode.NONE, 1),
        RolloutStage.WITHDRAWN: (Mode.NONE, 1),
        RolloutStage.GONE: (Mode.NONE, 1),
    }


@pytest.mark.parametrize("aim", list(RolloutAim))
def test_each_stage_follows_the_one_before(aim: RolloutAim) -> None:
    stages = STAGES[aim]
    assert [stage_after(at(one)) for one in stages[:-1]] == list(stages[1:])


def test_from_a_stage_of_the_way_in_the_way_back_is_the_one_before_and_from_the_way_out_the_first() -> None:
    way_in, way_out = STAGES[RolloutAim.ENFORCE], STAGES[RolloutAim.NONE]
    assert [stage_before(at(one)) for one in way_in] == [None, *way_in[:-1]]
    assert [stage_before(at(one)) for one in way_out] == [RolloutStage.TESTING] * 3


def test_a_roll_out_is_over_once_everybody_shows_its_last_stage() -> None:
    over = [stage for stage in RolloutStage if at(stage).is_over]
    assert over == [RolloutStage.ENFORCE_MONTHS, RolloutStage.GONE]
    assert not any(at(stage, None).is_over for stage in over)


@pytest.mark.parametrize(
    ("mode", "max_age_s", "stage"),
    [
        ("testing", 90 * DAY_S, RolloutStage.TESTING),
        ("enforce", 0, RolloutStage.ENFORCE_DAY),
        ("enforce", 7 * DAY_S - 1, RolloutStage.ENFORCE_DAY),
        ("enforce", 7 * DAY_S, RolloutStage.ENFORCE_WEEK),
        ("enforce", 30 * DAY_S, RolloutStage.ENFORCE_MONTH),
        ("enforce", 90 * DAY_S - 1, RolloutStage.ENFORCE_MONTH),
        ("enforce", 365 * DAY_S, RolloutStage.ENFORCE_MONTHS),
        ("none", 90 * DAY_S, None),
    ],
)
def test_a_published_policy_is_at_the_stage_that_its_mode_and_max_age_reach(
    mode: str, max_age_s: int, stage: RolloutStage | None
) -> None:
    assert stage_of(policy(mode, max_age_s)) is stage


def test_a_domain_without_a_policy_is_at_no_stage() -> None:
    assert stage_of(None) is None


def test_a_roll_out_comes_back_from_the_journal_as_it_was() -> None:
    said = RolloutDecision(makes_step=False, reason=RolloutReason.DAYS, until=AT, names=("google",))
    whole = Rollout("example.com", RolloutAim.ENFORCE, RolloutStage.TESTING, AT, True, True, said, AT)
    assert decoded_rollout(encoded_rollout(whole)) == whole
    assert encoded_rollout(at(RolloutStage.GONE, None)) == (
        b'{"domain":"example.com","aim":"none","stage":"gone"}'
    )
