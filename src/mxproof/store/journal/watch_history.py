"""The history of domains that are watched: how each stands, its checks, its news, and the evidence of a check."""

import zlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Select, and_, delete, exists, func, select, update

from mxproof.evidence.parts import digests_in, whole
from mxproof.judge.difference import Course
from mxproof.judge.settling import SettledState, TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.memory import Memory
from mxproof.store.journal.days import day_of
from mxproof.store.journal.parts import kept_parts, release_parts
from mxproof.store.journal.schema import CHECK, MAINTENANCE, NOTICE, TURN, WATCHED
from mxproof.store.journal.watched import KeptCheck, KeptNews, WatchedEvidence, WatchedState, WatchRetention

HISTORY_MAX = 1_000
"""Checks or news that are read at once."""
WATCH_SWEPT_AT_ONCE = 500
_DAY_S = 86_400

_STATE_COLUMNS = (
    WATCHED.c.domain,
    WATCHED.c.interval_s,
    WATCHED.c.due_at,
    WATCHED.c.held,
    WATCHED.c.added_by,
    WATCHED.c.paused_by,
    WATCHED.c.leased_until,
)
CHECK_COLUMNS = (
    CHECK.c.id,
    CHECK.c.observed_at,
    CHECK.c.took_s,
    CHECK.c.outcome,
    CHECK.c.headline,
    CHECK.c.outcomes,
    CHECK.c.frame.is_not(None).label("has_evidence"),
)


def watched_states(connection: Connection, domains: Sequence[str] | None = None) -> list[WatchedState]:
    """Return how the domains stand that are watched, all of them or those named, in the order of their names."""
    query = (
        select(*_STATE_COLUMNS, *CHECK_COLUMNS)
        .select_from(WATCHED.outerjoin(CHECK, WATCHED.c.newest == CHECK.c.id))
        .order_by(WATCHED.c.domain)
    )
    if domains is not None:
        query = query.where(WATCHED.c.domain.in_(domains))
    return [
        WatchedState(
            domain=row.domain,
            interval_s=row.interval_s,
            due_at=_moment(row.due_at),
            held=msgspec.json.decode(zlib.decompress(row.held), type=SettledState),
            newest=None if row.id is None else check_in(row),
            added_by=row.added_by,
            paused_by=row.paused_by,
            leased_until=None if row.leased_until is None else _moment(row.leased_until),
        )
        for row in connection.execute(query)
    ]


def kept_checks(
    connection: Connection, domain: str, since: datetime, until: datetime, checks_max: int = HISTORY_MAX
) -> list[KeptCheck]:
    """Return the checks of a domain in a period, the newest first, `checks_max` at most."""
    query = (
        select(*CHECK_COLUMNS)
        .where(
            and_(
                CHECK.c.domain == domain,
                CHECK.c.observed_at >= since.timestamp(),
                CHECK.c.observed_at <= until.timestamp(),
            )
        )
        .order_by(CHECK.c.observed_at.desc())
        .limit(checks_max)
    )
    return [check_in(row) for row in connection.execute(query)]


def kept_news(
    connection: Connection,
    *,
    domain: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    numbers: Sequence[int] | None = None,
    older_than: int | None = None,
    news_max: int = HISTORY_MAX,
) -> list[KeptNews]:
    """Return news of a domain or of all, the newest first, `news_max` at most.

    Those from `since` on, those before `until`, those of these numbers, or those with a number below `older_than`.
    """
    query = select(TURN).order_by(TURN.c.at.desc(), TURN.c.id.desc()).limit(news_max)
    if older_than is not None:
        query = query.where(TURN.c.id < older_than)
    if domain is not None:
        query = query.where(TURN.c.domain == domain)
    if since is not None:
        query = query.where(TURN.c.at >= since.timestamp())
    if until is not None:
        query = query.where(TURN.c.at < until.timestamp())
    if numbers is not None:
        query = query.where(TURN.c.id.in_(numbers))
    return [
        KeptNews(
            number=row.id,
            domain=row.domain,
            at=_moment(row.at),
            since=_moment(row.since),
            kind=TurnKind(row.kind),
            course=Course(row.course),
            weight=row.weight,
            told=zlib.decompress(row.packed),
            check=row.check_id,
            acknowledged_by=row.acknowledged_by,
            subject=row.subject,
        )
        for row in connection.execute(query)
    ]


