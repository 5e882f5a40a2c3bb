"""The pages of the watch in a browser: on a phone and a desk, light and dark, with a store in which a hostile world does its worst.

The browser says on its console whatever the policy of the pages (Content Security Policy) kept it from, so that silence there means
that nothing was tried. axe-core runs with that policy on.
"""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # it has no types
from playwright.sync_api import Browser, BrowserContext, Page

from mxproof.evidence.parts import parts_of
from mxproof.store.journal.guest_checks import GuestJournal
from mxproof.store.journal.journal import Journal
from real.pages.serving import GUESTS, served
from support_web import BAD, BROKEN, FINE, HOSTILE, NEW, NOW, PASSWORD, filled, hostile_evidence

PAGES = (
    "/",
    f"/domains/{BROKEN}",
    f"/domains/{FINE}",
    f"/domains/{HOSTILE}",
    f"/domains/{NEW}",
    "/checks/62",
    "/checks/62/plan",
    f"/domains/{BROKEN}/timeline",
    f"/domains/{HOSTILE}/timeline",
    "/reports",
    "/reports/4",
    "/reports/5",
    "/silence",
    "/search?q=example",
    "/senders",
    "/senders/microsoft",
    "/news",
    "/settings",
    "/check",
    "/check/waits",
    "/check/done",
    "/check/hostile",
    "/check/failed",
)
WIDTHS = (390, 1280)
SCHEMES = ("light", "dark")
SERIOUS = frozenset({"serious", "critical"})


