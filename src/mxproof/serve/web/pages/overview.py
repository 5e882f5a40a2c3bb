"""All domains at a glance: how many fare how, and each with its verdict, the worst first."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlencode

import msgspec

from mxproof.formats.names import to_unicode
from mxproof.judge.vocabulary import WORST_FIRST, Verdict
from mxproof.render.html.parts import heading, prose, summary_word, table
from mxproof.render.html.report import both_spellings
from mxproof.render.markup import Content, Element, element
from mxproof.render.text.words import SUMMARY_WORDS, VERDICT_MARKS
from mxproof.serve.web.pages.events import when
from mxproof.serve.web.pages.frame import field
from mxproof.serve.web.pages.sparkline import sparkline
from mxproof.store.journal.watch_overview import DayVerdicts, NewestVerdict

DOMAINS_SHOWN_MAX: Final = 100
_ORDER: Final = (*WORST_FIRST, None)


class Overview(msgspec.Struct, frozen=True):
    """What is shown: of all domains the counts, and of those that match a search the `shown`, from `begin` on of `found`."""

    counts: Mapping[Verdict | None, int]
    shown: Sequence[NewestVerdict]
    begin: int
    found: int
    search: str


def overview_of(domains: Sequence[NewestVerdict], search: str, begin: int) -> Overview:
    """Return the page that begins at the domain with this place, the worst first."""
    wanted = search.strip().lower().rstrip(".")
    found = (
        [one for one in domains if wanted in one.domain or wanted in to_unicode(one.domain)]
        if wanted
        else domains
    )
    ordered = sorted(found, key=lambda one: (_ORDER.index(one.outcome), one.domain))
    return Overview(
        counts=Counter(one.outcome for one in domains),
        shown=ordered[begin : begin + DOMAINS_SHOWN_MAX],
        begin=begin,
        found=len(ordered),
        search=wanted,
    )


def overview_content(
    seen: Overview, days: Mapping[str, DayVerdicts], since: int, until: int
) -> list[Content]:
    """Return the main part of the page."""
    total = sum(seen.counts.values())
    content: list[Content] = [
        heading(1, "Domains that are watched" if total != 1 else "The domain that is watched")
    ]
    if not total:
        words = "No domain is watched yet. Name one under `domains` in the configuration of `mxproof watch serve`, and reload it."
        return [*content, element("p", *prose(words))]
    content.append(_counts(seen.counts))
    content.append(_search(seen.search))
    if not seen.shown:
        return [*content, element("p", f"No domain that is watched has “{seen.search}” in its name.")]
    rows = (_row(one, days.get(one.domain, {}), since, until) for one in seen.shown)
    heads = ("Domain", f"The last {until - since + 1} days", "In a line")
    return [*content, table("Domains, the worst first", heads, rows, "domains"), _pager(seen)]


def _counts(counts: Mapping[Verdict | None, int]) -> Element:
    items = []
    for verdict in _ORDER:
        if counts.get(verdict):
            words = "not checked yet" if verdict is None else SUMMARY_WORDS[verdict]
            mark = "" if verdict is None else f"{VERDICT_MARKS[verdict]} "
            items.append(
                element(
                    "li",
                    element("strong", str(counts[verdict])),
                    element("span", f"{mark}{words}"),
                    class_=None if verdict is None else str(verdict),
                )
            )
    return element("ul", *items, class_="counts", aria_label="How many domains fare how")


def _search(search: str) -> Element:
    return element(
        "form",
        field("Search for a domain", "q", "search", search),
        element("button", "Search", type="submit"),
        element("a", "Show all", href="/") if search else None,
        role="search",
        method="get",
        action="/",
        class_="search",
    )


def _row(one: NewestVerdict, days: DayVerdicts, since: int, until: int) -> Element:
    word: Content = (
        summary_word(one.outcome)
        if one.outcome is not None
        else element("span", "not checked yet", class_="word faint")
    )
    link = element("a", both_spellings(one.domain), href=f"/domains/{one.domain}")
    seen = None
    if one.observed_at is not None:
        seen = element("p", "seen ", when(one.observed_at), class_="id")
    return element(
        "tr",
        element("th", word, link, scope="row"),
        element("td", sparkline(days, since, until)),
        element("td", element("p", one.headline) if one.headline else None, seen),
    )


def _pager(seen: Overview) -> Element | None:
    if seen.found <= DOMAINS_SHOWN_MAX:
        return None
    before, after = seen.begin - DOMAINS_SHOWN_MAX, seen.begin + DOMAINS_SHOWN_MAX
    last = min(after, seen.found)
    return element(
        "nav",
        element("a", "Before", href=_link(seen, max(0, before))) if seen.begin else None,
        element("span", f"{seen.begin + 1} to {last} of {seen.found}"),
        element("a", "Next", href=_link(seen, after)) if after < seen.found else None,
        class_="pager",
        aria_label="More domains",
    )


def _link(seen: Overview, begin: int) -> str:
    asked = {**({"q": seen.search} if seen.search else {}), **({"from": str(begin)} if begin else {})}
    return f"/?{urlencode(asked)}" if asked else "/"
