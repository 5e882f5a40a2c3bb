"""What the log says of decisions: loudly of what changes for mail, quietly of what is as before."""

import logging
from datetime import datetime

from mxproof.formats.mtasts import Mode
from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.text import safe
from mxproof.judge.decision import Held, expires_at, is_live, policy_of
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.serve.policyd.metrics import Counts

_UNANSWERED = frozenset({Reason.STS_UNANSWERED, Reason.MX_UNANSWERED, Reason.HOSTS_UNANSWERED})

_log = logging.getLogger("mxproof.policyd")


def tell_of(hop: NextHop, before: Held, held: Held, now: datetime, counts: Counts) -> None:
    """Count and log what was decided of a destination now, beside what was held of it before."""
    assert held.decision is not None, "a survey ends in a decision"
    counts.decided(held.decision)
    if held.failure is not None and held.failure != before.failure:
        counts.fetch_failed(held.failure.result_type)
        policy = policy_of(held.policy)
        level = logging.INFO if policy is None or policy.mode == "none" else logging.WARNING
        ends = (
            f", the policy held since {held.policy.fetched_at:%Y-%m-%dT%H:%M:%SZ} stays until "
            f"{expires_at(held.policy):%Y-%m-%dT%H:%M:%SZ}"
            if held.policy
            else ""
        )
        _log.log(
            level,
            "domain=%s fetch=%s detail=%r%s",
            hop,
            held.failure.result_type,
            safe(held.failure.detail),
            ends,
        )
    if _has_ended(before, held, now):
        _log.warning("domain=%s policy=ended: it was to be enforced, and could not be fetched again", hop)
    age_s = (now - held.policy.fetched_at).total_seconds() if held.policy else 0
    _log.log(
        _level(before, held),
        "domain=%s decision=%s reason=%s policy_age_s=%.0f kept=%s detail=%r",
        hop,
        held.decision.protection,
        held.decision.reason,
        age_s,
        held.decision.kept,
        safe(held.decision.detail),
    )


def _has_ended(before: Held, held: Held, now: datetime) -> bool:
    """Tell whether a policy that was enforced is over without another in its place."""
    policy = policy_of(before.policy)
    over = before.policy is not None and not is_live(before.policy, now) and held.policy is None
    return over and policy is not None and policy.mode is Mode.ENFORCE


def _level(before: Held, held: Held) -> int:
    """Return how loudly a decision is told: what is as before for few, what rests on silence for all."""
    if _stance(before) == _stance(held):
        return logging.DEBUG
    decision = held.decision
    return logging.WARNING if decision is not None and decision.reason in _UNANSWERED else logging.INFO


def _stance(held: Held) -> tuple[Protection, bool, bool] | None:
    """Return what an operator wants to know the changes of, so that a long outage does not fill the log."""
    decision = held.decision
    if decision is None:
        return None
    return decision.protection, decision.kept, decision.reason is Reason.STS_UNANSWERED
