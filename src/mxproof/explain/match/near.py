"""Which of many templates are worth a try on a text: those of which one whole word stands in it.

A template cannot match without its needle, and a needle that has a whole word cannot stand in a text without that
word. So the templates are kept by their rarest-looking word, the longest, and a text is cut into words once, in place
of being searched for hundreds of needles. A needle without a whole word, as in a script that does not part its words,
is searched for in every text.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

import msgspec

from mxproof.explain.match.template import Template

T = TypeVar("T")

_WORD = re.compile(r"[^\W_]+")


class Near(msgspec.Struct, Generic[T], frozen=True):
    """Templates in order, each with what it stands for; `by_word` and `wordless` hold their places in that order."""

    entries: tuple[tuple[Template, T], ...]
    by_word: Mapping[str, tuple[int, ...]]
    wordless: tuple[int, ...]


def near_index(entries: Iterable[tuple[Template, T]]) -> Near[T]:
    """Return the index of these templates."""
    kept = tuple(entries)
    by_word: dict[str, list[int]] = {}
    wordless: list[int] = []
    for place, (one, _) in enumerate(kept):
        word = _whole_word(one)
        if word:
            by_word.setdefault(word, []).append(place)
        else:
            wordless.append(place)
    return Near(kept, {word: tuple(places) for word, places in by_word.items()}, tuple(wordless))


def near(index: Near[T], lowered: str) -> list[tuple[Template, T]]:
    """Return the templates whose needle stands in a text in lower case, in their order."""
    places = list(index.wordless)
    for word in index.by_word.keys() & set(_WORD.findall(lowered)):
        places += index.by_word[word]
    places.sort()
    found = (index.entries[place] for place in places)
    return [(one, stands_for) for one, stands_for in found if one.needle in lowered]


def _whole_word(one: Template) -> str:
    """Return the longest word of the needle that is a whole word wherever the template matches, or an empty string.

    A word at the edge of the needle may go on in the hole beside it, but not where the template begins or ends.
    """
    last = one.rest[-1][1] if one.rest else one.first
    begins = one.needle == one.first
    ends = one.needle == last
    whole = [
        found.group()
        for found in _WORD.finditer(one.needle)
        if (found.start() > 0 or begins) and (found.end() < len(one.needle) or ends)
    ]
    return max(whole, key=len, default="")
