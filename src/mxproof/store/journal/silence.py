"""Logs that are followed: the place in each, what is learnt of its senders, and its alarms, in one transaction."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, insert, select, update

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.schema import SENDER_RHYTHM, SILENCE_ALARM, SILENCE_LOG

ALARMS_AT_ONCE = 100


class KeptLog(msgspec.Struct, frozen=True):
    """How far a log was read, and what was learnt of it, by sender; all but the senders' names as its owner wrote it.

    `domain` is the one whose mail it tells of, empty where none was named.
    """

    place: str
    detector: bytes
    senders: tuple[tuple[str, bytes], ...] = ()
    domain: str = ""


class FollowedLog(msgspec.Struct, frozen=True):
    """A log that is followed, or was, by its name."""

    name: str
    log: KeptLog


class UntoldAlarm(msgspec.Struct, frozen=True):
    """An alarm that nobody has been told of yet."""

    id: int
    alarm: Alarm


class SilenceJournal:
    """What a journal keeps of logs that are followed, each by its name; every method is one transaction, and raises JournalError."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def log(self, name: str) -> KeptLog | None:
        """Return what was kept of a log, None where it was never followed."""
        return self._journal.reads(lambda connection: _log_of(connection, name))

    def keep(self, name: str, log: KeptLog, alarms: Sequence[Alarm] = ()) -> None:
        """Keep how far a log was read, the senders that changed, and the alarms that came of it."""
        self._journal.writes(lambda connection: _keep(connection, name, log, alarms))

    def keep_new(self, name: str, alarms: Sequence[Alarm], domain: str = "") -> None:
        """Keep those of the alarms of a log that are not kept yet: of another kind, sender or silence."""
        self._journal.writes(lambda connection: _keep_new(connection, name, alarms, domain))

    def logs(self) -> list[FollowedLog]:
        """Return all logs that were ever followed, in the order of their names: as many as an operator named to be followed."""
        return self._journal.reads(_logs)

    def alarms(
        self, domain: str | None, since: datetime, until: datetime, alarms_max: int = ALARMS_AT_ONCE
    ) -> list[Alarm]:
        """Return the alarms of a period, the newest first: those about a domain or about all of them, or with None each."""
        return self._journal.reads(lambda connection: _alarms(connection, domain, since, until, alarms_max))

    def untold(self, name: str) -> list[UntoldAlarm]:
        """Return the alarms of a log that nobody was told of, the earliest first, ALARMS_AT_ONCE at most."""
        return self._journal.reads(lambda connection: _untold(connection, name))

    def told(self, alarm: int, at: datetime) -> None:
        """Keep that somebody was told of an alarm."""
        self._journal.writes(lambda connection: _told(connection, alarm, at))


def _log_of(connection: Connection, name: str) -> KeptLog | None:
    return next((one.log for one in _logs(connection, name)), None)


def _logs(connection: Connection, name: str | None = None) -> list[FollowedLog]:
    """Return the log of this name, if there is one, or all of them."""
    logs = select(SILENCE_LOG).order_by(SILENCE_LOG.c.name)
    rhythms = select(SENDER_RHYTHM).order_by(SENDER_RHYTHM.c.log, SENDER_RHYTHM.c.sender)
    if name is not None:
        logs, rhythms = logs.where(SILENCE_LOG.c.name == name), rhythms.where(SENDER_RHYTHM.c.log == name)
    senders: dict[str, list[tuple[str, bytes]]] = {}
    for one in connection.execute(rhythms):
        senders.setdefault(one.log, []).append((one.sender, one.rhythm))
    return [
        FollowedLog(one.name, KeptLog(one.place, one.detector, tuple(senders.get(one.name, ())), one.domain))
        for one in connection.execute(logs)
    ]


def _alarms(
    connection: Connection, domain: str | None, since: datetime, until: datetime, alarms_max: int
) -> list[Alarm]:
    query = (
        select(SILENCE_ALARM)
        .where(SILENCE_ALARM.c.alarmed_at >= since.timestamp())
        .where(SILENCE_ALARM.c.alarmed_at < until.timestamp())
        .order_by(SILENCE_ALARM.c.alarmed_at.desc(), SILENCE_ALARM.c.id.desc())
        .limit(alarms_max)
    )
    if domain is not None:
        query = query.where(SILENCE_ALARM.c.domain.in_(("", domain)))
    return [_alarm(one) for one in connection.execute(query)]


def _keep(connection: Connection, name: str, log: KeptLog, alarms: Sequence[Alarm]) -> None:
    values = {"name": name, "place": log.place, "detector": log.detector, "domain": log.domain}
    connection.execute(
        insertion(connection, SILENCE_LOG)
        .values(values)
        .on_conflict_do_update(index_elements=["name"], set_=values)
    )
    if log.senders:
        statement = insertion(connection, SENDER_RHYTHM)
        connection.execute(
            statement.on_conflict_do_update(
                index_elements=["log", "sender"], set_={"rhythm": statement.excluded.rhythm}
            ),
            [{"log": name, "sender": sender, "rhythm": rhythm} for sender, rhythm in log.senders],
        )
    if alarms:
        connection.execute(insert(SILENCE_ALARM), [_row(name, one, log.domain) for one in alarms])


def _keep_new(connection: Connection, name: str, alarms: Sequence[Alarm], domain: str) -> None:
    table = SILENCE_ALARM.c
    for one in alarms:
        row = _row(name, one, domain)
        known = select(table.id).where(
            *(table[key] == row[key] for key in ("log", "kind", "sender", "silent_since"))
        )
        if connection.execute(known.limit(1)).first() is None:
            connection.execute(insert(SILENCE_ALARM), [row])


def _untold(connection: Connection, name: str) -> list[UntoldAlarm]:
    found = (
        select(SILENCE_ALARM)
        .where(SILENCE_ALARM.c.log == name)
        .where(SILENCE_ALARM.c.told_at.is_(None))
        .order_by(SILENCE_ALARM.c.id)
    )
    return [UntoldAlarm(one.id, _alarm(one)) for one in connection.execute(found.limit(ALARMS_AT_ONCE))]


def _alarm(row: Row[*tuple[Any, ...]]) -> Alarm:
    return Alarm(
        AlarmKind(row.kind),
        row.sender,
        datetime.fromtimestamp(row.silent_since, UTC),
        datetime.fromtimestamp(row.alarmed_at, UTC),
        row.expected,
        row.chance,
    )


def _told(connection: Connection, alarm: int, at: datetime) -> None:
    connection.execute(
        update(SILENCE_ALARM).where(SILENCE_ALARM.c.id == alarm).values(told_at=at.timestamp())
    )


def _row(name: str, alarm: Alarm, domain: str) -> dict[str, object]:
    return {
        "domain": domain,
        "log": name,
        "kind": str(alarm.kind),
        "sender": alarm.sender,
        "silent_since": alarm.silent_since.timestamp(),
        "alarmed_at": alarm.alarmed_at.timestamp(),
        "expected": alarm.expected,
        "chance": alarm.chance,
    }
