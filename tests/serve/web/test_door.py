"""Who may look: the login, its cookie, forms, tries that come to nothing, and the header of a proxy."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from starlette.types import ASGIApp

from mxproof.serve.web.attempts import FREE_TRIES
from mxproof.serve.web.config import ProxyOptions, WebOptions
from mxproof.serve.web.door import FORM_BYTES_MAX
from mxproof.serve.web.settings import TrustedProxy, WebSettings, web_settings
from mxproof.store.journal.access import IDLE
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.journal import Journal
from support_web import NOW, PASSWORD, Browser, in_site, token_in

PAGES = ("/", "/domains/example.com", "/checks/1", "/senders", "/senders/microsoft", "/news", "/settings")


def test_whoever_did_not_log_in_is_led_there_and_back(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        for path in (*PAGES, "/?sort=name", "/news?before=7&kind=a%26b"):
            page = await browser.get(path)
            assert (page.status, page.text) == (303, "")
            there = urlsplit(page.headers["location"])
            assert (there.path, parse_qs(there.query).get("then", ["/"])) == ("/login", [path])

    in_site(store, does)


def test_a_login_opens_every_page_until_it_ends(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        assert (await browser.login()).status == 303
        for path in PAGES:
            assert (await browser.get(path)).status == 200
        page = await browser.get("/")
        left = await browser.send("/logout", {"form": token_in(page)})
        assert (left.status, browser.cookies) == (303, {})
        assert (await browser.get("/")).status == 303

    in_site(store, does)


def test_a_logout_ends_the_login_also_for_whoever_kept_its_cookie(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser, thief = Browser(app), Browser(app)
        await browser.login()
        thief.cookies = dict(browser.cookies)
        assert (await thief.get("/")).status == 200
        await browser.send("/logout", {"form": token_in(await browser.get("/"))})
        assert (await thief.get("/")).status == 303

    in_site(store, does)


def test_a_login_that_is_not_used_ends(store: str) -> None:
    moments = [NOW]

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        moments.append(NOW + IDLE + timedelta(minutes=1))
        assert (await browser.get("/")).status == 303

    in_site(store, does, now=lambda: moments[-1])


def test_an_account_that_is_removed_is_logged_out_at_once(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        journal = Journal(store)
        AccessJournal(journal).remove_account("ada")
        journal.close()
        assert (await browser.get("/")).status == 303

    in_site(store, does)


def test_the_cookie_is_out_of_reach_of_scripts_other_hosts_and_plain_connections(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        page = await Browser(app).login()
        (cookie,) = [one for one in page.cookies if "-login=" in one]
        name, *parts = [part.strip() for part in cookie.split(";")]
        assert name.startswith("__Host-mxproof-login=")
        assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(parts)
        assert not any(part.startswith("Domain") for part in parts)

    in_site(store, does)


def test_on_this_machine_a_plain_cookie_does(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app, "http://localhost:8466")
        page = await browser.login()
        assert (page.status, list(browser.cookies)) == (303, ["mxproof-login"])
        assert (await browser.get("/")).status == 200

    in_site(store, does, public=None)


def test_nothing_is_sent_without_encryption_and_the_refusal_says_what_to_do(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app, "http://watch.example", peer="203.0.113.9")
        for path in (*PAGES, "/login", "/api/v1/domains", "/feed"):
            page = await browser.get(path)
            assert (page.status, page.cookies) == (403, ())
            assert {"web.certificate", "web.public_url"} <= set(
                page.text.replace(",", " ").replace("(", " ").split()
            )

    in_site(store, does, public=None)


@pytest.mark.parametrize(
    ("account", "password"),
    [
        ("ada", "wrong horse battery"),
        ("ada\0", PASSWORD),
        ("eve", PASSWORD),
        ("ADA", PASSWORD),
        ("ada", ""),
        ("", PASSWORD),
    ],
)
def test_a_login_that_is_wrong_tells_not_what_is_wrong_with_it(
    store: str, account: str, password: str
) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        page = await browser.login(account, password)
        assert page.status == (403 if account.isprintable() and account and password else page.status)
        assert page.status in (400, 403)
        assert not [name for name in browser.cookies if name.endswith("-login")]

    in_site(store, does)


def test_an_account_that_nobody_has_is_answered_as_one_with_another_password(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        said = []
        for account in ("ada", "eve"):
            browser = Browser(app)
            page = await browser.login(account, "wrong horse battery")
            said.append(page.text.replace(token_in(page), "").replace(account, ""))
        assert said[0] == said[1]

    in_site(store, does)


def test_after_some_tries_the_next_has_to_wait_and_is_not_even_looked_at(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        for _ in range(FREE_TRIES):
            assert (await browser.login(password="wrong horse battery")).status == 403
        page = await browser.login()
        assert (page.status, int(page.headers["retry-after"]) > 0) == (429, True)
        assert (await browser.get("/")).status == 303

    in_site(store, does)


def test_a_login_that_succeeds_forgets_the_typing_errors_before_it(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        for _ in range(2):
            browser = Browser(app)
            for _ in range(FREE_TRIES - 1):
                assert (await browser.login(password="wrong horse battery")).status == 403
            assert (await browser.login()).status == 303
            assert (await browser.get("/")).status == 200

    in_site(store, does)


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": ""},
        {"form": "0" * 64},
    ],
)
def test_a_form_that_was_not_made_for_this_browser_does_nothing(store: str, wrong: dict[str, str]) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.get("/login")
        fields = {"account": "ada", "password": PASSWORD, "then": ""}
        assert (await browser.send("/login", {**fields, **wrong})).status == 403
        other = token_in(await Browser(app).get("/login"))
        assert (await browser.send("/login", {**fields, "form": other})).status == 403
        assert (await browser.get("/")).status == 303

    in_site(store, does)


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://attacker.example"},
        {"origin": "null"},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"content_type": "text/plain"},
        {"content_type": "multipart/form-data; boundary=x"},
    ],
)
def test_a_form_from_elsewhere_does_nothing(store: str, headers: dict[str, str]) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        token = token_in(await browser.get("/"))
        assert (await browser.send("/logout", {"form": token}, **headers)).status == 403
        assert (await browser.get("/")).status == 200
        assert (await browser.send("/logout", {"form": token}, sec_fetch_site="same-origin")).status == 303

    in_site(store, does)


def test_a_form_is_bounded(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        token = token_in(await browser.get("/login"))
        fields = {"form": token, "account": "ada", "password": PASSWORD}
        assert (await browser.send("/login", {**fields, "then": "x" * FORM_BYTES_MAX})).status == 403
        many = {f"field-{number}": "" for number in range(30)}
        assert (await browser.send("/login", {**fields, **many})).status == 403
        long = {**fields, "password": "x" * 2000}
        assert (await browser.send("/login", long)).status == 400

    in_site(store, does)


@pytest.mark.parametrize(
    ("then", "location"),
    [
        ("/domains/example.com", "/domains/example.com"),
        ("https://attacker.example/", "/"),
        ("//attacker.example/", "/"),
        ("/\\attacker.example/", "/"),
        ("/\r\nset-cookie: x=y", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_a_login_leads_to_a_page_of_ours_and_nowhere_else(store: str, then: str, location: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        token = token_in(await browser.get("/login"))
        fields = {"form": token, "account": "ada", "password": PASSWORD, "then": then}
        page = await browser.send("/login", fields)
        assert (page.status, page.headers["location"]) == (303, location)

    in_site(store, does)


def _proxy() -> TrustedProxy:
    options = ProxyOptions(addresses=("192.0.2.7",), header="X-Remote-User", admins=("ada",))
    settings = web_settings(
        WebOptions(listen="inet:127.0.0.1:1", public_url="https://watch.example", proxy=options)
    )
    assert isinstance(settings, WebSettings)
    return settings.proxy


def test_the_proxy_says_who_is_logged_in_and_who_is_an_administrator(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app, peer="192.0.2.7")
        page = await browser.get("/settings", x_remote_user="ada")
        assert (page.status, "/settings/try" in page.text, "/logout" in page.text) == (200, True, False)
        page = await browser.get("/settings", x_remote_user="carol")
        assert (page.status, "/settings/try" in page.text) == (200, False)
        assert (await browser.get("/api/v1/domains", x_remote_user="carol")).status == 200

    in_site(store, does, proxy=_proxy())


def test_nobody_but_the_proxy_says_who_is_logged_in(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        proxy, other = Browser(app, peer="192.0.2.7"), Browser(app, peer="127.0.0.1")
        assert (await other.get("/", x_remote_user="ada")).status == 403
        assert (await other.get("/api/v1/domains", x_remote_user="ada")).status == 401
        assert (await proxy.get("/")).status == 403
        assert (await proxy.get("/", x_remote_user="")).status == 403
        beside = {"x_remote_user": "ada", "x-remote-user": "carol"}
        assert (await proxy.get("/", **beside)).status == 403, (
            "a browser sent one, and the proxy its own beside it"
        )
        assert (await proxy.get("/login")).status == 303

    in_site(store, does, proxy=_proxy())


def test_where_the_proxy_says_it_no_password_opens_anything(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app, peer="192.0.2.7")
        page = await browser.get("/settings", x_remote_user="ada")
        fields = {"form": token_in(page), "account": "ada", "password": PASSWORD}
        assert (await browser.send("/login", fields)).status == 303
        assert (await browser.get("/")).status == 403

    in_site(store, does, proxy=_proxy())
