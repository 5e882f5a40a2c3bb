"""How a domain that is watched stands: version 1 of what `mxproof watch status --format json` prints, a line a domain."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from mxproof.judge.news import DomainNews
from mxproof.judge.vocabulary import Verdict

WATCH_STATUS_VERSION = 1


class WatchStatus(msgspec.Struct, frozen=True):
    """One domain: what its newest check came to, when that was and when the next is due, and its latest news.

    `outcome`, `headline` and `observed_at` are None before the first check. `is_settled` tells whether what the newest check saw
    is what holds: what was seen once may not be. `news` are the latest first. `is_paused`: it is not checked until somebody says so.
    """

    schema_version: int
    domain: str
    outcome: Verdict | None
    headline: str | None
    observed_at: datetime | None
    due_at: datetime
    is_settled: bool
    blind_since: datetime | None
    senders: Mapping[str, Verdict]
    news: tuple[DomainNews, ...]
    is_paused: bool = False
