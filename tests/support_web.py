"""The pages of the watch for tests: a store with a month of history in it, a site over it, and a browser without a network."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from argon2 import PasswordHasher
from starlette.types import ASGIApp, Message

from mxproof.evidence import Evidence
from mxproof.evidence.codec import decode
from mxproof.evidence.parts import Parts, parts_of
from mxproof.judge.differing import JudgedEvidence, seen
from mxproof.judge.news import DomainNews, Weight, domain_news
from mxproof.judge.settling import SettledState, Turn, TurnKind
from mxproof.mail.memory import Memory
from mxproof.net.asking import Peer
from mxproof.serve.web.app import web_app
from mxproof.serve.web.door import Door
from mxproof.serve.web.pages.setup import SetUp, ToldChannel
from mxproof.serve.web.secret import digest_of
from mxproof.serve.web.settings import Guests, Origin, TrustedProxy, WebSettings
from mxproof.serve.web.site import Site
from mxproof.serve.web.store_reader import StoreReader
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.account import AccessToken, Account, Role, TokenOpens
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import Finished, News, WatchedCheck, WatchedDomain
from support_poison import POISONS, poisoned, poisoned_world
from support_web_history import keep_publications, keep_reports, keep_silence

CASES = Path(__file__).parent / "cases"
DAY = timedelta(days=1)
GOOD, BAD = (decode((CASES / f"{name}.evidence.json").read_bytes()) for name in ("fixed", "incident"))
NOW = BAD.observed_at() + timedelta(minutes=10)
FINE, BROKEN, HOSTILE, NEW = "mail.example", "example.com", "evil.example", "new.example"
PASSWORD = "correct horse battery"
"""Of every account here."""
API_SECRET, FEED_SECRET = "a token for the API", "a token for feeds"
ORIGIN = Origin("https", "watch.example")


class Seen(msgspec.Struct, frozen=True):
    """What one check saw, how many days ago, and the news that it brought."""

    days_ago: int
    evidence: Evidence
    news: bool = False


def month_of(domain: str) -> list[Seen]:
    """Return what was seen of a domain: one that works, one that was migrated two days ago, one that does its worst."""
    if domain == FINE:
        return [Seen(days, GOOD, news=days == 29) for days in range(29, -1, -1)]
    if domain == BROKEN:
        return [Seen(days, BAD if days < 3 else GOOD, news=days in (29, 2)) for days in range(29, -1, -1)]
    if domain == NEW:
        return []
    return [Seen(1, GOOD, news=True), Seen(0, hostile_evidence(), news=True)]


@cache
def hostile_evidence() -> Evidence:
    return poisoned_world(POISONS[0])


def filled(url: str) -> None:
    """Fill a store with accounts, tokens, domains and their history."""
    journal = Journal(url)
    access, watch = AccessJournal(journal), WatchJournal(journal)
    password = hash_of_password()
    access.add_account(Account("ada", Role.ADMIN, NOW), password)
    access.add_account(Account("bob", Role.VIEWER, NOW), password)
    access.add_token(AccessToken("dashboard", TokenOpens.API, NOW), digest_of(API_SECRET))
    access.add_token(AccessToken("reader", TokenOpens.FEED, NOW), digest_of(FEED_SECRET))
    domains = [WatchedDomain(one, 3600.0) for one in (FINE, BROKEN, HOSTILE, NEW)]
    for number, domain in enumerate(domains):
        watch.set_watched(domains[: number + 1], NOW - 30 * DAY)
        for one in month_of(domain.domain):
            _keep(watch, domain, one)
    keep_reports(journal, BROKEN, HOSTILE, NOW)
    keep_silence(journal, BROKEN, NOW)
    keep_publications(journal, BROKEN, HOSTILE, NOW)
    journal.close()


@cache
def hash_of_password() -> str:
    """Return a hash that is as quick as one can be: what it costs stands in it."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@cache
def _judged(case: str) -> JudgedEvidence:
    return seen({"good": GOOD, "bad": BAD, "hostile": hostile_evidence()}[case])


@cache
def _parts(case: str) -> Parts:
    return parts_of(_judged(case).evidence)


def _case(evidence: Evidence) -> str:
    return "good" if evidence is GOOD else "bad" if evidence is BAD else "hostile"


def _keep(watch: WatchJournal, domain: WatchedDomain, one: Seen) -> None:
    at = NOW - one.days_ago * DAY - timedelta(minutes=10)
    (claimed,) = watch.claim("test", NOW, NOW + DAY, 10)
    judged = _judged(_case(one.evidence))
    report = judged.report
    news = news_of(domain.domain, one.evidence, at) if one.news else None
    poison = f" {POISONS[0]}" if domain.domain == HOSTILE else ""
    check = WatchedCheck(
        observed_at=at,
        took_s=0.8,
        outcome=report.summary.outcome,
        headline=report.summary.headline + poison,
        outcomes={each.id: each.outcome for each in report.senders},
        parts=_parts(_case(one.evidence)),
        memories=(Memory(POISONS[0].encode() + b"\xff", at - DAY, POISONS[1]),) if poison else (),
    )
    due_at = NOW + DAY if one.days_ago == 0 else NOW - DAY
    assert watch.finish(claimed, Finished(check, SettledState(), True, due_at, 0, news), at)


