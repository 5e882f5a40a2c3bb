"""The verdict of each sender, worst first, with the bounce it writes; guesses stand apart and are called so.

A sender that delivers takes one line, with its id and how its session is secured. The reasons of a sender are said
unless they are those of the one above.
"""

from collections.abc import Iterator

from mxproof.judge.report import Bounce, Delivery
from mxproof.judge.vocabulary import Verdict
from mxproof.render.text.paper import Label, Paper, Tone
from mxproof.render.text.words import (
    SECURITY_WORDS,
    VERDICT_MARKS,
    VERDICT_TONES,
    VERDICT_WORDS,
    duration,
)

CAUTION = "A caution, resting on a guess about this sender; it does not count in the verdict:"

_INDENT = 2
_DETAIL_COLUMN = 14
_WORD_COLUMN = 28
_SEVERITY = list(VERDICT_WORDS)


def by_urgency(senders: tuple[Delivery, ...]) -> list[Delivery]:
    """Return the senders whose verdict counts, worst first, otherwise in the order of the report."""
    counted = [sender for sender in senders if sender.decides]
    return sorted(counted, key=lambda sender: _SEVERITY.index(sender.outcome))


def section(senders: tuple[Delivery, ...], paper: Paper) -> list[str]:
    """Return the lines of the section, none where no sender was judged."""
    if not senders:
        return []
    column = _DETAIL_COLUMN + max(len(sender.id) for sender in senders) + 2
    lines = [paper.heading("Senders")]
    above: Delivery | None = None
    for sender in by_urgency(senders):
        lines += _sender(sender, above, column, paper)
        above = sender
    guesses = [one for one in senders if not one.decides]
    if not paper.verbose:
        guesses = [one for one in guesses if _tells_more(one, senders)]
    if guesses:
        lines += ["", *paper.wrapped(CAUTION, indent=_INDENT)]
    for sender in guesses:
        lines += _sender(sender, None, column, paper)
    return lines


def _tells_more(guess: Delivery, senders: tuple[Delivery, ...]) -> bool:
    """Tell whether a guess has trouble for which no sender that counts has the same reasons."""
    same = any((one.outcome, one.because) == (guess.outcome, guess.because) for one in senders if one.decides)
    return guess.outcome is not Verdict.DELIVERS and not same


def bounce_lines(bounce: Bounce, *, indent: int, column: int, paper: Paper) -> list[str]:
    """Return what the sender writes, in full: while it retries, and when it gives up."""
    after = "at once" if bounce.after_s == 0 else "in the end"
    if bounce.after_s:
        after = f"after {duration(bounce.after_s)}"
    lines: list[str] = []
    if bounce.transient is not None:
        lines += paper.hung(bounce.transient, column, Label(indent, "at first"))
    if bounce.final is not None:
        lines += paper.hung(bounce.final, column, Label(indent, after))
    elif bounce.after_s is not None:
        lines += paper.hung("a bounce of unknown wording", column, Label(indent, after))
    return lines


def _sender(sender: Delivery, above: Delivery | None, column: int, paper: Paper) -> list[str]:
    verdict = f"{VERDICT_MARKS[sender.outcome]} {VERDICT_WORDS[sender.outcome]}"
    named = sender.name.lower() != sender.id and (sender.outcome is not Verdict.DELIVERS or paper.verbose)
    words = sender.name if named else ""
    if sender.security is not None and (sender.outcome is Verdict.DELIVERS or paper.verbose):
        words += "; " * bool(words) + SECURITY_WORDS[sender.security]
    lines = paper.hung(
        words,
        column,
        Label(_INDENT, verdict, VERDICT_TONES[sender.outcome]),
        Label(_DETAIL_COLUMN, sender.id, Tone.STRONG),
    )
    if sender.bounce is not None and (sender.decides or paper.verbose):
        lines += bounce_lines(sender.bounce, indent=_DETAIL_COLUMN, column=_WORD_COLUMN, paper=paper)
    repeats = above is not None and (above.outcome, above.because) == (sender.outcome, sender.because)
    if sender.because and (paper.verbose or (sender.outcome is not Verdict.DELIVERS and not repeats)):
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
