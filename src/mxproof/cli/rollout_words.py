"""How a roll-out stands, in words."""

from types import MappingProxyType
from typing import Final

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN
from mxproof.cli.publication_words import publication_text, status_of_publication
from mxproof.publish.result import PublicationEnd
from mxproof.publish.rollout import (
    STAGE_POLICIES,
    Rollout,
    RolloutAim,
    RolloutDecision,
    RolloutReason,
    RolloutStage,
    stage_after,
)
from mxproof.publish.rollout_driving import RolloutResult
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.plan import span
from mxproof.render.text.words import listed

_HELD: Final = frozenset(
    {RolloutReason.ALTERED, RolloutReason.FINDINGS, RolloutReason.FAILURES, RolloutReason.NO_REPORTS}
)
_MARKS: Final = MappingProxyType(
    {
        RolloutReason.OVER: ("✔ ROLLED OUT", Tone.GOOD),
        RolloutReason.PAUSED: ("… PAUSED", Tone.DOUBTFUL),
        RolloutReason.CLEAN: ("✔ NEXT STEP", Tone.GOOD),
        RolloutReason.FORGOTTEN: ("✔ NEXT STEP", Tone.GOOD),
        RolloutReason.NO_REPORTS: ("✘ STOPPED", Tone.BAD),
        **dict.fromkeys(_HELD - {RolloutReason.NO_REPORTS}, ("✘ HELD", Tone.BAD)),
    }
)
_WAITS: Final = ("… WAITS", Tone.DOUBTFUL)


def status_of_rollout(result: RolloutResult) -> int:
    """Return DONE where a step was made or its time has not come, PROBLEM where something holds it, UNKNOWN as of a publication."""
    if result.publication is not None:
        return status_of_publication(result.publication)
    if result.said:
        return PROBLEM
    reason = result.decision.reason if result.decision is not None else None
    if reason is RolloutReason.UNPUBLISHED:
        return UNKNOWN
    return PROBLEM if reason in _HELD else DONE


def rollout_text(result: RolloutResult, paper: Paper) -> str:
    """Return what became of a call; it ends with a line break."""
    if result.said:
        mark, tone = "✘ NOTHING DONE", Tone.BAD
        lines = paper.hung(f"{result.domain}: {result.said}.", len(mark) + 2, Label(0, mark, tone))
        return "\n".join(lines) + "\n"
    if result.publication is None:
        return standing_text(result.domain, result.rollout, result.decision, paper)
    text = publication_text(result.publication, paper)
    if result.rollout is not None and result.publication.end in {PublicationEnd.DONE, PublicationEnd.NOTHING}:
        text += "\n".join(paper.wrapped(_reached(result.rollout), indent=2)) + "\n"
    return text


def standing_text(
    domain: str, rollout: Rollout | None, decision: RolloutDecision | None, paper: Paper
) -> str:
    """Return how a roll-out stands by its last decision; it ends with a line break."""
    if rollout is None:
        return f"{domain}: it is not being rolled out\n"
    mark, tone = _MARKS.get(decision.reason, _WAITS) if decision is not None else _WAITS
    if rollout.is_over and rollout.aim is RolloutAim.NONE:
        mark = "✔ REMOVED"
    words = f"{domain}: {_stage_words(rollout)}. {_why(domain, rollout, decision)}".strip()
    lines = paper.hung(words, len(mark) + 2, Label(0, mark, tone))
    return "\n".join(lines) + "\n"


def _reached(rollout: Rollout) -> str:
    if rollout.is_over:
        return "That was the last step."
    if rollout.aim is RolloutAim.NONE:
        return "`mxproof publish rollout` goes on once nobody holds what was published before."
    paused = " It is paused: `--continue` has it go on." if rollout.paused else ""
    return f"Stage {rollout.stage} begins; {_next(rollout)}.{paused}"


def _next(rollout: Rollout) -> str:
    following = stage_after(rollout)
    has = STAGE_POLICIES[following]
    return f"next is {following}, mode {has.mode} held for {span(has.max_age_s)}"


def _stage_words(rollout: Rollout) -> str:
    has = STAGE_POLICIES[rollout.stage]
    since = f" since {rollout.since:%Y-%m-%d %H:%M} UTC" if rollout.since is not None else ""
    match rollout.stage:
        case RolloutStage.WITHDRAWN:
            return f"no record announces the policy{since}"
        case RolloutStage.GONE:
            return f"record and policy are gone{since}"
        case _:
            return f"stage {rollout.stage}, mode {has.mode} held for {span(has.max_age_s)}{since}"


def _why(domain: str, rollout: Rollout, decision: RolloutDecision | None) -> str:
    if decision is None:
        shown = f"Not everybody shows it yet; `mxproof publish resume {domain}` goes on."
        return shown if rollout.since is None else "Nothing was decided yet."
    until = f"{decision.until:%Y-%m-%d %H:%M} UTC" if decision.until is not None else ""
    match decision.reason:
        case RolloutReason.CLEAN:
            return f"All that was looked at is clean; {_next(rollout)}."
        case RolloutReason.FORGOTTEN:
            return "No sender holds an earlier policy any more."
        case RolloutReason.DAYS:
            return (
                f"It waits for enough days without failures: until {until} at the soonest; {_next(rollout)}."
            )
        case RolloutReason.REPORTERS:
            names = listed(list(decision.names))
            usual = "reports" if len(decision.names) == 1 else "report"
            who = (
                f"No report came yet from {names}, which usually {usual}"
                if names
                else "Reports of too few days came"
            )
            return f"{who}; {_next(rollout)}."
        case RolloutReason.HELD:
            return f"Senders may hold an earlier policy, or the record, until {until}; nothing is taken away before."
        case RolloutReason.OVER:
            return ""
        case _:
            return _hindrance(domain, decision, until)


def _hindrance(domain: str, decision: RolloutDecision, until: str) -> str:
    """Return what somebody has to do before it goes on."""
    names = listed(list(decision.names))
    match decision.reason:
        case RolloutReason.PAUSED:
            return f"`mxproof publish rollout {domain} --continue` has it go on."
        case RolloutReason.ALTERED:
            return (
                "Something else was published meanwhile than this stage has; "
                f"`mxproof publish rollout {domain} --continue` goes on from there."
            )
        case RolloutReason.FINDINGS:
            return f"A check found {names}; `mxproof check {domain}` says more."
        case RolloutReason.FAILURES:
            who = f" ({names})" if names else ""
            return (
                f"A TLS report told of failures, or a sender fell silent{who}; its days begin anew, and end {until} at the soonest. "
                f"`mxproof tlsrpt show {domain}` says more, `--back` goes back a stage."
            )
        case RolloutReason.NO_REPORTS:
            return (
                "No TLS report came for too long, so that nobody knows how senders fare. See that reports arrive (record _smtp._tls, "
                f"`mxproof tlsrpt show {domain}`), or go on with --without-reports."
            )
        case _:
            return f"Not everybody shows it yet; `mxproof publish status {domain}` says who."
