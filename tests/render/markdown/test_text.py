"""Words in Markdown: what is plain stays as it is, what a forge would make something of is code."""

import pytest

from mxproof.render.markdown.text import block, code, text


@pytest.mark.parametrize(
    ("words", "want"),
    [
        ("mail for example.com is refused.", "mail for example.com is refused."),
        ("RFC 8461 section 4.1 (max_age)", "RFC 8461 section 4.1 (`max_age`)"),
        ("`mx: a.example` into the policy", "`mx: a.example` into the policy"),
        ("a -> b", "a → b"),
        ("ask @everyone, #12 and !3", "ask `@everyone`, `#12` and `!3`"),
        ("<b>x</b> www.example.com", "`<b>x</b>` `www.example.com`"),
        ("*.example.com 2001:db8::1 GH-12", "`*.example.com` `2001:db8::1` `GH-12`"),
        ("1. one", "1\\. one"),
        ("a`b", "`a\\x60b`"),
        ("0123456789abcdef", "`0123456789abcdef`"),
    ],
)
def test_a_line_is_shown_as_it_is(words: str, want: str) -> None:
    assert text(words) == want


def test_a_code_span_holds_no_backtick_and_no_bar() -> None:
    assert code("a`b|c") == "`a\\x60b\\x7cc`"


def test_a_block_ends_where_it_is_meant_to() -> None:
    assert block("```\n````") == "`````text\n```\n````\n`````"
