"""The news of a domain, or of all, and what was published, as a feed (Atom, RFC 4287), for whoever is logged in and for readers with a token."""

from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from mxproof import __version__
from mxproof.render.markup import Element, element, xml
from mxproof.render.text.news import news_words
from mxproof.serve.web.pages.events import ShownNews
from mxproof.serve.web.pages.frame import FEED_MEDIA_TYPE
from mxproof.serve.web.pages.publication import publication_words
from mxproof.serve.web.site import Site, domain_in, shown
from mxproof.store.journal.account import TokenOpens
from mxproof.store.journal.publication import Publication

FEED_NEWS_MAX: Final = 30

FeedItem = ShownNews | Publication


class Feeds:
    """The feeds of one site."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[Route]:
        """Return where each feed is."""
        return [Route("/feed", self._feed), Route("/domains/{domain}/feed", self._feed)]

    async def _feed(self, request: Request) -> Response:
        secret = request.query_params.get("token", "")
        is_open = await self._site.door.is_open(secret, TokenOpens.FEED)
        if not is_open and await self._site.door.visitor(request) is None:
            words = "A token for feeds was expected in the address, as ?token=TOKEN; `mxproof watch token add NAME --opens feed` makes one.\n"
            return PlainTextResponse(words, HTTPStatus.UNAUTHORIZED)
        store = self._site.store
        domain = domain_in(request) if "domain" in request.path_params else None
        if domain is not None and not await store.read(lambda: store.watch.states([domain])):
            return PlainTextResponse("This domain is not watched.\n", HTTPStatus.NOT_FOUND)
        news = shown(await store.read(lambda: store.watch.news(domain, news_max=FEED_NEWS_MAX)))
        published = await store.read(lambda: store.publications.history(domain, FEED_NEWS_MAX))
        text = feed_text(self._site.origin(request), domain, [*news, *published], self._site.now())
        return Response(text, media_type=FEED_MEDIA_TYPE)


def feed_text(origin: str, domain: str | None, several: Sequence[FeedItem], now: datetime) -> str:
    """Return the feed of the newest; it was last changed when its newest entry came or went on, and where there is none yet, `now`.

    An entry is named by its number alone, which stays, whatever becomes of it (RFC 4287 section 4.2.6).
    """
    page = f"{origin}/domains/{domain}" if domain is not None else f"{origin}/news"
    itself = f"{origin}/domains/{domain}/feed" if domain is not None else f"{origin}/feed"
    newest = sorted(several, key=_updated, reverse=True)[:FEED_NEWS_MAX]
    updated = max(map(_updated, newest), default=now)
    whole = element(
        "feed",
        element(
            "title", f"Mail for {domain}" if domain is not None else "Mail of all domains that are watched"
        ),
        element("id", itself),
        element("updated", updated.isoformat()),
        element("link", rel="self", type=FEED_MEDIA_TYPE, href=itself),
        element("link", rel="alternate", type="text/html", href=page),
        element("author", element("name", "mxproof")),
        element("generator", "mxproof", version=__version__),
        *(_entry(origin, one) if isinstance(one, ShownNews) else _published(origin, one) for one in newest),
        xmlns="http://www.w3.org/2005/Atom",
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n{xml(whole)}\n'


def _updated(one: FeedItem) -> datetime:
    if isinstance(one, ShownNews):
        return one.news.at
    moments = (
        one.begun_at,
        one.ended_at,
        *(at for step in one.steps for at in (step.begun_at, step.seen_at)),
    )
    return max(at for at in moments if at is not None)


def _entry(origin: str, one: ShownNews) -> Element:
    news = one.news
    first, *others = news_words(news)
    page = f"{origin}/domains/{news.domain}" if one.check is None else f"{origin}/checks/{one.check}"
    return element(
        "entry",
        element("title", f"{news.domain}: {news.weight}: {first}"),
        element("id", f"{origin}/news/{one.number}"),
        element("updated", news.at.isoformat()),
        element("published", news.at.isoformat()),
        element("link", rel="alternate", type="text/html", href=page),
        element("category", term=str(news.weight)),
        element("summary", "\n".join([first, *others]), type="text"),
    )


def _published(origin: str, one: Publication) -> Element:
    first, *others = publication_words(one)
    kind = "forced publication" if one.forced else "publication"
    return element(
        "entry",
        element("title", f"{one.domain}: {kind}: {first}"),
        element("id", f"{origin}/publications/{one.number}"),
        element("updated", _updated(one).isoformat()),
        element("published", one.begun_at.isoformat()),
        element("link", rel="alternate", type="text/html", href=f"{origin}/domains/{one.domain}/timeline"),
        element("category", term="publication"),
        element("summary", "\n".join([first, *others]), type="text"),
    )
