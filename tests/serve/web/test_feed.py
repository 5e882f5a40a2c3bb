"""The feeds: Atom, for whoever has a token for them or is logged in, with nothing in it but text."""

from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree as ET

import msgspec
import pytest
from starlette.types import ASGIApp

from mxproof.render.text.news import news_words
from mxproof.serve.web.feed import FEED_NEWS_MAX, FeedItem, feed_text
from mxproof.serve.web.pages.events import ShownNews
from mxproof.store.journal.publication import (
    JournalledStep,
    Publication,
    PublicationKind,
    PublicationState,
    StepStanding,
)
from support_watched_store import migration_news
from support_web import API_SECRET, BROKEN, FEED_SECRET, HOSTILE, NEW, Browser, in_site
from support_web_history import FORCED

ATOM = "{http://www.w3.org/2005/Atom}"
ENTRY = {f"{ATOM}{name}" for name in ("title", "id", "updated", "published", "link", "category", "summary")}


@pytest.mark.parametrize(
    ("path", "entries"),
    [
        ("/feed", 7),
        (f"/domains/{BROKEN}/feed", 3),
        (f"/domains/{HOSTILE}/feed", 3),
        (f"/domains/{NEW}/feed", 0),
    ],
)
def test_a_feed_is_what_rfc_4287_wants(store: str, path: str, entries: int) -> None:
    async def does(app: ASGIApp) -> None:
        answered = await Browser(app).get(f"{path}?token={FEED_SECRET.replace(' ', '+')}")
        assert (answered.status, answered.headers["content-type"].partition(";")[0]) == (
            200,
            "application/atom+xml",
        )
        root = ET.fromstring(answered.text)
        found = root.findall(f"{ATOM}entry")
        assert len(found) == entries
        assert all({one.tag for one in entry} == ENTRY for entry in found)
        assert root.findall(f".//{ATOM}summary/*") == []
        for one in (root, *found):
            (identity,), (updated,) = one.findall(f"{ATOM}id"), one.findall(f"{ATOM}updated")
            assert (identity.text or "").startswith("https://watch.example/")
            assert (updated.text or "").endswith("+00:00")
        assert len({entry.findtext(f"{ATOM}id") for entry in found}) == len(found)
        assert root.find(f"{ATOM}link[@rel='self']") is not None
        assert FEED_SECRET not in answered.text

    in_site(store, does)


