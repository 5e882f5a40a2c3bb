"""A store of the watch with news in it, as the commands find it."""

from datetime import datetime
from pathlib import Path

import msgspec

from mxproof.judge.differing import seen
from mxproof.judge.news import DomainNews, domain_news
from mxproof.judge.settling import Turn, TurnKind
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import News, WatchedDomain
from support_scenarios import seen as scenario
from support_watch import claim, finished


def migration_news(now: datetime, before: str = "direct", after: str = "incident") -> DomainNews:
    """Return the news of a domain that went from one scenario to another."""
    return domain_news(
        Turn(TurnKind.CHANGED, now), seen(scenario(before).evidence), seen(scenario(after).evidence)
    )


def watched_store(folder: Path, now: datetime) -> str:
    """Make a store with one domain that refuses, with news, and one that was not checked; return its URL."""
    url = f"sqlite:{folder}/journal.db"
    journal = Journal(url)
    watch = WatchJournal(journal)
    watch.set_watched([WatchedDomain("example.com", 60.0), WatchedDomain("example.net", 60.0)], now)
    (claimed,) = claim(watch, now, domains_max=1)
    told = migration_news(now)
    kept = News(told.kind, told.since, told.course, told.weight, msgspec.json.encode(told))
    assert watch.finish(claimed, finished(now, news=kept), now)
    journal.close()
    return url
