"""Checks that guests ask for on the pages, without an account: who makes them, and for how long their results are kept.

| state | is |
|---|---|
| waits | in nobody's hands |
| is made | in the hands of a worker, until its lease ends; then another takes it, GUEST_TRIES_MAX times in all |
| is done | its evidence is kept, or there is none where it could not be made |

Nothing is kept of who asked. A link is all that leads to a check, so that nobody can go through those of others.
"""

import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, or_, select, update

from mxproof.evidence.evidence import Evidence
from mxproof.evidence.parts import Parts, digests_in, whole
from mxproof.store.journal.guest_bounds import GuestBounds
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.parts import keep_parts, kept_parts, release_parts
from mxproof.store.journal.schema_of_pages import GUEST_CHECK
from mxproof.store.journal.watched import CLOCKS_APART_S

GUEST_TRIES_MAX: Final = 3
SAME_RESULT: Final = timedelta(seconds=60)
"""So long after it was asked for, a check of the same domain is no other: its servers are not asked again."""
GUESTS_SWEPT_AT_ONCE: Final = 200
_HOUR: Final = timedelta(hours=1)


class GuestRefusal(StrEnum):
    """Why a check is not made."""

    CROWDED = "crowded"
    """As many wait as may."""
    SPENT = "spent"
    """As many were asked for within an hour as may be."""


class GuestCheck(msgspec.Struct, frozen=True):
    """A check that a guest asked for. `done_at` is None while it waits or is made; `ahead` are those that wait before it."""

    domain: str
    asked_at: datetime
    kept_until: datetime
    is_begun: bool
    done_at: datetime | None
    has_evidence: bool
    ahead: int


class ClaimedGuestCheck(msgspec.Struct, frozen=True):
    """A check that a worker makes until its lease ends."""

    link: str
    domain: str
    worker: str
    leased_until: datetime


class GuestJournal:
    """What a journal has of such checks; every method is one transaction, and raises JournalError."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def ask(self, link: str, domain: str, now: datetime, bounds: GuestBounds) -> str | GuestRefusal:
        """Have a domain checked under this new link; return it, or that of the check that was asked for a moment ago."""
        return self._journal.writes(lambda connection: _ask(connection, link, domain, now, bounds))

    def check(self, link: str, now: datetime) -> GuestCheck | None:
        """Return the check under a link, None where there is none or it is kept no longer."""
        return self._journal.reads(lambda connection: _check(connection, link, now))

    def evidence(self, link: str) -> Evidence | None:
        """Return the evidence of a check that is done, None where there is none."""
        return self._journal.reads(lambda connection: _evidence(connection, link))

    def is_waiting(self, now: datetime, lease: timedelta) -> bool:
        """Tell whether there is something for `claim`."""
        return self._journal.reads(lambda connection: _is_waiting(connection, now, lease))

    def claim(self, worker: str, now: datetime, lease: timedelta, checks_max: int) -> list[ClaimedGuestCheck]:
        """Take checks that are in nobody's hands, the first that were asked for first."""
        return self._journal.writes(lambda connection: _claim(connection, worker, now, lease, checks_max))

    def give_back(self, claims: Sequence[ClaimedGuestCheck]) -> None:
        """Put checks back that were begun and not made."""
        self._journal.writes(lambda connection: _give_back(connection, claims))

    def finish(self, claimed: ClaimedGuestCheck, parts: Parts, now: datetime) -> bool:
        """Keep what was seen; False, and nothing kept, where the check is not in these hands any more."""
        return self._journal.writes(lambda connection: _finish(connection, claimed, parts, now))

    def sweep(self, now: datetime) -> int:
        """Take away some of what is kept no longer; nothing left to do where it returns zero."""
        return self._journal.writes(lambda connection: _sweep(connection, now))


def _ask(
    connection: Connection, link: str, domain: str, now: datetime, bounds: GuestBounds
) -> str | GuestRefusal:
    table, at = GUEST_CHECK.c, now.timestamp()
    lately = and_(table.asked_at > (now - SAME_RESULT).timestamp(), table.asked_at <= at)
    waits = and_(table.done_at.is_(None), table.kept_until > at)
    same = select(table.link).where(and_(table.domain == domain, or_(lately, waits)))
    known = connection.execute(same.order_by(table.asked_at.desc()).limit(1)).scalar()
    if known is not None:
        return str(known)
    if _count(connection, waits) >= bounds.waiting_max:
        return GuestRefusal.CROWDED
    if _count(connection, table.asked_at > (now - _HOUR).timestamp()) >= bounds.an_hour_max:
        return GuestRefusal.SPENT
    row = {
        "link": link,
        "domain": domain,
        "asked_at": at,
        "kept_until": (now + bounds.kept).timestamp(),
        "tries": 0,
    }
    connection.execute(insert(GUEST_CHECK), row)
    return link


