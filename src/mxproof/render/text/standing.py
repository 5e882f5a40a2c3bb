"""How far a plan has come, as text: the advice, where each step is visible, and what is waited for."""

from types import MappingProxyType

from mxproof.remedy.plan import Pause
from mxproof.remedy.standing import Advice, SeenStep, Standing, StandingReason
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import VERDICT_WORDS, listed, moment

_COLUMN = 10
_FRONTS = MappingProxyType(
    {
        Advice.GO_ON: Label(0, "✔ GO ON", Tone.GOOD),
        Advice.WAIT: Label(0, "? WAIT", Tone.UNKNOWN),
        Advice.DO_NOT: Label(0, "✘ DO NOT", Tone.BAD),
    }
)
_HOLDERS = MappingProxyType(
    {
        Pause.NONE: "what was there before may be held",
        Pause.NEXT_SERVER: "one server is set up after the other",
        Pause.TTL: "caches may hold the old records",
        Pause.MAX_AGE: "senders may go on holding the older policy",
    }
)


def standing_text(one: Standing, paper: Paper) -> str:
    """Return the whole of it; it ends with a line break."""
    front = _FRONTS[one.advice]
    lines = paper.hung(_said(one), len(front.text) + 2, front)
    for step in one.steps:
        lines += paper.hung(_step(step), _COLUMN, Label(2, f"step {step.number}"))
    return "\n".join(lines) + "\n"


def _said(one: Standing) -> str:
    made = one.next_step - 1 if one.next_step is not None else len(one.steps)
    match one.reason:
        case StandingReason.FINISHED:
            if not one.steps:
                return "nothing is waited for any more."
            made_all = f"all {made} steps are made" if made > 1 else "the one step is made"
            return f"{made_all}, and nothing is waited for."
        case StandingReason.READY:
            return f"step {one.next_step} may be made."
        case StandingReason.PARTLY_VISIBLE:
            step = next(step for step in one.steps if step.visible and step.missing)
            return (
                f"step {step.number} is visible at {listed(step.visible)} and not at {listed(step.missing)}."
            )
        case StandingReason.NOT_SEEN:
            return f"whether step {one.next_step} is made could not be found out."
        case StandingReason.TIME:
            until = "" if one.wait_until is None else f" until {moment(one.wait_until)}"
            last = f"step {made} is made; " if made else ""
            return f"{last}{_HOLDERS[one.waits_for]}{until}."
        case StandingReason.OUT_OF_ORDER:
            missing = [str(step.number) for step in one.steps[:made] if step.missing] or [str(one.next_step)]
            before = f"steps {listed(missing)} are" if len(missing) > 1 else f"step {missing[0]} is"
            return f"a later step is visible before {before}; make no further one, and look why."
        case StandingReason.SENDER_WORSE:
            told = [f"{sender.id} {VERDICT_WORDS[sender.outcome]}" for sender in one.worse]
            return (
                f"{listed(told)}, which was better before the first step; make no further one, and look why."
            )


def _step(step: SeenStep) -> str:
    if step.is_over:
        return "over, for a later step took it back"
    said = [
        f"{word} {listed(places)}"
        for word, places in (
            ("visible at", step.visible),
            ("not at", step.missing),
            ("not known at", step.unknown),
        )
        if places
    ]
    return "; ".join(said) or "nothing to be seen from here"
