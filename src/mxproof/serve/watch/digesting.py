"""Make a digest from what the store has."""

from datetime import datetime

import msgspec

from mxproof.judge.digest import DIGEST_VERSION, Digest, is_troubled
from mxproof.judge.news import DomainNews, Weight
from mxproof.store.journal.standing import watch_status
from mxproof.store.journal.watch_journal import WatchJournal

DIGEST_NEWS_MAX = 50
DIGEST_TROUBLED_MAX = 200


def digest_of(watch: WatchJournal, since: datetime, until: datetime) -> Digest:
    """Return the digest of a period; notes are left out. Raises JournalError."""
    states = watch.states()
    standing = [one for one in map(watch_status, states) if is_troubled(one)]
    kept = [one for one in watch.news(since=since) if one.at <= until and one.weight != Weight.NOTE]
    news = [msgspec.json.decode(one.told, type=DomainNews) for one in kept[:DIGEST_NEWS_MAX]]
    return Digest(
        schema_version=DIGEST_VERSION,
        since=since,
        until=until,
        domains=len(states),
        troubled=tuple(standing[:DIGEST_TROUBLED_MAX]),
        news=tuple(news),
        news_left_out=len(kept) - len(news),
    )
