"""The report of one domain as a part of a page: the answer first, then what a reader may want to know of it."""

from collections.abc import Sequence

from mxproof.formats.names import to_unicode
from mxproof.judge.checked import Checked, Term, TermKind
from mxproof.judge.report import Report, Unknown
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.html.findings import findings_section
from mxproof.render.html.matrix import matrix_section
from mxproof.render.html.parts import facts, heading, prose, section, table
from mxproof.render.html.senders import Anchors, bounce_words, senders_section
from mxproof.render.html.timeline import timeline_section
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.senders import by_urgency
from mxproof.render.text.words import SUMMARY_WORDS, VERDICT_MARKS, listed, moment, sets_not_asked

_TERM_WORDS = {
    TermKind.MX_CERTIFICATE: "certificate of the MX host",
    TermKind.POLICY_CERTIFICATE: "certificate of the policy host",
    TermKind.POLICY: "policy, for a sender that fetches it now",
    TermKind.CACHED_POLICY: "older policy, for a sender that holds it",
}


def report_content(checked: Checked, level: int, prefix: str) -> list[Content]:
    """Return a report under a heading of `level`; `prefix` tells its anchors from those of others on the page."""
    sections = report_sections(checked, level + 1, prefix)
    domain = checked.report.domain
    title = heading(level, both_spellings(domain), f"{prefix}report")
    return [title, *answer(checked, prefix), contents(sections, domain), *sections]


def report_sections(checked: Checked, below: int, prefix: str) -> list[Element]:
    """Return what a report tells beyond its answer, each section under a heading of the level `below`."""
    report = checked.report
    sections = [
        senders_section(report.senders, below, _anchors(report, prefix)),
        matrix_section(report.senders, below, prefix),
        findings_section(report.findings, below, prefix),
        _unknowns(report.unknowns, below, prefix),
        _terms(checked, below, prefix),
        timeline_section(checked, below, prefix),
        _asked(report, below, prefix),
    ]
    return [one for one in sections if one is not None]


def _anchors(report: Report, prefix: str) -> Anchors:
    return Anchors(prefix, frozenset(one.code for one in report.findings if one.severity is not Severity.OK))


def both_spellings(domain: str) -> str:
    """Return a domain as it is read, and as it stands in DNS where that differs."""
    display = to_unicode(domain)
    return domain if display == domain else f"{display} ({domain})"


def verdict_banner(outcome: Verdict, headline: str) -> Element:
    """Return the answer in one line."""
    word = element("strong", f"{VERDICT_MARKS[outcome]} {SUMMARY_WORDS[outcome]}")
    return element("p", word, element("span", headline), class_=f"verdict {outcome}")


def answer(checked: Checked, prefix: str) -> list[Content]:
    """Return the verdict, and of the first sender it rests on the bounce and the reasons."""
    report = checked.report
    anchors = _anchors(report, prefix)
    outcome = report.summary.outcome
    lines: list[Content] = [verdict_banner(outcome, report.summary.headline)]
    if report.vantage.simulated:
        words = f"Simulated: lab scenario {report.vantage.simulated}. Nothing here is said of the real {report.domain}."
        lines.append(element("p", words, class_="faint"))
    troubled = [one for one in by_urgency(report.senders) if one.outcome is outcome is not Verdict.DELIVERS]
    if not troubled:
        return lines
    first = troubled[0]
    lines += bounce_words(first.bounce) if first.bounce is not None else []
    summaries = {one.code: one.summary for one in reversed(report.findings)}
    for code in first.because:
        link = element("span", " (", anchors.link(code), ")")
        lines.append(element("p", *prose(summaries.get(code, code)), link))
    return lines


def contents(sections: Sequence[Element], domain: str) -> Element:
    """Return links to the sections, each of which is named by the heading it begins with."""
    items = []
    for one in sections:
        title = one.children[0]
        assert isinstance(title, Element), "a section begins with its heading"
        items.append(element("li", element("a", *title.children, href=f"#{dict(title.attributes)['id']}")))
    return element("nav", element("ul", *items), aria_label=f"Sections of the report on {domain}")


def _unknowns(unknowns: tuple[Unknown, ...], level: int, prefix: str) -> Element | None:
    if not unknowns:
        return None
    items = [element("li", f"{one.question}: {one.why}") for one in unknowns]
    return section(level, "Not found out", f"{prefix}unknowns", element("ul", *items))


def _terms(checked: Checked, level: int, prefix: str) -> Element | None:
    if not checked.terms:
        return None
    rows = (_term(one, one.days(checked.now)) for one in checked.terms)
    heads = ("What", "Of", "Until", element("th", "Days left", scope="col", class_="number"))
    return section(
        level, "What lasts until when", f"{prefix}terms", table("What lasts until when", heads, rows)
    )


def _term(one: Term, days: float) -> Element:
    return element(
        "tr",
        element("td", _TERM_WORDS[one.kind]),
        element("th", one.name, scope="row"),
        element("td", moment(one.until)),
        element("td", f"{days:.0f}", class_="number" if days > 0 else "number error"),
    )


def _asked(report: Report, level: int, prefix: str) -> Element:
    vantage = report.vantage
    validating = "validates DNSSEC" if vantage.validating else "is not known to validate DNSSEC"
    because = f" ({vantage.validating_because})" if vantage.validating_because else ""
    rows = {
        "When": moment(report.observed_at),
        "Judged": "" if report.judged_at is None else f"as of {moment(report.judged_at)}",
        "From": ", ".join(filter(None, (vantage.host, vantage.software))),
        "Through": f"{listed(vantage.resolvers)}, which {validating}{because}" if vantage.resolvers else "",
        "Over": listed([f"IPv{family}" for family in vantage.families]),
        "Roots": vantage.roots,
        "Not asked": sets_not_asked(report),
    }
    listing = facts((name, [words] if words else []) for name, words in rows.items())
    return section(level, "Asked", f"{prefix}asked", listing)
