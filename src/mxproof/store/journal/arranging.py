"""What is arranged on the pages beside the configuration: domains that are watched, and times of maintenance.

A domain belongs to the configuration or to the pages. One of the configuration is added, paused and removed there alone; one of the
pages that the configuration comes to name belongs to it from then on.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Final

import msgspec
from sqlalchemy import Connection, and_, case, delete, func, insert, or_, select, update

from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rows import written
from mxproof.store.journal.schema import CHECK, MAINTENANCE, NOTICE, TURN, WATCHED
from mxproof.store.journal.watched import WatchedDomain
from mxproof.store.journal.watching import new_row

DOMAINS_OF_PAGES_MAX: Final = 10_000
MAINTENANCE_MAX: Final = 200
"""Times that are not over yet."""
CHECKED_AGAIN_S: Final = 30.0
"""How long after a check another may be asked for."""


class Arranged(StrEnum):
    """What became of what was asked for."""

    DONE = "done"
    KNOWN = "known"
    """The domain is watched already."""
    FULL = "full"
    """There is room for no more."""
    NOT_HERE = "not-here"
    """It is no domain of the pages."""
    TOO_SOON = "too-soon"
    """It is being checked, or was a moment ago."""


class ArrangedDomain(msgspec.Struct, frozen=True):
    """A domain of the pages: who added it, and who paused it, None where nobody did."""

    domain: str
    interval_s: float
    added_by: str
    added_at: datetime
    paused_by: str | None


class KeptMaintenance(msgspec.Struct, frozen=True):
    """A time in which trouble of these domains is expected, of all where none are named."""

    number: int
    domains: tuple[str, ...]
    begins: datetime
    ends: datetime
    why: str
    added_by: str


class ArrangingJournal:
    """What a journal keeps of what is arranged on the pages; every method is one transaction, and raises JournalError."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def add(self, domain: WatchedDomain, by: str, now: datetime) -> Arranged:
        """Watch a domain from now on."""
        return self._journal.writes(lambda connection: _add(connection, domain, by, now))

    def remove(self, domain: str) -> Arranged:
        """Watch a domain of the pages no more; what is known of it stays until its retention ends."""
        return self._journal.writes(lambda connection: _remove(connection, domain))

    def pause(self, domain: str, by: str | None) -> Arranged:
        """Have a domain of the pages not checked until this is said again with None."""
        return self._journal.writes(lambda connection: _pause(connection, domain, by))

    def check_now(self, domain: str, now: datetime) -> Arranged:
        """Have a domain checked as soon as a worker has room."""
        return self._journal.writes(lambda connection: _check_now(connection, domain, now))

    def domains(self) -> list[ArrangedDomain]:
        """Return the domains of the pages, in the order of their names."""
        return self._journal.reads(_domains)

    def begin_maintenance(self, one: KeptMaintenance) -> Arranged:
        """Keep a time of maintenance; its number is given here."""
        return self._journal.writes(lambda connection: _begin_maintenance(connection, one))

    def end_maintenance(self, number: int, now: datetime) -> None:
        """Forget a time of maintenance, and have told now what waited for its end alone."""
        self._journal.writes(lambda connection: _end_maintenance(connection, number, now))

    def maintenance(self, now: datetime) -> list[KeptMaintenance]:
        """Return the times that are not over, the first to begin first."""
        return self._journal.reads(lambda connection: maintenance_after(connection, now))


def _add(connection: Connection, domain: WatchedDomain, by: str, now: datetime) -> Arranged:
    known = select(WATCHED.c.domain).where(WATCHED.c.domain == domain.domain)
    if connection.execute(known).first() is not None:
        return Arranged.KNOWN
    count = select(func.count()).select_from(WATCHED).where(WATCHED.c.added_by.is_not(None))
    if connection.execute(count).scalar_one() >= DOMAINS_OF_PAGES_MAX:
        return Arranged.FULL
    row = {**new_row(domain, now), "added_by": written(by)}
    kept = connection.execute(insertion(connection, WATCHED).values(row).on_conflict_do_nothing())
    return Arranged.DONE if kept.rowcount else Arranged.KNOWN


