"""A digest as text: what stands badly before what was new, and how much of it is left out."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.judge.difference import Course
from mxproof.judge.digest import DIGEST_VERSION, Digest
from mxproof.judge.news import NEWS_VERSION, DomainNews, Weight
from mxproof.judge.settling import TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.watch_status import WATCH_STATUS_VERSION, WatchStatus
from mxproof.render.text.digest import digest_text, digest_title, period_words
from mxproof.render.text.paper import Paper

UNTIL = datetime(2026, 11, 20, 12, tzinfo=UTC)
SINCE = UNTIL - timedelta(days=7)
BAD = WatchStatus(
    WATCH_STATUS_VERSION,
    "bad.example",
    Verdict.REFUSED,
    "Mail is refused.",
    UNTIL - timedelta(minutes=7),
    UNTIL + timedelta(hours=2),
    is_settled=True,
    blind_since=None,
    senders={},
    news=(),
)
NEWS = DomainNews(
    NEWS_VERSION,
    "bad\x07.example",
    TurnKind.FIRST,
    Weight.NOTE,
    Course.SAME,
    SINCE,
    SINCE,
    "Mail is refused.",
    (),
    (),
    is_flapping=False,
    difference=None,
)
SPAN = "From 2026-11-13 12:00:00 UTC to 2026-11-20 12:00:00 UTC"


def digest(
    domains: int, troubled: tuple[WatchStatus, ...] = (), news: tuple[DomainNews, ...] = (), left_out: int = 0
) -> Digest:
    return Digest(DIGEST_VERSION, SINCE, UNTIL, domains, troubled, news, left_out)


@pytest.mark.parametrize(
    ("one", "title"),
    [
        (digest(1), "mxproof: domain: 1 delivers, no news"),
        (digest(3, news=(NEWS,), left_out=4), "mxproof: domains: 3 deliver, 5 news"),
        (digest(3, (BAD, BAD), (NEWS,)), "mxproof: domains: 2 of 3 in trouble, 1 news"),
        (digest(1, (BAD,), left_out=2), "mxproof: domain: 1 of 1 in trouble, 2 news"),
    ],
)
def test_the_title_says_in_a_line_how_it_stands(one: Digest, title: str) -> None:
    assert digest_title(one) == title


def test_the_period_is_told_with_how_many_domains_are_watched() -> None:
    assert period_words(digest(1)) == f"{SPAN}; 1 domain is watched."
    assert period_words(digest(2)) == f"{SPAN}; 2 domains are watched."


def test_where_all_is_well_and_nothing_was_new_it_is_three_lines() -> None:
    assert "".join(digest_text(digest(2), Paper())) == (
        f"{SPAN}; 2 domains are watched.\n\nEvery sender that is modelled delivers to all of them.\n\nNo news.\n"
    )


def test_what_is_in_trouble_stands_before_the_news_and_older_ones_are_counted() -> None:
    told = digest(2, (BAD,), (NEWS,), 3)
    assert "".join(digest_text(told, Paper())).splitlines() == [
        f"{SPAN}; 2 domains are watched.",
        "",
        "In trouble",
        "x REFUSED     bad.example",
        "              Mail is refused.",
        "              seen 7 min ago, next check in 2 h",
        "",
        "News",
        "",
        "bad\\x07.example",
        "2026-11-13 12:00:00 UTC  note",
        "  Watched from now on.",
        "  Now: Mail is refused.",
        "",
        "and 3 older; `mxproof watch status DOMAIN` has them",
    ]
