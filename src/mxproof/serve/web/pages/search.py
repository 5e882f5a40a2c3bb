"""What is found under a few letters: domains, senders, TLS reports, and a check by its number."""

from collections.abc import Sequence
from typing import Final

import msgspec

from mxproof.judge.senders import SENDERS, Traits
from mxproof.render.html.parts import breakable, heading, section, summary_word
from mxproof.render.html.report import both_spellings
from mxproof.render.markup import Content, Element, element
from mxproof.serve.web.pages.frame import field
from mxproof.serve.web.pages.reported import report_table
from mxproof.store.journal.kept_reports import ReportLine
from mxproof.store.journal.watch_overview import NewestVerdict

DOMAINS_FOUND_MAX: Final = 30
REPORTS_FOUND_MAX: Final = 30


class FoundPages(msgspec.Struct, frozen=True):
    """What was found: `check` is the domain of the check whose number was asked for, with that number."""

    domains: Sequence[NewestVerdict]
    senders: Sequence[Traits]
    reports: Sequence[ReportLine]
    check: tuple[str, int] | None

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing."""
        return not (self.domains or self.senders or self.reports or self.check)


def senders_named(wanted: str) -> list[Traits]:
    """Return the senders with these letters, which are lower case, in their name or id."""
    return [one for one in SENDERS if wanted in one.name.lower() or wanted in one.id]


def search_content(search: str, found: FoundPages | None) -> list[Content]:
    """Return the main part of the page; `found` is None where nothing was asked for."""
    form = element(
        "form",
        field("A domain, a sender, a TLS report or the number of a check", "q", "search", search),
        element("button", "Search", type="submit"),
        role="search",
        method="get",
        action="/search",
        class_="search",
    )
    content: list[Content] = [heading(1, "Search"), form]
    if found is None:
        return content
    if found.is_empty:
        return [*content, element("p", f"Nothing has “{search}” in its name.", role="status")]
    return [
        *content,
        *_check(found.check),
        *_domains(found.domains),
        *_senders(found.senders),
        *_reports(found.reports),
    ]


def _check(check: tuple[str, int] | None) -> list[Element]:
    if check is None:
        return []
    domain, number = check
    link = element("a", f"Check {number} of {domain}", href=f"/checks/{number}")
    return [section(2, "Check", "check", element("p", link))]


def _domains(domains: Sequence[NewestVerdict]) -> list[Element]:
    if not domains:
        return []
    items = []
    for one in domains[:DOMAINS_FOUND_MAX]:
        link = element("a", both_spellings(one.domain), href=f"/domains/{one.domain}")
        word: list[Content] = [] if one.outcome is None else [" ", summary_word(one.outcome)]
        items.append(element("li", link, *word))
    more = len(domains) - DOMAINS_FOUND_MAX
    rest = element("p", f"{more} more; more letters find fewer.", class_="faint") if more > 0 else None
    return [section(2, "Domains", "domains", element("ul", *items), rest)]


def _senders(senders: Sequence[Traits]) -> list[Element]:
    if not senders:
        return []
    links = (element("li", element("a", *breakable(one.name), href=f"/senders/{one.id}")) for one in senders)
    return [section(2, "Senders", "senders", element("ul", *links))]


def _reports(reports: Sequence[ReportLine]) -> list[Element]:
    if not reports:
        return []
    return [section(2, "TLS reports", "reports", report_table(reports, names_domain=True))]
