"""What an administrator does on the pages, and that nobody else does it, nor anybody by a form of another page."""

import re
from datetime import timedelta

import pytest
from starlette.types import ASGIApp

from mxproof.store.journal.arranging import ArrangingJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from support_long import some
from support_web import BROKEN, FINE, NEW, NOW, Answered, Browser, in_site, token_in

LATER = f"{NOW + timedelta(hours=2):%Y-%m-%dT%H:%M}"
BEGIN = f"{NOW:%Y-%m-%dT%H:%M}"
ACTIONS = {
    "/domains": {"domain": "added.example", "minutes": "30"},
    f"/domains/{FINE}/remove": {},
    f"/domains/{FINE}/pause": {},
    f"/domains/{FINE}/resume": {},
    f"/domains/{FINE}/check": {},
    f"/domains/{BROKEN}/acknowledge": {},
    "/maintenance": {"begins": BEGIN, "ends": LATER},
    "/maintenance/1/end": {},
}


async def sent(browser: Browser, path: str, **fields: str) -> Answered:
    token = token_in(await browser.get("/settings"))
    return await browser.send(path, {"form": token, **fields})


@pytest.mark.parametrize("path", some(ACTIONS, 4))
def test_neither_a_viewer_nor_a_stranger_nor_another_page_does_anything(store: str, path: str) -> None:
    async def does(app: ASGIApp) -> None:
        stranger, viewer, admin = (Browser(app) for _ in range(3))
        assert (await stranger.send(path, ACTIONS[path])).headers["location"] == "/login"
        await viewer.login("bob")
        token = token_in(await viewer.get("/settings"))
        assert (await viewer.send(path, {"form": token, **ACTIONS[path]})).status == 403
        await admin.login()
        assert (await admin.send(path, ACTIONS[path])).status == 403
        admins = token_in(await admin.get("/settings"))
        elsewhere = await admin.send(
            path, {"form": admins, **ACTIONS[path]}, origin="https://elsewhere.example"
        )
        assert elsewhere.status == 403
        assert (await admin.get(path)).status in (200, 404, 405)

    before = everything(store)
    in_site(store, does)
    assert everything(store) == before


def everything(store: str) -> tuple[object, ...]:
    journal = Journal(store)
    watch, arranging = WatchJournal(journal), ArrangingJournal(journal)
    found = watch.states(), arranging.domains(), arranging.maintenance(NOW), watch.news()
    journal.close()
    return found


def test_a_domain_is_added_paused_and_removed(store: str) -> None:
    stirred: list[int] = []

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        assert (await sent(browser, "/domains", domain=" Added.example. ", minutes="30")).status == 303
        assert "added.example" in (await browser.get("/settings")).text
        page = await browser.get("/domains/added.example")
        assert "The first check is due" in page.text
        assert (await sent(browser, "/domains/added.example/pause")).status == 303
        assert "paused" in (await browser.get("/domains/added.example")).text
        assert (await sent(browser, "/domains/added.example/resume")).status == 303
        assert (await browser.get("/domains/added.example/remove")).status == 200
        assert (await sent(browser, "/domains/added.example/remove")).status == 303
        assert (await browser.get("/domains/added.example")).status == 404

    in_site(store, does, stir=lambda: stirred.append(1))
    assert len(stirred) == 4


@pytest.mark.parametrize(
    "fields",
    [
        {"domain": "no domain", "minutes": "60"},
        {"domain": "", "minutes": "60"},
        {"domain": "<script>", "minutes": "60"},
        {"domain": "192.0.2.1", "minutes": "60"},
        {"domain": "a.example", "minutes": "0"},
        {"domain": "a.example", "minutes": "10081"},
        {"domain": "a.example", "minutes": "x"},
        {"domain": "a.example"},
        {"domain": FINE, "minutes": "60"},
    ],
)
def test_what_is_no_domain_or_is_watched_already_is_said(store: str, fields: dict[str, str]) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        assert (await sent(browser, "/domains", **fields)).status == 400

    in_site(store, does)


