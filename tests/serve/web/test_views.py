"""The pages: what is on each, that none is more than text where the text is from outside, and what is not there."""

import re
from contextlib import closing
from datetime import timedelta
from html.parser import HTMLParser

import html5lib
import pytest
from starlette.types import ASGIApp

from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import WatchedDomain
from support_journal import arrival, report, with_counts
from support_long import EXHAUSTIVE, some
from support_web import (
    BAD,
    BROKEN,
    FINE,
    HOSTILE,
    NEW,
    NOW,
    Browser,
    Tries,
    in_site,
    news_of,
    token_in,
)

PAGES = (
    "/",
    "/?q=example",
    f"/domains/{FINE}",
    f"/domains/{BROKEN}",
    f"/domains/{HOSTILE}",
    f"/domains/{NEW}",
    "/checks/1",
    "/checks/62",
    "/checks/62/plan",
    "/checks/1/plan",
    f"/domains/{BROKEN}/timeline",
    f"/domains/{HOSTILE}/timeline",
    f"/domains/{BROKEN}/reports",
    "/reports",
    "/reports/4",
    "/reports/5",
    "/silence",
    "/search",
    "/search?q=example",
    "/senders",
    "/senders/microsoft",
    "/senders/microsoft-ptr",
    "/news",
    "/settings",
)
ELEMENTS = frozenset(
    [
        "html",
        "head",
        "meta",
        "title",
        "link",
        "body",
        "a",
        "header",
        "p",
        "nav",
        "ul",
        "li",
        "form",
        "span",
        "input",
        "button",
        "main",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "ol",
        "div",
        "strong",
        "table",
        "caption",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "svg",
        "path",
        "rect",
        "line",
        "text",
        "desc",
        "details",
        "summary",
        "footer",
        "section",
        "figure",
        "figcaption",
        "article",
        "pre",
        "code",
        "dl",
        "dt",
        "dd",
        "time",
        "label",
        "wbr",
    ]
)
ATTRIBUTES_OF_SCRIPT = re.compile(r"on|style$|srcdoc$|formaction$")


