"""The verdict of each sender, worst first, with the bounce it writes; guesses stand apart and are called so.

Senders that end alike for the same reasons stand together under the reason, each with what it writes; those that deliver
are named by how their sessions are secured. With `verbose` each has its lines to itself.
"""

import re
from collections.abc import Iterable, Iterator

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

CAUTION = "if what is guessed of it were so; this counts in no verdict"

UNKNOWN_WORDING = "a bounce of unknown wording"

_CODES = re.compile(r"[245]\d\d (?:[245]\.\d{1,3}\.\d{1,3} )?")
"""An SMTP reply code and an enhanced status code (RFC 5321 section 4.2, RFC 3463 section 2)."""
_INDENT = 2
_ID_COLUMN = 4
_DETAIL_COLUMN = 14
_WORD_COLUMN = 28
_SEVERITY = list(VERDICT_WORDS)


def by_urgency(senders: tuple[Delivery, ...]) -> list[Delivery]:
    """Return the senders whose verdict counts, worst first, otherwise in the order of the report."""
    counted = [sender for sender in senders if sender.decides]
    return sorted(counted, key=lambda sender: _SEVERITY.index(sender.outcome))


def section(senders: tuple[Delivery, ...], paper: Paper, quoted: Delivery | None = None) -> list[str]:
    """Return the lines of the section, none where no sender was judged; the first words of `quoted` stand above it."""
    if not senders:
        return []
    lines = [paper.heading("Senders")]
    for together in _together(by_urgency(senders), paper):
        lines += _entry(together, paper, quoted)
    guesses = [one for one in senders if not one.decides]
    if not paper.verbose:
        guesses = [one for one in guesses if _tells_more(one, senders)]
    for sender in guesses:
        lines += _caution(sender, paper)
    return lines


def _caution(guess: Delivery, paper: Paper) -> list[str]:
    """Return what a sender would do if a guess about it were right, and that it is one."""
    if paper.verbose:
        return [*paper.wrapped(f"A caution: {CAUTION}:", indent=_INDENT), *_at_length(guess, paper)]
    words = f"{guess.id} {VERDICT_WORDS[guess.outcome]} for {', '.join(guess.because)}, {CAUTION}"
    return paper.hung(words, _DETAIL_COLUMN, Label(_INDENT, "caution"))


def table(senders: tuple[Delivery, ...], paper: Paper) -> list[str]:
    """Return one line for each sender that counts, worst first: its verdict, and the reasons or how it is secured."""
    return [_one_line(sender, paper) for sender in by_urgency(senders)]


def _one_line(sender: Delivery, paper: Paper) -> str:
    words = ", ".join(sender.because)
    if sender.outcome is Verdict.DELIVERS and sender.security is not None:
        words = SECURITY_WORDS[sender.security]
    behind = (Label(_WORD_COLUMN + 3, words),) if words else ()
    return paper.row(_verdict(sender), Label(_DETAIL_COLUMN, sender.id, Tone.STRONG), *behind)


def _tells_more(guess: Delivery, senders: tuple[Delivery, ...]) -> bool:
    """Tell whether a guess has trouble for which no sender that counts has the same reasons."""
    same = any((one.outcome, one.because) == (guess.outcome, guess.because) for one in senders if one.decides)
    return guess.outcome is not Verdict.DELIVERS and not same


def _together(senders: Iterable[Delivery], paper: Paper) -> list[list[Delivery]]:
    """Return senders that end alike: for the same reasons, or where they deliver with the same security."""
    alike: dict[tuple[object, ...], list[Delivery]] = {}
    for sender in senders:
        delivers = sender.outcome is Verdict.DELIVERS
        how = (sender.id,) if paper.verbose else (sender.security if delivers else sender.because,)
        alike.setdefault((sender.outcome, *how), []).append(sender)
    return list(alike.values())


