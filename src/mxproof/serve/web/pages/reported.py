"""TLS reports in lists: each with its sender, its time, what it counts, and the causes of what failed."""

from collections.abc import Sequence
from typing import Final

from mxproof.explain.causes import CATALOGUE
from mxproof.render.html.parts import heading, joined, table
from mxproof.render.markup import Content, Element, element
from mxproof.serve.web.pages.events import when
from mxproof.store.journal.kept_reports import ReportedFailure, ReportLine

REPORTS_PAGE_MAX: Final = 50
DOMAINS_NAMED_MAX: Final = 3


def reports_content(several: Sequence[ReportLine], domain: str | None, *, is_first: bool) -> list[Content]:
    """Return the main part of the page of reports about a domain, or about all."""
    title = heading(1, f"TLS reports about {domain}" if domain is not None else "TLS reports")
    if not several:
        words = "No TLS report was kept yet. `mxproof tlsrpt import` and `mxproof tlsrpt receive` take them in, into this store."
        return [title, element("p", words.replace("`", "") if is_first else "No older reports are kept.")]
    older = None
    if len(several) == REPORTS_PAGE_MAX:
        path = "/reports" if domain is None else f"/domains/{domain}/reports"
        link = element("a", "Older reports", href=f"{path}?older_than={several[-1].number}")
        older = element("nav", link, class_="pager", aria_label="More reports")
    return [title, report_table(several, names_domain=domain is None), older]


def report_table(several: Sequence[ReportLine], *, names_domain: bool) -> Element:
    """Return the reports, the sessions that failed with their causes."""
    heads: list[Content] = ["Report", *(["Domain"] if names_domain else []), "Sessions"]
    rows = (_row(one, names_domain=names_domain) for one in several)
    return table("TLS reports", heads, rows, "report-list")


def _row(one: ReportLine, *, names_domain: bool) -> Element:
    cells: list[Content] = [
        element(
            "th",
            element("a", one.reporter, href=f"/reports/{one.number}"),
            element("p", when(one.at), class_="id"),
            scope="row",
        )
    ]
    if names_domain:
        links = [element("a", name, href=f"/domains/{name}") for name in one.domains[:DOMAINS_NAMED_MAX]]
        more = len(one.domains) - len(links)
        cells.append(element("td", *joined(links), f" and {more} more" if more > 0 else None))
    tone = "refused" if one.sessions.failure else "delivers"
    counts = f"{one.sessions.failure} failed, {one.sessions.success} passed"
    cells.append(element("td", element("span", counts, class_=f"word {tone}"), *causes_said(one.failures)))
    return element("tr", *cells)


def causes_said(failures: Sequence[ReportedFailure]) -> list[Element]:
    """Return a line for each cause of failures, the most sessions first."""
    counts: dict[str, int] = {}
    for one in failures:
        title = CATALOGUE[one.cause].title if one.cause in CATALOGUE else one.result_type
        counts[title] = counts.get(title, 0) + one.count
    return [
        element("p", f"{count}: {title}")
        for title, count in sorted(counts.items(), key=lambda pair: -pair[1])
    ]
