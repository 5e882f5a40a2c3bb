"""The pages of what happened: the time line of a domain, TLS reports, plans, who is silent, and what a search finds."""

from datetime import UTC, datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from mxproof.formats.names import to_unicode
from mxproof.render.html.parts import heading
from mxproof.render.html.plan import plan_content
from mxproof.render.html.tls_report import tls_report_content
from mxproof.render.markup import Content, element
from mxproof.serve.web.door import Visitor
from mxproof.serve.web.pages.events import when
from mxproof.serve.web.pages.reported import REPORTS_PAGE_MAX, reports_content
from mxproof.serve.web.pages.search import REPORTS_FOUND_MAX, FoundPages, search_content, senders_named
from mxproof.serve.web.pages.silence import silence_content
from mxproof.serve.web.pages.timeline import (
    EVENTS_PAGE_MAX,
    Happened,
    happened_at,
    timeline,
    timeline_content,
)
from mxproof.serve.web.showing import Showing
from mxproof.serve.web.site import DOMAIN_CHARACTERS_MAX, Site, domain_in, number_in, shown
from mxproof.store.journal.publication_journal import PUBLICATIONS_KEPT_MAX

HISTORY_SHOWN: Final = timedelta(days=400)
"""How far a time line goes back."""
SECONDS_MAX: Final = 2**33


class HistoryViews:
    """These pages of one site."""

    def __init__(self, site: Site, showing: Showing) -> None:
        self._site = site
        self._showing = showing

    def routes(self) -> list[Route]:
        """Return where each page is."""
        seen = self._showing.seen
        return [
            Route("/domains/{domain}/timeline", seen(self._timeline)),
            Route("/domains/{domain}/reports", seen(self._reports)),
            Route("/reports", seen(self._reports)),
            Route("/reports/{number}", seen(self._report)),
            Route("/checks/{number}/plan", seen(self._plan)),
            Route("/silence", seen(self._silence)),
            Route("/search", seen(self._search)),
        ]

    async def happened(self, domain: str, until: datetime) -> list[Happened]:
        """Return what happened of a domain before a moment, the newest first; more than EVENTS_PAGE_MAX where there is more."""
        store, now = self._site.store, self._site.now()
        since = now - HISTORY_SHOWN
        news = await store.read(
            lambda: store.watch.news(domain, since, until=until, news_max=EVENTS_PAGE_MAX + 1)
        )
        # Of reports all are wanted: a run of them stands where it begins, and ends whenever it does.
        reports = await store.read(lambda: store.reports.failed(domain, since, now))
        alarms = await store.read(lambda: store.silence.alarms(domain, since, until, EVENTS_PAGE_MAX + 1))
        published = await store.read(lambda: store.publications.history(domain, PUBLICATIONS_KEPT_MAX))
        every = timeline(shown(news), reports, alarms, published)
        return [one for one in every if since <= happened_at(one) < until]

    async def _timeline(self, request: Request, visitor: Visitor) -> Response:
        store, domain, now = self._site.store, domain_in(request), self._site.now()
        if not await store.read(lambda: store.watch.states([domain])):
            return self._showing.missing(request, visitor, "This domain is not watched.")
        asked = number_in(request.query_params.get("until", ""))
        until = now if asked is None or asked > SECONDS_MAX else datetime.fromtimestamp(asked + 1, UTC)
        found = await self.happened(domain, until)
        several, beyond = found[:EVENTS_PAGE_MAX], found[EVENTS_PAGE_MAX:]
        older = happened_at(beyond[0]) if beyond else None
        content = timeline_content(domain, several, older, now - HISTORY_SHOWN)
        return self._showing.shown(
            request, visitor, f"Time line of {domain}", content, feed=f"/domains/{domain}/feed"
        )

    async def _reports(self, request: Request, visitor: Visitor) -> Response:
        store = self._site.store
        domain = domain_in(request) if "domain" in request.path_params else None
        older_than = number_in(request.query_params.get("older_than", ""))
        found = await store.read(
            lambda: store.reports.lines(domain, older_than=older_than, lines_max=REPORTS_PAGE_MAX)
        )
        title = "TLS reports" if domain is None else f"TLS reports about {domain}"
        content = reports_content(found, domain, is_first=older_than is None)
        return self._showing.shown(
            request, visitor, title, content, here="/reports" if domain is None else ""
        )

    async def _report(self, request: Request, visitor: Visitor) -> Response:
        number = number_in(request.path_params["number"])
        report = None if number is None else await self._site.store.told_report(number)
        if report is None:
            return self._showing.missing(request, visitor, "No TLS report with this number is kept.")
        return self._showing.shown(
            request, visitor, f"TLS report of {report.reporter}", tls_report_content(report)
        )

    async def _plan(self, request: Request, visitor: Visitor) -> Response:
        store, number = self._site.store, number_in(request.path_params["number"])
        found = None if number is None else await store.read(lambda: store.watch.check(number))
        plan = None if found is None else await store.plan(found[1].number)
        if found is None or plan is None:
            words = "No check with this number is kept, or its evidence is kept no longer."
            return self._showing.missing(request, visitor, words)
        domain, check = found
        link = element("a", "the check", href=f"/checks/{check.number}")
        content: list[Content] = [
            heading(1, f"The way out for {domain}"),
            element("p", "As of ", when(check.observed_at), ", from ", link, ".", class_="faint"),
            *plan_content(plan),
        ]
        return self._showing.shown(request, visitor, f"The way out for {domain}", content)

    async def _silence(self, request: Request, visitor: Visitor) -> Response:
        now = self._site.now()
        content = silence_content(await self._site.store.logs(now), now)
        return self._showing.shown(request, visitor, "Silence", content, here="/silence")

    async def _search(self, request: Request, visitor: Visitor) -> Response:
        search = " ".join(request.query_params.get("q", "")[:DOMAIN_CHARACTERS_MAX].split())
        found = await self._found(search) if search else None
        content = search_content(search, found)
        return self._showing.shown(request, visitor, "Search", content, here="/search")

    async def _found(self, search: str) -> FoundPages:
        store, wanted, number = self._site.store, search.lower().rstrip("."), number_in(search)
        domains = [
            one
            for one in await store.read(store.watch.newest)
            if wanted in one.domain or wanted in to_unicode(one.domain)
        ]
        reports = await store.read(lambda: store.reports.named(search, REPORTS_FOUND_MAX))
        check = None if number is None else await store.read(lambda: store.watch.check(number))
        return FoundPages(
            domains, senders_named(wanted), reports, None if check is None else (check[0], check[1].number)
        )
