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
from collections.abc import Callable, Iterator
from typing import Final

from mxproof.formats.tlsrpt.json_object import JsonObject, text_of
from mxproof.formats.tlsrpt.repair import Repair

OBJECTS_MAX: Final = 1000
SEARCH_DEPTH_MAX: Final = 4
BEFORE_CHARACTERS_MAX: Final = 200
"""What may stand before the first bracket."""

_OPENING: Final = re.compile(r'[\[{"]')
_BETWEEN: Final = re.compile(r"[ \t\r\n,;]*")
_TEXT_OR_COMMA: Final = re.compile(r'("(?:[^"\\]|\\.)*+")|,(?=[ \t\r\n]*[}\]])', re.DOTALL)
_decoder: Final = json.JSONDecoder(strict=False)


def objects_within(
    data: bytes, is_wanted: Callable[[JsonObject], bool], repairs: set[Repair]
) -> list[JsonObject]:
    """Return the objects in `data` that are wanted, OBJECTS_MAX of them at most; none where it is no JSON at all."""
    text = text_of(data, repairs)
    for candidate in (text, _TEXT_OR_COMMA.sub(lambda found: found[1] or "", text)):
        found: list[JsonObject] = []
        for value in _values(candidate):
            found += _wanted(value, is_wanted, SEARCH_DEPTH_MAX)
            if len(found) >= OBJECTS_MAX:
                break
        if found:
            return found[:OBJECTS_MAX]
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


def _wanted(value: object, is_wanted: Callable[[JsonObject], bool], depth: int) -> Iterator[JsonObject]:
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "[") and depth:
        for inner in _values(value):
            yield from _wanted(inner, is_wanted, depth - 1)
    elif isinstance(value, list) and depth:
        for inner in value:
            yield from _wanted(inner, is_wanted, depth - 1)
    elif isinstance(value, dict):
        if is_wanted(value):
            yield value
        elif depth:
            for inner in value.values():
                yield from _wanted(inner, is_wanted, depth - 1)
