"""Senders that report every day, in a journal."""

from datetime import UTC, datetime, timedelta

from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.store.journal.journal import Journal
from support_journal import arrival, report, with_counts

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
DOMAIN = "example.com"


def reported(
    journal: Journal,
    submitter: str,
    first: int,
    last: int,
    domain: str = DOMAIN,
    begin_at: datetime = BEGIN,
    *,
    failure: int = 0,
    authenticated: Authenticated = Authenticated.UNKNOWN,
) -> None:
    """Keep a report of each day from `first` to `last`, this one left out, counted from `begin_at`."""
    kept = []
    for day in range(first, last):
        begin = begin_at + timedelta(days=day)
        found = with_counts(
            *(10, failure, domain),
            contact=f"tlsrpt@{submitter}",
            begin=begin,
            end=begin + timedelta(days=1),
            id=f"{submitter} {begin:%Y%m%d} {domain}",
        )
        data = f"{submitter}{begin}{domain}".encode()
        one = report(found, authenticated, domain=submitter)
        kept.append(arrival(one, data=data, at=begin + timedelta(days=1)))
    journal.keep(kept)
