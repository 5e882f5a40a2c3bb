"""The page of a domain: when it is checked, what holds of it, who writes when, and what may be done with it."""

import re
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.judge.checked import Checked
from mxproof.judge.news import Weight
from mxproof.judge.settling import Blindness, Candidate, SettledState
from mxproof.judge.vocabulary import Verdict
from mxproof.render.html.report import verdict_banner
from mxproof.render.markup import element, html
from mxproof.render.text.words import moment
from mxproof.rhythm.notice import KnownSender
from mxproof.rhythm.standing import SenderStanding
from mxproof.serve.web.pages.domain import DomainSeen, domain_content
from mxproof.serve.web.pages.events import ShownNews, when
from mxproof.serve.web.pages.silence import LogSeen
from mxproof.store.journal.watched import KeptCheck, WatchedState
from support_scenarios import seen
from support_watched_store import migration_news

NOW = datetime(2026, 11, 1, 9, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.mark.parametrize("paused_by", [None, "ada"])
def test_of_a_domain_that_was_not_checked_yet_it_is_said_when_it_will_be_unless_it_is_paused(
    paused_by: str | None,
) -> None:
    state = WatchedState(
        "example.com", 3600.0, NOW + timedelta(hours=1), SettledState(), None, paused_by=paused_by
    )
    page = html(element("main", *domain_content(DomainSeen(state, None, (), (), (), {}, 0, 0), NOW)))
    assert ("paused" in page, "2026-11-01T10:00" in page) == (paused_by is not None, paused_by is None)


@pytest.mark.parametrize("paused_by", [None, "ada"])
def test_of_a_domain_that_was_checked_it_is_said_when_it_will_be_again_or_who_paused_it(
    paused_by: str | None,
) -> None:
    newest = KeptCheck(7, NOW - timedelta(hours=1), 0.5, Verdict.DELIVERS, "Mail arrives.", {}, False)
    state = WatchedState(
        "example.com", 3600.0, NOW + timedelta(hours=1), SettledState(), newest, paused_by=paused_by
    )
    page = html(element("main", *domain_content(DomainSeen(state, None, (), (), (), {}, 0, 0), NOW)))
    assert ("paused by ada" in page, "2026-11-01T10:00" in page) == (paused_by is not None, paused_by is None)


NEWEST = KeptCheck(7, NOW - timedelta(hours=1), 0.5, Verdict.DELIVERS, "Mail arrives.", {}, False)
STATE = WatchedState("example.com", 3600.0, NOW + timedelta(hours=1), SettledState(), NEWEST)
ACKNOWLEDGE = 'action="/domains/example.com/acknowledge"'


def page_of(state: WatchedState = STATE, **seen: object) -> str:
    made = msgspec.structs.replace(DomainSeen(state, None, (), (), (), {}, 0, 0), **seen)
    return html(element("main", *domain_content(made, NOW)))


def fact(page: str, name: str) -> list[str]:
    """Return the words of one of the facts of a page, none where it is left out."""
    found = re.findall(rf"<dt>{name}</dt>\s*<dd>(.*?)</dd>", page)
    return [re.sub(r"<[^>]*>", "", one) for one in found]


def test_what_is_due_is_due_now() -> None:
    assert fact(page_of(msgspec.structs.replace(STATE, due_at=NOW)), "Next check") == ["now"]
    later = fact(page_of(msgspec.structs.replace(STATE, due_at=NOW + timedelta(minutes=1))), "Next check")
    assert later != ["now"]


def test_what_was_seen_once_holds_not_yet() -> None:
    once = SettledState(candidates=(Candidate("a", NOW, 5),))
    assert fact(page_of(msgspec.structs.replace(STATE, held=once)), "Holds") == [
        "not yet: it was seen once, and is looked at again soon"
    ]
    assert fact(page_of(), "Holds") == []


@pytest.mark.parametrize(
    ("blindness", "told"), [(None, 0), (Blindness(NOW, 1), 0), (Blindness(NOW, 3, is_told=True), 1)]
)
def test_that_less_is_seen_is_said_once_it_was_told(blindness: Blindness | None, told: int) -> None:
    state = msgspec.structs.replace(STATE, held=SettledState(blindness=blindness))
    assert len(fact(page_of(state), "Less is seen since")) == told


@pytest.mark.parametrize(
    ("weight", "acknowledged_by", "is_offered"),
    [
        (Weight.ALARM, None, True),
        (Weight.WARNING, None, True),
        (Weight.NOTE, None, False),
        (Weight.ALARM, "ada", False),
    ],
)
def test_somebody_may_take_care_of_trouble_that_nobody_takes_care_of(
    weight: Weight, acknowledged_by: str | None, *, is_offered: bool
) -> None:
    news = msgspec.structs.replace(migration_news(NOW), weight=weight)
    note = msgspec.structs.replace(news, weight=Weight.NOTE)
    happened = (ShownNews(2, 7, news, acknowledged_by), ShownNews(1, 7, note))
    page = page_of(happened=happened, form_token="token")
    assert (ACKNOWLEDGE in page) is is_offered


def test_who_is_no_administrator_has_nothing_to_do_here() -> None:
    assert ("<form" in page_of(form_token="token"), "<form" in page_of()) == (True, False)


def test_who_usually_writes_when_is_shown_where_a_log_is_followed_six_senders_of_each() -> None:
    known = KnownSender("Microsoft", 24.0, (0, 1, 2, 3, 4), (8, 17), 1.5, 16.0)
    one = SenderStanding(known, (1.0,) * 168, NOW.timestamp(), 60.0, 60.0, 3.0, False)
    unknown, followed = LogSeen("a.log", "", ()), LogSeen("b.log", "", [one] * 8)
    assert "Who usually writes when" not in page_of(logs=(unknown,))
    page = page_of(logs=(unknown, followed))
    assert page.count("Who usually writes when</h2>") == 1
    assert (page.count('class="rhythm"'), "Nobody is known" in page) == (6, False)
    assert "2 more, none of which is silent." in page


def test_without_the_evidence_of_the_check_there_is_no_report_and_that_is_said() -> None:
    checked = Checked(seen("incident").proven())
    words = "The evidence of this check is kept no longer"
    without, with_report = page_of(), page_of(checked=checked)
    assert (words in without, words in with_report) == (True, False)
    assert len(with_report) > 2 * len(without)


def sections(page: str) -> list[tuple[str, str]]:
    """Return the id and the title of each section, in their order."""
    return re.findall(r'<h2 id="([^"]*)">(.*?)</h2>', page)


def test_before_the_first_check_nothing_stands_but_when_it_is_due_and_what_may_be_done() -> None:
    state = msgspec.structs.replace(STATE, newest=None)
    due = html(element("p", "Not checked yet. The first check is due ", when(state.due_at), "."))
    assert due in page_of(state)
    assert "<p>Not checked yet, and paused.</p>" in page_of(msgspec.structs.replace(state, paused_by="ada"))
    for paused_by in (None, "ada"):
        stopped = msgspec.structs.replace(state, paused_by=paused_by)
        actions = '<div class="actions">'
        assert (sections(page_of(stopped)), actions in page_of(stopped)) == ([], False)
        assert actions in page_of(stopped, form_token="token")


def test_what_happened_comes_before_the_checks_each_of_which_leads_to_its_own() -> None:
    older = msgspec.structs.replace(NEWEST, number=6, observed_at=NOW - DAY, headline="Mail is lost.")
    page = page_of(checks=(NEWEST, older), since=20_000, until=20_029)
    assert sections(page) == [
        ("days", "The last 30 days"),
        ("changes", "What happened when"),
        ("checks", "Latest checks"),
    ]
    latest = element(
        "ul",
        element("li", element("a", when(NEWEST.observed_at), href="/checks/7"), " ", "Mail arrives."),
        element("li", element("a", when(older.observed_at), href="/checks/6"), " ", "Mail is lost."),
        class_="latest",
    )
    assert html(latest) in page
    assert f"<dt>Seen</dt><dd>{html(element('a', when(NEWEST.observed_at), href='/checks/7'))}</dd>" in page
    links = re.findall(r'href="(/domains/[^"]*)"', page)
    assert links == [f"/domains/example.com/{path}" for path in ("timeline", "reports", "feed")]


def test_a_domain_that_is_paused_has_no_next_check_even_where_one_is_due() -> None:
    for due_at in (NOW - DAY, NOW + DAY):
        paused = msgspec.structs.replace(STATE, paused_by="ada", due_at=due_at)
        assert fact(page_of(paused), "Next check") == ["none, it was paused by ada"]


def test_less_is_seen_since_the_blindness_began() -> None:
    since = NOW - 3 * DAY
    blind = SettledState(blindness=Blindness(since, 3, is_told=True))
    assert fact(page_of(msgspec.structs.replace(STATE, held=blind)), "Less is seen since") == [moment(since)]


def test_the_verdict_of_evidence_that_is_kept_no_longer_is_that_of_the_newest_check() -> None:
    banner = html(verdict_banner(Verdict.DELIVERS, "Mail arrives."))
    page, with_report = page_of(), page_of(checked=Checked(seen("incident").proven()))
    assert (banner in page, banner in with_report) == (True, False)
