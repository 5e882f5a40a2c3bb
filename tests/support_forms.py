"""What every form of output must keep to, whatever is in it: each function raises AssertionError where it does not.

HTML is parsed strictly by the rules of the HTML standard, Markdown by those of GitHub, JUnit against its two schemas.
"""

import csv
import io
import re
import unicodedata
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import html5lib
import xmlschema
from markdown_it import MarkdownIt
from markdown_it.token import Token

from mxproof.evidence import Evidence
from mxproof.evidence.timing import timed
from mxproof.judge.checked import Checked, terms
from mxproof.judge.judging import report_on
from mxproof.judge.vocabulary import Severity
from mxproof.mail.assemble import assemble
from mxproof.mail.memory import SenderMemory
from mxproof.render import csv as csv_form
from mxproof.render import junit, nagios
from mxproof.render.csv import COLUMNS
from mxproof.render.html import document as html
from mxproof.render.markdown import report as markdown
from mxproof.render.nagios import FIRST_LINE_BYTES_MAX

DATA = Path(__file__).parent / "data" / "junit"
OUTPUT_BYTES_READ_MAX = 8192
"""What Nagios reads of a plug-in's output."""
TAGS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "a",
        "main",
        "article",
        "section",
        "header",
        "wbr",
        "footer",
        "nav",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "p",
        "ul",
        "ol",
        "li",
        "dl",
        "dt",
        "dd",
        "div",
        "span",
        "strong",
        "code",
        "pre",
        "figure",
        "figcaption",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
SVG = "{http://www.w3.org/2000/svg}"
DRAWN_TAGS = frozenset(
    {"details", "summary", *(f"{SVG}{tag}" for tag in ("svg", "title", "desc", "line", "rect", "text"))}
)
"""What a plan draws its lanes with."""
DRAWN_ATTRIBUTES = frozenset({"x", "y", "dx", "x1", "x2", "y1", "y2", "width", "height", "aria-labelledby"})
ATTRIBUTES = frozenset(
    [
        "lang",
        "charset",
        "http-equiv",
        "content",
        "name",
        "class",
        "id",
        "href",
        "style",
        "scope",
        "rowspan",
        "role",
        "tabindex",
        "title",
        "aria-label",
        "aria-hidden",
    ]
)
OUTSIDE = "https://www.rfc-editor.org/"
_PLACED = re.compile(r"margin-left:\d+\.\d%;width:\d+\.\d%")
_FIGURE = re.compile(r"('[^'=|]+'|[^'=|\s]+)=-?\d+(\.\d+)?s?(;[\d.:]*){0,4}")
_FORMULA = re.compile(r"\s*[=+\-@]|.*;\s*[=+\-@]")
_LINE_BREAKS = {"\n", "\r"}


def checked(evidence: Evidence, memories: tuple[SenderMemory, ...] = ()) -> Checked:
    """Return the report on evidence with what stands beside it, as the command line makes it."""
    now = evidence.observed_at()
    report = report_on(evidence, now=now, memories=memories)
    return Checked(report, timed(evidence), terms(assemble(evidence, now), memories))


def hold_every_form(several: list[Checked], fail_on: Severity = Severity.ERROR) -> None:
    """Write the reports in every form, and see that each keeps to its rules."""
    hold_html("".join(html.document(several, [])))
    hold_markdown("".join(markdown.document(several, [])))
    hold_csv("".join(csv_form.document(several)))
    hold_junit("".join(junit.document(several, fail_on)), len(several))
    hold_nagios("".join(nagios.document(several, fail_on)))


