"""How every page is answered: shown to whoever may look, and whoever did not log in is led to the login first."""

import ipaddress

import pytest
from starlette.types import ASGIApp

from mxproof.serve.web.settings import TrustedProxy
from support_web import Browser, in_site

PROXY = TrustedProxy(networks=(ipaddress.ip_network("127.0.0.1/32"),), header="remote-user")
ENCRYPTED = {"x_forwarded_proto": "https"}


@pytest.mark.parametrize(
    ("asked", "login"),
    [
        ("/", "/login"),
        ("/news", "/login?then=/news"),
        ("/?q=a%20b&from=100", "/login?then=/%3Fq%3Da%2520b%26from%3D100"),
        ("/domains/example.com", "/login?then=/domains/example.com"),
    ],
)
def test_whoever_did_not_log_in_is_led_there_and_back_from_it(
    bare_store: str, asked: str, login: str
) -> None:
    async def does(app: ASGIApp) -> None:
        answered = await Browser(app).get(asked)
        assert (answered.status, answered.headers["location"]) == (303, login)

    in_site(bare_store, does)


def test_a_form_of_whoever_did_not_log_in_is_not_led_back_to(bare_store: str) -> None:
    async def does(app: ASGIApp) -> None:
        answered = await Browser(app).send("/settings/try", {})
        assert (answered.status, answered.headers["location"]) == (303, "/login")

    in_site(bare_store, does)


def test_where_a_proxy_logs_people_in_nobody_is_led_anywhere_and_nobody_can_log_out(bare_store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        refused = await browser.get("/news", **ENCRYPTED)
        assert refused.status == 403
        assert "<title>Not logged in - mxproof</title>" in refused.text
        assert (
            '<main id="main"><h1>Not logged in</h1>'
            "<p>One logs in at the proxy in front of these pages, and it named nobody.</p></main>"
        ) in refused.text
        seen = await browser.get("/news", remote_user="ada", **ENCRYPTED)
        assert seen.status == 200
        assert '<p class="who"><span class="name">ada</span></p>' in seen.text

    in_site(bare_store, does, proxy=PROXY)


def test_what_is_not_there_is_said_with_all_that_stands_around_a_page(bare_store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        answered = await browser.get("/domains/nobody.example")
        assert answered.status == 404
        assert "<title>Not found - mxproof</title>" in answered.text
        assert '<span class="name">ada</span>' in answered.text
        assert '<button type="submit">Log out</button>' in answered.text

    in_site(bare_store, does)
