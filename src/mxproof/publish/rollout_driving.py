"""A roll-out driven on: what `mxproof publish rollout` and `mxproof publish remove` do, each call one look and at most one step.

| event | then |
|---|---|
| a step is decided upon | its stage is kept, then it is published, then the moment is kept |
| the process is killed in between | whoever comes next publishes the same stage: what is there already is not published anew |
| the step may not be published, and nothing of it was begun | the roll-out stays at the stage before |
| somebody takes back what was published last, or is under way | the roll-out is paused before anything of that is begun |

A roll-out that goes back is paused, until somebody has it go on: no timer does again what was just undone.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from enum import StrEnum
from typing import Protocol

import msgspec

from mxproof.formats.mtasts import Policy
from mxproof.publish.publishing import Publisher
from mxproof.publish.result import PublicationEnd, PublicationResult
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
from mxproof.publish.rollout_decision import RolloutEvidence, RolloutPace, decision, is_at
from mxproof.publish.state import PublishedState
from mxproof.publish.wanted import WantedOf, WantedPolicy
from mxproof.store.journal.place import StillAlone

_SHOWN = frozenset({PublicationEnd.DONE, PublicationEnd.NOTHING})


class RolloutAct(StrEnum):
    """What somebody wants of a roll-out, beside its going on."""

    DRIVE = "drive"
    PAUSE = "pause"
    CONTINUE = "continue"
    BACK = "back"


class WantedRollout(msgspec.Struct, frozen=True):
    """What is wanted: where it leads, None for wherever it does.

    `policy` is what the first stage begins with, None for what is there; where nothing is there it is `otherwise`.
    """

    act: RolloutAct = RolloutAct.DRIVE
    aim: RolloutAim | None = None
    policy: Policy | None = None
    without_reports: bool | None = None
    otherwise: Policy | None = None


class RolloutResult(msgspec.Struct, frozen=True):
    """What became of a call: how the roll-out stands, None where there is none, and what was published, None for nothing."""

    domain: str
    rollout: Rollout | None
    decision: RolloutDecision | None = None
    publication: PublicationResult | None = None
    said: str = ""


class RolloutKeeper(Protocol):
    """Where roll-outs are kept, as `RolloutJournal` does."""

    def alone(self, domain: str) -> AbstractContextManager[StillAlone]:
        """Keep everybody else out."""

    def rollout(self, domain: str) -> bytes | None:
        """Return what was kept."""

    def keep(self, domain: str, rollout: bytes, now: datetime) -> None:
        """Keep how it stands."""

    def forget(self, domain: str) -> None:
        """Forget it."""


class RolloutView(Protocol):
    """What is seen of a domain, as `RolloutSources` does."""

    def published(self, domain: str) -> PublishedState | None:
        """Return what was published last."""

    def is_open(self, domain: str) -> bool:
        """Tell whether a publication was begun and is not over."""

    def newest(self, domain: str) -> int:
        """Return the number of the newest publication of a domain, 0 for none."""

    def evidence(self, rollout: Rollout, now: datetime) -> RolloutEvidence:
        """Return what is decided by."""


class RolloutDriver:
    """Drives roll-outs on, of one domain after the other."""

    def __init__(
        self,
        journal: RolloutKeeper,
        publisher: Publisher,
        view: RolloutView,
        *,
        wanted: WantedOf,
        pace: RolloutPace,
        now: Callable[[], datetime],
    ) -> None:
        self._journal = journal
        self._publisher = publisher
        self._view = view
        self._wanted = wanted
        self._pace = pace
        self._now = now

    def drive(self, domain: str, wanted: WantedRollout, *, dry: bool = False) -> RolloutResult:
        """Begin a roll-out where there is none, do what is wanted, and make the next step where it is due."""
        with self._journal.alone(domain):
            kept = self._journal.rollout(domain)
            rollout = None if kept is None else decoded_rollout(kept)
            if rollout is None or _is_other(rollout, wanted):
                if wanted.act is not RolloutAct.DRIVE:
                    return RolloutResult(domain, rollout, said="it is not being rolled out")
                return self._begun(domain, wanted, rollout, dry=dry)
            if wanted.policy is not None and rollout.since is not None:
                words = "it is under way; `publish apply` alters its policy, and it goes on from there"
                return RolloutResult(domain, rollout, said=words)
            if wanted.without_reports is not None:
                rollout = msgspec.structs.replace(rollout, without_reports=wanted.without_reports)
            match wanted.act:
                case RolloutAct.PAUSE:
                    return self._driven(msgspec.structs.replace(rollout, paused=True), wanted, dry=dry)
                case RolloutAct.CONTINUE:
                    return self._driven(self._continued(rollout), wanted, dry=dry)
                case RolloutAct.BACK:
                    return self._back(rollout, wanted, dry=dry)
                case RolloutAct.DRIVE:
                    return self._driven(rollout, wanted, dry=dry)

    def undo(self, domain: str, forced: str = "", *, dry: bool = False) -> RolloutResult:
        """Take back what was published last as `Publisher.undo` does, and have a roll-out that is under way pause at what is there then."""
        with self._journal.alone(domain):
            kept = self._journal.rollout(domain)
            rollout = None if kept is None else decoded_rollout(kept)
            if rollout is None or rollout.is_over or dry:
                made = self._publisher.undo(domain, forced, dry=dry)
                return RolloutResult(domain, rollout, publication=made)
            newest, was_open = self._view.newest(domain), self._view.is_open(domain)
            paused = msgspec.structs.replace(rollout, paused=True)
            self._keep(paused)
            made = self._publisher.undo(domain, forced)
            if (self._view.newest(domain), self._view.is_open(domain)) == (newest, was_open):
                self._keep(rollout)
                return RolloutResult(domain, rollout, publication=made)
            if made.end in _SHOWN:
                paused = self._at_what_is_published(paused)
                self._keep(paused)
            return RolloutResult(domain, paused, publication=made)

    def _at_what_is_published(self, rollout: Rollout) -> Rollout:
        """Return a roll-out at the stage that what is published has, where it has one."""
        stage = _stage_shown(self._view.published(rollout.domain))
        if rollout.aim is not RolloutAim.ENFORCE or stage in (None, rollout.stage):
            return rollout
        assert stage is not None
        return msgspec.structs.replace(rollout, stage=stage, since=self._now(), said=None, looked_at=None)

    def _begun(
        self, domain: str, wanted: WantedRollout, before: Rollout | None, *, dry: bool
    ) -> RolloutResult:
        """Begin at the first stage, or at the one that a policy has which is published already."""
        aim = wanted.aim or RolloutAim.ENFORCE
        without = bool(wanted.without_reports)
        first = Rollout(domain, aim, STAGES[aim][0], without_reports=without)
        state = self._view.published(domain)
        if state is None:
            taken = self._publisher.adopt(domain)
            state = taken.state if taken.end in _SHOWN else None
        if aim is RolloutAim.NONE:
            if state is None:
                return RolloutResult(
                    domain, None, said="nothing is published from here that could be removed"
                )
            return self._published(first, before, wanted, dry=dry)
        stage = _stage_shown(state)
        if stage is None or wanted.policy is not None:
            return self._published(first, before, wanted, dry=dry)
        return self._driven(msgspec.structs.replace(first, stage=stage, since=self._now()), wanted, dry=dry)

    def _continued(self, rollout: Rollout) -> Rollout:
        """Return it as one that goes on, from the stage that somebody published meanwhile where it is another one.

        A removal begins anew where what is published is not what its stage has.
        """
        if rollout.since is not None and rollout.aim is RolloutAim.ENFORCE:
            rollout = self._at_what_is_published(rollout)
        elif rollout.since is not None and not is_at(rollout, self._view.published(rollout.domain)):
            first = STAGES[rollout.aim][0]
            rollout = msgspec.structs.replace(rollout, stage=first, since=None, said=None, looked_at=None)
        return msgspec.structs.replace(rollout, paused=False)

    def _driven(self, rollout: Rollout, wanted: WantedRollout, *, dry: bool) -> RolloutResult:
        """Make the next step where it is due."""
        if rollout.since is None and not rollout.paused:
            return self._published(rollout, None, wanted, dry=dry)
        now = self._now()
        decided = decision(rollout, self._view.evidence(rollout, now), now, self._pace)
        looked = msgspec.structs.replace(rollout, said=decided, looked_at=now)
        if dry or not decided.makes_step:
            if not dry:
                self._keep(looked)
            return RolloutResult(rollout.domain, looked, decided)
        following = msgspec.structs.replace(looked, stage=stage_after(rollout), since=None)
        return self._published(following, looked, wanted, dry=False)

    def _back(self, rollout: Rollout, wanted: WantedRollout, *, dry: bool) -> RolloutResult:
        stage = stage_before(rollout)
        if stage is None:
            words = "there is no stage before; `publish remove` leads to none"
            return RolloutResult(rollout.domain, rollout, said=words)
        if rollout.aim is RolloutAim.NONE and rollout.stage is RolloutStage.GONE:
            words = "the policy is gone; a new roll-out begins with it"
            return RolloutResult(rollout.domain, rollout, said=words)
        back = msgspec.structs.replace(
            rollout, aim=RolloutAim.ENFORCE, stage=stage, since=None, paused=False, said=None, looked_at=None
        )
        made = self._published(back, rollout, wanted, dry=dry)
        if made.rollout is None or made.rollout.stage is not stage or dry:
            return made
        paused = msgspec.structs.replace(made.rollout, paused=True)
        self._keep(paused)
        return msgspec.structs.replace(made, rollout=paused)

    def _published(
        self, rollout: Rollout, before: Rollout | None, wanted: WantedRollout, *, dry: bool
    ) -> RolloutResult:
        """Publish the policy of a stage; where nothing of it was begun, `before` stands on."""
        if not dry:
            self._keep(rollout)
        has = STAGE_POLICIES[rollout.stage]
        policy = wanted.policy or (wanted.otherwise if self._view.published(rollout.domain) is None else None)
        policy = policy if rollout.stage is RolloutStage.TESTING else None
        gone = rollout.stage is RolloutStage.GONE
        of = msgspec.structs.replace(
            self._wanted, announced=not (gone or rollout.stage is RolloutStage.WITHDRAWN), served=not gone
        )
        change = WantedPolicy(policy, has.mode, has.max_age_s)
        made = self._publisher.apply(rollout.domain, change, of, dry=dry)
        reached: Rollout | None = rollout
        if made.end in _SHOWN and not dry:
            reached = msgspec.structs.replace(rollout, since=self._now())
            self._keep(reached)
        elif dry:
            reached = before
        elif not self._view.is_open(rollout.domain):
            reached = before
            if before is None:
                self._journal.forget(rollout.domain)
            else:
                self._keep(before)
        return RolloutResult(rollout.domain, reached, RolloutDecision(False, RolloutReason.UNPUBLISHED), made)

    def _keep(self, rollout: Rollout) -> None:
        self._journal.keep(rollout.domain, encoded_rollout(rollout), self._now())


def _stage_shown(published: PublishedState | None) -> RolloutStage | None:
    """Return the stage that has the policy which is published and announced, None where none has."""
    return None if published is None or published.withdrawn else stage_of(published.policy_value())


def _is_other(rollout: Rollout, wanted: WantedRollout) -> bool:
    """Tell whether another roll-out is to be begun in place of this one."""
    if wanted.aim is not None and wanted.aim is not rollout.aim:
        return wanted.aim is RolloutAim.NONE or rollout.is_over
    return False
