"""A TLS report as part of a page: who reports, what was counted, and each way in which sessions failed with its cause."""

from collections.abc import Iterable

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.explain.tlsrpt.told import ToldFailure, ToldPolicy, ToldReport
from mxproof.formats.tlsrpt.repair_words import REPAIRS
from mxproof.judge.vocabulary import Verdict
from mxproof.render.html.parts import facts, heading, paragraphs, prose, section
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.tls_report import (
    AUTHENTICATED_WORDS,
    POLICY_TYPE_WORDS,
    more_ways,
    report_span,
    ways_of,
)

WAYS_DRAWN_MAX = 50
_ADDRESSES_SHOWN_MAX = 20

_STANDING_TONES = {
    RowStanding.CONFIRMED: Verdict.REFUSED,
    RowStanding.CHANGED: Verdict.REFUSED,
    RowStanding.HELD: Verdict.AT_RISK,
    RowStanding.GONE: Verdict.DELIVERS,
    RowStanding.UNKNOWN: Verdict.UNKNOWN,
}


def tls_report_content(report: ToldReport) -> list[Content]:
    """Return what is said of a report, with its heading."""
    name = report.reporter or "unnamed sender"
    least = "at least " if report.sessions.at_least else ""
    tone = Verdict.REFUSED if report.sessions.failure else Verdict.DELIVERS
    counted = f"{least}{report.sessions.success} sessions as the policies ask, {least}{report.sessions.failure} failed."
    word = "Sessions failed" if report.sessions.failure else "All well"
    return [
        heading(1, f"TLS report of {name}"),
        element("p", element("strong", word), element("span", counted), class_=f"verdict {tone}"),
        facts(
            (
                ("Of", [report_span(report)]),
                ("Sender", [report.submitter or ""]),
                ("Contact", [report.contact or ""]),
                ("Report id", [element("code", report.report_id)] if report.report_id else []),
                ("From", [AUTHENTICATED_WORDS[report.authenticated]]),
                ("Came by", [report.source]),
                ("Repaired", ["; ".join(REPAIRS[one].title for one in report.repairs)]),
            )
        ),
        *(_policy(one, number) for number, one in enumerate(report.policies, 1)),
    ]


def _policy(policy: ToldPolicy, number: int) -> Element:
    kind = POLICY_TYPE_WORDS.get(policy.type, policy.type)
    mode = f", mode {policy.mode}" if policy.mode is not None else ""
    ways = ways_of(policy)
    more = len(ways) - WAYS_DRAWN_MAX
    quoted = None
    if policy.strings:
        text = element("pre", "\n".join(policy.strings), tabindex="0")
        quoted = element("details", element("summary", "The policy that the report quotes"), text)
    return section(
        2,
        f"{kind} of {policy.domain or 'no named domain'}{mode}",
        f"policy-{number}",
        element("p", f"{policy.success} passed, {policy.failure} failed."),
        *paragraphs(policy.words),
        *(_way(one) for one in ways[:WAYS_DRAWN_MAX]),
        element("p", f"And {more_ways(more)}.", class_="faint") if more > 0 else None,
        quoted,
    )


def _way(failures: list[ToldFailure]) -> Element:
    """Return what is said of failures that say the same."""
    first = failures[0]
    count = sum(one.count for one in failures)
    title = CATALOGUE[first.cause].title if first.cause is not None else first.result_type
    standing: list[Content] = []
    if first.standing is not None:
        said = element("span", f"{first.standing}. ", class_=f"word {_STANDING_TONES[first.standing]}")
        standing = [said, *prose(first.words)]
    return element(
        "article",
        element("h3", f"{count} failed: {title}"),
        facts(
            (
                ("Cause", [element("code", first.cause)] if first.cause is not None else []),
                ("Reported as", [first.result_type, f", {first.reason}" if first.reason else None]),
                ("MX host", [first.receiving_mx or ""]),
                ("At", [_addresses(one.receiving_ip for one in failures)]),
                ("From", [_addresses(one.sending_ip for one in failures)]),
                ("Now", standing),
                ("Finding", [element("code", first.finding)] if first.finding is not None else []),
            )
        ),
        *([element("p", *prose(first.words))] if not standing and first.words else []),
        *paragraphs(first.fix),
        class_="finding",
    )


def _addresses(found: Iterable[str | None]) -> str:
    every = list(dict.fromkeys(one for one in found if one))
    more = len(every) - _ADDRESSES_SHOWN_MAX
    return ", ".join(every[:_ADDRESSES_SHOWN_MAX]) + (f" and {more} more" if more > 0 else "")
