"""Logs that are followed: the place in each, what is learnt of its senders, and its alarms, in one transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
from sqlalchemy import Connection, insert, select, update

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.schema import ALARM, SENDER_RHYTHM, WATCH

ALARMS_AT_ONCE = 100


class KeptWatch(msgspec.Struct, frozen=True):
    """How far a log was read, and what was learnt of it, by sender; all but the senders' names as its owner wrote it."""

    place: str
    detector: bytes
    senders: tuple[tuple[str, bytes], ...] = ()


class UntoldAlarm(msgspec.Struct, frozen=True):
    """An alarm that nobody has been told of yet."""

    id: int
    alarm: Alarm


def watch_of(connection: Connection, name: str) -> KeptWatch | None:
    """Return what was kept of a log, None where it was never followed."""
    found = connection.execute(select(WATCH.c.place, WATCH.c.detector).where(WATCH.c.name == name)).first()
    if found is None:
        return None
    senders = select(SENDER_RHYTHM.c.sender, SENDER_RHYTHM.c.rhythm).where(SENDER_RHYTHM.c.watch == name)
    return KeptWatch(
        found.place,
        found.detector,
        tuple(
            (one.sender, one.rhythm) for one in connection.execute(senders.order_by(SENDER_RHYTHM.c.sender))
        ),
    )


def keep_watch(connection: Connection, name: str, watch: KeptWatch, alarms: Sequence[Alarm]) -> None:
    """Keep how far a log was read, the senders that changed, and the alarms that came of it."""
    values = {"name": name, "place": watch.place, "detector": watch.detector}
    connection.execute(
        insertion(connection, WATCH)
        .values(values)
        .on_conflict_do_update(index_elements=["name"], set_=values)
    )
    if watch.senders:
        statement = insertion(connection, SENDER_RHYTHM)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["watch", "sender"], set_={"rhythm": statement.excluded.rhythm}
            ),
            [{"watch": name, "sender": sender, "rhythm": rhythm} for sender, rhythm in watch.senders],
        )
    if alarms:
        connection.execute(insert(ALARM), [_row(name, one) for one in alarms])


def untold(connection: Connection, name: str) -> list[UntoldAlarm]:
    """Return the alarms of a log that nobody was told of, the earliest first, ALARMS_AT_ONCE at most."""
    found = select(ALARM).where(ALARM.c.watch == name).where(ALARM.c.told_at.is_(None)).order_by(ALARM.c.id)
    return [
        UntoldAlarm(
            one.id,
            Alarm(
                AlarmKind(one.kind),
                one.sender,
                datetime.fromtimestamp(one.silent_since, UTC),
                datetime.fromtimestamp(one.alarmed_at, UTC),
                one.expected,
                one.chance,
            ),
        )
        for one in connection.execute(found.limit(ALARMS_AT_ONCE))
    ]


def told(connection: Connection, alarm: int, at: datetime) -> None:
    """Keep that somebody was told of an alarm."""
    connection.execute(update(ALARM).where(ALARM.c.id == alarm).values(told_at=at.timestamp()))


def _row(name: str, alarm: Alarm) -> dict[str, object]:
    return {
        "watch": name,
        "kind": str(alarm.kind),
        "sender": alarm.sender,
        "silent_since": alarm.silent_since.timestamp(),
        "alarmed_at": alarm.alarmed_at.timestamp(),
        "expected": alarm.expected,
        "chance": alarm.chance,
    }
