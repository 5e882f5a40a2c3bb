"""The history of domains that are watched: how each stands, its checks, its news, and the evidence of a check."""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Select, and_, delete, exists, select, update

from mxproof.evidence.evidence import Evidence
from mxproof.evidence.parts import digests_in, whole
from mxproof.judge.difference import Course
from mxproof.judge.settling import SettledState, TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.store.journal.parts import kept_parts, release_parts
from mxproof.store.journal.schema import CHECK, MAINTENANCE, NOTICE, TURN, WATCHED
from mxproof.store.journal.watched import KeptCheck, KeptNews, WatchedState, WatchRetention

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


def kept_evidence(connection: Connection, check: int) -> Evidence | None:
    """Return the evidence of a check, None where it is kept no longer."""
    packed = connection.execute(select(CHECK.c.frame).where(CHECK.c.id == check)).scalar()
    if packed is None:
        return None
    frame = zlib.decompress(packed)
    wanted = digests_in(frame)
    parts = kept_parts(connection, wanted)
    return None if len(parts) < len(wanted) else whole(frame, parts)


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
    brought_news = exists().where(TURN.c.check_id == CHECK.c.id)
    other = CHECK.alias()
    first_of_day = ~exists().where(
        and_(
            other.c.domain == CHECK.c.domain,
            other.c.observed_at < CHECK.c.observed_at,
            other.c.day == CHECK.c.day,
            other.c.frame.is_not(None),
        )
    )
    old = CHECK.c.observed_at < at - retention.evidence_days * _DAY_S
    oldest = CHECK.c.observed_at < at - retention.daily_days * _DAY_S
    frames = _some(
        connection,
        select(CHECK.c.id).where(
            and_(CHECK.c.frame.is_not(None), old, ~in_use, ~brought_news, oldest | ~first_of_day)
        ),
    )
    _let_go(connection, frames)
    connection.execute(update(CHECK).where(CHECK.c.id.in_(frames)).values(frame=None))
    return len(turns) + len(checks) + len(frames)


def _some(connection: Connection, query: Select[int]) -> list[int]:
    return list(connection.execute(query.limit(WATCH_SWEPT_AT_ONCE)).scalars())


def _let_go(connection: Connection, checks: Sequence[int]) -> None:
    """Let the parts of the frames of these checks go."""
    for frame in connection.execute(select(CHECK.c.frame).where(CHECK.c.id.in_(checks))).scalars():
        if frame is not None:
            release_parts(connection, digests_in(zlib.decompress(frame)))


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
