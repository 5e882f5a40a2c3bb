"""A digest of domains that are watched: how they stand, and what was new in a period. Version 1; the JSON Schema is generated."""

from datetime import datetime

import msgspec

from mxproof.judge.news import DomainNews
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.watch_status import WatchStatus

DIGEST_VERSION = 1


class Digest(msgspec.Struct, frozen=True):
    """The period, how many domains are watched, those that do not simply deliver, and the news, the newest first.

    `news_left_out` counts news beyond those that are told.
    """

    schema_version: int
    since: datetime
    until: datetime
    domains: int
    troubled: tuple[WatchStatus, ...]
    news: tuple[DomainNews, ...]
    news_left_out: int


def is_troubled(status: WatchStatus) -> bool:
    """Tell whether a domain does not simply deliver, or could not be looked at."""
    return status.outcome is not Verdict.DELIVERS or status.blind_since is not None
