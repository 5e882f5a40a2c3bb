"""The words of a difference, whatever it is written as."""

from collections.abc import Sequence
from types import MappingProxyType

from mxproof.judge.difference import (
    Course,
    Difference,
    FindingShift,
    LookedAt,
    SenderCourse,
    SenderState,
    Shift,
)
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.observed_fact import FactKind
from mxproof.remedy.apply import Assumption, Supposition
from mxproof.render.text.planned_words import assumptions
from mxproof.render.text.words import SECURITY_WORDS, VERDICT_WORDS, listed, moment

COURSE_WORDS = MappingProxyType(
    {Course.WORSE: "WORSE", Course.BETTER: "BETTER", Course.SAME: "SAME", Course.UNKNOWN: "UNKNOWN"}
)
COURSE_MARKS = MappingProxyType(
    {Course.WORSE: "✘", Course.BETTER: "✔", Course.SAME: "=", Course.UNKNOWN: "?"}
)
_KINDS = MappingProxyType(
    {
        FactKind.RECORD: "",
        FactKind.ADDRESS: "",
        FactKind.POLICY: "policy of ",
        FactKind.CERTIFICATE: "certificate of ",
        FactKind.SERVER: "server ",
        FactKind.VANTAGE: "",
    }
)

_SIGHT_WORDS = MappingProxyType(
    {LookedAt.AFTER: "Not looked at before", LookedAt.BEFORE: "Not looked at any more"}
)
_PLANNED_WORDS = MappingProxyType(
    {LookedAt.AFTER: "Part of what is planned alone", LookedAt.BEFORE: "No part of what is planned"}
)


def headline(one: Difference) -> str:
    """Return what it comes to now; where it went for the worse though all deliver, in what it did comes first."""
    said = one.after.summary.headline
    if one.course is not Course.WORSE or one.after.summary.outcome is not Verdict.DELIVERS:
        return said
    less = sum(sender.decides and sender.course is Course.WORSE for sender in one.senders)
    senders = "modelled sender protects" if less == 1 else "modelled senders protect"
    worse = (
        f"{less} {senders} mail less than before." if less else "A finding is new that weighs enough to fail."
    )
    return f"{worse} {said}"


def span_words(one: Difference) -> str:
    """Return between which two states the difference is."""
    before = moment(one.before.observed_at)
    if one.supposed is not None:
        return f"from what was seen at {before} to what is planned"
    return f"from {before} to {moment(one.after.observed_at)}"


def supposed_lines(one: Difference) -> list[str]:
    """Return what a planned state rests on: what is supposed, once for each kind, and what nobody has seen."""
    if one.supposed is None:
        return []
    unseen = [f"not seen: {listed(one.supposed.unseen)}"] if one.supposed.unseen else []
    assumed = (Assumption(Supposition(fact.what), fact.subject) for fact in one.supposed.assumed)
    return [*(f"supposed: {words}" for words in assumptions(assumed)), *unseen]


def state_words(state: SenderState) -> str:
    """Return what a sender does: `delivers, secured by MTA-STS`."""
    secured = state.security if state.outcome is Verdict.DELIVERS else None
    return VERDICT_WORDS[state.outcome] + (f", {SECURITY_WORDS[secured]}" if secured is not None else "")


def bounce_of(sender: SenderCourse) -> str:
    """Return the bounce that a sender writes now, empty where it writes none or nobody knows."""
    bounce = sender.after.bounce
    return (bounce.transient or bounce.final or "") if bounce is not None else ""


def shift_title(shift: Shift) -> str:
    """Return what changed: `TXT _mta-sts.example.com`, `certificate of mx1.example.com (192.0.2.1:25)`."""
    name = listed(shift.names)
    if shift.kind in (FactKind.RECORD, FactKind.ADDRESS):
        return f"{listed(shift.about)} {name}"
    where = f" ({listed(shift.about)})" if shift.about else ""
    return f"{_KINDS[shift.kind]}{name}{where}"


def shift_lines(shift: Shift) -> list[tuple[str, str]]:
    """Return each line of the value that is gone, behind `-`, and each that is new, behind `+`."""
    before, after = shift.before, shift.after
    gone = [("-", line) for line in before if line not in (after or ())] if before is not None else []
    new = [("+", line) for line in after if line not in (before or ())] if after is not None else []
    if before is None:
        gone = [("-", f"not found out: {shift.why}")]
    if after is None:
        new = [("+", f"not found out: {shift.why}")]
    if not gone and not new:
        return [("+", "in another order")]
    return [
        *(gone or [("-", "nothing")] if not before else gone),
        *(new or [("+", "nothing")] if not after else new),
    ]


def at_both(shifts: Sequence[Shift]) -> list[Shift]:
    """Return what was looked at at both moments."""
    return [shift for shift in shifts if shift.sight is LookedAt.BOTH]


def at_one(one: Difference) -> list[tuple[str, str, list[str]]]:
    """Return what was looked at at one moment alone: words that say which, a sign as in `shift_lines`, a line each."""
    found = [
        (
            words,
            "-" if sight is LookedAt.BEFORE else "+",
            [_value_line(shift) for shift in one.shifts if shift.sight is sight],
        )
        for sight, words in (_SIGHT_WORDS if one.supposed is None else _PLANNED_WORDS).items()
    ]
    return [each for each in found if each[-1]]


def _value_line(shift: Shift) -> str:
    lines = shift.before if shift.sight is LookedAt.BEFORE else shift.after
    value = "; ".join(lines) if lines is not None else f"not found out: {shift.why}"
    return f"{shift_title(shift)}: {value}"


def whom_words(shift: Shift) -> str:
    """Return for whom it matters."""
    if len(shift.matters_to) == len(SENDERS):
        return "matters to every sender"
    return f"matters to {listed(shift.matters_to)}" if shift.matters_to else "matters to nobody by itself"


def finding_words(sign: str, finding: FindingShift) -> str:
    """Return `new` or `gone`, or what a finding weighed before."""
    return sign if finding.was is None else f"was {finding.was}"
