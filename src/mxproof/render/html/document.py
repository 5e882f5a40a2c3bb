"""One or several reports as one page that needs nothing outside itself."""

from collections.abc import Iterable, Iterator
from itertools import chain

import msgspec

from mxproof.judge.checked import Checked
from mxproof.judge.vocabulary import WORST_FIRST, Severity, Verdict
from mxproof.render.html.frame import framed
from mxproof.render.html.parts import summary_word, table
from mxproof.render.html.report import both_spellings, report_content
from mxproof.render.markup import Element, element, html
from mxproof.render.text.words import SUMMARY_WORDS
from mxproof.render.waiting import Waiting

_COUNTED = (Severity.ERROR, Severity.WARNING)


class Entry(msgspec.Struct, frozen=True):
    """A line of the overview: what is kept of a report whose page is written already."""

    domain: str
    outcome: Verdict
    headline: str
    findings: tuple[tuple[Severity, int], ...]
    made_by: str


def document(several: Iterable[Checked], waiting: Waiting) -> Iterator[str]:
    """Yield the page: a single report, or an overview, the worst first, with the reports behind it.

    The reports are put into `waiting` until the overview is whole.
    """
    entries: list[Entry] = []
    first: str | None = None
    for number, checked in enumerate(several, 1):
        if number == 1:
            first = _alone(checked)
        entries.append(_entry(checked))
        waiting.append(_among_others(checked, _prefix(number)))
    if first is not None and len(entries) == 1:
        entry = entries[0]
        title = f"{entry.domain}: {SUMMARY_WORDS[entry.outcome]}"
        yield from framed(title, [first], entry.made_by)
    else:
        title = f"Mail of {len(entries)} domains"
        made_by = entries[0].made_by if entries else ""
        yield from framed(title, chain([_overview(title, entries)], waiting), made_by)


def _alone(checked: Checked) -> str:
    return html(element("article", *report_content(checked, 1, "")))


def _among_others(checked: Checked, prefix: str) -> str:
    back = element("p", element("a", "Back to the overview", href="#main"))
    content = report_content(checked, 2, prefix)
    return html(element("article", *content, back, class_="report"))


def _prefix(number: int) -> str:
    return f"d{number}-"


def _entry(checked: Checked) -> Entry:
    report = checked.report
    severities = [one.severity for one in report.findings]
    counts = tuple((severity, severities.count(severity)) for severity in _COUNTED)
    made_by = ", ".join(filter(None, (report.vantage.software, report.vantage.host)))
    return Entry(report.domain, report.summary.outcome, report.summary.headline, counts, made_by)


def _overview(title: str, entries: list[Entry]) -> str:
    """Return the heading, how many domains come to which verdict, and a line for each domain."""
    outcomes = [one.outcome for one in entries]
    counts = [f"{outcomes.count(one)} {SUMMARY_WORDS[one]}" for one in WORST_FIRST if one in outcomes]
    numbered = sorted(enumerate(entries, 1), key=lambda one: WORST_FIRST.index(one[1].outcome))
    rows = [_line(entry, _prefix(number)) for number, entry in numbered]
    heads = ("Domain", "In a line")
    return html(element("h1", title)) + html(
        element("div", element("p", ", ".join(counts)), table("Domains", heads, rows, "senders"))
    )


def _line(entry: Entry, prefix: str) -> Element:
    findings = [
        f"{count} {severity}{'s' if count > 1 else ''}" for severity, count in entry.findings if count
    ]
    link = element("a", both_spellings(entry.domain), href=f"#{prefix}report")
    counted = element("p", ", ".join(findings), class_="id") if findings else None
    return element(
        "tr",
        element("th", summary_word(entry.outcome), link, scope="row"),
        element("td", element("p", entry.headline), counted),
    )
