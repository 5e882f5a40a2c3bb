"""The work of the watch, within one transaction each: which domains, who is at which, and what a check leaves behind."""

import zlib
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import ColumnElement, Connection, and_, delete, insert, or_, select, update

from mxproof.judge.settling import SettledState
from mxproof.store.journal.days import day_of
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.parts import keep_parts
from mxproof.store.journal.rows import Values, written
from mxproof.store.journal.schema import CHECK, NOTICE, TURN, WATCHED
from mxproof.store.journal.watched import (
    CLOCKS_APART_S,
    ClaimedDomain,
    DelayBounds,
    Finished,
    News,
    WatchedCheck,
    WatchedDomain,
)


def set_watched(connection: Connection, domains: Sequence[WatchedDomain], now: datetime) -> None:
    """Watch `domains`, and no others but those of the pages; what is known of one that was left out stays until its retention ends.

    New ones are due at once; one whose interval changed is due no later than the new one says. One of the pages belongs here from
    now on.
    """
    at = now.timestamp()
    known = {
        one.domain: one
        for one in connection.execute(
            select(WATCHED.c.domain, WATCHED.c.interval_s, WATCHED.c.due_at, WATCHED.c.added_by)
        )
    }
    wanted = {one.domain: one.interval_s for one in domains}
    # In order, so that of two workers that do so at once one waits for the other, and never each for both.
    for domain in sorted(known.keys() - wanted.keys()):
        if known[domain].added_by is None:
            connection.execute(delete(WATCHED).where(WATCHED.c.domain == domain))
    ordered = sorted(domains, key=lambda one: one.domain)
    new = [new_row(one, now) for one in ordered if one.domain not in known]
    if new:
        connection.execute(insertion(connection, WATCHED).on_conflict_do_nothing(), new)
    for domain, interval_s in sorted(wanted.items()):
        if domain in known and known[domain].interval_s != interval_s:
            due_at = min(known[domain].due_at, at + interval_s)
            connection.execute(
                update(WATCHED).where(WATCHED.c.domain == domain).values(interval_s=interval_s, due_at=due_at)
            )
    taken_over = [domain for domain in wanted if domain in known and known[domain].added_by is not None]
    if taken_over:
        of_configuration = update(WATCHED).where(WATCHED.c.domain.in_(taken_over))
        connection.execute(of_configuration.values(added_by=None, paused_by=None))


def new_row(domain: WatchedDomain, now: datetime) -> Values:
    """Return the row of a domain that is watched from now on."""
    return {
        "domain": domain.domain,
        "interval_s": domain.interval_s,
        "added_at": now.timestamp(),
        "due_at": now.timestamp(),
        "turned_away": 0,
        "held": _packed(SettledState()),
    }


