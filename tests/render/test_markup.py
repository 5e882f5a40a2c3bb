"""A text put into an element comes out as that text, whatever is in it."""

from xml.etree import ElementTree as ET

import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st

from mxproof.formats.text import safe
from mxproof.render.markup import element, html, xml
from support_long import examples
from support_poison import POISONS

TEXTS = st.text(max_size=40) | st.sampled_from([one[:200] for one in POISONS])


def shown(text: str) -> str:
    """Return the text as it is to be seen: line breaks stay, other signs that steer are escapes."""
    return "\n".join(safe(line) for line in text.split("\n"))


@given(TEXTS, TEXTS)
def test_a_text_in_xml_comes_out_as_itself(text: str, value: str) -> None:
    got = ET.fromstring(xml(element("a", text, element("b", text), title=value.replace("\n", ""))))
    assert (got.text or "") == shown(text)
    assert got.attrib == {"title": shown(value.replace("\n", ""))}


@settings(max_examples=examples(30))
@given(TEXTS, TEXTS)
def test_a_text_in_html_comes_out_as_itself(text: str, value: str) -> None:
    page = f"<!DOCTYPE html><title>x</title>{html(element('p', text, title=value))}"
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    (got,) = root.iter("p")
    assert (got.text or "") == shown(text)
    assert got.attrib == {"title": shown(value)}


def test_an_element_without_an_end_has_none_and_what_is_absent_is_left_out() -> None:
    assert html(element("p", None, element("br"), title=None, aria_hidden="true", class_="x")) == (
        '<p aria-hidden="true" class="x"><br></p>'
    )
