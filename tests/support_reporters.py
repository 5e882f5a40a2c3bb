"""Senders that report every day, in a journal."""

from datetime import UTC, datetime, timedelta

from mxproof.store.journal.journal import Journal
from support_journal import arrival, report, with_counts

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DOMAIN = "example.com"


def reported(
    journal: Journal, submitter: str, first: int, last: int, domain: str = DOMAIN, begin_at: datetime = BEGIN
) -> None:
    """Keep a report of each day from `first` to `last`, this one left out, counted from `begin_at`."""
    for day in range(first, last):
        begin = begin_at + timedelta(days=day)
        found = with_counts(
            *(10, 0, domain),
            contact=f"tlsrpt@{submitter}",
            begin=begin,
            end=begin + timedelta(days=1),
            id=f"{submitter} {day} {domain}",
        )
        kept = report(found, domain=submitter)
        journal.keep([arrival(kept, data=f"{submitter}{day}{domain}".encode(), at=begin + timedelta(days=1))])