def kept_evidence(connection: Connection, check: int) -> WatchedEvidence | None:
    """Return the evidence of a check and what senders held then, None where it is kept no longer."""
    packed = connection.execute(select(CHECK.c.frame, CHECK.c.memories).where(CHECK.c.id == check)).first()
    if packed is None or packed.frame is None:
        return None
    frame = zlib.decompress(packed.frame)
    wanted = digests_in(frame)
    parts = kept_parts(connection, wanted)
    if len(parts) < len(wanted):
        return None
    held = b"[]" if packed.memories is None else zlib.decompress(packed.memories)
    return WatchedEvidence(whole(frame, parts), msgspec.json.decode(held, type=tuple[Memory, ...]))


def newest_moment(connection: Connection) -> datetime | None:
    """Return when a domain was last checked, None before any was."""
    found = connection.execute(select(func.max(CHECK.c.observed_at))).scalar()
    return None if found is None else _moment(found)


def sweep_watch(connection: Connection, retention: WatchRetention, now: datetime) -> int:
    """Take away some of what is kept no longer, WATCH_SWEPT_AT_ONCE of each kind at most; return how much it was."""
    at = now.timestamp()
    history = at - retention.history_days * _DAY_S
    turns = _some(connection, select(TURN.c.id).where(TURN.c.at < history))
    connection.execute(delete(NOTICE).where(NOTICE.c.turn.in_(turns)))
    connection.execute(delete(TURN).where(TURN.c.id.in_(turns)))
    connection.execute(delete(MAINTENANCE).where(MAINTENANCE.c.ends < history))
    in_use = exists().where((WATCHED.c.settled == CHECK.c.id) | (WATCHED.c.newest == CHECK.c.id))
    checks = _some(connection, select(CHECK.c.id).where(and_(CHECK.c.observed_at < history, ~in_use)))
    _let_go(connection, checks)
    connection.execute(delete(CHECK).where(CHECK.c.id.in_(checks)))
    frames = _frames_past(connection, retention, day_of(now), in_use)
    _let_go(connection, frames)
    connection.execute(update(CHECK).where(CHECK.c.id.in_(frames)).values(frame=None, memories=None))
    return len(turns) + len(checks) + len(frames)


def _frames_past(
    connection: Connection, retention: WatchRetention, today: int, in_use: ColumnElement[bool]
) -> list[int]:
    """Return some checks whose evidence is kept no longer: those of the oldest days, and of old days all but the first.

    An index has only the checks whose evidence is kept, by day. Days with more than one are found in it alone, however long the
    history is.
    """
    other = CHECK.alias()
    kept = other.c.frame.is_not(None)
    crowded = (
        select(other.c.day, other.c.domain)
        .where(and_(kept, other.c.day < today - retention.evidence_days))
        .group_by(other.c.day, other.c.domain)
        .having(func.count() > 1)
        .subquery()
    )
    of_day = and_(other.c.domain == CHECK.c.domain, other.c.day == CHECK.c.day)
    is_first = ~exists().where(and_(kept, of_day, other.c.observed_at < CHECK.c.observed_at))
    brought_news = exists().where(TURN.c.check_id == CHECK.c.id)
    past = select(CHECK.c.id).where(and_(CHECK.c.frame.is_not(None), ~in_use, ~brought_news))
    one_of_many = and_(crowded.c.day == CHECK.c.day, crowded.c.domain == CHECK.c.domain)
    found = _some(connection, past.where(CHECK.c.day < today - retention.daily_days))
    return found or _some(connection, past.join(crowded, one_of_many).where(~is_first))


def _some(connection: Connection, query: Select[int]) -> list[int]:
    """Return some rows, in the hands of this transaction: of several workers that sweep each has others."""
    (table,) = query.selected_columns
    locked = query.limit(WATCH_SWEPT_AT_ONCE).with_for_update(skip_locked=True, of=table)
    return list(connection.execute(locked).scalars())


def _let_go(connection: Connection, checks: Sequence[int]) -> None:
    """Let the parts of the frames of these checks go."""
    uses: Counter[bytes] = Counter()
    for frame in connection.execute(select(CHECK.c.frame).where(CHECK.c.id.in_(checks))).scalars():
        if frame is not None:
            uses.update(digests_in(zlib.decompress(frame)))
    release_parts(connection, uses)


def check_in(row: Row[*tuple[Any, ...]]) -> KeptCheck:
    """Return the check in a row of CHECK_COLUMNS."""
    return KeptCheck(
        number=row.id,
        observed_at=_moment(row.observed_at),
        took_s=row.took_s,
        outcome=Verdict(row.outcome),
        headline=row.headline,
        outcomes=msgspec.json.decode(row.outcomes, type=dict[str, Verdict]),
        has_evidence=bool(row.has_evidence),
    )


def _moment(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC)