class Tags(HTMLParser):
    """All elements of a page with their attributes, and its texts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def links(self) -> list[str]:
        return [
            attributes["href"] or "" for tag, attributes in self.found if tag == "a" and "href" in attributes
        ]


@pytest.mark.parametrize("path", some(PAGES, 4))
def test_a_page_is_made_of_our_elements_alone_whatever_is_in_it(store: str, path: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        page = await browser.get(path)
        assert page.status == 200
        html5lib.HTMLParser(strict=True).parse(page.text)
        tags = Tags(page.text)
        assert {tag for tag, _ in tags.found} <= ELEMENTS
        names = {name for _, attributes in tags.found for name in attributes}
        assert [name for name in names if ATTRIBUTES_OF_SCRIPT.match(name)] == []
        assert not [
            link for link in tags.links() if not link.startswith(("/", "#", "https://www.rfc-editor.org/"))
        ]
        ids = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
        assert len(ids) == len(set(ids))

    in_site(store, does)


@EXHAUSTIVE
def test_each_link_within_leads_somewhere(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        found = dict[str, str]()
        for path in PAGES:
            tags = Tags((await browser.get(path)).text)
            links = set(tags.links())
            ids = {attributes["id"] for _, attributes in tags.found if "id" in attributes}
            assert {link[1:] for link in links if link.startswith("#")} <= ids, path
            found |= {link: path for link in links if link.startswith("/")}
        assert set(PAGES) & found.keys()
        for link, path in found.items():
            assert (await browser.get(link)).status == 200, (path, link)

    in_site(store, does)


def test_what_is_markup_in_a_record_is_shown_as_it_stands(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        page = await browser.get("/")
        assert any("<script>alert(1)</script>" in text for text in Tags(page.text).texts)

    in_site(store, does)


def test_the_overview_has_the_worst_first_and_each_with_its_days_in_words(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        page = await browser.get("/")
        domains = [link for link in Tags(page.text).links() if link.startswith("/domains/")]
        assert domains == [f"/domains/{one}" for one in (HOSTILE, BROKEN, FINE, NEW)]
        drawings = html5lib.parse(page.text, namespaceHTMLElements=False).findall(".//{*}svg")
        told = [drawing.findtext("{*}title") or "" for drawing in drawings]
        assert [re.findall(r"\d+ days?", words)[1:] for words in told] == [
            ["1 day", "1 day"],
            ["3 days", "27 days"],
            ["30 days"],
            [],
        ]

    in_site(store, does)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("evil", [HOSTILE]),
        ("EXAMPLE.com", [BROKEN]),
        ("nobody", []),
        ("%3Cscript%3E", []),
        (".example.", [HOSTILE, FINE, NEW]),
    ],
)
def test_a_search_finds_what_has_it_in_its_name(store: str, asked: str, found: list[str]) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        links = Tags((await browser.get(f"/?q={asked}")).text).links()
        assert [link for link in links if link.startswith("/domains/")] == [
            f"/domains/{one}" for one in found
        ]

    in_site(store, does)


@pytest.mark.parametrize("path", ["bücher.example", "BÜCHER.example.", "XN--BCHER-KVA.example"])
def test_a_domain_is_found_however_its_name_is_written(store: str, path: str) -> None:
    journal = Journal(store)
    WatchJournal(journal).set_watched([WatchedDomain("xn--bcher-kva.example", 3600.0)], NOW)
    journal.close()

    async def looks(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        assert (await browser.get(f"/domains/{path}")).status == 200
        assert (await browser.get(f"/domains/{path}/timeline")).status == 200

    in_site(store, looks)


@EXHAUSTIVE
def test_many_domains_are_shown_page_by_page(store: str) -> None:
    journal = Journal(store)
    names = [f"d{number:03}.example" for number in range(250)]
    WatchJournal(journal).set_watched([WatchedDomain(one, 3600.0) for one in names], NOW)
    journal.close()

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        seen: list[str] = []
        path: str | None = "/"
        while path is not None:
            tags = Tags((await browser.get(path)).text)
            seen += [link.removeprefix("/domains/") for link in tags.links() if link.startswith("/domains/")]
            begins = [
                int(link.removeprefix("/?from=")) for link in tags.links() if link.startswith("/?from=")
            ]
            path = next((f"/?from={begin}" for begin in begins if begin >= len(seen)), None)
        assert seen == names

    in_site(store, does)


def test_news_are_shown_page_by_page(store: str) -> None:
    journal = Journal(store)
    watch = WatchJournal(journal)
    for _ in range(60):
        watch.keep_news(FINE, news_of(FINE, BAD, NOW), NOW)
    journal.close()

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        events, path = 0, "/news"
        while path:
            tags = Tags((await browser.get(path)).text)
            events += sum("event" in (attributes.get("class") or "").split() for _, attributes in tags.found)
            path = next((link for link in tags.links() if link.startswith("/news?")), "")
        assert events == 60 + 5

    in_site(store, does)


@pytest.mark.parametrize(
    "path",
    [
        "/domains/nobody.example",
        "/domains/..%2f",
        "/domains/\0",
        "/domains/b\u00fccher.example",
        "/domains/\0/feed",
        "/checks/0",
        "/checks/99999",
        "/checks/-1",
        "/checks/one",
        "/checks/99999999999999999999999",
        "/checks/\u0661",
        "/senders/nobody",
        "/nothing",
    ],
)
def test_what_is_not_there_is_said_so(store: str, path: str) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        assert (await browser.get(path)).status == 404

    in_site(store, does)


def test_a_check_whose_evidence_is_kept_no_longer_is_still_told(store: str) -> None:
    journal = Journal(store)
    journal.writes(lambda connection: connection.exec_driver_sql("UPDATE mxproof_check SET frame = NULL"))
    journal.close()

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        for path in ("/checks/1", f"/domains/{BROKEN}"):
            page = await browser.get(path)
            assert page.status == 200
            assert 'class="verdict ' in page.text
        assert (await browser.get("/api/v1/checks/1/report")).status == 404

    in_site(store, does)


def test_an_administrator_sees_who_may_look_and_has_alerts_tried(store: str) -> None:
    tries = Tries()

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        page = await browser.get("/settings")
        assert {"ada", "bob", "dashboard", "reader"} <= {text.strip() for text in Tags(page.text).texts}
        fields = {"form": token_in(page), "channel": "pager"}
        page = await browser.send("/settings/try", fields)
        assert (page.status, "out of paper" in page.text) == (200, True)
        assert (await browser.send("/settings/try", {**fields, "channel": "chat"})).status == 200
        assert (await browser.send("/settings/try", {**fields, "channel": "nobody"})).status == 404
        assert (await browser.send("/settings/try", {**fields, "form": "0"})).status == 403
        assert (await browser.get("/settings/try")).status == 405

    in_site(store, does, tries=tries)
    assert tries.names == ["pager", "chat"]


def test_a_viewer_does_neither(store: str) -> None:
    tries = Tries()

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login("bob")
        page = await browser.get("/settings")
        texts = {text.strip() for text in Tags(page.text).texts}
        assert texts & {"ada", "dashboard", "/usr/local/bin/page-me"} == set()
        fields = {"form": token_in(page), "channel": "pager"}
        assert (await browser.send("/settings/try", fields)).status == 403

    in_site(store, does, tries=tries)
    assert tries.names == []


def test_of_what_happened_the_last_ten_stand_with_a_domain(store: str) -> None:
    """What is older is on its time line."""
    with closing(Journal(store)) as journal:
        for number in range(12):
            begin = NOW - timedelta(days=5 * number + 40)
            told = with_counts(1, 1, FINE, begin=begin, end=begin + timedelta(days=1), id=str(number))
            journal.keep([arrival(report(told), data=str(number).encode(), at=NOW)])

    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        shown = [
            (await browser.get(f"/domains/{FINE}{page}")).text.count('class="event ')
            for page in ("", "/timeline")
        ]
        assert shown == [10, 13]

    in_site(store, does)


def test_the_page_of_a_domain_shows_when_senders_write_by_the_logs_that_are_followed_for_it(
    store: str,
) -> None:
    async def does(app: ASGIApp) -> None:
        browser = Browser(app)
        await browser.login()
        pages = {name: (await browser.get(f"/domains/{name}")).text for name in (BROKEN, FINE)}
        assert {name: "Who usually writes when" in text for name, text in pages.items()} == {
            BROKEN: True,
            FINE: False,
        }

    in_site(store, does)
