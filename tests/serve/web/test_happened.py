"""What happened of a domain, page by page: nothing is lost between two pages, nothing stands on both, no event is cut."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree as ET

import pytest
from starlette.types import ASGIApp

from mxproof.serve.web import feed, history_views
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import WatchedDomain
from support_web import API_SECRET, BROKEN, FEED_SECRET, FINE, HOSTILE, NEW, NOW, Browser, in_site

ATOM = "{http://www.w3.org/2005/Atom}"
EVENT = re.compile(r'class="event ([a-z]+)"')
OLDER = re.compile(r'href="(/domains/[^"]*\?until=\d+)"')
BEARER = {"authorization": f"Bearer {API_SECRET}"}


@pytest.mark.parametrize("page_max", [1, 2, 4, 5])
def test_a_line_of_time_goes_on_where_the_page_before_ends(
    store: str, monkeypatch: pytest.MonkeyPatch, page_max: int
) -> None:
    monkeypatch.setattr(history_views, "EVENTS_PAGE_MAX", page_max)

    async def does(app: ASGIApp) -> None:
        browser, path = Browser(app), f"/domains/{BROKEN}/timeline"
        await browser.login("bob")
        pages = []
        for _ in range(-(-5 // page_max)):
            pages.append((await browser.get(path)).text)
            path = (OLDER.findall(pages[-1]) or [""])[0]
        assert path == ""
        found = [EVENT.findall(page) for page in pages]
        whole = ["alarm", "published", "reported", "silence", "note"]
        assert found == [whole[begin : begin + page_max] for begin in range(0, 5, page_max)]
        assert ["24 sessions failed" in page for page in pages] == ["reported" in one for one in found]

    in_site(store, does)


def test_what_happened_before_a_moment_ends_there(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login("bob")
        first = NOW - timedelta(days=29, minutes=10)
        for seconds, events in ((0, ["note"]), (-1, [])):
            until = int(first.timestamp()) + seconds
            page = (await browser.get(f"/domains/{BROKEN}/timeline?until={until}")).text
            assert EVENT.findall(page) == events

    in_site(store, does)


@pytest.mark.parametrize(
    ("search", "found"),
    [("bücher", True), ("BÜCHER.example", True), ("xn--bcher", True), ("bucher", False), (".example.", True)],
)
def test_a_domain_is_found_in_either_writing(store: str, search: str, found: bool) -> None:
    journal = Journal(store)
    watched = [WatchedDomain(one, 3600.0) for one in (FINE, BROKEN, HOSTILE, NEW, "xn--bcher-kva.example")]
    WatchJournal(journal).set_watched(watched, NOW)
    journal.close()

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login("bob")
        asked = search.replace("ü", "%C3%BC").replace("Ü", "%C3%9C")
        page = (await browser.get(f"/search?q={asked}")).text
        assert ('href="/domains/xn--bcher-kva.example"' in page) is found

    in_site(store, does)


@pytest.mark.parametrize("newest", [1, 2, 3])
def test_a_feed_that_is_cut_has_the_newest_and_was_updated_when_the_first_of_them_was(
    store: str, monkeypatch: pytest.MonkeyPatch, newest: int
) -> None:
    async def entries(app: ASGIApp) -> tuple[str | None, list[tuple[str | None, str | None]]]:
        answered = await Browser(app).get(f"/domains/{BROKEN}/feed?token={FEED_SECRET.replace(' ', '+')}")
        root = ET.fromstring(answered.text)
        found = [
            (one.findtext(f"{ATOM}updated"), one.findtext(f"{ATOM}id")) for one in root.iter(f"{ATOM}entry")
        ]
        return root.findtext(f"{ATOM}updated"), found

    async def does(app: ASGIApp) -> None:
        updated, whole = await entries(app)
        assert len(whole) == 3
        assert whole == sorted(whole, key=lambda one: str(one[0]), reverse=True)
        assert updated == whole[0][0]
        monkeypatch.setattr(feed, "FEED_NEWS_MAX", newest)
        assert await entries(app) == (updated, whole[:newest])

    in_site(store, does)


@pytest.mark.parametrize("path", ["/news", f"/domains/{BROKEN}/news"])
def test_news_go_on_behind_the_one_that_is_named(store: str, path: str) -> None:
    async def does(app: ASGIApp) -> None:
        async def numbers(asked: str) -> list[int]:
            answered = await Browser(app).get(f"/api/v1{asked}", **BEARER)
            return [one["number"] for one in json.loads(answered.text)["news"]]

        whole = await numbers(path)
        assert whole == sorted(whole, reverse=True)
        assert len(whole) > 1
        for place, number in enumerate(whole):
            assert await numbers(f"{path}?older_than={number}") == whole[place + 1 :]

    in_site(store, does)
