"""Templates: literal words and bounded holes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.explain.match.template import (
    GAP_CHARACTERS_MAX,
    HOLES,
    TRIES_MAX,
    Match,
    find,
    folded,
    template,
)


def _find(source: str, text: str) -> Match | None:
    return find(template(source), folded(text))


@pytest.mark.parametrize(
    ("source", "text", "captures"),
    [
        ("mx hosts of {domain} failed", "MX hosts of 'Example.com' failed", (("domain", "Example.com"),)),
        ("mx hosts of {domain} failed", "MX hosts of example.com failed", (("domain", "example.com"),)),
        ("host named {domain} (#5.1.2)", "host named example.com. (#5.1.2)", (("domain", "example.com"),)),
        ("connect to {host}[{address}]:{number}: no", "connect to mx[2001:db8::1]:25: No", None),
        ("sending {address} must", "sending [192.0.2.1] must", (("address", "192.0.2.1"),)),
        ("4.7.27 {gap}spf", "421 4.7.27 limited because SPF failed", ()),
        ("type {word}: found", "type MX: found", (("word", "MX"),)),
    ],
)
def test_a_template_finds_its_text(
    source: str, text: str, captures: tuple[tuple[str, str], ...] | None
) -> None:
    got = _find(source, text)
    assert got is not None
    if captures is not None:
        assert got.captures == captures


def test_holes_side_by_side_keep_their_own() -> None:
    got = _find(
        "connect to {host}[{address}]:{number}: refused", "connect to mx.example.com[192.0.2.1]:25: refused"
    )
    assert got is not None
    assert got.captures == (("host", "mx.example.com"), ("address", "192.0.2.1"), ("number", "25"))
    assert got.capture("domain", "host") == "mx.example.com"
    assert got.capture("domain") == ""


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("mx hosts of {domain} failed", "mx hosts of localhost failed"),
        ("mx hosts of {domain} failed", "mx hosts of example.com passed"),
        ("5.4.4 invalid", "15.4.4 invalid"),
        ("5.4.4 invalid", "5.4.4 invalidated"),
        ("4.7.27 {gap}spf", "4.7.27 " + "x" * (GAP_CHARACTERS_MAX + 1) + " spf"),
        ("sending {address} must", "sending mail must"),
    ],
)
def test_other_text_is_not_found(source: str, text: str) -> None:
    assert _find(source, text) is None


def test_a_later_place_is_tried_when_an_earlier_one_fails() -> None:
    got = _find("host {address} blocked", "host key; host 192.0.2.1 blocked")
    assert got is not None
    assert got.start == 10


@pytest.mark.parametrize(
    "source",
    ["", "ab{gap}cd", "Upper case", "abc {nothing} d", "abc {host}{domain}", "abc {gap}", "{host} abc"],
)
def test_what_is_not_a_template_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=":"):
        template(source)


def test_lower_case_of_another_length_keeps_the_places() -> None:
    got = folded("\u0130 Host")
    assert len(got.text) == len(got.lowered)
    assert got.lowered.endswith("host")


@given(st.text(alphabet="abc. []'1", max_size=200))
def test_any_text_is_searched(text: str) -> None:
    for hole in sorted(HOLES):
        got = _find(f"abc {{{hole}}} c", text)
        assert got is None or 0 <= got.start < got.end <= len(text)


def test_the_places_tried_have_a_limit() -> None:
    text = "abc {" * (TRIES_MAX + 1) + "abc 1 c"
    assert _find("abc {number} c", text) is None
    assert _find("abc {number} c", text[10:]) is not None
