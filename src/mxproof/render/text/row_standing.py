"""What evidence says of sessions that failed, under the row that tells of them: whether it is so now, the finding, the fix."""

import itertools

from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.render.text.paper import Label, Paper, Tone

_COLUMN = 14
_DEEP = 4
_BLOCK = "    "
"""What a line to be pasted begins with."""
_TONES = {
    RowStanding.CONFIRMED: Tone.BAD,
    RowStanding.CHANGED: Tone.BAD,
    RowStanding.HELD: Tone.DOUBTFUL,
    RowStanding.GONE: Tone.GOOD,
    RowStanding.UNKNOWN: Tone.UNKNOWN,
}


def standing_lines(
    standing: RowStanding, words: str, finding: str | None, fix: str, paper: Paper
) -> list[str]:
    """Return the lines; `fix` is empty where it was told before."""
    lines = paper.hung(f"{standing}. {words}", _COLUMN, Label(_DEEP, "now", _TONES[standing]))
    if finding is not None:
        said = f"{finding}; `mxproof finding {finding}`"
        lines += paper.hung(said, _COLUMN, Label(_DEEP, "finding", Tone.STRONG))
    shown = fix.split("\n") if fix else []
    for number, part in enumerate(shown if paper.verbose else _first_part(shown)):
        label = (Label(_DEEP, "fix", Tone.STRONG),) if number == 0 else ()
        lines += paper.hung(part, _COLUMN, *label)
    return lines


def _first_part(fix: list[str]) -> list[str]:
    """Return the first line of a fix, and what it has one publish."""
    behind = itertools.takewhile(lambda line: line.startswith(_BLOCK), fix[1:])
    return [*fix[:1], *behind]
