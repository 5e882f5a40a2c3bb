"""How a roll-out stands: version 1 of what `publish rollout` and `publish remove` print as JSON, and `publish status` beside the rest."""

from datetime import datetime
from typing import Final

import msgspec

from mxproof.publish.result import PublicationResult
from mxproof.publish.rollout import (
    Rollout,
    RolloutAim,
    RolloutDecision,
    RolloutReason,
    RolloutStage,
    stage_after,
)

ROLLOUT_VERSION: Final = 1


class ToldRollout(msgspec.Struct, frozen=True, kw_only=True):
    """The roll-out of `domain`; `aim`, `stage` and `next_stage` are None where there is none, the last one also where it is over.

    `since` is when everybody showed the policy of the stage, None until they do. `reason` says why the next step was made, or was not;
    `names` are findings, reporters or senders that it is about; `until` is when time alone may change that, None where it does not.
    `published` is the id of what this call published, empty where it did not. `said` is why nothing could be done.
    """

    schema_version: int
    domain: str
    aim: RolloutAim | None
    stage: RolloutStage | None
    since: datetime | None
    next_stage: RolloutStage | None
    paused: bool
    without_reports: bool
    reason: RolloutReason | None
    names: tuple[str, ...]
    until: datetime | None
    published: str = ""
    said: str = ""


def told_rollout(
    domain: str,
    rollout: Rollout | None,
    decision: RolloutDecision | None,
    published: PublicationResult | None = None,
    said: str = "",
) -> ToldRollout:
    """Return how a roll-out stands as it is printed."""
    state = published.state if published is not None else None
    return ToldRollout(
        schema_version=ROLLOUT_VERSION,
        domain=domain,
        aim=rollout.aim if rollout is not None else None,
        stage=rollout.stage if rollout is not None else None,
        since=rollout.since if rollout is not None else None,
        next_stage=None if rollout is None or rollout.is_over else _after(rollout),
        paused=rollout is not None and rollout.paused,
        without_reports=rollout is not None and rollout.without_reports,
        reason=decision.reason if decision is not None else None,
        names=decision.names if decision is not None else (),
        until=decision.until if decision is not None else None,
        published=state.id if state is not None else "",
        said=said or (published.said if published is not None else ""),
    )


def _after(rollout: Rollout) -> RolloutStage:
    """Return the stage that comes next, which is the one itself until everybody shows it."""
    return rollout.stage if rollout.since is None else stage_after(rollout)
