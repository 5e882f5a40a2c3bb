"""Differences as one page that needs nothing outside itself."""

from collections.abc import Iterable, Iterator, Sequence

from mxproof.judge.difference import Course, Difference, FindingShift, SenderCourse, Shift
from mxproof.judge.vocabulary import Verdict
from mxproof.render.html.frame import framed
from mxproof.render.html.parts import breakable, heading, prose, section, table
from mxproof.render.html.report import both_spellings
from mxproof.render.markup import Content, Element, element, html
from mxproof.render.text.difference_words import (
    COURSE_MARKS,
    COURSE_WORDS,
    at_both,
    at_one,
    bounce_of,
    finding_words,
    headline,
    shift_lines,
    shift_title,
    span_words,
    state_words,
    supposed_lines,
    whom_words,
)
from mxproof.render.text.words import sentence_start

_TONES = {
    Course.WORSE: Verdict.REFUSED,
    Course.BETTER: Verdict.DELIVERS,
    Course.UNKNOWN: Verdict.UNKNOWN,
    Course.SAME: Verdict.DELIVERS,
}


def document(several: Iterable[Difference]) -> Iterator[str]:
    """Yield the page: a part for each difference, under a heading of all where there are several."""
    found = list(several)
    if len(found) == 1:
        title = f"{found[0].domain}: {COURSE_WORDS[found[0].course]}"
        yield from framed(title, [html(element("article", *_content(found[0], 1, "")))], "")
        return
    title = f"What changed at {len(found)} domains"
    parts = (
        html(element("article", *_content(one, 2, f"d{number}-"), class_="report"))
        for number, one in enumerate(found, 1)
    )
    yield from framed(title, [html(element("h1", title)), *parts], "")


def _content(one: Difference, level: int, prefix: str) -> list[Content]:
    word = element("strong", f"{COURSE_MARKS[one.course]} {COURSE_WORDS[one.course]}")
    now = element("span", headline(one))
    since = sentence_start(span_words(one))
    sections = (
        _senders(one.senders, level + 1, prefix),
        _shifts(at_both(one.shifts), level + 1, prefix),
        *(
            section(
                level + 1,
                words,
                f"{prefix}once{number}",
                element("ul", *(element("li", each) for each in lines)),
            )
            for number, (words, _, lines) in enumerate(at_one(one))
        ),
        _findings(one, level + 1, prefix),
    )
    return [
        heading(level, both_spellings(one.domain), f"{prefix}difference"),
        element("p", word, now, class_=f"verdict {_TONES[one.course]}"),
        element("p", since + (": nothing changed." if one.is_empty else "."), class_="faint"),
        *(element("p", sentence_start(f"{line}."), class_="faint") for line in supposed_lines(one)),
        *(each for each in sections if each is not None),
    ]


def _senders(senders: tuple[SenderCourse, ...], level: int, prefix: str) -> Element | None:
    if not senders:
        return None
    rows = [
        element(
            "tr",
            element("th", *breakable(sender.name), _guess(sender), scope="row"),
            element("td", state_words(sender.before)),
            element(
                "td",
                element("p", state_words(sender.after), class_=f"word {sender.after.outcome}"),
                _bounce(sender),
            ),
        )
        for sender in senders
    ]
    return section(level, "Senders", f"{prefix}senders", table("Senders", ("Sender", "Before", "Now"), rows))


def _guess(sender: SenderCourse) -> Element | None:
    return None if sender.decides else element("span", "a guess, does not count", class_="id")


def _bounce(sender: SenderCourse) -> Element | None:
    words = bounce_of(sender)
    return element("p", words, class_="said") if words else None


def _shifts(shifts: Sequence[Shift], level: int, prefix: str) -> Element | None:
    if not shifts:
        return None
    articles = (
        element(
            "article",
            heading(level + 1, shift_title(shift)),
            element("pre", "\n".join(f"{sign} {line}" for sign, line in shift_lines(shift)), tabindex="0"),
            element("p", whom_words(shift)),
            class_="finding",
        )
        for shift in shifts
    )
    return section(level, "What changed", f"{prefix}changed", *articles)


def _findings(one: Difference, level: int, prefix: str) -> Element | None:
    if not one.appeared and not one.gone:
        return None
    items = [
        *(_finding("new", each) for each in one.appeared),
        *(_finding("gone", each) for each in one.gone),
    ]
    return section(level, "Findings", f"{prefix}findings", element("ul", *items))


def _finding(sign: str, finding: FindingShift) -> Element:
    word = element(
        "span", f"{finding_words(sign, finding)}: {finding.severity}: ", class_=f"word {finding.severity}"
    )
    return element("li", word, *prose(finding.summary), element("span", finding.code, class_="id"))
