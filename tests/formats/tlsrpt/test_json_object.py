"""I-JSON within bounds: what is read past, and what is refused."""

import pytest

from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt import json_object
from mxproof.formats.tlsrpt.json_object import REPORT_BYTES_MAX, REPORT_VALUES_MAX, read_object
from mxproof.formats.tlsrpt.repair import Repair


def read(data: bytes) -> tuple[json_object.JsonObject, set[Repair]]:
    repairs: set[Repair] = set()
    return read_object(data, repairs), repairs


@pytest.mark.parametrize(
    ("data", "repairs"),
    [
        (b'{"report-id": "\xc3\xa9"}', set()),
        (b'{"report-id" : "\xc3\xa9"}', set()),
        ('{"report-id": "é"}'.encode("utf-8-sig"), {Repair.BYTE_ORDER_MARK}),
        ('{"report-id": "é"}'.encode("utf-16"), {Repair.ENCODING_OTHER}),
        ('{"report-id": "é"}'.encode("utf-16-le"), {Repair.ENCODING_OTHER}),
        ('{"report-id": "é"}'.encode("utf-16-be"), {Repair.ENCODING_OTHER}),
        ('{"report-id": "é"}'.encode("utf-32"), {Repair.ENCODING_OTHER}),
        ('{"report-id": "é"}'.encode("utf-32-le"), {Repair.ENCODING_OTHER}),
        ('{"report-id": "é"}'.encode("utf-32-be"), {Repair.ENCODING_OTHER}),
        ('{"report-id": "é"}'.encode("latin-1"), {Repair.ENCODING_OTHER}),
        (b'{"report-id": "\xc3\xa9"} \r\n', set()),
        (b'{"report-id": "\xc3\xa9"}\0\0', {Repair.JSON_TRAILING}),
        (b'{"report-id": "x", "report-id": "\xc3\xa9"}', {Repair.KEY_REPEATED}),
        (b'{"report-id": "x", "report\\u002did": "\xc3\xa9"}', {Repair.KEY_REPEATED}),
        (b'{"report-id" : "x", "report-id": "\xc3\xa9"}', {Repair.KEY_REPEATED}),
    ],
)
def test_one_object_is_read_from_all_of_these(data: bytes, repairs: set[Repair]) -> None:
    assert read(data) == ({"report-id": "é"}, repairs)


@pytest.mark.parametrize("value", [b'"a\nb"', b"NaN", b"-Infinity", b'"\\ud800"', b"1e400"])
def test_what_most_programs_read_is_read(value: bytes) -> None:
    got, repairs = read(b'{"x": ' + value + b"}")
    assert set(got) == {"x"}
    assert repairs <= {Repair.JSON_LOOSE}


@pytest.mark.parametrize(
    "inside",
    [
        b'"policies": [{"policy": {"mx-host": [], "mx-host": ["x"]}}]',
        b'"policies": [{"summary": {"a": 1, "a": 2}}]',
        b'"policies": [{"failure-details": [{"receiving-ip": "a", "receiving-ip": "b"}, {}]}]',
        b'"date-range": {"end-datetime": "a", "end-datetime": "b"}',
        b'"unknown": {"x": 1, "x": 2}',
        b'"a" : 1, "b": 1, "b": 2',
    ],
)
def test_a_repeated_key_is_told_wherever_it_stands(inside: bytes) -> None:
    assert read(b"{" + inside + b"}")[1] == {Repair.KEY_REPEATED}


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "no-json"),
        (b"hello", "no-json"),
        (b'{"a": ', "no-json"),
        (b"[]", "no-object"),
        (b'"x"', "no-object"),
        (b"[" * 100_000, "too-deep"),
        (b'{"a":' * 100_000, "too-deep"),
        (b"," * (REPORT_VALUES_MAX + 1), "report-too-many-values"),
        (b" " * (REPORT_BYTES_MAX + 1), "report-too-long"),
    ],
)
def test_what_is_no_object_or_beyond_the_bounds_is_refused(data: bytes, rule: str) -> None:
    with pytest.raises(FormatError) as refusal:
        read(data)
    assert refusal.value.objections[0].rule == rule


def test_a_mark_before_what_is_no_utf_8_is_no_letter() -> None:
    assert read(b'\xef\xbb\xbf{"report-id": "\xe9"}') == ({"report-id": "é"}, {Repair.ENCODING_OTHER})
    assert read(b'\xef\xbb\xbf \r\n{"report-id": "\xc3\xa9"}') == (
        {"report-id": "é"},
        {Repair.BYTE_ORDER_MARK},
    )


@pytest.mark.parametrize("behind", [b"", b" ", b"\r\n\t "])
@pytest.mark.parametrize(
    ("text", "repair"),
    [(b'{"x": "a\tb"}', Repair.JSON_LOOSE), (b'{"x": "c", "x": "a\\tb"}', Repair.KEY_REPEATED)],
)
def test_space_behind_what_was_read_past_is_not_told(text: bytes, repair: Repair, behind: bytes) -> None:
    assert read(b"\n " + text + behind) == ({"x": "a\tb"}, {repair})
    assert read(text + behind + b"0") == ({"x": "a\tb"}, {repair, Repair.JSON_TRAILING})
