"""What guests may do: have a domain checked and look at what came of it, within bounds, and only where that is wanted."""

from contextlib import closing
from datetime import timedelta

import msgspec
import pytest
from starlette.types import ASGIApp

from mxproof.evidence import Evidence
from mxproof.evidence.parts import parts_of
from mxproof.serve.web.guest_views import RESULT_LOOK_S
from mxproof.serve.web.settings import Guests
from mxproof.store.journal.guest_bounds import GuestBounds
from mxproof.store.journal.guest_checks import GuestJournal
from mxproof.store.journal.journal import Journal
from support_poison import POISONS
from support_web import BAD, NOW, Answered, Browser, hostile_evidence, in_site, token_in

LEASE = timedelta(minutes=5)
GUESTS = Guests(5, GuestBounds(waiting_max=3, an_hour_max=4, kept=timedelta(days=90)))
LINK_CHARACTERS = 43


async def asked(browser: Browser, domain: str, **headers: str) -> Answered:
    """Send the form, as it was shown to this browser."""
    token = token_in(await browser.get("/check", **headers))
    return await browser.send("/check", {"form": token, "domain": domain}, **headers)


def made(store: str, evidence: Evidence | None = BAD) -> None:
    """Make what waits, as a worker does; without evidence nothing comes of it, however often it is begun."""
    with closing(Journal(store)) as journal:
        guests, at = GuestJournal(journal), NOW
        while claims := guests.claim("test", at, LEASE, 9):
            for one in claims:
                if evidence is not None:
                    assert guests.finish(one, parts_of(evidence), at)
            at += LEASE


def test_a_domain_is_checked_and_the_result_is_under_a_link_that_stays(store: str) -> None:
    stirred: list[int] = []

    async def does(app: ASGIApp) -> None:
        browser, other = Browser(app), Browser(app)
        answered = await asked(browser, " Me@Example.com ")
        link = answered.headers["location"]
        assert (answered.status, len(link.removeprefix("/check/"))) == (303, LINK_CHARACTERS)
        waiting = await browser.get(link)
        assert (waiting.status, waiting.headers["refresh"]) == (200, str(RESULT_LOOK_S))
        made(store)
        for one in (browser, other):
            result = await one.get(link)
            assert (result.status, "refresh" in result.headers) == (200, False)
            for part in ("example.com", "mx-alias", "Microsoft", f"https://watch.example{link}", "2026-"):
                assert part in result.text

    in_site(store, does, guests=GUESTS, stir=lambda: stirred.append(1))
    assert stirred == [1]


