"""Macros of SPF, by the examples of RFC 7208 section 7.4."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.spf_macro import NAME_CHARACTERS_KEPT_MAX, is_macro_string, parse_domain_spec

LETTERS = {
    "s": "strong-bad@email.example.com",
    "l": "strong-bad",
    "o": "email.example.com",
    "d": "email.example.com",
    "i": "192.0.2.3",
    "v": "in-addr",
    "h": "mx.example.org",
}


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("%{o}", "email.example.com"),
        ("%{d4}", "email.example.com"),
        ("%{d2}", "example.com"),
        ("%{d1}", "com"),
        ("%{dr}", "com.example.email"),
        ("%{d2r}", "example.email"),
        ("%{l-}.x.example", "strong.bad.x.example"),
        ("%{lr-}.x.example", "bad.strong.x.example"),
        ("%{l1r-}.x.example", "strong.x.example"),
        ("%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com"),
        ("%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com"),
        ("%{S}.x.example", "strong-bad%40email.example.com.x.example"),
        ("a%%b.x.example", "a%b.x.example"),
        ("a%-b.x.example", "a%20b.x.example"),
        ("X.Example.", "x.example"),
    ],
)
def test_a_name_is_expanded_as_the_rfc_shows(text: str, want: str) -> None:
    spec = parse_domain_spec(text)
    assert spec is not None
    assert spec.expanded(LETTERS.get) == want


@pytest.mark.parametrize(
    "text",
    ["", "example", "example.1", "x.example.-", "a b.example", "%{z}.example", "%{d0}.example", "%x.example", "%", "%{c}.example", "%{r}", "é.example"],
)  # fmt: skip
def test_what_is_no_name_by_the_grammar_is_refused(text: str) -> None:
    assert parse_domain_spec(text) is None


def test_a_letter_that_is_not_known_leaves_the_name_open() -> None:
    spec = parse_domain_spec("%{i}.x.example")
    assert spec is not None
    assert spec.plain == ""
    assert spec.expanded(lambda _: None) is None


def test_a_long_expansion_loses_labels_on_its_left() -> None:
    spec = parse_domain_spec("%{l}.x.example")
    assert spec is not None
    expanded = spec.expanded(lambda _: "a." * 200 + "b")
    assert expanded is not None
    assert len(expanded) <= NAME_CHARACTERS_KEPT_MAX
    assert expanded.endswith(".b.x.example")


@given(st.text())
def test_any_text_is_judged(text: str) -> None:
    spec = parse_domain_spec(text)
    assert spec is None or is_macro_string(text)
