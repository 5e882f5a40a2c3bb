"""Objects that may be reports where JSON has more around them.

| written | read as |
|---|---|
| a list of reports, or one value behind the other (JSON Lines) | each of them |
| a report within other objects (`{"report": {...}}`) | it |
| JSON within a text of JSON | what the text says |
| commas before a closing bracket, something before the first bracket | as if they were not there |
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final

from mxproof.formats.tlsrpt.json_object import JsonObject, text_of
from mxproof.formats.tlsrpt.repair import Repair

OBJECTS_MAX: Final = 1000
LOOKED_AT_MAX: Final = 20_000
"""Values that are looked at for a report, so that a text of many small ones takes no minutes."""
SEARCH_DEPTH_MAX: Final = 4
BEFORE_CHARACTERS_MAX: Final = 200
"""What may stand before the first bracket."""

_OPENING: Final = re.compile(r'[\[{"]')
_BETWEEN: Final = re.compile(r"[ \t\r\n,;]*")
_TEXT_OR_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|,(?=[ \t\r\n]*[}\]])', re.DOTALL)
"""A text that nobody closed goes to the end: were it none, each quote in it would be tried as the beginning of another."""
_decoder: Final = json.JSONDecoder(strict=False)


def objects_within(
    data: bytes, is_wanted: Callable[[JsonObject], bool], repairs: set[Repair]
) -> list[JsonObject]:
    """Return the objects in `data` that are wanted, OBJECTS_MAX of them at most; none where it is no JSON at all."""
    text = text_of(data, repairs)
    for candidate in (text, _TEXT_OR_COMMA.sub(lambda found: found[1] or "", text)):
        looked_at = islice(_looked_at(_values(candidate), is_wanted, SEARCH_DEPTH_MAX), LOOKED_AT_MAX)
        found = list(islice((one for one in looked_at if one is not None), OBJECTS_MAX))
        if found:
            return found
    return []


def _values(text: str) -> Iterator[object]:
    """Yield one value of JSON after the other, until one cannot be read."""
    opening = _OPENING.search(text, 0, BEFORE_CHARACTERS_MAX)
    place = opening.start() if opening is not None else len(text)
    while place < len(text):
        try:
            value, place = _decoder.raw_decode(text, place)
        except (ValueError, RecursionError):
            return
        yield value
        between = _BETWEEN.match(text, place)
        place = between.end() if between is not None else place


def _looked_at(
    values: Iterable[object], is_wanted: Callable[[JsonObject], bool], depth: int
) -> Iterator[JsonObject | None]:
    """Yield each of the values, and of those within them, as it is looked at: the object where it is wanted, else None."""
    for value in values:
        if isinstance(value, dict) and is_wanted(value):
            yield value
            continue
        yield None
        if depth:
            yield from _looked_at(_within(value), is_wanted, depth - 1)


def _within(value: object) -> Iterable[object]:
    if isinstance(value, str):
        return _values(value) if value.lstrip()[:1] in ("{", "[") else ()
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
