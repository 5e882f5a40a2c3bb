"""Lines to be pasted within a text of the catalogue: commands, records, and lines of a policy.

Each stands on a line of its own behind four spaces, as Markdown has code; all other lines are prose and may be wrapped.
Whoever lays a text out keeps such a line whole, for a command cut in two is another command.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

INDENT: Final = "    "


class Passage(msgspec.Struct, frozen=True):
    """One line of a text; `pasted` where it is to be typed or published as it stands."""

    text: str
    pasted: bool = False


def block(lines: Iterable[str]) -> str:
    """Return lines to be pasted as a stretch of a text, apart from the prose around it; a break within one is a space."""
    return "\n" + "".join(f"{INDENT}{' '.join(line.splitlines())}\n" for line in lines)


def passages(text: str) -> Iterator[Passage]:
    """Yield the lines of a text in order, without those that are empty."""
    for line in text.split("\n"):
        if line.strip():
            yield Passage(line.strip(), pasted=line.startswith(INDENT))