@pytest.fixture(scope="module")
def origin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the pages of a filled store in a thread of their own; return where."""
    url = f"sqlite:{tmp_path_factory.mktemp('web')}/journal.db"
    filled(url)
    with closing(Journal(url)) as journal:
        _keep_checks_of_guests(GuestJournal(journal))
    with served(url) as port:
        yield f"http://127.0.0.1:{port}"


def _keep_checks_of_guests(guests: GuestJournal) -> None:
    """Keep one in each state, under links that say which."""
    lease, at = timedelta(minutes=5), NOW - timedelta(hours=2)
    for link, seen in (("done", BAD), ("hostile", hostile_evidence()), ("failed", None), ("waits", None)):
        guests.ask(link, f"{link}.example", at, GUESTS.bounds)
        if seen is not None:
            (claimed,) = guests.claim("test", at, lease, 1)
            assert guests.finish(claimed, parts_of(seen), at)
        while link == "failed" and guests.claim("test", at, lease, 1):
            at += lease


@pytest.fixture(params=[(width, scheme) for width in WIDTHS for scheme in SCHEMES], ids=str)
def context(request: pytest.FixtureRequest, browser: Browser, origin: str) -> Iterator[BrowserContext]:
    """Log in with a window of some width."""
    width, scheme = request.param
    made = browser.new_context(base_url=origin, viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = made.new_page()
    _logged_in(page)
    page.close()
    yield made
    made.close()


def _logged_in(page: Page, account: str = "ada") -> None:
    page.goto("/login")
    page.get_by_label("Account").fill(account)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("/")


def _listening(page: Page, origin: str) -> list[str]:
    """Return a list that gets all that the page says, and what it asks for elsewhere."""
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    page.on("pageerror", lambda error: told.append(str(error)))
    page.on("dialog", lambda dialog: told.append(dialog.message))
    page.on("request", lambda asked: None if asked.url.startswith(origin) else told.append(asked.url))
    return told


def test_each_page_fits_and_nothing_in_it_runs_or_asks_for_anything(
    context: BrowserContext, origin: str
) -> None:
    page = context.new_page()
    told = _listening(page, origin)
    for path in PAGES:
        page.goto(path)
        width = page.viewport_size["width"] if page.viewport_size else 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        assert page.evaluate("document.scripts.length + document.images.length") == 0
    assert told == []


@pytest.mark.parametrize("context", [(WIDTHS[0], "light"), (WIDTHS[1], "dark")], indirect=True, ids=str)
def test_axe_core_finds_nothing_serious(context: BrowserContext) -> None:
    page = context.new_page()
    for path in PAGES:
        page.goto(path)
        found = Axe().run(page).response["violations"]
        assert [(path, one["id"], one["nodes"][0]["html"]) for one in found if one["impact"] in SERIOUS] == []


def test_what_a_hostile_world_carries_is_there_to_read(browser: Browser, origin: str) -> None:
    context = browser.new_context(base_url=origin)
    try:
        page = context.new_page()
        _logged_in(page)
        assert "<script>alert(1)</script>" in page.inner_text("main")
        page.goto(f"/domains/{HOSTILE}")
        assert "<img src=x onerror=alert(1)>" in page.inner_text("main")
    finally:
        context.close()


def test_all_is_reached_by_keyboard_and_the_first_stop_leads_to_the_page(
    browser: Browser, origin: str
) -> None:
    context = browser.new_context(base_url=origin)
    try:
        page = context.new_page()
        page.goto("/login")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
        page.keyboard.press("Tab")
        page.keyboard.type("ada")
        page.keyboard.press("Tab")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("/")
        page.get_by_label("Search for a domain").fill("com")
        page.keyboard.press("Enter")
        page.wait_for_url("/?q=com")
        page.get_by_role("link", name=BROKEN).press("Enter")
        page.wait_for_url(f"/domains/{BROKEN}")
        outline = "getComputedStyle(document.activeElement).outlineStyle"
        page.keyboard.press("Tab")
        assert page.evaluate(outline) == "solid"
    finally:
        context.close()


def test_a_wrong_password_is_said_and_a_logout_ends_all(browser: Browser, origin: str) -> None:
    context = browser.new_context(base_url=origin)
    try:
        page = context.new_page()
        page.goto("/news")
        page.get_by_label("Account").fill("bob")
        page.get_by_label("Password").fill("wrong horse battery")
        page.get_by_role("button", name="Log in").click()
        page.get_by_role("alert").wait_for()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url("/news")
        (cookie,) = context.cookies()
        assert (cookie["httpOnly"], cookie["sameSite"]) == (True, "Lax")
        assert page.evaluate("document.cookie") == ""
        page.get_by_role("button", name="Log out").click()
        page.wait_for_url("/login")
        assert [one["name"] for one in context.cookies()] == ["mxproof-form"]
        page.goto("/news")
        assert page.url.startswith(f"{origin}/login")
    finally:
        context.close()


def test_a_page_of_somebody_else_sends_no_form_of_ours(browser: Browser, origin: str, tmp_path: Path) -> None:
    context = browser.new_context(base_url=origin)
    try:
        page = context.new_page()
        _logged_in(page)
        trap = tmp_path / "trap.html"
        trap.write_text(
            f'<form method="post" action="{origin}/logout"><button>Win</button></form>', encoding="utf-8"
        )
        page.goto(trap.as_uri())
        page.get_by_role("button").click()
        page.wait_for_url("/logout")
        page.goto("/news")
        assert page.url == f"{origin}/news"
    finally:
        context.close()


def test_a_page_is_light_on_paper_without_what_one_clicks(browser: Browser, origin: str) -> None:
    context = browser.new_context(base_url=origin, color_scheme="dark")
    try:
        page = context.new_page()
        _logged_in(page)
        page.goto(f"/domains/{BROKEN}")
        page.emulate_media(media="print")
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        assert not page.get_by_role("button", name="Log out").is_visible()
        assert page.pdf(format="A4").startswith(b"%PDF")
    finally:
        context.close()


def test_a_guest_asks_by_the_form_and_is_led_to_a_page_that_looks_by_itself(
    browser: Browser, origin: str
) -> None:
    context = browser.new_context(base_url=origin, java_script_enabled=False)
    try:
        page = context.new_page()
        page.goto("/login")
        page.get_by_role("link", name="Check a domain").click()
        page.get_by_label("Domain").fill("nonsense")
        page.get_by_role("button", name="Check").click()
        page.get_by_role("alert").wait_for()
        assert page.get_by_label("Domain").input_value() == "nonsense"
        page.get_by_label("Domain").fill("someone@asked.example")
        page.get_by_role("button", name="Check").click()
        page.wait_for_url("/check/*")
        assert "asked.example" in page.get_by_role("heading", level=1).inner_text()
        with page.expect_navigation():
            page.get_by_role("status").wait_for()
    finally:
        context.close()
