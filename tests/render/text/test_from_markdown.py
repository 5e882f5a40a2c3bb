"""Markdown laid out for a terminal."""

import pytest

from mxproof.judge.codes import Code
from mxproof.render.markdown.finding_page import page
from mxproof.render.text.from_markdown import text_from_markdown
from mxproof.render.text.paper import Paper


@pytest.mark.parametrize("code", Code)
def test_every_page_fits_the_paper_but_for_tables_and_code(code: Code) -> None:
    lines = text_from_markdown(page(code), Paper(width=70)).splitlines()
    assert [line for line in lines if len(line) > 70 and not line.startswith(("|", "    "))] == []


@pytest.mark.parametrize(
    ("markdown", "want"),
    [
        ("# Title", "Title\n"),
        ("```sh\na  b\n```", "    a  b\n"),
        ("| a | b |", "| a | b |\n"),
        ("- [RFC 1](https://example.com)", "- RFC 1 (https://example.com)\n"),
        ("1. " + "word " * 20, "1. " + "word " * 10 + "word\n   " + "word " * 8 + "word\n"),
        ("\x1b[2J", "\\x1b[2J\n"),
        ("a\n\nb", "a\n\nb\n"),
    ],
)
def test_a_kind_of_line_has_its_way_to_be_shown(markdown: str, want: str) -> None:
    assert text_from_markdown(markdown, Paper(width=60)) == want