def test_nothing_is_there_where_it_is_not_wanted(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        assert [(await browser.get(path)).status for path in ("/check", "/check/abc")] == [404, 404]
        assert (await browser.send("/check", {"domain": "example.com"})).status == 404
        assert "/check" not in (await browser.get("/login")).text
        assert (await browser.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"

    in_site(store, does)


def test_robots_are_let_in_to_the_form_alone(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        assert "Allow: /check$\nDisallow: /\n" in (await browser.get("/robots.txt")).text
        assert "x-robots-tag" not in (await browser.get("/check")).headers
        link = (await asked(browser, "example.com")).headers["location"]
        assert "noindex" in (await browser.get(link)).headers["x-robots-tag"]
        made(store)
        assert "noindex" in (await browser.get(link)).headers["x-robots-tag"]
        assert 'href="/check"' in (await browser.get("/login")).text

    in_site(store, does, guests=GUESTS)


@pytest.mark.parametrize(
    "typed",
    ["", " ", "192.0.2.1", "localhost", "a" * 64 + ".example", "<script>alert(1)</script>", "x" * 9000],
)
def test_what_is_no_domain_is_said_and_shown_again(store: str, typed: str) -> None:
    async def does(app: ASGIApp) -> None:
        answered = await asked(Browser(app), typed)
        assert answered.status == 400
        assert "<script" not in answered.text

    in_site(store, does, guests=GUESTS)


def test_a_form_of_another_page_or_browser_has_nothing_checked(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser, other = Browser(app), Browser(app)
        token = token_in(await browser.get("/check"))
        fields = {"form": token, "domain": "example.com"}
        assert (await other.send("/check", fields)).status == 403
        assert (await browser.send("/check", {"domain": "example.com"})).status == 403
        for headers in (
            {"origin": "https://elsewhere.example"},
            {"origin": "null"},
            {"sec_fetch_site": "cross-site"},
            {"content_type": "text/plain"},
        ):
            assert (await browser.send("/check", fields, **headers)).status == 403
        assert (await browser.send("/check", fields)).status == 303

    in_site(store, does, guests=GUESTS)


def test_a_guest_asks_for_so_many_an_hour_and_another_is_heard_meanwhile(store: str) -> None:
    few = msgspec.structs.replace(GUESTS, checks_an_hour=2)

    async def does(app: ASGIApp) -> None:
        browser = Browser(app, peer="192.0.2.1", scheme="https")
        for name in ("one", "two"):
            assert (await asked(browser, f"{name}.example")).status == 303
        refused = await asked(browser, "three.example")
        assert (refused.status, refused.headers["retry-after"]) == (429, "3600")
        assert "three.example" in refused.text
        assert (await asked(Browser(app, peer="192.0.2.2", scheme="https"), "three.example")).status == 303

    in_site(store, does, guests=few)


def test_the_queue_and_the_hour_of_all_are_bounded(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browsers = [Browser(app, peer=f"192.0.2.{number}", scheme="https") for number in range(9)]
        found = [await asked(one, f"d{number}.example") for number, one in enumerate(browsers[:4])]
        assert [one.status for one in found] == [303, 303, 303, 503]
        assert found[-1].headers["retry-after"] == "60"
        made(store)
        assert [(await asked(one, f"e{at}.example")).status for at, one in enumerate(browsers[4:6])] == [
            303,
            503,
        ]

    in_site(store, does, guests=GUESTS)


def test_the_same_domain_leads_to_the_same_result_for_a_moment(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        one, other = Browser(app), Browser(app)
        assert (await asked(one, "example.com")).headers["location"] == (
            await asked(other, "EXAMPLE.com.")
        ).headers["location"]

    in_site(store, does, guests=GUESTS)


def test_what_could_not_be_checked_is_said_and_what_is_over_is_not_found(store: str) -> None:
    now = [NOW]

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        link = (await asked(browser, "example.com")).headers["location"]
        made(store, None)
        page = await browser.get(link)
        assert (page.status, "could not be checked" in page.text, "refresh" in page.headers) == (
            200,
            True,
            False,
        )
        now.append(NOW + timedelta(days=91))
        assert (await browser.get(link)).status == 404
        for path in ("/check/nothing", "/check/" + "x" * 500, "/check/%C3%A9", "/check/a/b"):
            assert (await browser.get(path)).status == 404

    in_site(store, does, guests=GUESTS, now=lambda: now[-1])


def test_markup_in_what_was_seen_and_in_what_was_typed_is_text(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        link = (await asked(browser, "example.com")).headers["location"]
        made(store, hostile_evidence())
        pages = [await browser.get(link), await browser.get(f"/check?domain={POISONS[0].replace(' ', '+')}")]
        for page in pages:
            assert page.status == 200
            assert all(poison not in page.text for poison in POISONS if "<" in poison)
            assert "script-src" not in page.headers["content-security-policy"]

    in_site(store, does, guests=GUESTS)


def test_a_guest_sees_nothing_else(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        link = (await asked(browser, "example.com")).headers["location"]
        made(store)
        page = await browser.get(link)
        assert 'href="/settings"' not in page.text
        assert "/api/v1" not in page.text
        for path in ("/", "/news", "/settings", "/checks/1", "/reports"):
            assert (await browser.get(path)).headers["location"].startswith("/login")
        assert (await browser.get("/api/v1/domains")).status == 401

    in_site(store, does, guests=GUESTS)