def test_a_domain_of_the_configuration_is_read_only_and_says_so(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        page = (await browser.get(f"/domains/{FINE}")).text
        assert re.findall(r'action="/domains/[^/]+/([a-z]+)"', page) == ["check"]
        assert "configuration file" in page
        for action in ("remove", "pause", "resume"):
            assert (await sent(browser, f"/domains/{FINE}/{action}")).status == 400
        assert (await browser.get(f"/domains/{FINE}/remove")).status == 404

    in_site(store, does)


@pytest.mark.parametrize("action", ["pause", "resume", "remove", "check", "acknowledge"])
def test_of_a_domain_that_was_removed_meanwhile_that_is_said(store: str, action: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        answer = await sent(browser, f"/domains/gone.example/{action}")
        assert (answer.status, "This domain is not watched." in answer.text) == (404, True)

    in_site(store, does)


def test_a_check_now_is_due_now(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        assert (await sent(browser, f"/domains/{NEW}/check")).status == 303

    in_site(store, does)
    journal = Journal(store)
    (state,) = WatchJournal(journal).states([NEW])
    journal.close()
    assert state.due_at <= NOW


def test_an_alarm_is_taken_care_of_by_name(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        assert f'action="/domains/{BROKEN}/acknowledge"' in (await browser.get(f"/domains/{BROKEN}")).text
        assert (await sent(browser, f"/domains/{BROKEN}/acknowledge")).status == 303
        page = (await browser.get(f"/domains/{BROKEN}")).text
        assert "ada takes care of it." in page
        assert f'action="/domains/{BROKEN}/acknowledge"' not in page

    in_site(store, does)


def test_trouble_is_expected_until_its_end(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        fields = {"begins": BEGIN, "ends": LATER, "domains": f"{FINE}, {BROKEN}", "why": "<b>cables</b>"}
        assert (await sent(browser, "/maintenance", **fields)).status == 303
        page = (await browser.get("/settings")).text
        assert "&lt;b&gt;cables&lt;/b&gt;, by ada" in page
        (end,) = re.findall(r'action="(/maintenance/\d+/end)"', page)
        assert (await sent(browser, end)).status == 303
        assert "/end" not in (await browser.get("/settings")).text

    in_site(store, does)


@pytest.mark.parametrize(
    "fields",
    [
        {"begins": BEGIN},
        {"begins": "tomorrow", "ends": LATER},
        {"begins": LATER, "ends": BEGIN},
        {"begins": "2020-01-01T00:00", "ends": "2020-01-02T00:00"},
        {"begins": BEGIN, "ends": "9999-12-31T23:59"},
        {"begins": "0001-01-01T00:00:00+14:00", "ends": LATER},
        {"begins": BEGIN, "ends": LATER, "domains": "no_domain! x"},
        {"begins": BEGIN, "ends": LATER, "domains": f"{FINE} mistyped.example"},
        {"begins": BEGIN, "ends": LATER, "domains": " ".join(f"d{n}.example" for n in range(101))},
    ],
)
def test_a_time_that_is_none_is_said(store: str, fields: dict[str, str]) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        assert (await sent(browser, "/maintenance", **fields)).status == 400

    in_site(store, does)


def test_only_an_administrator_is_asked_whether_a_domain_is_to_be_watched_no_more(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        admin, viewer = Browser(app), Browser(app)
        await admin.login()
        await viewer.login("bob")
        path = "/domains/added.example/remove"
        assert (await admin.get(path)).status == 404
        assert (await sent(admin, "/domains", domain="added.example", minutes="30")).status == 303
        page = await admin.get(path)
        assert (page.status, f'action="{path}"' in page.text) == (200, True)
        assert (await viewer.get(path)).status == 404
        assert (await admin.send(path, {"form": token_in(page)})).headers["location"] == "/settings#domains"
        assert (await admin.get(path)).status == 404

    in_site(store, does)


def test_each_action_leads_back_to_where_it_was_asked_for_and_only_what_was_done_wakes_the_workers(
    store: str,
) -> None:
    stirred: list[int] = []
    fields = {"begins": BEGIN, "ends": LATER}
    stories: list[tuple[str, dict[str, str], int, str | None, int]] = [
        ("/domains", {"domain": "added.example", "minutes": "30"}, 303, "/settings#domains", 1),
        ("/domains", {"domain": "added.example", "minutes": "30"}, 400, None, 1),
        ("/domains/added.example/pause", {}, 303, "/domains/added.example", 2),
        ("/domains/added.example/check", {}, 400, None, 2),
        ("/domains/added.example/resume", {}, 303, "/domains/added.example", 3),
        (f"/domains/{BROKEN}/check", {}, 303, f"/domains/{BROKEN}", 4),
        (f"/domains/{BROKEN}/acknowledge", {}, 303, f"/domains/{BROKEN}", 5),
        ("/domains/gone.example/pause", {}, 404, None, 5),
        ("/maintenance", {"begins": BEGIN}, 400, None, 5),
        ("/maintenance", fields, 303, "/settings#maintenance", 6),
        ("/maintenance/1/end", {}, 303, "/settings#maintenance", 7),
        ("/domains/added.example/remove", {}, 303, "/settings#domains", 8),
    ]

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        token = token_in(await browser.get("/settings"))
        for path, values, status, location, count in stories:
            answered = await browser.send(path, {"form": token, **values})
            got = answered.status, answered.headers.get("location"), len(stirred)
            assert got == (status, location, count), path

    in_site(store, does, stir=lambda: stirred.append(1))