def _entry(together: list[Delivery], paper: Paper, quoted: Delivery | None) -> list[str]:
    """Return the lines of senders that end alike."""
    first = together[0]
    if paper.verbose:
        return _at_length(first, paper)
    ids = ", ".join(sender.id for sender in together)
    if first.outcome is Verdict.DELIVERS:
        how = f"{SECURITY_WORDS[first.security]}: " if first.security is not None else ""
        return paper.hung(how + ids, _DETAIL_COLUMN, _verdict(first))
    if first.outcome is Verdict.UNKNOWN:
        reasons = f": {', '.join(first.because)}" if first.because else ""
        return paper.hung(ids + reasons, _DETAIL_COLUMN, _verdict(first))
    lines = paper.hung(", ".join(first.because), _DETAIL_COLUMN, _verdict(first))
    for sender in together:
        if sender.bounce is not None and _has_words(sender.bounce):
            said = f"{sender.id}  {_said(sender.bounce, said_above=sender is quoted)}"
            for number, line in enumerate(paper.wrapped(said, indent=_ID_COLUMN, hang=4)):
                named = line.replace(sender.id, paper.painted(sender.id, Tone.STRONG), 1)
                lines.append(line if number else named)
    silent = [sender for sender in together if not _has_words(sender.bounce)]
    if silent:
        lines += paper.wrapped(f"in unknown words: {_without_words(silent)}", indent=_ID_COLUMN, hang=2)
    return lines


def _has_words(bounce: Bounce | None) -> bool:
    return bounce is not None and (bounce.transient is not None or bounce.final is not None)


def _without_words(senders: Iterable[Delivery]) -> str:
    """Return the ids of senders whose words are not known, those that give up after the same time together."""
    alike: dict[int | None, list[str]] = {}
    for sender in senders:
        alike.setdefault(sender.bounce.after_s if sender.bounce is not None else None, []).append(sender.id)
    told = []
    for after_s, ids in alike.items():
        told.append(", ".join(ids) if after_s is None else f"{', '.join(ids)} {_after_s(after_s)}")
    return "; ".join(told)


def _verdict(sender: Delivery) -> Label:
    words = f"{VERDICT_MARKS[sender.outcome]} {VERDICT_WORDS[sender.outcome]}"
    return Label(_INDENT, words, VERDICT_TONES[sender.outcome])


def _said(bounce: Bounce, *, said_above: bool) -> str:
    """Return what a sender writes: at first, unless that was `said_above`, and when it gives up."""
    after = _after(bounce)
    if bounce.transient is None:
        return f"{after}: {bounce.final or UNKNOWN_WORDING}"
    first = "as above" if said_above else bounce.transient
    if bounce.final == bounce.transient:
        return f"{first} ({_until(bounce)})"
    if bounce.final is None:
        return first + (f" ({after} a bounce)" if bounce.after_s is not None else "")
    code, words = _code_and_words(bounce.final)
    same = bool(code) and _code_and_words(bounce.transient)[1] == words
    return f"{first} ({after}: {code if same else bounce.final})"


def _code_and_words(reply: str) -> tuple[str, str]:
    """Return the codes that a reply begins with, and the words behind them."""
    found = _CODES.match(reply)
    return (found.group().strip(), reply[found.end() :]) if found is not None else ("", reply)


def _until(bounce: Bounce) -> str:
    return f"for {duration(bounce.after_s)}" if bounce.after_s else _after(bounce)


def _after(bounce: Bounce) -> str:
    return "in the end" if bounce.after_s is None else _after_s(bounce.after_s)


def _after_s(after_s: int) -> str:
    return f"after {duration(after_s)}" if after_s else "at once"


def bounce_lines(bounce: Bounce, *, indent: int, column: int, paper: Paper) -> list[str]:
    """Return what the sender writes, in full: while it retries, and when it gives up."""
    lines: list[str] = []
    if bounce.transient is not None:
        lines += paper.hung(bounce.transient, column, Label(indent, "at first"))
    if bounce.final is not None or bounce.after_s is not None:
        final = bounce.final or UNKNOWN_WORDING
        lines += paper.hung(final, column, Label(indent, _after(bounce)))
    return lines


def _at_length(sender: Delivery, paper: Paper) -> list[str]:
    """Return all that is known of one sender."""
    words = sender.name if sender.name.lower() != sender.id else ""
    if sender.security is not None:
        words += "; " * bool(words) + SECURITY_WORDS[sender.security]
    column = _WORD_COLUMN + 3
    lines = paper.hung(words, column, _verdict(sender), Label(_DETAIL_COLUMN, sender.id, Tone.STRONG))
    if sender.bounce is not None:
        lines += bounce_lines(sender.bounce, indent=_DETAIL_COLUMN, column=_WORD_COLUMN, paper=paper)
    if sender.because:
        lines += paper.hung(", ".join(sender.because), _WORD_COLUMN, Label(_DETAIL_COLUMN, "because"))
    known_from = sender.confidence.replace("-", " ")
    lines += paper.hung(known_from, _WORD_COLUMN, Label(_DETAIL_COLUMN, "known from"))
    return [*lines, *_attempts(sender, paper)]


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
