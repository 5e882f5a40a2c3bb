"""The pages: each is read, judged where need be, and shown to whoever may look; whoever did not log in is led there first."""

from datetime import timedelta
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from mxproof.serve.web.door import (
    RefusedLogin,
    Visitor,
    forget_login,
    form_key,
    form_of,
    is_login_form,
    keep_login,
)
from mxproof.serve.web.history_views import HistoryViews
from mxproof.serve.web.pages.arranging import Arrangements
from mxproof.serve.web.pages.check import check_content
from mxproof.serve.web.pages.domain import DomainSeen, domain_content
from mxproof.serve.web.pages.frame import STYLESHEET, STYLESHEET_PATH, Around
from mxproof.serve.web.pages.guest import CHECK_PATH
from mxproof.serve.web.pages.icon import ICON, ICON_PATH
from mxproof.serve.web.pages.login import login_content, words_content
from mxproof.serve.web.pages.news import NEWS_PAGE_MAX, news_content
from mxproof.serve.web.pages.overview import overview_content, overview_of
from mxproof.serve.web.pages.sender import sender_content, sender_known, senders_content
from mxproof.serve.web.pages.setup import Admitted, Tried, setup_content
from mxproof.serve.web.showing import Showing, framed_page
from mxproof.serve.web.site import DOMAIN_CHARACTERS_MAX, Site, domain_in, number_in, shown

DOMAIN_EVENTS_SHOWN_MAX = 10
CHECKS_SHOWN_MAX = 20
CHECKS_LOOKED_BACK = timedelta(days=7)

_KEPT_FOR_GOOD = {"cache-control": "public, max-age=31536000, immutable"}
_KEPT_FOR_A_DAY = {"cache-control": "public, max-age=86400"}


