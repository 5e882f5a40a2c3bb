"""The journal of reports that go out: each method is one transaction, as those of `Journal` are, and raises JournalError."""

from collections.abc import Sequence
from datetime import date, datetime

from mxproof.store.journal import outgoing_queue as queue
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import (
    AvoidedPlace,
    DueReport,
    NewReport,
    OutgoingReport,
    OutgoingState,
    Settled,
)


class OutgoingJournal:
    """What a journal keeps of reports that go out."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def open_days(self, before: date) -> list[date]:
        """Return the days before whose reports are not made yet, the earliest first."""
        return self._journal.reads(lambda connection: queue.open_days(connection, before))

    def add(self, reports: Sequence[NewReport], now: datetime) -> None:
        """Keep reports that were made; those that are there already stay as they are."""
        self._journal.writes(lambda connection: queue.add_reports(connection, reports, now))

    def close(self, day: date, now: datetime) -> None:
        """Note that all reports of a day are made."""
        self._journal.writes(lambda connection: queue.close_day(connection, day, now))

    def claim(
        self, now: datetime, leased_until: datetime, reports_max: int, *, early: bool = False
    ) -> list[DueReport]:
        """Take reports that are due; with `early` also those that were not tried yet."""
        return self._journal.writes(
            lambda connection: queue.claim_reports(connection, now, leased_until, reports_max, early=early)
        )

    def next_due(self) -> datetime | None:
        """Return when the next report is due, None where none waits."""
        return self._journal.reads(queue.next_due)

    def settle(self, report: DueReport, settled: Settled, now: datetime) -> bool:
        """Note what became of a report; False where it is in other hands now."""
        return self._journal.writes(lambda connection: queue.settle_report(connection, report, settled, now))

    def returned(self, report_id: str, said: str, now: datetime) -> OutgoingReport | None:
        """Note that a report came back which had been sent by mail, and return it; one that is on its way still as it stands.

        None where there is no such report.
        """
        return self._journal.writes(lambda connection: queue.return_report(connection, report_id, said, now))

    def avoided(self, now: datetime) -> list[AvoidedPlace]:
        """Return the destinations that are avoided now."""
        return self._journal.reads(lambda connection: queue.avoided(connection, now))

    def delivered_since(self, since: datetime) -> dict[str, int]:
        """Return how many reports went out since a moment, by destination."""
        return self._journal.reads(lambda connection: queue.delivered_since(connection, since))

    def states(self, since: date) -> dict[date, dict[OutgoingState, int]]:
        """Return how many reports of each day since stand how."""
        return self._journal.reads(lambda connection: queue.outgoing_states(connection, since))

    def reports(
        self, since: date, states: Sequence[OutgoingState], domain: str = "", reports_max: int = 1000
    ) -> list[OutgoingReport]:
        """Return reports of the days since that stand so, the newest days first."""
        return self._journal.reads(
            lambda connection: queue.outgoing_reports(connection, since, states, domain, reports_max)
        )

    def remove_before(self, day: date) -> int:
        """Take away some of what is of the days before; nothing left to do where it returns zero."""
        return self._journal.writes(lambda connection: queue.remove_before(connection, day))