def news_of(domain: str, evidence: Evidence, at: datetime) -> News:
    """Return news as a check of `domain` brings them; those of the hostile one are those of the broken one, and worse."""
    kind = TurnKind.FIRST if evidence is GOOD else TurnKind.CHANGED
    told = msgspec.structs.replace(_first() if evidence is GOOD else _broken(), at=at, since=at)
    if domain == HOSTILE:
        told = poisoned(told, POISONS[1])
    told = msgspec.structs.replace(told, domain=domain)
    return News(kind, at, told.course, told.weight, msgspec.json.encode(told))


@cache
def _first() -> DomainNews:
    return domain_news(Turn(TurnKind.FIRST, NOW), None, _judged("good"))


@cache
def _broken() -> DomainNews:
    return domain_news(Turn(TurnKind.CHANGED, NOW), _judged("good"), _judged("bad"))


class Tries:
    """Alerts that were tried."""

    def __init__(self) -> None:
        self.names: list[str] = []

    async def __call__(self, name: str) -> str:
        self.names.append(name)
        return "exit status 1: out of paper" if name == "pager" else ""


SETUP = SetUp(
    intervals_s=(3600.0, 3600.0, 600.0),
    channels=(
        ToldChannel("pager", Weight.ALARM, "/usr/local/bin/page-me"),
        ToldChannel("chat", Weight.NOTE, "/usr/local/bin/chat"),
    ),
    evidence_days=14,
    daily_days=400,
    history_days=1830,
)


def in_site(store: str, does: Callable[[ASGIApp], Awaitable[None]], **how: Any) -> None:  # noqa: ANN401 - named as those of site_over
    """Do something with the pages over a store; `how` is that of site_over."""

    async def run() -> None:
        async with site_over(store, **how) as app:
            await does(app)

    asyncio.run(run())


@asynccontextmanager
async def site_over(
    url: str,
    *,
    public: Origin | None = ORIGIN,
    proxy: TrustedProxy = TrustedProxy(),  # noqa: B008 - a frozen value
    now: Callable[[], datetime] = lambda: NOW,
    tries: Tries | None = None,
    stir: Callable[[], None] = lambda: None,
    guests: Guests | None = None,
) -> AsyncIterator[ASGIApp]:
    """Make the pages over a store; a fault of theirs fails the test."""
    store = StoreReader(url)
    settings = WebSettings(listen=Peer("127.0.0.1", 0), public=public, proxy=proxy, guests=guests)
    door = Door(store, proxy, now)
    faults: list[str] = []
    site = Site(
        settings=settings,
        store=store,
        door=door,
        now=now,
        setup=lambda: SETUP,
        try_alert=tries if tries is not None else Tries(),
        stir=stir,
    )
    try:
        yield web_app(site, lambda: faults.append("fault"))
    finally:
        door.close()
        store.close()
    assert faults == []


class Answered(msgspec.Struct, frozen=True):
    """An answer: its status, its headers, those that set cookies apart, and its text."""

    status: int
    headers: Mapping[str, str]
    cookies: tuple[str, ...]
    text: str


class Browser:
    """What a browser is to the pages: it keeps cookies, sends forms, and follows nothing by itself."""

    def __init__(
        self, app: ASGIApp, origin: str = str(ORIGIN), peer: str = "127.0.0.1", scheme: str | None = None
    ) -> None:
        self._app = app
        self._origin = origin
        self._scheme = scheme or "http"
        self.peer = peer
        self.cookies: dict[str, str] = {}

    async def get(self, path: str, **headers: str) -> Answered:
        """Ask for a page."""
        return await self._ask("GET", path, b"", headers)

    async def send(self, path: str, fields: Mapping[str, str], **headers: str) -> Answered:
        """Send a form."""
        kind = {"content_type": "application/x-www-form-urlencoded", "origin": self._origin}
        return await self._ask("POST", path, urlencode(fields).encode(), {**kind, **headers})

    async def login(self, account: str = "ada", password: str = PASSWORD, **headers: str) -> Answered:
        """Ask for the form and send it."""
        page = await self.get("/login", **headers)
        fields = {"form": token_in(page), "then": "", "account": account, "password": password}
        return await self.send("/login", fields, **headers)

    async def _ask(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answered:
        url = urlsplit(path)
        said = {"host": urlsplit(self._origin).netloc, **headers}
        if self.cookies:
            said["cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": self._scheme,
            "path": url.path,
            "raw_path": url.path.encode(),
            "root_path": "",
            "query_string": url.query.encode(),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()],
            "client": (self.peer, 50000),
            "server": ("127.0.0.1", 443),
            "state": {},
        }
        sent: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        begin, *pieces = sent
        pairs = [(name.decode(), value.decode()) for name, value in begin["headers"]]
        cookies = tuple(value for name, value in pairs if name == "set-cookie")
        self._keep(cookies)
        text = b"".join(piece.get("body", b"") for piece in pieces).decode()
        return Answered(begin["status"], dict(pairs), cookies, text)

    def _keep(self, cookies: tuple[str, ...]) -> None:
        for one in cookies:
            for name, morsel in SimpleCookie(one).items():
                if morsel["max-age"] == "0":
                    self.cookies.pop(name, None)
                else:
                    self.cookies[name] = morsel.value


def token_in(page: Answered) -> str:
    """Return what the forms of a page hold."""
    _, _, behind = page.text.partition('name="form" value="')
    return behind.partition('"')[0]
