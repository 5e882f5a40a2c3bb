"""How the reports stand that go out: version 1 of the contract that `tlsrpt status --format json` prints."""

from datetime import UTC, date, datetime, timedelta
from typing import Final

import msgspec

from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal
from mxproof.store.journal.outgoing import AvoidedPlace, OutgoingReport, OutgoingState
from mxproof.store.journal.outgoing_journal import OutgoingJournal

SEND_STATUS_VERSION: Final = 1
FAILURES_TOLD_MAX: Final = 200


class DayStanding(msgspec.Struct, frozen=True):
    """A day: how many domains were met and sessions tried, whether its reports are made, and how many of them stand how."""

    day: date
    domains: int
    attempts: int
    is_made: bool
    reports: dict[str, int]


class SendStatus(msgspec.Struct, frozen=True):
    """How reports stand of the days since: by day, those of one domain or those that failed, and places that are avoided."""

    since: date
    domain: str
    next_due_at: datetime | None
    days: tuple[DayStanding, ...]
    reports: tuple[OutgoingReport, ...]
    avoided: tuple[AvoidedPlace, ...]
    schema_version: int = SEND_STATUS_VERSION


def send_status(journal: Journal, domain: str, since: date, now: datetime) -> SendStatus:
    """Return how reports stand of the days since: those of one domain, or where that is empty of all, with those that failed."""
    outgoing = OutgoingJournal(journal)
    states = outgoing.states(since)
    tallies = {one.day: one for one in MetJournal(journal).tallies() if one.day >= since}
    opened = set(outgoing.open_days(now.astimezone(UTC).date() + timedelta(days=1)))
    days = tuple(
        DayStanding(
            day,
            tallies[day].domains if day in tallies else 0,
            tallies[day].attempts if day in tallies else 0,
            day not in opened,
            {str(state): count for state, count in states.get(day, {}).items()},
        )
        for day in sorted({*states, *tallies}, reverse=True)
    )
    if domain:
        reports = outgoing.reports(since, list(OutgoingState), domain)
    else:
        failed = [OutgoingState.GIVEN_UP, OutgoingState.WITHHELD, OutgoingState.WAITING]
        found = outgoing.reports(since, failed, reports_max=FAILURES_TOLD_MAX)
        reports = [one for one in found if one.state is not OutgoingState.WAITING or one.tries]
    return SendStatus(since, domain, outgoing.next_due(), days, tuple(reports), tuple(outgoing.avoided(now)))