def claim(
    connection: Connection, worker: str, now: datetime, until: datetime, domains_max: int
) -> list[ClaimedDomain]:
    """Take domains that are due and in nobody's hands, those first that are due longest, until `until`."""
    at = now.timestamp()
    free = or_(WATCHED.c.leased_until.is_(None), WATCHED.c.leased_until <= at)
    due = (
        select(WATCHED)
        .where(and_(WATCHED.c.due_at <= at, WATCHED.c.paused_by.is_(None), free))
        .order_by(WATCHED.c.due_at)
        .limit(domains_max)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(due).all()
    if found:
        connection.execute(
            update(WATCHED)
            .where(WATCHED.c.domain.in_([one.domain for one in found]))
            .values(worker=worker, leased_until=until.timestamp())
        )
    return [
        ClaimedDomain(
            domain=one.domain,
            interval_s=one.interval_s,
            due_at=datetime.fromtimestamp(one.due_at, UTC),
            worker=worker,
            leased_until=until,
            held=msgspec.json.decode(zlib.decompress(one.held), type=SettledState),
            settled=one.settled,
            turned_away=one.turned_away,
        )
        for one in found
    ]


def bring_forward(connection: Connection, now: datetime, bounds: DelayBounds) -> int:
    """Undo what a clock that was wrong has left: have due now what is due later than it can be, and end such leases.

    Return how many domains were due too late.
    """
    at = now.timestamp() + CLOCKS_APART_S
    columns = (WATCHED.c.domain, WATCHED.c.due_at, WATCHED.c.interval_s, WATCHED.c.turned_away)
    later = select(*columns).where(WATCHED.c.due_at > at + WATCHED.c.interval_s).order_by(WATCHED.c.domain)
    late = [
        one.domain
        for one in connection.execute(later)
        if one.due_at > at + bounds.check_s(one.interval_s, one.turned_away)
    ]
    for domain in late:
        connection.execute(update(WATCHED).where(WATCHED.c.domain == domain).values(due_at=now.timestamp()))
    leased = WATCHED.c.leased_until > at + bounds.lease_s
    held = list(
        connection.execute(select(WATCHED.c.domain).where(leased).order_by(WATCHED.c.domain)).scalars()
    )
    for domain in held:
        mine = and_(WATCHED.c.domain == domain, leased)
        connection.execute(update(WATCHED).where(mine).values(worker=None, leased_until=None))
    put_off = and_(NOTICE.c.held_until.is_(None), NOTICE.c.due_at > at + bounds.told_again_s)
    connection.execute(update(NOTICE).where(put_off).values(due_at=now.timestamp()))
    return len(late)


def next_due(connection: Connection) -> datetime | None:
    """Return when the next domain that is in nobody's hands is due, None where there is none."""
    free = and_(WATCHED.c.worker.is_(None), WATCHED.c.paused_by.is_(None))
    found = connection.execute(
        select(WATCHED.c.due_at).where(free).order_by(WATCHED.c.due_at).limit(1)
    ).scalar()
    return None if found is None else datetime.fromtimestamp(found, UTC)


def give_back(
    connection: Connection, claims: Iterable[ClaimedDomain], due_at: datetime | None = None
) -> None:
    """Put domains back that were not checked; they are due as before, or at `due_at`."""
    for one in sorted(claims, key=lambda claimed: claimed.domain):
        values = {} if due_at is None else {"due_at": due_at.timestamp()}
        connection.execute(update(WATCHED).where(_ours(one)).values(worker=None, leased_until=None, **values))


def finish(connection: Connection, claimed: ClaimedDomain, done: Finished, now: datetime) -> bool:
    """Keep what a check leaves behind; False, and nothing kept, where the domain is not in these hands any more."""
    held = connection.execute(select(WATCHED.c.domain).where(_ours(claimed)).with_for_update()).first()
    if held is None:
        return False
    number = _keep_check(connection, claimed.domain, done.check)
    values: dict[str, object] = {"settled": number} if done.adopts else {}
    connection.execute(
        update(WATCHED)
        .where(WATCHED.c.domain == claimed.domain)
        .values(
            due_at=done.due_at.timestamp(),
            turned_away=done.turned_away,
            held=_packed(done.held),
            newest=number,
            worker=None,
            leased_until=None,
            **values,
        )
    )
    if done.news is not None:
        keep_news(connection, claimed.domain, done.news, number, now)
    return True


def keep_news(connection: Connection, domain: str, news: News, check: int | None, now: datetime) -> int:
    """Keep news and whom to tell of them; return its number."""
    at = now.timestamp()
    number: int = connection.execute(
        insert(TURN).returning(TURN.c.id),
        {
            "domain": domain,
            "at": at,
            "since": news.since.timestamp(),
            "kind": str(news.kind),
            "course": str(news.course),
            "weight": news.weight,
            "check_id": check,
            "packed": zlib.compress(news.told),
            "subject": news.subject,
        },
    ).scalar_one()
    wanting = {one.channel: one.held_until for one in news.wanting}
    if wanting:
        connection.execute(
            insert(NOTICE),
            [
                {
                    "turn": number,
                    "channel": channel,
                    "due_at": at if until is None else until.timestamp(),
                    "tries": 0,
                    "failure": "",
                    "held_until": None if until is None else until.timestamp(),
                }
                for channel, until in wanting.items()
            ],
        )
    return number


def _keep_check(connection: Connection, domain: str, check: WatchedCheck) -> int:
    keep_parts(connection, check.parts.parts)
    number: int = connection.execute(
        insert(CHECK).returning(CHECK.c.id),
        {
            "domain": domain,
            "observed_at": check.observed_at.timestamp(),
            "day": day_of(check.observed_at),
            "took_s": check.took_s,
            "outcome": str(check.outcome),
            "headline": written(check.headline),
            "outcomes": msgspec.json.encode(check.outcomes).decode(),
            "frame": zlib.compress(check.parts.frame),
            "memories": zlib.compress(msgspec.json.encode(check.memories)) if check.memories else None,
        },
    ).scalar_one()
    return number


def _ours(claimed: ClaimedDomain) -> ColumnElement[bool]:
    return and_(
        WATCHED.c.domain == claimed.domain,
        WATCHED.c.worker == claimed.worker,
        WATCHED.c.leased_until == claimed.leased_until.timestamp(),
    )


def _packed(held: SettledState) -> bytes:
    return zlib.compress(msgspec.json.encode(held))
