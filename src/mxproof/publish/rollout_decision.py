"""Whether a roll-out makes its next step: a pure function over what was seen, what was reported and the time.

| on the way in, in this order | then |
|---|---|
| it is paused, or the policy of its stage is not shown by everybody | nothing is decided |
| something else was published than its stage has | it is held |
| a check of the domain has findings that make senders refuse | it is held |
| no report came for `silent_days`, and they are not gone without | it is stopped |
| for fewer than `days` whole days neither a report told of a failure nor a sender fell silent | it waits |
| a usual reporter has not reported on any of these days, or nobody on REPORTED_DAYS_MIN of them | it waits |
| else | the next step is made |

Reports come late, so that the last LATE_DAYS do not count where there are reports. A failure or a silence begins the days anew.
What is not known to be from its sender (RFC 8460 section 3) counts for nothing, so that nobody moves a roll-out with forged mail.
The way out asks for time alone (RFC 8461 section 8.3).
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from mxproof.formats.mtasts import Mode, Policy
from mxproof.publish.rollout import (
    STAGE_POLICIES,
    Rollout,
    RolloutAim,
    RolloutDecision,
    RolloutReason,
    RolloutStage,
    stage_of,
)
from mxproof.publish.state import PublishedState, decoded
from mxproof.rhythm.alarm import Alarm
from mxproof.rhythm.reporter import LATE_DAYS, usual_reporters
from mxproof.store.journal.publication import Publication, PublicationState

REPORTED_DAYS_MIN: Final = 3
NAMES_SAID_MAX: Final = 10
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_DAY: Final = timedelta(days=1)


class ReporterDays(msgspec.Struct, frozen=True):
    """What one sender reported that can be believed: its sessions by day, as (day since 1970-01-01, success, failure)."""

    name: str
    days: tuple[tuple[int, int, int], ...]


class RolloutEvidence(msgspec.Struct, frozen=True):
    """What a decision rests on: what is published, findings of a check, reports of a year, and silences since the stage began.

    `published` is None where nothing is; `held_until` is when the last sender has forgotten what was published before.
    """

    published: PublishedState | None
    held_until: datetime | None = None
    findings: tuple[str, ...] = ()
    reporters: tuple[ReporterDays, ...] = ()
    alarms: tuple[Alarm, ...] = ()


class RolloutPace(msgspec.Struct, frozen=True):
    """How many days a step has to be without failures, and after how many without any report it is stopped."""

    days: int = 14
    silent_days: int = 14


def decision(
    rollout: Rollout, evidence: RolloutEvidence, now: datetime, pace: RolloutPace
) -> RolloutDecision:
    """Return whether the next step is made."""
    if rollout.paused:
        return _kept(RolloutReason.PAUSED)
    if rollout.since is None:
        return _kept(RolloutReason.UNPUBLISHED)
    if rollout.is_over:
        return _kept(RolloutReason.OVER)
    if not is_at(rollout, evidence.published):
        return _kept(RolloutReason.ALTERED)
    if rollout.aim is RolloutAim.NONE:
        return _way_out(rollout, rollout.since, evidence, now)
    if evidence.findings:
        return _kept(RolloutReason.FINDINGS, names=evidence.findings)
    return _by_days(rollout, rollout.since, evidence, now, pace)


def _kept(reason: RolloutReason, until: datetime | None = None, names: Iterable[str] = ()) -> RolloutDecision:
    return RolloutDecision(False, reason, until, tuple(names)[:NAMES_SAID_MAX])


def is_at(rollout: Rollout, published: PublishedState | None) -> bool:
    """Tell whether what is published is what the stage has."""
    if published is None:
        return False
    policy = published.policy_value()
    if rollout.aim is RolloutAim.ENFORCE:
        return not published.withdrawn and stage_of(policy) is rollout.stage
    is_none = policy is not None and policy.mode is Mode.NONE
    return is_none and published.withdrawn is (rollout.stage is RolloutStage.WITHDRAWN)


def _way_out(rollout: Rollout, since: datetime, evidence: RolloutEvidence, now: datetime) -> RolloutDecision:
    """Wait until nobody holds an earlier policy, and then as long as the one in mode none may be held."""
    max_age = timedelta(seconds=STAGE_POLICIES[rollout.stage].max_age_s)
    until = since + max_age if rollout.stage is RolloutStage.WITHDRAWN else evidence.held_until
    if until is not None and now < until:
        return _kept(RolloutReason.HELD, until)
    return RolloutDecision(True, RolloutReason.FORGOTTEN)


def _by_days(
    rollout: Rollout, since: datetime, evidence: RolloutEvidence, now: datetime, pace: RolloutPace
) -> RolloutDecision:
    today, began = _day(now), _day(since)
    late = 1 if rollout.without_reports else LATE_DAYS
    reported = _reported(evidence.reporters, began)
    last_report = max(reported, default=began)
    if not rollout.without_reports and today - last_report > pace.silent_days:
        return _kept(RolloutReason.NO_REPORTS, names=_usual(evidence, today))
    failing = _failing(evidence, began)
    first = max((day for day, _ in failing), default=began) + 1
    if today - late - first + 1 < pace.days:
        until = _EPOCH + (first + pace.days + late - 1) * _DAY
        names = dict.fromkeys(name for _, name in sorted(failing, reverse=True) if name)
        return _kept(RolloutReason.FAILURES if failing else RolloutReason.DAYS, until, names)
    if rollout.without_reports:
        return RolloutDecision(True, RolloutReason.CLEAN)
    missing = [name for name in _usual(evidence, today) if not _has_reported(evidence.reporters, name, first)]
    if missing or len([day for day in reported if day >= first]) < REPORTED_DAYS_MIN:
        return _kept(RolloutReason.REPORTERS, names=missing)
    return RolloutDecision(True, RolloutReason.CLEAN)


def _reported(reporters: Sequence[ReporterDays], began: int) -> frozenset[int]:
    """Return the days of which there is a report, from the day after the stage began."""
    return frozenset(
        day for one in reporters for day, good, bad in one.days if day > began and good + bad > 0
    )


def _failing(evidence: RolloutEvidence, began: int) -> list[tuple[int, str]]:
    """Return the days of failures and of silences since the day on which the stage began, each with who it was."""
    failures = [
        (day, one.name) for one in evidence.reporters for day, _, bad in one.days if day > began and bad > 0
    ]
    return [*failures, *((_day(one.alarmed_at), one.sender) for one in evidence.alarms)]


def _usual(evidence: RolloutEvidence, today: int) -> tuple[str, ...]:
    return usual_reporters({one.name: [day for day, _, _ in one.days] for one in evidence.reporters}, today)


def _has_reported(reporters: Sequence[ReporterDays], name: str, first: int) -> bool:
    return any(day >= first for one in reporters if one.name == name for day, _, _ in one.days)


def _day(at: datetime) -> int:
    return (at - _EPOCH) // _DAY


def held_until(history: Sequence[Publication], ttl_s: int) -> datetime | None:
    """Return when no sender holds any policy any more that was published before the newest; `history` is the newest first.

    A policy was served until the next publication was over, and is held for its max_age from then on (RFC 8461 section 8.3). A record
    may be held for `ttl_s` beside. None where nothing was published before.
    """
    ends: list[datetime] = []
    for place, one in enumerate(history):
        newer = history[place - 1] if place else None
        served = [(decoded(one.before), one.ended_at)]
        if newer is not None and one.state is not PublicationState.OPEN:
            served.append((decoded(one.after), newer.ended_at))
        ends += [
            until + timedelta(seconds=policy.max_age_s + ttl_s)
            for state, until in served
            if until is not None and (policy := _held(state)) is not None
        ]
    return max(ends, default=None)


def _held(state: PublishedState | None) -> Policy | None:
    """Return the policy of a state that senders go by, None where there is none or it is of mode none."""
    policy = state.policy_value() if state is not None else None
    return policy if policy is not None and policy.mode is not Mode.NONE else None
