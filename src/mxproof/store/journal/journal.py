"""The journal itself: one engine, and each of its methods one transaction.

It does nothing at its making, brings its schema up to date when it is first used, and connects again after a failure. It is
used by one thread at a time. What becomes of arrivals is told in `arrival`.
"""

import contextlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from mxproof.explain.tlsrpt.period import Period, PeriodCounts
from mxproof.store.journal.arrival import Arrival, Kept, RefusedPiece
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.keeping import keep, refused_pieces
from mxproof.store.journal.migrating import migrate, revision_of
from mxproof.store.journal.place import engine_at
from mxproof.store.journal.reading import is_known, period_counts
from mxproof.store.journal.retention import Retention, Swept
from mxproof.store.journal.schema import REVISION
from mxproof.store.journal.sqlite import MIGRATES, READS

Result = TypeVar("Result")


class Journal:
    """The journal at a URL; raises ConfigError for one that it does not know."""

    def __init__(self, url: str) -> None:
        self._engine, self._where = engine_at(url)
        self._is_current = False

    def open(self) -> None:
        """Connect, and bring the schema up to date."""
        self.writes(lambda _: None)

    def keep(self, arrivals: Sequence[Arrival]) -> list[tuple[Kept, ...]]:
        """Keep `arrivals` in one transaction; return for each what became of its reports."""
        return self.writes(lambda connection: keep(connection, arrivals))

    def refused(self, after: bytes = b"", pieces_max: int = 100) -> list[RefusedPiece]:
        """Return pieces that were refused, in the order of their digests, those behind the digest `after`."""
        return self.reads(lambda connection: refused_pieces(connection, after, pieces_max))

    def counts(self, period: Period) -> PeriodCounts:
        """Return what was reported of a period."""
        return self.reads(lambda connection: period_counts(connection, period))

    def knows(self, domain: str) -> bool:
        """Tell whether there is any report of a domain."""
        return self.reads(lambda connection: is_known(connection, domain))

    def sweep(self, retention: Retention, now: datetime) -> Swept:
        """Take away some of what is kept no longer; nothing left to do where it returns zeros."""
        from mxproof.store.journal.sweeping import sweep  # noqa: PLC0415 - as above

        return self.writes(lambda connection: sweep(connection, retention, now))

    def close(self) -> None:
        """Let go of the database; it may be used again."""
        with contextlib.suppress(SQLAlchemyError):
            self._engine.dispose()

    def writes(self, work: Callable[[Connection], Result]) -> Result:
        """Do `work` in a transaction of its own, and return what it returns; raises JournalError where it cannot."""
        return self._run(work, reads=False)

    def reads(self, work: Callable[[Connection], Result]) -> Result:
        """Do `work`, which only reads, as `writes` does."""
        return self._run(work, reads=True)

    def _run(self, work: Callable[[Connection], Result], *, reads: bool) -> Result:
        try:
            if not self._is_current:
                self._bring_up_to_date()
            with (
                self._engine.connect().execution_options(**{READS: reads}) as connection,
                connection.begin(),
            ):
                return work(connection)
        except (SQLAlchemyError, OSError) as error:
            raise JournalError(f"{self._where}: {_reason(error)}") from None
        except JournalError as error:
            raise JournalError(f"{self._where}: {error}") from None

    def _bring_up_to_date(self) -> None:
        with (
            self._engine.connect().execution_options(**{READS: True}) as connection,
            connection.begin(),
        ):
            found = revision_of(connection)
        if found != REVISION:
            with (
                self._engine.connect().execution_options(**{MIGRATES: True}) as connection,
                connection.begin(),
            ):
                migrate(connection)
            self._engine.dispose()
        self._is_current = True


def _reason(error: Exception) -> str:
    """Return what the driver says, on one line and without the statement."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    words = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return " ".join(words.split()) or type(cause).__name__
