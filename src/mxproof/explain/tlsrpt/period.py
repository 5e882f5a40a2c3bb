"""What a look at the counts is about, and what it finds."""

from datetime import datetime
from typing import Final

import msgspec

from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy

ALL_DOMAINS: Final = ""
SENDERS_SHOWN_MAX: Final = 100
WAYS_SHOWN_MAX_OF_ALL: Final = 1000
ROWS_READ_MAX: Final = 20_000
"""Rows of reports, the newest first, among which those are that stand for ways."""
DOMAINS_SHOWN_MAX: Final = 100


class Period(msgspec.Struct, frozen=True):
    """Days from `first` to `last`, both counted from 1970-01-01, of one domain or of all."""

    first: int
    last: int
    domain: str = ALL_DOMAINS


class SenderCounts(msgspec.Struct, frozen=True):
    """What one sender reports of a period; `days` are its sessions by day, as (day, success, failure).

    `tested` of the sessions that failed did so under a policy in mode testing; of `overlapping` reports the sessions are
    the least that there were.
    """

    submitter: str
    authenticated: str
    reports: int
    success: int
    failure: int
    tested: int
    overlapping: int
    days: tuple[tuple[int, int, int], ...] = ()


class WayCounts(msgspec.Struct, frozen=True):
    """Sessions of one sender that failed in one way, and the last day on which they did."""

    submitter: str
    authenticated: str
    result_type: str
    reason: str
    cause: str
    receiving_mx: str
    count: int
    last_day: int


class ReportedWay(msgspec.Struct, frozen=True):
    """The newest row of a report that says that sessions failed in one way; `policy` has this row alone, `end` is of its report."""

    submitter: str
    authenticated: str
    cause: str
    policy: ReportedPolicy
    end: datetime | None

    @property
    def details(self) -> FailureDetails:
        """What the row says of these sessions."""
        return self.policy.failures[0]


class DomainCounts(msgspec.Struct, frozen=True):
    """Sessions of one domain, of all senders."""

    domain: str
    success: int
    failure: int


class PeriodCounts(msgspec.Struct, frozen=True):
    """All that is shown of a period: senders, ways and domains with failures, each the most first and bounded.

    `senders_more` and `domains_more` tell whether there are others.
    """

    senders: tuple[SenderCounts, ...]
    ways: tuple[WayCounts, ...]
    domains: tuple[DomainCounts, ...]
    senders_more: bool = False
    domains_more: bool = False
