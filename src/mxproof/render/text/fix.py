"""How to mend a finding: its steps, numbered where there are several, and other ways, each in a paragraph.

What is to be pasted stands on lines of its own, never wrapped and never cut, and further left where it is long.
"""

from mxproof.judge.block import passages
from mxproof.render.text.paper import Label, Paper, Tone

PASTED_INDENT = 4
"""Where lines begin that would be too long behind the prose."""


def fix(
    steps: tuple[str, ...], otherwise: tuple[str, ...], column: int, paper: Paper, front: Label
) -> list[str]:
    """Return all of it from `column` on, with `front` before the first line."""
    lines: list[str] = []
    for number, step in enumerate(steps, 1):
        counted = (Label(column, f"{number}.", Tone.PLAIN),) if len(steps) > 1 else ()
        indent = column + len(f"{number}. ") if counted else column
        lines += laid_out(step, indent, paper, *([] if lines else [front]), *counted)
    for way in otherwise:
        lines += laid_out(way, column, paper, *([] if lines else [front]))
    return lines


def laid_out(text: str, column: int, paper: Paper, *front: Label) -> list[str]:
    """Return a text of the catalogue, its prose from `column` on with `front` before the first line."""
    lines: list[str] = []
    widest = max((len(one.text) for one in passages(text) if one.pasted), default=0)
    indent = column + 2 if column + 2 + widest <= paper.width else PASTED_INDENT
    for passage in passages(text):
        if not passage.pasted:
            lines += paper.hung(passage.text, column, *(() if lines else front))
        else:
            lines += [] if lines else [paper.row(*front)]
            lines.append(paper.pasted(passage.text, indent))
    return lines
