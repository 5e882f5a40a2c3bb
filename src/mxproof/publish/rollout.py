"""A roll-out: from nothing to a policy in mode enforce that is held for months, or from there to nothing.

| stage | mode | max_age | then |
|---|---|---|---|
| `testing` | testing | a day | `enforce-day` |
| `enforce-day` | enforce | a day | `enforce-week` |
| `enforce-week` | enforce | a week | `enforce-month` |
| `enforce-month` | enforce | 30 days | `enforce-months` |
| `enforce-months` | enforce | 90 days | it is over |
| `none` | none | a day | `withdrawn`, once no earlier policy can be held any more |
| `withdrawn` | none | a day | `gone`, once nobody can hold the record or the policy any more |
| `gone` | no policy | | it is over |

The first five are the way in, the others the way out, as RFC 8461 section 8.3 has it. What is made of them is `rollout_decision`.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import msgspec

from mxproof.formats.mtasts import Mode, Policy

_DAY_S: Final = 86_400


class RolloutAim(StrEnum):
    """Where a roll-out leads."""

    ENFORCE = "enforce"
    NONE = "none"


class RolloutStage(StrEnum):
    """How far a roll-out is."""

    TESTING = "testing"
    ENFORCE_DAY = "enforce-day"
    ENFORCE_WEEK = "enforce-week"
    ENFORCE_MONTH = "enforce-month"
    ENFORCE_MONTHS = "enforce-months"
    NONE = "none"
    WITHDRAWN = "withdrawn"
    GONE = "gone"


class StagePolicy(msgspec.Struct, frozen=True):
    """The policy of a stage, whatever hosts it lists."""

    mode: Mode
    max_age_s: int


STAGE_POLICIES: Final[Mapping[RolloutStage, StagePolicy]] = MappingProxyType(
    {
        RolloutStage.TESTING: StagePolicy(Mode.TESTING, _DAY_S),
        RolloutStage.ENFORCE_DAY: StagePolicy(Mode.ENFORCE, _DAY_S),
        RolloutStage.ENFORCE_WEEK: StagePolicy(Mode.ENFORCE, 7 * _DAY_S),
        RolloutStage.ENFORCE_MONTH: StagePolicy(Mode.ENFORCE, 30 * _DAY_S),
        RolloutStage.ENFORCE_MONTHS: StagePolicy(Mode.ENFORCE, 90 * _DAY_S),
        RolloutStage.NONE: StagePolicy(Mode.NONE, _DAY_S),
        RolloutStage.WITHDRAWN: StagePolicy(Mode.NONE, _DAY_S),
        RolloutStage.GONE: StagePolicy(Mode.NONE, _DAY_S),
    }
)
STAGES: Final[Mapping[RolloutAim, tuple[RolloutStage, ...]]] = MappingProxyType(
    {
        RolloutAim.ENFORCE: (
            RolloutStage.TESTING,
            RolloutStage.ENFORCE_DAY,
            RolloutStage.ENFORCE_WEEK,
            RolloutStage.ENFORCE_MONTH,
            RolloutStage.ENFORCE_MONTHS,
        ),
        RolloutAim.NONE: (RolloutStage.NONE, RolloutStage.WITHDRAWN, RolloutStage.GONE),
    }
)


class RolloutReason(StrEnum):
    """Why the next step is made, or is not."""

    CLEAN = "clean"
    """All that was looked at is as it has to be."""
    FORGOTTEN = "forgotten"
    """Nobody can hold any more what was published before."""
    UNPUBLISHED = "unpublished"
    """The policy of the stage is not shown by everybody yet."""
    PAUSED = "paused"
    ALTERED = "altered"
    """Something else was published meanwhile, from which no stage follows."""
    FINDINGS = "findings"
    """A check has findings that make senders refuse, or could not find out whether they do."""
    FAILURES = "failures"
    """TLS reports told of failures, or a sender fell silent, too short a while ago."""
    DAYS = "days"
    """The days since the step are too few."""
    REPORTERS = "reporters"
    """Senders that usually report have not done so since."""
    NO_REPORTS = "no-reports"
    """For too long no report came at all."""
    HELD = "held"
    """Senders may still hold an earlier policy."""
    OVER = "over"


class RolloutDecision(msgspec.Struct, frozen=True):
    """Whether the next step is made, and why; `until` is when that may change by time alone, None where it does not.

    `names` are codes of findings, names of reporters or of silent senders, whichever the reason is about.
    """

    makes_step: bool
    reason: RolloutReason
    until: datetime | None = None
    names: tuple[str, ...] = ()


class Rollout(msgspec.Struct, frozen=True, omit_defaults=True):
    """How the roll-out of a domain stands, as the journal keeps it.

    `since` is when everybody showed the policy of the stage, None until they do. `said` is what was decided last, at `looked_at`.
    """

    domain: str
    aim: RolloutAim
    stage: RolloutStage
    since: datetime | None = None
    paused: bool = False
    without_reports: bool = False
    said: RolloutDecision | None = None
    looked_at: datetime | None = None

    @property
    def is_over(self) -> bool:
        """Tell whether the last stage was reached."""
        return self.since is not None and self.stage is STAGES[self.aim][-1]


def encoded_rollout(rollout: Rollout) -> bytes:
    """Return a roll-out as the journal keeps it."""
    return msgspec.json.encode(rollout)


def decoded_rollout(data: bytes) -> Rollout:
    """Return the roll-out in a journal."""
    return msgspec.json.decode(data, type=Rollout)


def stage_after(rollout: Rollout) -> RolloutStage:
    """Return the next stage of a roll-out that is not over."""
    stages = STAGES[rollout.aim]
    return stages[stages.index(rollout.stage) + 1]


def stage_before(rollout: Rollout) -> RolloutStage | None:
    """Return the stage to go back to, None from the first; from the way out it is the first of the way in."""
    if rollout.aim is RolloutAim.NONE:
        return RolloutStage.TESTING
    stages = STAGES[rollout.aim]
    place = stages.index(rollout.stage)
    return stages[place - 1] if place else None


def stage_of(policy: Policy | None) -> RolloutStage | None:
    """Return the stage of the way in that a published policy is at, None where it is at none."""
    if policy is None or policy.mode is Mode.NONE:
        return None
    if policy.mode is Mode.TESTING:
        return RolloutStage.TESTING
    enforcing = STAGES[RolloutAim.ENFORCE][1:]
    reached = [one for one in enforcing if policy.max_age_s >= STAGE_POLICIES[one].max_age_s]
    return reached[-1] if reached else enforcing[0]
