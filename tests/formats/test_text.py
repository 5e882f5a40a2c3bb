"""Text from outside, made safe."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.text import SAFE_CHARACTERS_MAX, WORDS_LISTED_MAX, listed, safe


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("plain text, ünïcode and ✉", "plain text, ünïcode and ✉"),
        ("\x1b[31mred\x1b[0m", "\\x1b[31mred\\x1b[0m"),
        ("two\r\nlines\tand a tab", "two\\x0d\\x0alines\\x09and a tab"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("abc\u202edcba", "abc\\u202edcba"),
        ("zero\u200bwidth\ufeff", "zero\\u200bwidth\\ufeff"),
        ("a\u2028b\u2029c", "a\\u2028b\\u2029c"),
        ("\ud800", "\\ud800"),
        ("\U000e0041", "\\U000e0041"),
        ("\uffff\U00010000\U0010ffff", "\\uffff\U00010000\\U0010ffff"),
        (b"bytes \xff \xc3\xa4", "bytes \\xff ä"),
        ("", ""),
    ],
)
def test_what_could_steer_or_hide_is_escaped(text: str | bytes, want: str) -> None:
    assert safe(text) == want


def test_long_text_is_cut_and_says_so() -> None:
    assert safe("a" * SAFE_CHARACTERS_MAX) == "a" * SAFE_CHARACTERS_MAX
    assert safe("a" * (SAFE_CHARACTERS_MAX + 1)) == "a" * SAFE_CHARACTERS_MAX + "…"
    assert safe("abcdef", limit=3) == "abc…"


@given(st.text() | st.binary())
def test_safe_text_is_one_line_of_visible_characters(text: str | bytes) -> None:
    got = safe(text)
    assert got == safe(got)
    assert len(got.splitlines()) <= 1
    assert not {unicodedata.category(character) for character in got} & {
        "Cc",
        "Cf",
        "Cs",
        "Co",
        "Cn",
        "Zl",
        "Zp",
    }


@pytest.mark.parametrize(
    ("names", "want"),
    [
        ((), "none"),
        (("a",), "a"),
        (("b", "a", "b"), "b, a"),
        (
            tuple(map(str, range(WORDS_LISTED_MAX + 2))),
            ", ".join(map(str, range(WORDS_LISTED_MAX))) + ", 2 more",
        ),
        (("a" * (SAFE_CHARACTERS_MAX + 1),), "a" * SAFE_CHARACTERS_MAX + "…"),
    ],
)
def test_names_stand_in_a_row_that_has_an_end(names: tuple[str, ...], want: str) -> None:
    assert listed(names) == want
