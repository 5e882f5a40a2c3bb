"""Bytes to the one JSON object that a report is (I-JSON, RFC 7493), within bounds.

| given | read as |
|---|---|
| UTF-8 | it is |
| with a byte order mark | as if it were not there (RFC 8259 section 8.1) |
| UTF-16 or UTF-32 | told by its zeros, or its mark |
| other bytes | Latin-1, which reads any |
| a key twice in an object | the last one counts, as in most programs; RFC 7493 section 2.3 forbids it |
| control characters in texts, `NaN`, lone surrogates | as most programs read them |
| anything behind the object | left alone |

The quick reader does not tell of a repeated key; counting does whether there may be one, and then the other reader looks.
Nesting is bounded by the recursion that either reader allows.
"""

import json
import re
from collections.abc import Mapping
from typing import Final

import msgspec

from mxproof.formats.errors import FormatError, Objection, shown
from mxproof.formats.tlsrpt.repair import Repair

REPORT_BYTES_MAX: Final = 64 * 1024 * 1024
"""Of a report that is not packed."""
REPORT_VALUES_MAX: Final = 4_000_000
"""Values in a report, as its commas and braces count them: each costs many times its length in memory."""

_SUBJECT: Final = "TLS report"
_SOURCE: Final = "RFC 7493 section 2"
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8", Repair.BYTE_ORDER_MARK),
    (b"\xff\xfe\0\0", "utf-32-le", Repair.ENCODING_OTHER),
    (b"\0\0\xfe\xff", "utf-32-be", Repair.ENCODING_OTHER),
    (b"\xff\xfe", "utf-16-le", Repair.ENCODING_OTHER),
    (b"\xfe\xff", "utf-16-be", Repair.ENCODING_OTHER),
    (b"{\0\0\0", "utf-32-le", Repair.ENCODING_OTHER),
    (b"\0\0\0{", "utf-32-be", Repair.ENCODING_OTHER),
    (b"{\0", "utf-16-le", Repair.ENCODING_OTHER),
    (b"\0{", "utf-16-be", Repair.ENCODING_OTHER),
)
_SPACE_BEFORE_COLON: Final = re.compile(rb'"[ \t\r\n]+:')
_SPACE: Final = re.compile(r"[ \t\r\n]*")
_decode: Final = msgspec.json.Decoder().decode

JsonObject = dict[str, object]


def read_object(data: bytes, repairs: set[Repair]) -> JsonObject:
    """Return the object that `data` holds, and add to `repairs` what it was read past.

    Raises FormatError for what is larger than the bounds, no JSON, or no object.
    """
    if len(data) > REPORT_BYTES_MAX:
        raise _refusal("report-too-long", f"longer than {REPORT_BYTES_MAX} bytes", REPORT_BYTES_MAX)
    if data.count(b",") + data.count(b"{") + data.count(b"[") > REPORT_VALUES_MAX:
        raise _refusal("report-too-many-values", f"more than {REPORT_VALUES_MAX} values", 0)
    try:
        found = _decode(data)
        if isinstance(found, dict) and not _may_repeat(data, found):
            return found
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    return _read_loosely(data, repairs)


def _may_repeat(data: bytes, found: Mapping[str, object]) -> bool:
    """Tell whether a key may stand twice in its object: by how many the text has, and how many came out of it.

    Where keys stand in objects that are no part of a report, or a text holds a quote before a colon, that may only be.
    """
    members = len(found) + _size(found.get("date-range"))
    policies = found.get("policies")
    for row in policies if type(policies) is list else ():
        if type(row) is dict:
            members += len(row) + _size(row.get("policy")) + _size(row.get("summary"))
            details = row.get("failure-details")
            if type(details) is list:
                for one in details:
                    members += _size(one)
    return data.count(b'":') != members or _SPACE_BEFORE_COLON.search(data) is not None


def _size(value: object) -> int:
    return len(value) if type(value) is dict else 0


def _read_loosely(data: bytes, repairs: set[Repair]) -> JsonObject:
    text = text_of(data, repairs)

    def paired(pairs: list[tuple[str, object]]) -> JsonObject:
        members = dict(pairs)
        if len(members) != len(pairs):
            repairs.add(Repair.KEY_REPEATED)
        return members

    start = _end_of_space(text, 0)
    found, end = _decoded(text, start, paired, repairs)
    if not isinstance(found, dict):
        raise _refusal("no-object", "JSON, but no object as a report is", start, text[:80])
    if _end_of_space(text, end) != len(text):
        repairs.add(Repair.JSON_TRAILING)
    return found


def _decoded(text: str, start: int, paired: object, repairs: set[Repair]) -> tuple[object, int]:
    """Return the first JSON value and where it ends; strictly where that is possible."""
    try:
        for strict in (True, False):
            try:
                decoder = json.JSONDecoder(
                    object_pairs_hook=paired,  # type: ignore[arg-type]  # a local function, typed where it is made
                    parse_constant=_refused_constant if strict else None,
                    strict=strict,
                )
                found, end = decoder.raw_decode(text, start)
            except ValueError:
                if not strict:
                    raise
            else:
                if not strict:
                    repairs.add(Repair.JSON_LOOSE)
                return found, end
    except ValueError as error:
        position = error.pos if isinstance(error, json.JSONDecodeError) else start
        raise _refusal("no-json", "not JSON", position, text[position : position + 40]) from None
    except RecursionError:
        raise _refusal("too-deep", "nested too deeply", start) from None
    raise AssertionError("one of both ways ends it")


def _refused_constant(name: str) -> object:
    raise ValueError(name)


def text_of(data: bytes, repairs: set[Repair]) -> str:
    """Return the characters that `data` is, told by its mark or its zeros; Latin-1 reads what nothing else does."""
    for mark, encoding, repair in _MARKS:
        if data.startswith(mark):
            try:
                text = data.decode(encoding).removeprefix("\ufeff")
            except UnicodeDecodeError:
                break
            repairs.add(repair)
            return text
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        repairs.add(Repair.ENCODING_OTHER)
        return data.decode("latin-1").removeprefix("\xef\xbb\xbf")


def _end_of_space(text: str, start: int) -> int:
    found = _SPACE.match(text, start)
    return found.end() if found is not None else start


def _refusal(rule: str, message: str, position: int, seen: str = "") -> FormatError:
    return FormatError(_SUBJECT, Objection(rule, message, position, _SOURCE, shown(seen)))
