"""What goes for every answer: what a browser may do with it, and what becomes of a fault and of a store that is away."""

import asyncio

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mxproof.net.asking import Peer
from mxproof.serve.web.guard import CONTENT_SECURITY_POLICY, Guard
from mxproof.serve.web.settings import WebSettings
from mxproof.store.journal.error import JournalError
from support_web import ORIGIN, Browser, in_site

SETTINGS = WebSettings(listen=Peer("127.0.0.1", 0), public=ORIGIN)
OPEN = ("/login", "/api/v1/openapi.json", "/icon.svg", "/nothing", "/feed")
SEEN = (
    "/",
    "/domains/evil.example",
    "/checks/1",
    "/news",
    "/settings",
    "/api/v1/domains",
    "/feed",
    "/nothing",
)


@pytest.mark.parametrize("path", SEEN)
def test_every_answer_forbids_a_browser_what_it_does_not_need(store: str, path: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        _is_guarded((await browser.get(path)).headers)

    in_site(store, does)


def test_so_does_every_answer_to_whoever_is_not_logged_in(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        for path in OPEN:
            _is_guarded((await Browser(app).get(path)).headers)

    in_site(store, does)


def _is_guarded(headers: object) -> None:
    assert isinstance(headers, dict)
    policy = dict(part.split(" ", 1) for part in CONTENT_SECURITY_POLICY.split("; "))
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["strict-transport-security"].startswith("max-age=")
    assert headers["cache-control"] in ("no-store", "public, max-age=86400")


def test_the_style_sheet_is_kept_for_good_under_its_name(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        page = await browser.get("/login")
        path = page.text.partition('rel="stylesheet" href="')[2].partition('"')[0]
        sheet = await browser.get(path)
        assert (sheet.status, sheet.headers["content-type"]) == (200, "text/css; charset=utf-8")
        assert "immutable" in sheet.headers["cache-control"]

    in_site(store, does)


@pytest.mark.parametrize(("peer", "status"), [("127.0.0.1", 204), ("192.0.2.1", 403)])
def test_whoever_asks_without_encryption_is_not_told_to_insist_on_it(peer: str, status: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await Response(status_code=204)(scope, receive, send)

    guard = Guard(app, WebSettings(listen=Peer("127.0.0.1", 0)), lambda: None)
    answered = asyncio.run(Browser(guard, "http://localhost", peer).get("/"))
    assert (answered.status, "strict-transport-security" in answered.headers) == (status, False)


@pytest.mark.parametrize(
    ("error", "status", "faults"), [(RuntimeError("secret"), 500, 1), (JournalError("secret"), 503, 0)]
)
def test_what_went_wrong_is_for_the_log_and_not_for_whoever_asks(
    error: Exception, status: int, faults: int
) -> None:
    counted: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        raise error

    guard = Guard(app, SETTINGS, lambda: counted.append("fault"))
    answered = asyncio.run(Browser(guard).get("/"))
    assert (answered.status, len(counted), "secret" in answered.text) == (status, faults, False)


@pytest.mark.parametrize(("error", "faults"), [(RuntimeError("secret"), 1), (JournalError("secret"), 0)])
def test_an_answer_that_broke_off_is_not_begun_again(error: Exception, faults: int) -> None:
    counted: list[str] = []
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"so far", "more_body": True})
        raise error

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        async def seen(message: Message) -> None:
            sent.append(message)
            await send(message)

        await Guard(app, SETTINGS, lambda: counted.append("fault"))(scope, receive, seen)

    answered = asyncio.run(Browser(watched).get("/"))
    assert (answered.status, answered.text, len(counted)) == (200, "so far", faults)
    assert [one["type"] for one in sent] == ["http.response.start", "http.response.body"]
    _is_guarded(answered.headers)


def test_what_an_answer_says_itself_of_being_kept_stays_and_the_rest_is_guarded() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        own = {"cache-control": "public, max-age=86400", "content-security-policy": "default-src *"}
        await Response("", headers=own)(scope, receive, send)

    answered = asyncio.run(Browser(Guard(app, SETTINGS, lambda: None)).get("/"))
    assert answered.headers["cache-control"] == "public, max-age=86400"
    _is_guarded(answered.headers)


def test_what_is_no_request_for_a_page_reaches_none() -> None:
    reached: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        reached.append(scope["type"])

    async def receive() -> Message:
        raise AssertionError("nothing is read")

    async def send(message: Message) -> None:
        reached.append(message["type"])

    asyncio.run(Guard(app, SETTINGS, lambda: None)({"type": "websocket"}, receive, send))
    assert reached == []
