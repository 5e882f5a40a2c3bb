"""Objections and the error that carries them."""

import pytest

from mxproof.formats import FormatError, Objection
from mxproof.formats.errors import TEXT_SHOWN_MAX, shown


def test_an_error_says_subject_reason_place_and_source() -> None:
    first = Objection("mode-value", "no mode", 21, "RFC 8461 section 3.2")
    error = FormatError("policy", first, Objection("mx-missing", "no mx", 40, "RFC 8461 section 3.2"))
    assert str(error) == "policy: no mode at byte 21 (RFC 8461 section 3.2)"
    assert error.subject == "policy"
    assert [objection.rule for objection in error.objections] == ["mode-value", "mx-missing"]


def test_an_error_without_a_reason_is_a_bug() -> None:
    with pytest.raises(AssertionError):
        FormatError("policy")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        (b"plain", "plain"),
        (b"\xff\xc3\xa4", "\\xffä"),
        ("x" * TEXT_SHOWN_MAX, "x" * TEXT_SHOWN_MAX),
        ("x" * (TEXT_SHOWN_MAX + 1), "x" * (TEXT_SHOWN_MAX - 1) + "…"),
    ],
)
def test_what_was_seen_is_shown_short(text: bytes | str, want: str) -> None:
    assert shown(text) == want
