"""The paper that a text is written on: how wide it is, and whether it takes colour and signs beyond ASCII.

Every word that goes on the paper passes `clean`, so nothing from outside steers a terminal, and whatever colour
says is said by a word too.
"""

import re
import textwrap
from enum import StrEnum

import msgspec

from mxproof.formats.text import safe

WIDTH_DEFAULT = 80
WIDTH_MIN = 60
WIDTH_MAX = 120
CLEANED_CHARACTERS_MAX = 4000

SIGNS = "…–—‘’“”→✔✘▲"
"""The signs beyond ASCII that reports use of their own; a paper takes all of them or none."""

_ASCII = str.maketrans(
    dict(zip(SIGNS, ("...", "-", "-", "'", "'", '"', '"', "->", "+", "x", "!"), strict=True))
)
_CODE = re.compile(r"`[^`]*`")
_UNBROKEN = "\0"
"""Stands for a space at which no line may end; cleaned text holds no such character."""
_RESET = "\x1b[0m"


class Tone(StrEnum):
    """What a colour means here; the value is the SGR parameter that makes it (ECMA-48 section 8.3.117)."""

    GOOD = "32"
    BAD = "1;31"
    DOUBTFUL = "33"
    UNKNOWN = "36"
    STRONG = "1"
    FAINT = "2"
    PLAIN = ""


class Label(msgspec.Struct, frozen=True):
    """A few words that stand in a column."""

    column: int
    text: str
    tone: Tone = Tone.FAINT


class Paper(msgspec.Struct, frozen=True):
    """The properties of the terminal, file or pipe that is written to; `verbose` asks for the whole story."""

    width: int = WIDTH_DEFAULT
    colour: bool = False
    unicode: bool = False
    verbose: bool = False

    def clean(self, text: str) -> str:
        """Return `text` on one line, safe to print and in signs that the paper takes."""
        return self.signs(safe(text, limit=CLEANED_CHARACTERS_MAX))

    def signs(self, text: str) -> str:
        """Return `text` as it is, or in ASCII alone."""
        return (
            text
            if self.unicode
            else text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")
        )

    def painted(self, text: str, tone: Tone) -> str:
        """Return `text` in the colour of `tone`, if the paper takes colour."""
        return f"\x1b[{tone}m{text}{_RESET}" if self.colour and tone and text else text

    def heading(self, title: str) -> str:
        """Return the heading of a section."""
        return self.painted(title, Tone.STRONG)

    def wrapped(self, text: str, *, indent: int = 0, hang: int = 0) -> list[str]:
        """Return one line of text cleaned and broken at spaces; every line but the first is indented by `hang` more.

        What stands in backticks is to be typed or published and stays on one line, and no word is broken: a name, an
        address or a command in two pieces is another one, and a terminal lets what is too long run on by itself.
        """
        cleaned = self.clean(text)
        if cleaned.isprintable() and cleaned[-1:].strip() and indent + len(cleaned) <= self.width:
            return [" " * indent + cleaned]
        whole = _CODE.sub(lambda code: code.group().replace(" ", _UNBROKEN), cleaned)
        lines = textwrap.wrap(
            whole,
            width=self.width,
            initial_indent=" " * indent,
            subsequent_indent=" " * (indent + hang),
            break_on_hyphens=False,
            break_long_words=False,
        )
        return [line.replace(_UNBROKEN, " ") for line in lines]

    def pasted(self, text: str, indent: int) -> str:
        """Return a line that is to be typed or published as it stands, whole however long it is."""
        return " " * indent + self.clean(text)

    def row(self, *labels: Label) -> str:
        """Return one line of labels, each from its column on, or one space behind a label that is too long."""
        line, used = "", 0
        for label in labels:
            cleaned = self.clean(label.text)
            gap = max(label.column - used, 1 if used else label.column)
            line += " " * gap + self.painted(cleaned, label.tone)
            used += gap + len(cleaned)
        return line

    def hung(self, text: str, column: int, *labels: Label) -> list[str]:
        """Return `text` wrapped from `column` on with `labels` in front, or above it where they need the room."""
        lines = self.wrapped(text, indent=column)
        front = self.row(*labels)
        used = len(msgspec.structs.replace(self, colour=False).row(*labels))
        if not lines or used >= column:
            return [front, *lines]
        return [front + lines[0][used:], *lines[1:]]
