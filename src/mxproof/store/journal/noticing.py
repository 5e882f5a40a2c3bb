"""Whom news are told, within one transaction each: what is due, what is moot, what was acknowledged, and digests."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, select, update

from mxproof.judge.difference import Course
from mxproof.judge.vocabulary import Verdict
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.rows import written
from mxproof.store.journal.schema import CHECK, DIGEST, NOTICE, TURN, WATCHED
from mxproof.store.journal.watch_history import HISTORY_MAX, kept_news
from mxproof.store.journal.watched import DueDigest, DueNotice, KeptNews, Moot, News
from mxproof.store.journal.watching import keep_news

_TROUBLED = (Verdict.REFUSED, Verdict.AT_RISK)


def claim_notices(
    connection: Connection, channels: Sequence[str], now: datetime, until: datetime, notices_max: int
) -> list[DueNotice]:
    """Take notices that are due, the oldest first; each is due again at `until` unless it is settled before."""
    due = (
        select(NOTICE)
        .where(and_(NOTICE.c.due_at <= now.timestamp(), NOTICE.c.channel.in_(channels)))
        .order_by(NOTICE.c.due_at, NOTICE.c.turn)
        .limit(notices_max)
        .with_for_update(skip_locked=True)
    )
    found = connection.execute(due).all()
    for one in found:
        connection.execute(
            update(NOTICE).where(_is_notice(one.turn, one.channel)).values(due_at=until.timestamp())
        )
    news = {one.number: one for one in kept_news(connection, numbers=[one.turn for one in found])}
    return [
        DueNotice(news[one.turn], one.channel, one.tries, _moot(connection, one, news[one.turn]))
        for one in found
        if one.turn in news
    ]


def settle_notice(
    connection: Connection,
    notice: DueNotice,
    now: datetime,
    failure: str = "",
    again_at: datetime | None = None,
) -> None:
    """Note that a notice was delivered, or why not and when it is tried again; None gives it up."""
    values: dict[str, object] = {
        "due_at": None if again_at is None else again_at.timestamp(),
        "tries": notice.tries + 1,
        "failure": written(failure),
    }
    if not failure:
        values["done_at"] = now.timestamp()
    connection.execute(update(NOTICE).where(_is_notice(notice.news.number, notice.channel)).values(**values))


def acknowledge(
    connection: Connection, domains: Sequence[str] | None, weights: Sequence[str], by: str, now: datetime
) -> list[KeptNews]:
    """Take note of news of these weights of `domains`, or of all, that nobody has taken note of; return them."""
    mine = [TURN.c.acknowledged_at.is_(None), TURN.c.weight.in_(weights)]
    if domains is not None:
        mine.append(TURN.c.domain.in_(domains))
    values = {"acknowledged_at": now.timestamp(), "acknowledged_by": written(by)}
    taken = connection.execute(update(TURN).where(and_(*mine)).values(**values).returning(TURN.c.id))
    numbers = list(taken.scalars())
    return kept_news(connection, numbers=numbers) if numbers else []


def set_digests(connection: Connection, due: Mapping[str, datetime], now: datetime) -> None:
    """Have a digest made for these channels at these times, and for no others; what was had before counts on."""
    connection.execute(delete(DIGEST).where(DIGEST.c.channel.not_in(due.keys())))
    for channel, due_at in due.items():
        row = {"channel": channel, "until_at": now.timestamp(), "tries": 0, "failure": ""}
        new = insertion(connection, DIGEST).values(due_at=due_at.timestamp(), **row)
        connection.execute(new.on_conflict_do_nothing())
        # One that failed is tried again when it was to be, and one that is overdue is due.
        later = and_(DIGEST.c.channel == channel, DIGEST.c.tries == 0, DIGEST.c.due_at > now.timestamp())
        connection.execute(update(DIGEST).where(later).values(due_at=due_at.timestamp()))


def claim_digests(connection: Connection, now: datetime, until: datetime) -> list[DueDigest]:
    """Take the digests that are due; each is due again at `until` unless it is settled before."""
    due = select(DIGEST).where(DIGEST.c.due_at <= now.timestamp()).with_for_update(skip_locked=True)
    found = connection.execute(due).all()
    for one in found:
        mine = DIGEST.c.channel == one.channel
        connection.execute(update(DIGEST).where(mine).values(due_at=until.timestamp()))
    return [
        DueDigest(one.channel, datetime.fromtimestamp(one.until_at, UTC), now, one.tries) for one in found
    ]


def settle_digest(connection: Connection, digest: DueDigest, due_at: datetime, failure: str = "") -> None:
    """Note that a digest was delivered, or why not, and when the next or the next try is due."""
    values: dict[str, object] = {
        "due_at": due_at.timestamp(),
        "tries": digest.tries + 1 if failure else 0,
        "failure": written(failure),
    }
    if not failure:
        values["until_at"] = digest.until.timestamp()
    connection.execute(update(DIGEST).where(DIGEST.c.channel == digest.channel).values(**values))


def _moot(connection: Connection, notice: Row[*tuple[Any, ...]], news: KeptNews) -> Moot | None:
    """Return why nobody has to be told any more; what never had to wait is told."""
    if news.acknowledged_by is not None:
        return Moot.ACKNOWLEDGED
    if notice.held_until is None or notice.tries:
        return None
    later = and_(TURN.c.domain == news.domain, TURN.c.subject == news.subject, TURN.c.id > news.number)
    told_there = (
        select(TURN.c.id)
        .join(NOTICE, NOTICE.c.turn == TURN.c.id)
        .where(and_(later, NOTICE.c.channel == notice.channel))
        .limit(1)
    )
    if connection.execute(told_there).first() is not None:
        return Moot.OUTDATED
    mended = select(TURN.c.id).where(and_(later, TURN.c.course == Course.BETTER)).limit(1)
    if connection.execute(mended).first() is None:
        return None
    if news.subject:
        return Moot.OUTDATED
    stands = select(CHECK.c.outcome).join(WATCHED, WATCHED.c.newest == CHECK.c.id)
    outcome = connection.execute(stands.where(WATCHED.c.domain == news.domain)).scalar()
    return None if outcome in _TROUBLED else Moot.OUTDATED


def news_in_turn(connection: Connection, domain: str, news: News, now: datetime) -> int | None:
    """Keep news of a subject of its own where they are no repetition; return their number.

    The end of something is news only where its beginning is the last that was said of it.
    """
    last = last_of_subjects(connection, domain).get(news.subject)
    begins = news.course is not Course.BETTER
    if begins == (last is not None and last.course is not Course.BETTER):
        return None
    return keep_news(connection, domain, news, None, now)


def last_of_subjects(connection: Connection, domain: str) -> dict[str, KeptNews]:
    """Return the last news of each subject of a domain, its mail as a whole left out."""
    mine = and_(TURN.c.domain == domain, TURN.c.subject != "")
    newest = select(func.max(TURN.c.id)).where(mine).group_by(TURN.c.subject).limit(HISTORY_MAX)
    numbers = list(connection.execute(newest).scalars())
    return {one.subject: one for one in kept_news(connection, numbers=numbers)} if numbers else {}


def waiting_since(connection: Connection, now: datetime) -> datetime | None:
    """Return since when a notice is due that nobody has taken, None where none is."""
    due = select(func.min(NOTICE.c.due_at)).where(NOTICE.c.due_at <= now.timestamp())
    found = connection.execute(due).scalar()
    return None if found is None else datetime.fromtimestamp(found, UTC)


def _is_notice(turn: int, channel: str) -> ColumnElement[bool]:
    return and_(NOTICE.c.turn == turn, NOTICE.c.channel == channel)
