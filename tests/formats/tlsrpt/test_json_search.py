"""Reports looked for where JSON has more around them, and how far they are looked for."""

import pytest

from mxproof.formats.tlsrpt.json_object import JsonObject
from mxproof.formats.tlsrpt.json_search import LOOKED_AT_MAX, OBJECTS_MAX, objects_within

REPORT = b'{"id":"1"}'


def found(data: bytes) -> int:
    return len(objects_within(data, wanted, set()))


def wanted(values: JsonObject) -> bool:
    return "id" in values


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (REPORT, 1),
        (b"[" + REPORT + b"," + REPORT + b"]", 2),
        (REPORT + b"\n" + REPORT, 2),
        (b'{"report":{"inner":' + REPORT + b"}}", 1),
        (b'"' + REPORT.replace(b'"', b'\\"') + b'"', 1),
        (b"[" + REPORT + b",]", 1),
        (b"callback(" + REPORT + b")", 1),
        (b'{"a":[[[[[' + REPORT + b"]]]]]}", 0),
        (b"nothing", 0),
        (b"", 0),
    ],
)
def test_a_report_is_found_in_what_is_around_it(data: bytes, count: int) -> None:
    assert found(data) == count


def test_no_more_objects_are_returned_than_that() -> None:
    assert found(REPORT * (OBJECTS_MAX + 1)) == OBJECTS_MAX


@pytest.mark.parametrize("small", [b'""', b'{"a":1}', b"[]"])
def test_no_more_values_are_looked_at_than_that(small: bytes) -> None:
    many = small * (LOOKED_AT_MAX - 1)
    room = LOOKED_AT_MAX // 2 if small == b'{"a":1}' else LOOKED_AT_MAX
    assert found(small * (room - 1) + REPORT) == 1
    assert found(many + small + REPORT) == 0


@pytest.mark.parametrize("piece", [b'\\"', b'"', b'"\\', b',"', b", ", b"{,", b'",}'])
def test_texts_that_nobody_closed_are_gone_through_once(piece: bytes) -> None:
    """One that is gone through for each of its quotes takes minutes."""
    assert found(b'{"a":"' + piece * 200_000) == 0