class Views:
    """The pages of one site."""

    def __init__(self, site: Site, showing: Showing, history: HistoryViews) -> None:
        self._site = site
        self._showing = showing
        self._history = history

    def routes(self) -> list[Route]:
        """Return where each page is."""
        return [
            Route(STYLESHEET_PATH, self._style),
            Route(ICON_PATH, self._icon),
            Route("/login", self._ask_login),
            Route("/login", self._login, methods=["POST"]),
            Route("/logout", self._logout, methods=["POST"]),
            Route("/", self._showing.seen(self._overview)),
            Route("/domains/{domain}", self._showing.seen(self._domain)),
            Route("/checks/{number}", self._showing.seen(self._check)),
            Route("/senders", self._showing.seen(self._senders)),
            Route("/senders/{sender}", self._showing.seen(self._sender)),
            Route("/news", self._showing.seen(self._news)),
            Route("/settings", self._showing.seen(self._setup)),
            Route("/settings/try", self._showing.seen(self._try), methods=["POST"]),
        ]

    async def _style(self, _: Request) -> Response:
        return Response(STYLESHEET, media_type="text/css", headers=_KEPT_FOR_GOOD)

    async def _icon(self, _: Request) -> Response:
        return Response(ICON, media_type="image/svg+xml", headers=_KEPT_FOR_A_DAY)

    async def _ask_login(self, request: Request) -> Response:
        door = self._site.door
        if not door.has_logins or await door.visitor(request) is not None:
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        return self._login_page(request, _own_path(request.query_params.get("then", "")))

    def _login_page(
        self,
        request: Request,
        then: str,
        said: str = "",
        account: str = "",
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Response:
        key = form_key(request)
        guests = CHECK_PATH if self._site.settings.guests is not None else ""
        content = login_content(key.token, then, said, account, guests)
        page = framed_page("Log in", content, Around(), status)
        return key.keep(request, page)

    async def _login(self, request: Request) -> Response:
        if not self._site.door.has_logins:
            return RedirectResponse("/", HTTPStatus.SEE_OTHER)
        fields = await form_of(request)
        if fields is None:
            words = "This form was not made for this browser, or is too old. Here is another."
            return self._login_page(request, "", words, status=HTTPStatus.FORBIDDEN)
        then, account = _own_path(fields.get("then", "")), fields.get("account", "")
        if not is_login_form(fields):
            words = "An account and a password were expected."
            return self._login_page(request, then, words, status=HTTPStatus.BAD_REQUEST)
        found = await self._site.door.login(request, account, fields.get("password", ""))
        if isinstance(found, RefusedLogin):
            status = HTTPStatus.TOO_MANY_REQUESTS if found.wait_s else HTTPStatus.FORBIDDEN
            page = self._login_page(request, then, found.words, account, status)
            if found.wait_s:
                page.headers["retry-after"] = str(found.wait_s)
            return page
        response = RedirectResponse(then or "/", HTTPStatus.SEE_OTHER)
        keep_login(request, response, found)
        return response

    async def _logout(self, request: Request) -> Response:
        if await form_of(request) is None:
            words = "This form was not made for this browser."
            return framed_page(
                "Not logged out", words_content("Not logged out", words), Around(), HTTPStatus.FORBIDDEN
            )
        await self._site.door.logout(request)
        response = RedirectResponse("/login", HTTPStatus.SEE_OTHER)
        forget_login(request, response)
        return response

    async def _overview(self, request: Request, visitor: Visitor) -> Response:
        store, (since, until) = self._site.store, self._site.period()
        begin = number_in(request.query_params.get("from", "")) or 0
        search = request.query_params.get("q", "")[:DOMAIN_CHARACTERS_MAX]
        seen = overview_of(await store.read(store.watch.newest), search, begin)
        days = await store.read(lambda: store.watch.days([one.domain for one in seen.shown], since, until))
        return self._showing.shown(
            request, visitor, "Domains", overview_content(seen, days, since, until), here="/"
        )

    async def _domain(self, request: Request, visitor: Visitor) -> Response:
        store, domain = self._site.store, domain_in(request)
        now, (since, until) = self._site.now(), self._site.period()
        states = await store.read(lambda: store.watch.states([domain]))
        if not states:
            return self._showing.missing(request, visitor, "This domain is not watched.")
        happened = await self._history.happened(domain, now)
        checks = await store.read(
            lambda: store.watch.checks(domain, now - CHECKS_LOOKED_BACK, now, checks_max=CHECKS_SHOWN_MAX)
        )
        days = await store.read(lambda: store.watch.days([domain], since, until))
        newest, key = states[0].newest, form_key(request)
        seen = DomainSeen(
            state=states[0],
            checked=None if newest is None else await store.checked(newest.number),
            happened=happened[:DOMAIN_EVENTS_SHOWN_MAX],
            logs=[one for one in await store.logs(now) if one.domain in ("", domain)],
            checks=checks,
            days=days[domain],
            since=since,
            until=until,
            form_token=key.token if visitor.is_admin else "",
        )
        content = domain_content(seen, now)
        return key.keep(
            request, self._showing.shown(request, visitor, domain, content, feed=f"/domains/{domain}/feed")
        )

    async def _check(self, request: Request, visitor: Visitor) -> Response:
        store, number = self._site.store, number_in(request.path_params["number"])
        found = None if number is None else await store.read(lambda: store.watch.check(number))
        if found is None:
            return self._showing.missing(request, visitor, "No check with this number is kept.")
        domain, check = found
        checked = await store.checked(check.number)
        beside = await store.read(lambda: store.watch.beside(domain, check.observed_at))
        return self._showing.shown(
            request, visitor, f"A check of {domain}", check_content(domain, check, checked, beside)
        )

    async def _senders(self, request: Request, visitor: Visitor) -> Response:
        store = self._site.store
        content = senders_content(await store.read(store.watch.newest))
        return self._showing.shown(request, visitor, "Senders", content, here="/senders")

    async def _sender(self, request: Request, visitor: Visitor) -> Response:
        store, sender = self._site.store, sender_known(request.path_params["sender"])
        if sender is None:
            return self._showing.missing(request, visitor, "No sender with this name is modelled.")
        content = sender_content(sender, await store.read(store.watch.newest))
        return self._showing.shown(request, visitor, sender.name, content)

    async def _news(self, request: Request, visitor: Visitor) -> Response:
        store, older_than = self._site.store, number_in(request.query_params.get("older_than", ""))
        news = await store.read(lambda: store.watch.news(older_than=older_than, news_max=NEWS_PAGE_MAX))
        content = news_content(shown(news), is_first=older_than is None)
        return self._showing.shown(request, visitor, "News", content, here="/news")

    async def _setup(self, request: Request, visitor: Visitor, tried: Tried | None = None) -> Response:
        admitted, key = None, form_key(request)
        if visitor.is_admin:
            access = self._site.store.access
            accounts = await self._site.store.read(access.accounts)
            tokens = await self._site.store.read(access.tokens)
            admitted = Admitted(accounts, tokens, key.token, await self._arranged(key.token))
        content = setup_content(self._site.setup(), admitted, self._site.now(), tried)
        return key.keep(request, self._showing.shown(request, visitor, "Settings", content, here="/settings"))

    async def _arranged(self, token: str) -> Arrangements:
        store, now = self._site.store, self._site.now()
        domains = await store.read(store.arranging.domains)
        return Arrangements(domains, await store.read(lambda: store.arranging.maintenance(now)), token)

    async def _try(self, request: Request, visitor: Visitor) -> Response:
        fields = await form_of(request)
        if fields is None or not visitor.is_admin:
            words = "Only an administrator has an alert tried, with the form of the settings."
            content = words_content("Nobody was told", words)
            return self._showing.shown(
                request, visitor, "Nobody was told", content, status=HTTPStatus.FORBIDDEN
            )
        channel = fields.get("channel", "")
        if channel not in {one.name for one in self._site.setup().channels}:
            return self._showing.missing(request, visitor, "No alert has this name.")
        return await self._setup(request, visitor, Tried(channel, await self._site.try_alert(channel)))


def _own_path(then: str) -> str:
    """Return a path of these pages, empty for what would lead elsewhere."""
    is_own = then.startswith("/") and not then.startswith("//") and "\\" not in then and then.isprintable()
    return then if is_own and then.isascii() else ""
