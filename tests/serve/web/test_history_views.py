"""The pages of what happened: one time line, single TLS reports, plans, silences, and what a search finds."""

import re
from datetime import timedelta

import pytest
from starlette.types import ASGIApp

from mxproof.store.journal.journal import Journal
from support_journal import arrival, report, with_counts
from support_long import EXHAUSTIVE
from support_poison import POISONS
from support_web import BROKEN, FINE, HOSTILE, NOW, Browser, in_site
from support_web_history import FORCED

EVENT = re.compile(r'class="event ([a-z]+)"')


async def page_of(app: ASGIApp, path: str, status: int = 200) -> str:
    browser = Browser(app)
    await browser.login()
    page = await browser.get(path)
    assert page.status == status
    return page.text


def test_checks_reports_and_silences_stand_in_one_line_of_time(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        whole = await page_of(app, f"/domains/{BROKEN}/timeline")
        assert EVENT.findall(whole) == ["alarm", "published", "reported", "silence", "note"]
        assert "mtasts" not in whole
        assert "24 sessions failed" in whole
        assert EVENT.findall(await page_of(app, f"/domains/{BROKEN}")) == EVENT.findall(whole)
        assert EVENT.findall(await page_of(app, f"/domains/{FINE}/timeline")) == ["note"]

    in_site(store, does)


def test_what_was_published_stands_with_its_steps_and_the_reason_it_was_forced_for(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        for path in (f"/domains/{BROKEN}/timeline", f"/domains/{BROKEN}"):
            page = await page_of(app, path)
            event = page[page.index('class="event published"') :].partition("</ul>")[0]
            assert [event.count(f"Step {step}: ") for step in ("policy", "id")] == [1, 1]
            assert event.index("Step policy") < event.index("Step id")
            assert page.count(FORCED) == 1
        assert FORCED not in await page_of(app, f"/domains/{FINE}/timeline")

    in_site(store, does)


@EXHAUSTIVE
def test_a_long_line_goes_on_behind_a_link_and_loses_nothing(store: str) -> None:
    journal = Journal(store)
    for number in range(60):
        begin = NOW - timedelta(days=5 * number + 40)
        told = with_counts(1, 1, FINE, begin=begin, end=begin + timedelta(days=1), id=str(number))
        journal.keep([arrival(report(told), data=str(number).encode(), at=NOW)])
    journal.close()

    async def does(app: ASGIApp) -> None:
        first = await page_of(app, f"/domains/{FINE}/timeline")
        (older,) = re.findall(r'href="(/domains/[^"]*\?until=\d+)"', first)
        second = await page_of(app, older)
        assert len(EVENT.findall(first)) == 50
        assert len(EVENT.findall(second)) == 11
        assert "?until=" not in second

    in_site(store, does)


@EXHAUSTIVE
def test_trouble_leads_to_the_way_out_as_of_then(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        (link,) = re.findall(r'href="(/checks/\d+/plan)"', await page_of(app, f"/domains/{BROKEN}/timeline"))
        assert "sts" in await page_of(app, link)

    in_site(store, does)


def test_a_report_is_held_against_the_check_of_its_domain(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        page = await page_of(app, "/reports/4")
        assert "mtasts_mx_mismatch" in page
        assert "confirmed. " in page
        assert "MX_HOSTS_MISMATCH" in page

    in_site(store, does)


@pytest.mark.parametrize("path", ["/reports", f"/domains/{HOSTILE}/reports"])
def test_reports_are_listed_page_by_page_the_newest_first(store: str, path: str) -> None:
    journal = Journal(store)
    for number in range(60):
        told = with_counts(1, 0, HOSTILE, id=str(number))
        journal.keep([arrival(report(told), data=str(number).encode(), at=NOW)])
    journal.close()

    async def does(app: ASGIApp) -> None:
        first = await page_of(app, path)
        (older,) = re.findall(r'href="([^"]*\?older_than=\d+)"', first)
        numbers = [int(one) for one in re.findall(r"/reports/(\d+)", first + await page_of(app, older))]
        assert numbers == sorted(numbers, reverse=True)
        assert len(numbers) == len(set(numbers)) == (65 if path == "/reports" else 61)

    in_site(store, does)


def test_each_usual_sender_is_drawn_with_its_week_in_words(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        for path in ("/silence", f"/domains/{BROKEN}"):
            page = await page_of(app, path)
            drawn = re.findall(r"<title>Mails expected of ([A-Za-z.]+) by day: ", page)
            assert drawn == ["Microsoft", "Google", "firm.example"]
            assert page.count('class="gone silent"') == 1
        assert "Mails expected" not in await page_of(app, f"/domains/{FINE}")

    in_site(store, does)


@pytest.mark.parametrize(
    ("search", "links"),
    [
        ("ample.com", [f"/domains/{BROKEN}", *(f"/reports/{number}" for number in range(1, 5))]),
        ("EVIL", [f"/domains/{HOSTILE}", "/reports/5"]),
        ("kumomta", ["/senders/kumomta"]),
        ("tlsrpt-noreply", []),
        ("Microsoft.com", [f"/reports/{number}" for number in range(1, 6)]),
        ("%", []),
        ("62", ["/checks/62"]),
        ("no such thing", []),
    ],
)
def test_a_search_finds_each_kind_of_page(store: str, search: str, links: list[str]) -> None:
    async def does(app: ASGIApp) -> None:
        page = await page_of(app, f"/search?q={search.replace('%', '%25').replace(' ', '+')}")
        main = page[page.index("<main") :]
        found = [link for link in re.findall(r'href="(/[^"]+)"', main) if "/domains/" not in link]
        found += [f"/domains/{one}" for one in (BROKEN, HOSTILE) if f'<li><a href="/domains/{one}"' in main]
        assert sorted(found) == sorted(links)

    in_site(store, does)


@pytest.mark.parametrize(
    "path",
    ["/reports/999", "/reports/x", "/checks/999/plan", "/checks/x/plan", "/domains/other.example/timeline"],
)
def test_what_is_not_there_is_said(store: str, path: str) -> None:
    async def does(app: ASGIApp) -> None:
        await page_of(app, path, 404)

    in_site(store, does)


@pytest.mark.parametrize("until", ["", "x", "-1", "99999999999999", "0"])
def test_any_time_may_stand_in_the_address(store: str, until: str) -> None:
    async def does(app: ASGIApp) -> None:
        await page_of(app, f"/domains/{BROKEN}/timeline?until={until}")

    in_site(store, does)


def test_what_is_published_says_its_worst_as_text(store: str) -> None:
    async def does(app: ASGIApp) -> None:
        page = await page_of(app, f"/domains/{HOSTILE}/timeline")
        event = page[page.index('class="event published"') :].partition("</ul>")[0]
        assert "not seen everywhere" in event
        assert all(poison not in page for poison in POISONS if "<" in poison)

    in_site(store, does)
