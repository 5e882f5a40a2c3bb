"""How to mend a finding: its steps, numbered where there are several, and other ways, each in a paragraph."""

from mxproof.render.text.paper import Label, Paper, Tone


def fix(
    steps: tuple[str, ...], otherwise: tuple[str, ...], column: int, paper: Paper, front: Label
) -> list[str]:
    """Return all of it from `column` on, with `front` before the first line."""
    lines: list[str] = []
    for number, step in enumerate(steps, 1):
        lines += _step(step, number if len(steps) > 1 else 0, column, paper, *([] if lines else [front]))
    for way in otherwise:
        lines += paper.hung(way, column, *([] if lines else [front]))
    return lines


def first_of_fix(
    steps: tuple[str, ...], otherwise: tuple[str, ...], column: int, paper: Paper, front: Label
) -> list[str]:
    """Return the first step alone, and of how many steps it is the first, or else of how many ways."""
    if not steps:
        return []
    count = len(steps) if len(steps) > 1 else 1 + len(otherwise)
    whole = f"{steps[0]} (1 of {count})" if count > 1 else steps[0]
    return _step(whole, 1 if len(steps) > 1 else 0, column, paper, front)


def _step(step: str, number: int, column: int, paper: Paper, *front: Label) -> list[str]:
    """Return one step behind its number, 0 where it has none."""
    if not number:
        return paper.hung(step, column, *front)
    counted = f"{number}."
    return paper.hung(step, column + len(counted) + 1, *front, Label(column, counted, Tone.PLAIN))
