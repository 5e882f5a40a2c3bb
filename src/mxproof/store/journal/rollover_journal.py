"""The journal of rollovers: each method is one transaction, as those of `Journal` are, and raises JournalError."""

from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Connection, RowMapping, delete, insert, select, update

from mxproof.store.journal.certificate_schema import ROLLOVER
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.place import StillAlone
from mxproof.store.journal.rollover import JournalledRollover, RolloverState
from mxproof.store.journal.rows import written

ROLLOVERS_KEPT_MAX: Final = 30
"""Of one host, the newest."""
_ONE = ROLLOVER.c


class RolloverJournal:
    """What a journal keeps of rollovers."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def alone(self, host: str) -> AbstractContextManager[StillAlone]:
        """Keep every other process from rolling the certificate of a host meanwhile, as publications are kept apart."""
        return self._journal.alone(f"rollover {host}")

    def begin(self, host: str, rollover: bytes, forced: str, now: datetime) -> JournalledRollover:
        """Note what is to be shown by a host; what is open of it is superseded by that."""
        return self._journal.writes(lambda connection: _begin(connection, host, rollover, forced, now))

    def announced(self, number: int, at: datetime | None) -> None:
        """Note since when every name server has the records that come, None where one is found without."""
        self._journal.writes(lambda connection: _alter(connection, number, {"announced_at": _seconds(at)}))

    def shown(self, number: int, at: datetime) -> None:
        """Note since when the certificate is shown."""
        self._journal.writes(lambda connection: _alter(connection, number, {"shown_at": at.timestamp()}))

    def end(self, number: int, state: RolloverState, now: datetime) -> None:
        """Note that a rollover is over."""
        values: dict[str, float | str | None] = {"state": str(state), "ended_at": now.timestamp()}
        self._journal.writes(lambda connection: _alter(connection, number, values))

    def opened(self, host: str) -> JournalledRollover | None:
        """Return the rollover of a host that is not over, None for none."""
        found = self._journal.reads(lambda connection: _found(connection, host, (RolloverState.OPEN,), 1))
        return found[0] if found else None

    def history(self, host: str, newest: int) -> tuple[JournalledRollover, ...]:
        """Return the newest rollovers of a host, however they ended, the last one first."""
        return self._journal.reads(lambda connection: _found(connection, host, tuple(RolloverState), newest))

    def open_hosts(self) -> tuple[str, ...]:
        """Return the hosts of which a rollover is not over, in the order of their names."""
        found = select(_ONE.host).where(_ONE.ended_at.is_(None)).order_by(_ONE.host)
        return self._journal.reads(lambda connection: tuple(connection.execute(found).scalars()))


def _begin(
    connection: Connection, host: str, rollover: bytes, forced: str, now: datetime
) -> JournalledRollover:
    values = {"state": str(RolloverState.SUPERSEDED), "ended_at": now.timestamp()}
    connection.execute(update(ROLLOVER).where(_ONE.host == host, _ONE.ended_at.is_(None)).values(values))
    row = {
        "host": host,
        "rollover": rollover,
        "forced": written(forced),
        "state": str(RolloverState.OPEN),
        "begun_at": now.timestamp(),
    }
    number = connection.execute(insert(ROLLOVER).values(row).returning(_ONE.id)).scalar_one()
    newest = select(_ONE.id).where(_ONE.host == host).order_by(_ONE.id.desc())
    old = connection.execute(newest.offset(ROLLOVERS_KEPT_MAX)).scalars().all()
    if old:
        connection.execute(delete(ROLLOVER).where(_ONE.id.in_(old)))
    return JournalledRollover(
        number, host, rollover, written(forced), RolloverState.OPEN, now, None, None, None
    )


def _alter(connection: Connection, number: int, values: dict[str, float | str | None]) -> None:
    connection.execute(update(ROLLOVER).where(_ONE.id == number, _ONE.ended_at.is_(None)).values(values))


def _found(
    connection: Connection, host: str, states: tuple[RolloverState, ...], newest: int
) -> tuple[JournalledRollover, ...]:
    of_host = select(ROLLOVER).where(_ONE.host == host, _ONE.state.in_(list(map(str, states))))
    rows = connection.execute(of_host.order_by(_ONE.id.desc()).limit(newest)).mappings().all()
    return tuple(map(_journalled, rows))


def _journalled(row: RowMapping) -> JournalledRollover:
    return JournalledRollover(
        row["id"],
        row["host"],
        bytes(row["rollover"]),
        row["forced"],
        RolloverState(row["state"]),
        datetime.fromtimestamp(row["begun_at"], UTC),
        _moment(row["announced_at"]),
        _moment(row["shown_at"]),
        _moment(row["ended_at"]),
    )


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)
