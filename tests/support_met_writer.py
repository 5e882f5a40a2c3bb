"""The writer of what the collector is told, whose datagrams and whose time a test says."""

from datetime import UTC, datetime
from typing import Generic, TypeVar

from mxproof.serve.collect.metrics import CollectCounts
from mxproof.serve.collect.writer import Writer
from mxproof.store.journal.met_journal import MetJournal

J = TypeVar("J", bound=MetJournal)
NIGHT = datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC)


class Scripted(Generic[J]):
    """A writer, begun anew with each one of these, over a journal that may stay."""

    def __init__(self, journal: J, now: datetime = NIGHT, domains_max: int = 100) -> None:
        self.journal = journal
        self.now = now
        self.waiting: dict[bytes, int] = {}
        self.counts = CollectCounts()
        self.writer = Writer(self._take, journal, self.counts, domains_max, 30, lambda: self.now)

    def write(self, waiting: dict[bytes, int]) -> None:
        """Write what waits."""
        self.waiting |= waiting
        self.writer.write()

    def _take(self) -> dict[bytes, int]:
        taken, self.waiting = self.waiting, {}
        return taken