def _count(connection: Connection, which: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(GUEST_CHECK).where(which)).scalar_one()


def _check(connection: Connection, link: str, now: datetime) -> GuestCheck | None:
    table = GUEST_CHECK.c
    row = connection.execute(
        select(GUEST_CHECK).where(and_(table.link == link, table.kept_until > now.timestamp()))
    ).first()
    if row is None:
        return None
    ahead = 0
    if row.done_at is None:
        ahead = _count(connection, and_(table.done_at.is_(None), table.asked_at < row.asked_at))
    return GuestCheck(
        domain=row.domain,
        asked_at=_moment(row.asked_at),
        kept_until=_moment(row.kept_until),
        is_begun=row.worker is not None,
        done_at=None if row.done_at is None else _moment(row.done_at),
        has_evidence=row.frame is not None,
        ahead=ahead,
    )


def _evidence(connection: Connection, link: str) -> Evidence | None:
    packed = connection.execute(select(GUEST_CHECK.c.frame).where(GUEST_CHECK.c.link == link)).scalar()
    if packed is None:
        return None
    frame = zlib.decompress(packed)
    wanted = digests_in(frame)
    parts = kept_parts(connection, wanted)
    return None if len(parts) < len(wanted) else whole(frame, parts)


def _free(now: datetime, lease: timedelta) -> ColumnElement[bool]:
    """Return which are in nobody's hands: a lease that ends later than one can was made by a clock that was wrong."""
    table, at = GUEST_CHECK.c, now.timestamp()
    latest = at + lease.total_seconds() + CLOCKS_APART_S
    over = or_(table.leased_until.is_(None), table.leased_until <= at, table.leased_until > latest)
    return and_(table.done_at.is_(None), over)


def _is_waiting(connection: Connection, now: datetime, lease: timedelta) -> bool:
    found = select(GUEST_CHECK.c.link).where(_free(now, lease)).limit(1)
    return connection.execute(found).first() is not None


def _claim(
    connection: Connection, worker: str, now: datetime, lease: timedelta, checks_max: int
) -> list[ClaimedGuestCheck]:
    table, until = GUEST_CHECK.c, now + lease
    free = (
        select(table.link, table.domain, table.tries)
        .where(_free(now, lease))
        .order_by(table.asked_at)
        .limit(checks_max)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(free).all()
    given_up = [one.link for one in found if one.tries >= GUEST_TRIES_MAX]
    taken = [one for one in found if one.tries < GUEST_TRIES_MAX]
    _set(connection, given_up, worker=None, leased_until=None, done_at=now.timestamp())
    links = [one.link for one in taken]
    _set(connection, links, worker=worker, leased_until=until.timestamp(), tries=table.tries + 1)
    return [ClaimedGuestCheck(one.link, one.domain, worker, until) for one in taken]


def _set(connection: Connection, links: Sequence[str], **values: Any) -> None:  # noqa: ANN401 - columns of any type
    if links:
        connection.execute(update(GUEST_CHECK).where(GUEST_CHECK.c.link.in_(links)).values(**values))


def _give_back(connection: Connection, claims: Sequence[ClaimedGuestCheck]) -> None:
    for one in sorted(claims, key=lambda claimed: claimed.link):
        values = {"worker": None, "leased_until": None, "tries": GUEST_CHECK.c.tries - 1}
        connection.execute(update(GUEST_CHECK).where(_ours(one)).values(**values))


def _finish(connection: Connection, claimed: ClaimedGuestCheck, parts: Parts, now: datetime) -> bool:
    values = {
        "worker": None,
        "leased_until": None,
        "done_at": now.timestamp(),
        "frame": zlib.compress(parts.frame),
    }
    if not connection.execute(update(GUEST_CHECK).where(_ours(claimed)).values(**values)).rowcount:
        return False
    keep_parts(connection, parts.parts)
    return True


def _sweep(connection: Connection, now: datetime) -> int:
    table = GUEST_CHECK.c
    past = (
        select(table.link, table.frame)
        .where(table.kept_until <= now.timestamp())
        .order_by(table.kept_until)
        .limit(GUESTS_SWEPT_AT_ONCE)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(past).all()
    uses: Counter[bytes] = Counter()
    for one in found:
        if one.frame is not None:
            uses.update(digests_in(zlib.decompress(one.frame)))
    release_parts(connection, uses)
    connection.execute(delete(GUEST_CHECK).where(table.link.in_([one.link for one in found])))
    return len(found)


def _ours(claimed: ClaimedGuestCheck) -> ColumnElement[bool]:
    return and_(
        GUEST_CHECK.c.link == claimed.link,
        GUEST_CHECK.c.worker == claimed.worker,
        GUEST_CHECK.c.leased_until == claimed.leased_until.timestamp(),
        GUEST_CHECK.c.done_at.is_(None),
    )


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
