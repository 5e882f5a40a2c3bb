"""HTML to text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.bounce.markup import copied_text, html_text


def test_blocks_are_lines_and_entities_are_characters() -> None:
    got = html_text(
        "<html><body><p>450 4.4.317 <b>Cannot</b> connect</p><div>&#39;a&#39; &amp; b<br>c</div></body></html>"
    )
    assert got == "450 4.4.317 Cannot connect\n'a' & b\nc"


def test_style_script_and_head_are_not_seen() -> None:
    got = html_text(
        "<head><title>t</title></head><style>p {x: y}</style><p>seen</p><script>if (a < b) c()</script>"
    )
    assert got == "seen"


def test_an_element_that_is_never_closed_hides_nothing() -> None:
    assert html_text("<style>p {}<p>seen</p>") == "p {}\nseen"


def test_header_is_not_head() -> None:
    assert html_text("<header>seen</header>") == "seen"


def test_an_address_in_angle_brackets_is_no_tag() -> None:
    assert html_text("<p>at <192.0.2.1> now</p>") == "at <192.0.2.1> now"


def test_a_tag_within_a_word_that_was_copied_leaves_the_word_whole() -> None:
    assert copied_text("<p>failed MTA-<wbr>STS <b>valid</b>ation<o:p></o:p></p>").strip() == (
        "failed MTA-STS validation"
    )


@given(st.text(alphabet="<>/stylehead p=\"'\n&;", max_size=300))
def test_any_markup_becomes_text(markup: str) -> None:
    got = html_text(markup)
    assert all(line == line.strip() and line for line in got.split("\n")) or got == ""


def test_the_work_grows_with_the_size_only() -> None:
    got = html_text("<" * 300_000)
    assert len(got) <= 300_000
    assert html_text("<style" * 40_000).startswith("<style")


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("550 &lt;jane@example.com&gt; unknown", "550 <jane@example.com> unknown"),
        ("said &amp;amp; &copy;", "said &amp; ©"),
        ("GET /?a=1&copy=2", "GET /?a=1&copy=2"),
        ("plain", "plain"),
        ("<b>550</b> <i>no</i>", "550 no"),
        ("<b>550 no</b>", "<b>550 no</b>"),
        ("<br>550<br>no", "\n550\nno"),
        ("<jane@example.com> said <b>no", "<jane@example.com> said <b>no"),
    ],
)
def test_what_was_copied_with_its_markup_is_told_from_other_text(text: str, want: str) -> None:
    assert copied_text(text) == want


def test_letters_that_grow_in_lower_case_hide_nothing() -> None:
    """An I with a dot has two characters in lower case, so that places in one text are none in the other."""
    assert (
        html_text("\u0130\u0130<style>b</style><p>Mail to <b>example.com</b>")
        == "\u0130\u0130b\nMail to example.com"
    )
    assert html_text("I<style>b</style><p>Mail</p>") == "I\nMail"
