"""Small parts that every page is made of."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from mxproof.judge.block import passages
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.words import SUMMARY_WORDS, VERDICT_MARKS, VERDICT_WORDS
from mxproof.render.to_copy import ToCopy, not_said

_ARROW = "->"
SEVERITY_MARKS = {Severity.ERROR: "✘", Severity.WARNING: "▲", Severity.NOTICE: "?", Severity.OK: "✔"}


def prose(text: str) -> tuple[Content, ...]:
    """Return a text in which what stands in backticks, and is to be typed or published, is code; an arrow is not broken."""
    pieces = text.split("`")
    if len(pieces) % 2 == 0:
        pieces[-2:] = [f"{pieces[-2]}`{pieces[-1]}"]
    found: list[Content] = []
    for place, piece in enumerate(pieces):
        if piece:
            found += [element("code", piece)] if place % 2 else _arrows_whole(piece)
    return tuple(found)


def _arrows_whole(text: str) -> list[Content]:
    """Return a text whose arrows stay whole, where a browser would break them behind their hyphen."""
    first, *others = text.split(_ARROW)
    pieces: list[Content] = [first] if first else []
    for piece in others:
        pieces += [element("span", _ARROW, class_="whole"), piece or None]
    return pieces


def breakable(name: str) -> list[Content]:
    """Return a name that may be broken behind each `_` in it, where else a narrow column would break a word."""
    first, *others = name.split("_")
    pieces: list[Content] = [f"{first}_" if others else first]
    for place, piece in enumerate(others):
        pieces += [element("wbr"), piece if place == len(others) - 1 else f"{piece}_"]
    return pieces


def paragraphs(text: str) -> list[Element]:
    """Return a paragraph for each line that holds anything, and a block for lines to be pasted."""
    parts: list[Element] = []
    for pasted, lines in groupby(passages(text), key=lambda one: one.pasted):
        said = [line.text for line in lines]
        if pasted:
            parts.append(element("pre", "\n".join(said), tabindex="0"))
        else:
            parts += [element("p", *prose(line)) for line in said]
    return parts


def heading(level: int, text: str, id_: str | None = None) -> Element:
    """Return a heading; there are six levels."""
    return element(f"h{min(level, 6)}", text, id_=id_)


def section(level: int, title: str, id_: str, *content: Content) -> Element:
    """Return a section, which begins with its heading."""
    return element("section", heading(level, title, id_), *content)


def table(
    caption: str, heads: Sequence[Content], rows: Iterable[Element], class_: str | None = None
) -> Element:
    """Return a table in a frame that scrolls with it where it is wider than the page.

    A head of a column that is not a `th` already gets to stand in one.
    """
    columns = (
        one if isinstance(one, Element) and one.tag == "th" else element("th", one, scope="col")
        for one in heads
    )
    head = element("thead", element("tr", *columns))
    named = element("caption", caption, class_="unseen")
    whole = element("table", named, head, element("tbody", *rows), class_=class_)
    return element("div", whole, class_="scroll", role="group", aria_label=caption, tabindex="0")


def verdict_word(verdict: Verdict) -> Element:
    """Return the sign and the word of what a sender does."""
    return _signed(verdict, VERDICT_WORDS[verdict])


def summary_word(verdict: Verdict) -> Element:
    """Return the sign and the word of what becomes of mail for a domain."""
    return _signed(verdict, SUMMARY_WORDS[verdict])


def _signed(verdict: Verdict, word: str) -> Element:
    sign = element("span", f"{VERDICT_MARKS[verdict]} ", aria_hidden="true")
    return element("span", sign, word, class_=f"word {verdict}")


def facts(rows: Iterable[tuple[str, Sequence[Content]]]) -> Element | None:
    """Return a list of terms, without those of which nothing is known; None where that is all of them."""
    content = [
        part for name, words in rows if any(words) for part in (element("dt", name), element("dd", *words))
    ]
    return element("dl", *content, class_="facts") if content else None


def joined(parts: Iterable[Content], between: str = ", ") -> list[Content]:
    """Return the parts with `between` between them."""
    content: list[Content] = []
    for part in parts:
        content += [between, part] if content else [part]
    return content


def copied(one: ToCopy) -> Element:
    """Return a block whose text is taken as a whole by whoever points at it."""
    caption = element("figcaption", "To copy, ", one.where)
    return element("figure", caption, element("pre", one.text, tabindex="0"), class_="copy")


def fix(steps: tuple[str, ...], otherwise: tuple[str, ...], blocks: tuple[ToCopy, ...] = ()) -> list[Element]:
    """Return the steps, numbered where there are several, what of them can be copied, and each other way."""
    if len(steps) > 1:
        numbered = [element("ol", *(element("li", *_inner(step)) for step in steps))]
    else:
        numbered = [part for step in steps for part in paragraphs(step)]
    more = not_said(blocks, steps)
    return [*numbered, *map(copied, more), *(part for way in otherwise for part in paragraphs(way))]


def _inner(step: str) -> Sequence[Content]:
    """Return a step within its list: bare where it is one line of prose."""
    parts = paragraphs(step)
    return parts if len(parts) > 1 else prose(step)
