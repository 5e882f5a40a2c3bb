"""The verdict of each sender, worst first, with the bounce it writes; guesses stand apart and are called so.

A sender that delivers takes one line, with its id and how its session is secured.
"""

from collections.abc import Iterator

from mxproof.judge.report import Bounce, Delivery
from mxproof.judge.vocabulary import Confidence, Verdict
from mxproof.render.paper import Label, Paper, Tone
from mxproof.render.words import (
    SECURITY_WORDS,
    VERDICT_MARKS,
    VERDICT_TONES,
    VERDICT_WORDS,
    duration,
)

CAUTION = "A caution, resting on a guess about this sender; it does not count in the verdict:"

_INDENT = 2
_DETAIL_COLUMN = 14
_WORD_COLUMN = 27
_SEVERITY = list(VERDICT_WORDS)


def by_urgency(senders: tuple[Delivery, ...]) -> list[Delivery]:
    """Return the senders whose verdict counts, worst first, otherwise in the order of the report."""
    counted = [sender for sender in senders if sender.confidence is not Confidence.GUESS]
    return sorted(counted, key=lambda sender: _SEVERITY.index(sender.outcome))


def section(senders: tuple[Delivery, ...], paper: Paper) -> list[str]:
    """Return the lines of the section, none where no sender was judged."""
    if not senders:
        return []
    column = _DETAIL_COLUMN + max(len(sender.id) for sender in senders) + 2
    lines = [paper.heading("Senders")]
    for sender in by_urgency(senders):
        lines += _sender(sender, column, paper)
    guesses = [sender for sender in senders if sender.confidence is Confidence.GUESS]
    worth_saying = [sender for sender in guesses if sender.outcome is not Verdict.DELIVERS or paper.verbose]
    if worth_saying:
        lines += ["", *paper.wrapped(CAUTION, indent=_INDENT)]
    for sender in worth_saying:
        lines += _sender(sender, column, paper)
    return lines


def bounce_lines(bounce: Bounce, *, indent: int, column: int, paper: Paper) -> list[str]:
    """Return what the sender writes, in full: while it retries, and when it gives up."""
    after = f"after {duration(bounce.after_s)}" if bounce.after_s is not None else "in the end"
    lines: list[str] = []
    if bounce.transient is not None:
        lines += paper.hung(bounce.transient, column, Label(indent, "at first"))
    if bounce.final is not None:
        lines += paper.hung(bounce.final, column, Label(indent, after))
    elif bounce.after_s is not None:
        lines += paper.hung("a bounce of unknown wording", column, Label(indent, after))
    return lines


def _sender(sender: Delivery, column: int, paper: Paper) -> list[str]:
    verdict = f"{VERDICT_MARKS[sender.outcome]} {VERDICT_WORDS[sender.outcome]}"
    secured = SECURITY_WORDS[sender.security] if sender.security is not None else ""
    named = sender.outcome is not Verdict.DELIVERS or paper.verbose or not secured
    words = "; ".join(filter(None, (sender.name if named else "", secured)))
    lines = paper.hung(
        words,
        column,
        Label(_INDENT, verdict, VERDICT_TONES[sender.outcome]),
        Label(_DETAIL_COLUMN, sender.id, Tone.STRONG),
    )
    if sender.bounce is not None and (sender.confidence is not Confidence.GUESS or paper.verbose):
        lines += bounce_lines(sender.bounce, indent=_DETAIL_COLUMN, column=_WORD_COLUMN, paper=paper)
    if sender.because and (sender.outcome is not Verdict.DELIVERS or paper.verbose):
        lines += paper.hung(", ".join(sender.because), _WORD_COLUMN, Label(_DETAIL_COLUMN, "because"))
    if paper.verbose:
        known_from = sender.confidence.replace("-", " ")
        lines += paper.hung(known_from, _WORD_COLUMN, Label(_DETAIL_COLUMN, "known from"))
        lines += _attempts(sender, paper)
    return lines


def _attempts(sender: Delivery, paper: Paper) -> Iterator[str]:
    for attempt in sender.attempts:
        where = f"{attempt.mx} [{attempt.address}]" if attempt.address else f"{attempt.mx}, before connecting"
        said = f"{where}: {VERDICT_WORDS[attempt.outcome]}"
        if attempt.result_type is not None:
            said += f" ({attempt.result_type})"
        if attempt.judged_name != attempt.mx:
            said += f", judged by the name {attempt.judged_name}"
        if attempt.detail:
            said += f": {attempt.detail}"
        yield from paper.wrapped(f"- {said}", indent=_DETAIL_COLUMN, hang=2)
