"""Reports that go out, to be put into a journal."""

from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from mxproof.store.journal.days import day_of
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_counts import MetBounds, MetCounts
from mxproof.store.journal.met_journal import MetJournal
from mxproof.store.journal.outgoing import (
    AttemptOutcome,
    DeliveryAttempt,
    DueReport,
    NewReport,
    OutgoingState,
    Settled,
)
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from support_met import of_domain

DAY = date(2026, 3, 1)
AT = datetime(2026, 3, 2, 0, 10, 0, 250000, tzinfo=UTC)
HOUR = timedelta(hours=1)
PLACE = "mailto:tls@a.example"


def new(domain: str = "a.example", day: date = DAY, due_at: datetime = AT) -> NewReport:
    """Return a report that was made."""
    return NewReport(day, domain, f"{day:%Y%m%d}.{domain}@sender.example", b"packed", 7, 3, due_at)


def met_on(journal: Journal, day: date, *domains: str) -> None:
    """Have sessions with these domains on a day."""
    at = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    counts = MetCounts(MetBounds(1000))
    for one in domains:
        counts.add(day_of(at), of_domain(one), 3, at.timestamp())
    MetJournal(journal).add(counts)


def attempt(outcome: AttemptOutcome, at: datetime = AT, said: str = "550 nobody") -> DeliveryAttempt:
    """Return an attempt at PLACE."""
    return DeliveryAttempt(at, PLACE, outcome, said)


def claimed(outgoing: OutgoingJournal, at: datetime = AT) -> DueReport:
    """Take the one report that is due."""
    (found,) = outgoing.claim(at, at + HOUR, 10)
    return found


def sent(folder: Path) -> str:
    """Have a report go out by mail to PLACE from the journal in a folder, and return its id."""
    with closing(Journal(f"sqlite:{folder}/journal.db")) as journal:
        outgoing = OutgoingJournal(journal)
        outgoing.add([new()], AT)
        due = claimed(outgoing)
        took = attempt(AttemptOutcome.DELIVERED)
        outgoing.settle(due, Settled(OutgoingState.SENT, (took,)), AT)
        return due.report_id


def _sent(outgoing: OutgoingJournal, domain: str, at: datetime, place: str = PLACE) -> str:
    """Send the report to a domain, and return its id."""
    outgoing.add([new(domain, due_at=at)], at)
    took = DeliveryAttempt(at, place, AttemptOutcome.DELIVERED, "took it")
    outgoing.settle(claimed(outgoing, at), Settled(OutgoingState.SENT, (took,), None, "took it"), at)
    return new(domain).report_id
