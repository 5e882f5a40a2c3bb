"""Small parts of pages: what a browser may break, and what it must not."""

import pytest

from mxproof.render.html.parts import prose
from mxproof.render.markup import element, html

ARROW = '<span class="whole">-&gt;</span>'


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("", ""),
        ("a", "a"),
        ("mx1 -> mx2 -> mx3", f"mx1 {ARROW} mx2 {ARROW} mx3"),
        ("->", ARROW),
        ("type `a -> b` -> done", f"type <code>a -&gt; b</code> {ARROW} done"),
        ("one ` alone", "one ` alone"),
        ("a <b> - > c", "a &lt;b&gt; - &gt; c"),
    ],
)
def test_prose_has_code_between_backticks_and_whole_arrows(text: str, want: str) -> None:
    assert html(element("p", *prose(text))) == f"<p>{want}</p>"