def hold_html(page: str) -> None:
    """See that it has our own elements, attributes and links alone, and needs nothing outside itself."""
    steers_nobody(page)
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    elements = list(root.iter())
    assert {one.tag for one in elements} <= TAGS | DRAWN_TAGS
    assert {name for one in elements for name in one.attrib} <= ATTRIBUTES | DRAWN_ATTRIBUTES
    ids = [one.attrib["id"] for one in elements if "id" in one.attrib]
    assert [id_ for id_, count in Counter(ids).items() if count > 1] == []
    for one in elements:
        link = one.attrib.get("href", "#main")
        assert link.removeprefix("#") in ids if link.startswith("#") else link.startswith(OUTSIDE)
        assert _PLACED.fullmatch(one.attrib.get("style", "margin-left:0.0%;width:0.0%"))
    assert "url(" not in page
    assert "@import" not in page
    headings = [int(one.tag[1]) for one in elements if re.fullmatch(r"h\d", one.tag)]
    assert headings[:1] == [1]
    assert all(below - above <= 1 for above, below in pairwise(headings))


def hold_markdown(text: str) -> None:
    """See that it links to RFCs alone, has no element or picture, and nothing that a forge makes a mention of."""
    steers_nobody(text)
    for token in _inline(_parser().parse(text)):
        assert token.type not in {"html_inline", "html_block", "image", "s_open"}
        if token.type == "link_open":
            assert str(token.attrs["href"]).startswith(OUTSIDE)
        if token.type == "text":
            assert (
                re.search(r"@|#\w|(?<!\w)[!$%~&]\w|\bwww\.|://|\b[A-Za-z]+-\d+\b|:[a-z_]\w*:", token.content)
                is None
            )
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({line.count("|") for line in block.splitlines()}) == 1


def hold_csv(text: str) -> None:
    """See that it is a table of RFC 4180 in which no cell is a formula."""
    assert text.isascii()
    assert text.replace("\r\n", "").isprintable()
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert tuple(rows[0]) == COLUMNS
    assert {len(row) for row in rows} == {len(COLUMNS)}
    assert [cell for row in rows for cell in row if _FORMULA.match(cell)] == []


def hold_junit(text: str, suites: int) -> None:
    """See that it is valid by both schemas, with a suite for each domain and counts that are right."""
    steers_nobody(text)
    for schema in _schemas():
        schema.validate(io.StringIO(text))
    found = ET.fromstring(text).findall("testsuite")
    assert len(found) == suites
    for suite in found:
        assert int(suite.attrib["tests"]) == len(suite.findall("testcase"))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.attrib[attribute]) == len(suite.findall(f"testcase/{tag}"))


def hold_nagios(text: str) -> None:
    """See that it is short enough, that its figures parse, and that a bar stands where figures begin alone."""
    assert text.isascii()
    assert text.replace("\n", "").isprintable()
    assert len(text) <= OUTPUT_BYTES_READ_MAX
    assert not set("<$`") & set(text)
    first, *lines = text.removesuffix("\n").split("\n")
    assert len(first) <= FIRST_LINE_BYTES_MAX
    words, _, figures = first.partition(" | ")
    assert re.match(r"MXPROOF (OK|WARNING|CRITICAL|UNKNOWN) - \S", words)
    _, bar, more = "\n".join(lines).partition(" | ")
    shown = [*_split(figures), *(more.split("\n") if bar else [])]
    assert [one for one in shown if not _FIGURE.fullmatch(one)] == []
    assert len({one.rpartition("=")[0] for one in shown}) == len(shown)
    assert text.count("|") == bool(figures) + bool(bar)


def steers_nobody(text: str) -> None:
    """See that no character is a control, a format or another that cannot be seen, but line breaks."""
    unseen = {sign for sign in text if unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Zl", "Zp"}}
    assert unseen <= _LINE_BREAKS


def _split(figures: str) -> list[str]:
    return re.findall(r"(?:'[^']*'|[^\s'])+", figures)


def _inline(tokens: list[Token]) -> list[Token]:
    return [inner for one in tokens for inner in (one, *(one.children or ()))]


@cache
def _parser() -> MarkdownIt:
    """Return a parser that links what GitHub links: a scheme, an address of mail, not a bare name of a host."""
    parser = MarkdownIt("gfm-like")
    assert parser.linkify is not None
    parser.linkify.set({"fuzzy_link": False})
    return parser


@cache
def _schemas() -> tuple[xmlschema.XMLSchema, ...]:
    return tuple(xmlschema.XMLSchema(DATA / name) for name in ("ant.xsd", "jenkins.xsd"))