def _remove(connection: Connection, domain: str) -> Arranged:
    of_pages = and_(WATCHED.c.domain == domain, WATCHED.c.added_by.is_not(None))
    return _became(connection.execute(delete(WATCHED).where(of_pages)).rowcount, Arranged.NOT_HERE)


def _pause(connection: Connection, domain: str, by: str | None) -> Arranged:
    of_pages = and_(WATCHED.c.domain == domain, WATCHED.c.added_by.is_not(None))
    values = {"paused_by": None if by is None else written(by)}
    changed = connection.execute(update(WATCHED).where(of_pages).values(**values)).rowcount
    return _became(changed, Arranged.NOT_HERE)


def _check_now(connection: Connection, domain: str, now: datetime) -> Arranged:
    at = now.timestamp()
    newest = select(func.max(CHECK.c.observed_at)).where(CHECK.c.domain == domain).scalar_subquery()
    changed = connection.execute(
        update(WATCHED)
        .where(
            and_(
                WATCHED.c.domain == domain,
                WATCHED.c.paused_by.is_(None),
                or_(WATCHED.c.leased_until.is_(None), WATCHED.c.leased_until <= at),
                or_(newest.is_(None), newest <= at - CHECKED_AGAIN_S, newest > at),
            )
        )
        .values(due_at=case((WATCHED.c.due_at < at, WATCHED.c.due_at), else_=at))
    ).rowcount
    return _became(changed, Arranged.TOO_SOON)


def _became(changed: int, otherwise: Arranged) -> Arranged:
    return Arranged.DONE if changed else otherwise


def _domains(connection: Connection) -> list[ArrangedDomain]:
    query = select(WATCHED).where(WATCHED.c.added_by.is_not(None)).order_by(WATCHED.c.domain)
    return [
        ArrangedDomain(one.domain, one.interval_s, one.added_by, _moment(one.added_at), one.paused_by)
        for one in connection.execute(query)
    ]


def _begin_maintenance(connection: Connection, one: KeptMaintenance) -> Arranged:
    now = one.begins.timestamp()
    count = select(func.count()).select_from(MAINTENANCE).where(MAINTENANCE.c.ends > now)
    if connection.execute(count).scalar_one() >= MAINTENANCE_MAX:
        return Arranged.FULL
    row = {
        "domains": " ".join(one.domains),
        "begins": now,
        "ends": one.ends.timestamp(),
        "why": written(one.why),
        "added_by": written(one.added_by),
    }
    connection.execute(insert(MAINTENANCE), row)
    return Arranged.DONE


def _end_maintenance(connection: Connection, number: int, now: datetime) -> None:
    row = connection.execute(select(MAINTENANCE).where(MAINTENANCE.c.id == number)).first()
    if row is None:
        return
    connection.execute(delete(MAINTENANCE).where(MAINTENANCE.c.id == number))
    waiting = and_(NOTICE.c.held_until == row.ends, NOTICE.c.due_at == row.ends)
    if row.domains:
        about = select(TURN.c.id).where(TURN.c.domain.in_(row.domains.split()))
        waiting = and_(waiting, NOTICE.c.turn.in_(about))
    connection.execute(update(NOTICE).where(waiting).values(due_at=now.timestamp()))


def maintenance_after(connection: Connection, now: datetime) -> list[KeptMaintenance]:
    """Return the times of maintenance that are not over, the first to begin first."""
    query = select(MAINTENANCE).where(MAINTENANCE.c.ends > now.timestamp())
    return [
        KeptMaintenance(
            one.id, tuple(one.domains.split()), _moment(one.begins), _moment(one.ends), one.why, one.added_by
        )
        for one in connection.execute(query.order_by(MAINTENANCE.c.begins, MAINTENANCE.c.id))
    ]


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
