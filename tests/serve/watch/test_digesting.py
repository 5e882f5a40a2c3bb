"""A digest: how all domains stand and what was new, in words, as a page and as JSON."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.judge.digest import Digest
from mxproof.judge.vocabulary import Verdict
from mxproof.serve.watch import digesting
from mxproof.serve.watch.digesting import DIGEST_NEWS_MAX, digest_of
from mxproof.serve.watch.message import digest_message
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import News
from support_schema import agrees
from support_watched_store import migration_news, watched_store

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def watch(tmp_path: Path) -> WatchJournal:
    return WatchJournal(Journal(watched_store(tmp_path, NOW)))


def test_it_holds_who_is_in_trouble_and_what_was_new(watch: WatchJournal) -> None:
    digest = digest_of(watch, NOW - DAY, NOW + DAY)
    assert digest.domains == 2
    assert [(one.domain, one.outcome) for one in digest.troubled] == [
        ("example.com", Verdict.REFUSED),
        ("example.net", None),
    ]
    assert [one.domain for one in digest.news] == ["example.com"]


def test_what_was_new_before_or_after_is_not_in_it(watch: WatchJournal) -> None:
    assert digest_of(watch, NOW - 2 * DAY, NOW - DAY).news == ()
    assert digest_of(watch, NOW + DAY, NOW + 2 * DAY).news == ()


def test_notes_are_left_out_and_what_is_too_much_is_counted(watch: WatchJournal) -> None:
    told = migration_news(NOW)
    kept = News(told.kind, told.since, told.course, told.weight, msgspec.json.encode(told))
    for _ in range(DIGEST_NEWS_MAX + 2):
        watch.keep_news("example.com", kept, NOW)
    watch.keep_news("example.com", msgspec.structs.replace(kept, weight="note"), NOW)
    digest = digest_of(watch, NOW - DAY, NOW + DAY)
    assert (len(digest.news), digest.news_left_out) == (DIGEST_NEWS_MAX, 3)


def test_of_those_in_trouble_so_many_are_told_and_all_domains_counted(
    watch: WatchJournal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digesting, "DIGEST_TROUBLED_MAX", 1)
    digest = digest_of(watch, NOW - DAY, NOW + DAY)
    assert ([one.domain for one in digest.troubled], digest.domains) == (["example.com"], 2)
    assert (digest.since, digest.until, digest.news_left_out) == (NOW - DAY, NOW + DAY, 0)


def test_its_message_says_it_in_each_form(watch: WatchJournal) -> None:
    message = digest_message(digest_of(watch, NOW - DAY, NOW + DAY))
    agrees(message.told, "digest")
    assert message.html is not None
    for said in (message.text, message.html):
        assert said.index("In trouble") < said.index("News") < said.index("mxi1.example.com")
    assert "2 of 2" in message.title
    assert message.html.startswith("<!DOCTYPE html>")


def test_where_all_is_well_it_says_so() -> None:
    message = digest_message(Digest(1, NOW - DAY, NOW, 3, (), (), 0))
    assert "3 deliver" in message.title
    assert "No news" in message.text
