"""The journal itself: one engine, and each of its methods one transaction.

It does nothing at its making, brings its schema up to date when it is first used, and connects again after a failure. It is
used by one thread at a time. What becomes of arrivals is told in `arrival`. What only looks loads nothing that writes.
"""

import contextlib
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from mxproof.explain.tlsrpt.period import Period, PeriodCounts, ReportedWay
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.store.journal.arrival import Arrival, Kept, ReadUpTo, RefusedPiece, UnverifiedReport
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.place import Rows, StillAlone
from mxproof.store.journal.reading import is_known, period_counts, reported_ways
from mxproof.store.journal.retention import Retention, Swept
from mxproof.store.journal.revision import REVISION, revision_in
from mxproof.store.journal.url import place_at

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

Result = TypeVar("Result")


class Journal:
    """The journal at a URL; raises ConfigError for one that it does not know."""

    def __init__(self, url: str) -> None:
        self._place = place_at(url)
        self._engine: Engine | None = None
        self._is_current = False

    def open(self) -> None:
        """Connect, and bring the schema up to date."""
        self.writes(lambda _: None)

    def keep(self, arrivals: Sequence[Arrival]) -> list[tuple[Kept, ...]]:
        """Keep `arrivals` in one transaction; return for each what became of its reports."""
        from mxproof.store.journal.keeping import keep  # noqa: PLC0415 - whoever only looks keeps nothing

        return self.writes(lambda connection: keep(connection, arrivals))

    def refused(self, after: bytes = b"", pieces_max: int = 100) -> list[RefusedPiece]:
        """Return pieces that were refused, in the order of their digests, those behind the digest `after`."""
        from mxproof.store.journal.keeping import refused_pieces  # noqa: PLC0415 - as above

        return self.reads(lambda connection: refused_pieces(connection, after, pieces_max))

    def unverified(self, tried_before: datetime, reports_max: int = 100) -> list[UnverifiedReport]:
        """Return reports whose signature is still to be verified and was not tried since, the longest ago first."""
        from mxproof.store.journal.settling import unverified  # noqa: PLC0415 - as above

        return self.reads(lambda connection: unverified(connection, tried_before, reports_max))

    def settle(self, verdicts: Mapping[int, Authenticated], at: datetime) -> None:
        """Count reports, by the numbers of their rows, as what they proved to be; UNKNOWN for those to be tried again."""
        from mxproof.store.journal.settling import settle  # noqa: PLC0415 - as above

        self.writes(lambda connection: settle(connection, verdicts, at))

    def read_up_to(self, mailbox: str) -> ReadUpTo | None:
        """Return up to which message a folder of IMAP was read, None for one that never was."""
        from mxproof.store.journal.mailbox import read_up_to  # noqa: PLC0415 - as above

        return self.reads(lambda connection: read_up_to(connection, mailbox))

    def mark_read(self, mailbox: str, read: ReadUpTo) -> None:
        """Note up to which message a folder of IMAP was read."""
        from mxproof.store.journal.mailbox import mark_read  # noqa: PLC0415 - as above

        self.writes(lambda connection: mark_read(connection, mailbox, read))

    def counts(self, period: Period) -> PeriodCounts:
        """Return what was reported of a period."""
        return self._look(lambda rows: period_counts(rows, period))

    def ways(self, period: Period) -> tuple[ReportedWay, ...]:
        """Return the newest row of each way in which sessions of the domain of a period failed."""
        return self._look(lambda rows: reported_ways(rows, period))

    def knows(self, domain: str) -> bool:
        """Tell whether there is any report of a domain."""
        return self._look(lambda rows: is_known(rows, domain))

    def sweep(self, retention: Retention, now: datetime) -> Swept:
        """Take away some of what is kept no longer; nothing left to do where it returns zeros."""
        from mxproof.store.journal.sweeping import sweep  # noqa: PLC0415 - as above

        return self.writes(lambda connection: sweep(connection, retention, now))

    @contextlib.contextmanager
    def alone(self, name: str) -> Iterator[StillAlone]:
        """Keep every other process that asks so for `name` out until the block ends; raises JournalError where one is there."""
        with contextlib.ExitStack() as held:
            try:
                still = held.enter_context(self._place.alone(name))
            except self._place.errors as error:
                raise JournalError(f"{self._place.where}: {_reason(error)}") from None
            yield still

    def close(self) -> None:
        """Let go of the database; it may be used again."""
        if self._engine is not None:
            with contextlib.suppress(Exception):
                self._engine.dispose()

    def writes(self, work: "Callable[[Connection], Result]") -> Result:
        """Do `work` in a transaction of its own, and return what it returns; raises JournalError where it cannot."""
        return self._run(work, reads=False)

    def reads(self, work: "Callable[[Connection], Result]") -> Result:
        """Do `work`, which only reads, as `writes` does."""
        return self._run(work, reads=True)

    def _run(self, work: "Callable[[Connection], Result]", *, reads: bool) -> Result:
        from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415 - as above

        from mxproof.store.journal.engine import READS  # noqa: PLC0415 - as above

        errors: tuple[type[Exception], ...] = (SQLAlchemyError, *self._place.errors)
        try:
            self._bring_up_to_date()
            options = {READS: reads}
            with self._writer().connect().execution_options(**options) as connection, connection.begin():
                return work(connection)
        except errors as error:
            raise JournalError(f"{self._place.where}: {_reason(error)}") from None
        except JournalError as error:
            raise JournalError(f"{self._place.where}: {error}") from None

    def _look(self, work: Callable[[Rows], Result]) -> Result:
        try:
            with self._place.looked_at() as rows:
                if self._is_current or revision_in(self._place, rows) == REVISION:
                    return work(rows)
        except self._place.errors as error:
            raise JournalError(f"{self._place.where}: {_reason(error)}") from None
        self.open()
        return self._look(work)

    def _bring_up_to_date(self) -> None:
        if self._is_current:
            return
        with self._place.looked_at() as rows:
            found = revision_in(self._place, rows)
        if found != REVISION:
            from mxproof.store.journal.engine import MIGRATES  # noqa: PLC0415 - as above
            from mxproof.store.journal.migrating import bring_up_to_date  # noqa: PLC0415 - as above

            options = {MIGRATES: True}
            with self._writer().connect().execution_options(**options) as connection, connection.begin():
                bring_up_to_date(connection)
            self._writer().dispose()
        self._is_current = True

    def _writer(self) -> "Engine":
        if self._engine is None:
            self._engine = self._place.engine()
            # Whoever lets go of it without `close` leaves no connection open; a process that ends may be a child of its owner.
            weakref.finalize(self, self._engine.dispose).atexit = False
        return self._engine


def _reason(error: Exception) -> str:
    """Return what the driver says, on one line and without the statement."""
    origin = getattr(error, "orig", None)
    cause = origin if isinstance(origin, Exception) else error
    words = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return " ".join(words.split()) or type(cause).__name__
