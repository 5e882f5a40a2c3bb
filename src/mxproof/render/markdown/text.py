"""Words from outside in Markdown: shown as they are, whatever a forge would make of them.

A word that is plain letters and digits, with single signs between them, stands as it is. Any other word, and any that a
forge would turn into a mention, a reference, a commit, an address or a picture sign, stands in a code span, in which
nothing means anything; inside it there is no backtick, which is an escape there, and in a table no bar. This holds in
every dialect, and such a word is one to be copied anyway.
"""

import re
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from mxproof.formats.text import safe
from mxproof.judge.block import passages
from mxproof.render.markup import TEXT_CHARACTERS_MAX

_LEAD: Final = '("“‘'
_TAIL: Final = '.,;:!?)"”’'
_PLAIN: Final = re.compile(r"[A-Za-z0-9]+(?:[-./'’,=][A-Za-z0-9]+)*%?")
_LINKED: Final = re.compile(
    r"(?:www\..*|(?=[a-f0-9]*\d)(?=\d*[a-f])[a-f0-9]{7,64}|[A-Za-z][A-Za-z0-9]*-\d+)", re.IGNORECASE
)
"""What forges link by itself: a web name, an id of a commit, the key of a ticket."""
_NUMBERED: Final = re.compile(r"(\d+)([.)])")
"""What begins a list at the start of a line."""
_SIGNS: Final = {"->": "→", "=": "=", "–": "–", "—": "—"}
"""Words of one sign that mean nothing within a line."""


def text(words: str) -> str:
    """Return one line of text; what stands in backticks is code, as the catalogue has it."""
    pieces = words.split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = [f"{pieces[-2]}`{pieces[-1]}"]
    shown = (code(piece) if place % 2 else _words(piece) for place, piece in enumerate(pieces) if piece)
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line := "".join(shown)) else line


def laid_out(words: str, front: str = "") -> Iterator[str]:
    """Yield the lines of a text of the catalogue: prose with `front` before the first, and what is to be pasted as blocks."""
    for pasted, lines in groupby(passages(words), key=lambda one: one.pasted):
        said = [line.text for line in lines]
        for part in [block("\n".join(said))] if pasted else map(text, said):
            yield front + part
            front = ""


def code(words: str) -> str:
    """Return a code span; a backtick or a bar in it is an escape, so that it holds in a table, too."""
    shown = _one_line(words).replace("`", "\\x60").replace("|", "\\x7c").strip()
    return f"`{shown}`" if shown else ""


def block(words: str, kind: str = "text") -> str:
    """Return a fenced block; its fence is longer than any row of backticks in it."""
    lines = [_one_line(line) for line in words.split("\n")]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{kind}", *lines, fence])


def table(heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """Return a table of cells that are Markdown already."""
    lines = [heads, ("---",) * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _words(piece: str) -> str:
    return "".join(
        part if part.isspace() else _word(part) for part in re.split(r"( +)", _one_line(piece)) if part
    )


def _word(word: str) -> str:
    if word in _SIGNS:
        return _SIGNS[word]
    core = word.lstrip(_LEAD)
    lead = word[: len(word) - len(core)]
    core = core.rstrip(_TAIL)
    tail = word[len(lead) + len(core) :]
    if not core and set(word) <= set(_LEAD + _TAIL) - set("!:"):
        return word
    if _PLAIN.fullmatch(core) and not _LINKED.fullmatch(core):
        return word
    return f"{lead}{code(core)}{tail}" if core else code(word)


def _one_line(words: str) -> str:
    return safe(words, limit=TEXT_CHARACTERS_MAX)