def test_a_publication_is_an_entry_that_says_why_it_was_forced_and_when_it_went_on(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login("bob")
        root = ET.fromstring((await browser.get(f"/domains/{BROKEN}/feed")).text)
        (entry,) = (
            one
            for one in root.iter(f"{ATOM}entry")
            if one.find(f"{ATOM}category[@term='publication']") is not None
        )
        assert FORCED in (entry.findtext(f"{ATOM}summary") or "")
        began, went_on = (
            datetime.fromisoformat(entry.findtext(f"{ATOM}{name}") or "") for name in ("published", "updated")
        )
        assert went_on - began == timedelta(minutes=15)

    in_site(store, does)


def test_a_feed_is_read_by_whoever_may(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        for token in ("", "wrong", API_SECRET.replace(" ", "+"), "x" * 5000):
            assert (await browser.get(f"/feed?token={token}")).status == 401
        await browser.login("bob")
        assert (await browser.get("/feed")).status == 200
        assert (await browser.get("/domains/nobody.example/feed")).status == 404

    in_site(store, does)


def test_a_publication_went_on_when_the_last_of_its_steps_was_begun_or_seen_or_when_it_ended() -> None:
    began = datetime(2026, 11, 1, tzinfo=UTC)
    at = [began + timedelta(minutes=minutes) for minutes in range(5)]
    stories: list[tuple[tuple[JournalledStep, ...], datetime | None, datetime]] = [
        ((), None, began),
        ((JournalledStep("policy", StepStanding.BEGUN, at[1], None, ""),), None, at[1]),
        ((JournalledStep("policy", StepStanding.SEEN, at[1], at[2], ""),), None, at[2]),
        (
            (
                JournalledStep("policy", StepStanding.SEEN, at[1], at[2], ""),
                JournalledStep("id", StepStanding.BEGUN, at[3], None, ""),
            ),
            None,
            at[3],
        ),
        ((JournalledStep("policy", StepStanding.SEEN, at[1], at[2], ""),), at[4], at[4]),
    ]
    for steps, ended_at, updated in stories:
        state = PublicationState.OPEN if ended_at is None else PublicationState.DONE
        one = Publication(1, "a.example", PublicationKind.APPLY, b"", b"", "", state, began, ended_at, steps)
        root = ET.fromstring(feed_text("https://watch.example", None, [one], at[4] + timedelta(days=1)))
        assert [each.text for each in root.iter(f"{ATOM}updated")] == [updated.isoformat()] * 2
        assert [each.text for each in root.iter(f"{ATOM}published")] == [began.isoformat()]


SITE = "https://watch.example"
AT = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
NEWS = migration_news(AT)


def news(number: int, at: datetime, check: int | None = None) -> ShownNews:
    return ShownNews(number, check, msgspec.structs.replace(NEWS, at=at))


def published(number: int, at: datetime, forced: str = "") -> Publication:
    kind, state = PublicationKind.APPLY, PublicationState.OPEN
    return Publication(number, "a.example", kind, b"", b"", forced, state, at, None, ())


def feed(*several: FeedItem, domain: str | None = None) -> ET.Element:
    return ET.fromstring(feed_text(SITE, domain, several, AT + 99 * HOUR))


def said(entry: ET.Element, name: str) -> str:
    return entry.findtext(f"{ATOM}{name}") or ""


def links(of: ET.Element) -> dict[str, str]:
    return {one.attrib["rel"]: one.attrib["href"] for one in of.findall(f"{ATOM}link")}


def test_news_and_publications_stand_together_the_newest_first() -> None:
    root = feed(
        news(1, AT + HOUR), news(2, AT + 3 * HOUR), published(1, AT + 2 * HOUR), published(2, AT + 4 * HOUR)
    )
    assert [said(one, "id").removeprefix(SITE) for one in root.iter(f"{ATOM}entry")] == [
        "/publications/2",
        "/news/2",
        "/publications/1",
        "/news/1",
    ]
    assert said(root, "updated") == (AT + 4 * HOUR).isoformat()
    assert said(feed(), "updated") == (AT + 99 * HOUR).isoformat()


def test_of_both_kinds_together_no_more_than_so_many_of_the_newest_stand_there() -> None:
    old = [news(number, AT - number * HOUR) for number in range(1, FEED_NEWS_MAX + 1)]
    root = feed(*old, published(7, AT), published(8, AT - 99 * HOUR))
    found = [said(one, "id").rpartition("/")[2] for one in root.iter(f"{ATOM}entry")]
    assert (FEED_NEWS_MAX, found) == (30, ["7", *map(str, range(1, 30))])


@pytest.mark.parametrize(
    ("domain", "title", "itself", "page"),
    [
        (None, "Mail of all domains that are watched", "/feed", "/news"),
        ("b.example", "Mail for b.example", "/domains/b.example/feed", "/domains/b.example"),
    ],
)
def test_a_feed_leads_to_itself_and_to_the_page_of_the_same(
    domain: str | None, title: str, itself: str, page: str
) -> None:
    root = feed(news(1, AT), domain=domain)
    assert (said(root, "title"), said(root, "id")) == (title, f"{SITE}{itself}")
    assert links(root) == {"self": f"{SITE}{itself}", "alternate": f"{SITE}{page}"}


@pytest.mark.parametrize(("check", "page"), [(None, f"/domains/{NEWS.domain}"), (7, "/checks/7")])
def test_news_lead_to_the_check_that_brought_them_or_to_the_domain(check: int | None, page: str) -> None:
    (entry,) = feed(news(3, AT, check)).iter(f"{ATOM}entry")
    first, *_ = words = news_words(NEWS)
    assert links(entry) == {"alternate": f"{SITE}{page}"}
    assert said(entry, "title") == f"{NEWS.domain}: {NEWS.weight}: {first}"
    assert said(entry, "summary") == "\n".join(words)
    assert [one.attrib for one in entry.findall(f"{ATOM}category")] == [{"term": str(NEWS.weight)}]
    assert (said(entry, "published"), said(entry, "updated")) == (AT.isoformat(), AT.isoformat())


@pytest.mark.parametrize(("forced", "kind"), [("", "publication"), ("tonight", "forced publication")])
def test_a_publication_leads_to_the_time_line_of_its_domain(forced: str, kind: str) -> None:
    (entry,) = feed(published(3, AT, forced)).iter(f"{ATOM}entry")
    assert links(entry) == {"alternate": f"{SITE}/domains/a.example/timeline"}
    assert said(entry, "title") == f"a.example: {kind}: {said(entry, 'summary').splitlines()[0]}"
    assert ("tonight" in said(entry, "summary")) is bool(forced)
