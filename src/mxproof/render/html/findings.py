"""The findings, the weightiest first, each with what it means, how to mend it, what to copy, and its sources."""

from mxproof.judge.report import WordedFinding
from mxproof.judge.vocabulary import Severity
from mxproof.render.alike import alike
from mxproof.render.html.parts import (
    SEVERITY_MARKS,
    facts,
    fix,
    heading,
    joined,
    paragraphs,
    prose,
    section,
)
from mxproof.render.markup import Content, Element, element
from mxproof.render.source import source_url
from mxproof.render.text.words import listed
from mxproof.render.to_copy import to_copy


def findings_section(findings: tuple[WordedFinding, ...], level: int, prefix: str) -> Element | None:
    """Return the section, None where there is no finding; the first of each code bears the code as its anchor."""
    if not findings:
        return None
    named: set[str] = set()
    articles = []
    for together in alike(tuple(one for one in findings if one.severity is not Severity.OK)):
        code = together[0].code
        articles.append(_article(together, level + 1, None if code in named else f"{prefix}{code}"))
        named.add(code)
    fine = [one for one in findings if one.severity is Severity.OK]
    return section(level, "Findings", f"{prefix}findings", *articles, *_in_order(fine, level + 1))


def _in_order(fine: list[WordedFinding], level: int) -> list[Content]:
    """Return what is in order, a line each."""
    if not fine:
        return []
    items = (element("li", *prose(one.summary), element("span", one.code, class_="id")) for one in fine)
    return [heading(level, "In order"), element("ul", *items, class_="fine")]


def _article(together: list[WordedFinding], level: int, anchor: str | None) -> Element:
    finding = together[0]
    mark = element("span", f"{SEVERITY_MARKS[finding.severity]} ", aria_hidden="true")
    word = element("span", mark, f"{finding.severity}: ", class_=f"word {finding.severity}")
    title = element(f"h{min(level, 6)}", word, *prose(finding.summary), id_=anchor)
    more = [element("p", *prose(other.summary)) for other in together[1:]]
    return element(
        "article",
        title,
        *more,
        *paragraphs(finding.detail),
        *_mending(together, level + 1),
        facts(_about(finding)),
        class_="finding",
    )


def _mending(together: list[WordedFinding], level: int) -> list[Content]:
    """Return how to mend it, and the records and policies of that to be copied."""
    finding = together[0]
    changes = tuple(dict.fromkeys(change for one in together for change in one.changes))
    words = fix(finding.steps, finding.otherwise, to_copy(changes))
    return [heading(level, "What to do"), *words] if words else []


def _about(finding: WordedFinding) -> list[tuple[str, list[Content]]]:
    page: Content = element("code", f"mxproof finding {finding.code}")
    verified = finding.verified.words if finding.verified is not None and finding.steps else ""
    return [
        ("Who acts", list(prose(finding.who))),
        ("Verified", list(prose(verified))),
        ("Affects", [listed(finding.affects)] if finding.affects else []),
        ("Sources", joined(_source(one) for one in finding.rfc)),
        ("More", [page]),
    ]


def _source(citation: str) -> Content:
    url = source_url(citation)
    return citation if url is None else element("a", citation, href=url)
