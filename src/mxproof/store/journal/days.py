"""What reports count, added up by day: the numbers that a look at a year reads.

Each report adds to the day on which it begins, for each of its domains and for all of them together, whose domain is empty.
What is taken away again is subtracted, so that the numbers are those of the reports that are there.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final

from sqlalchemy import Connection, Table

from mxproof.explain.tlsrpt.counted import CountedDomain
from mxproof.explain.tlsrpt.period import ALL_DOMAINS
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.rows import Values, key_text
from mxproof.store.journal.schema import FAILURE_DAY, SENDER_DAY

SESSIONS_COUNTED_MAX: Final = 10**12
"""Sessions of one report and domain: what claims more would in the end not fit the column."""

_EPOCH = date(1970, 1, 1)
_SENDER_KEYS = ("domain", "day", "submitter", "authenticated")
_SENDER_COUNTS = ("reports", "success", "failure", "tested", "overlapping")
_FAILURE_KEYS = (*_SENDER_KEYS, "result_type", "reason", "cause", "receiving_mx")

_Key = tuple[str | int, ...]


def day_of(at: datetime) -> int:
    """Return the number of the day in UTC that `at` falls on."""
    return (at.astimezone(UTC).date() - _EPOCH).days


class DayCounts:
    """Numbers to add, of any number of reports."""

    def __init__(self) -> None:
        self._senders: dict[_Key, list[int]] = {}
        self._failures: dict[_Key, int] = {}

    def add(
        self,
        day: int,
        submitter: str,
        authenticated: str,
        domains: Iterable[CountedDomain],
        times: int = 1,
    ) -> None:
        """Add what a report counts; with `times` -1, take it away."""
        reports = times
        for one in domains:
            numbers = (
                min(one.success, SESSIONS_COUNTED_MAX),
                min(one.failure, SESSIONS_COUNTED_MAX),
                min(one.tested, SESSIONS_COUNTED_MAX),
                int(one.at_least),
            )
            key = (key_text(one.domain), day, key_text(submitter), authenticated)
            self._add_sender(key, times, numbers, times)
            self._add_sender((ALL_DOMAINS, *key[1:]), reports, numbers, times)
            reports = 0
            for way in one.ways:
                told = (key_text(way.result_type), key_text(way.reason), way.cause)
                count = times * min(way.count, SESSIONS_COUNTED_MAX)
                self._add_failure((*key, *told, key_text(way.receiving_mx)), count)
                self._add_failure((ALL_DOMAINS, *key[1:], *told, ""), count)

    def _add_sender(self, key: _Key, reports: int, numbers: Iterable[int], times: int) -> None:
        known = self._senders.setdefault(key, [0] * len(_SENDER_COUNTS))
        for place, number in enumerate((reports, *(times * number for number in numbers))):
            known[place] += number

    def _add_failure(self, key: _Key, count: int) -> None:
        self._failures[key] = self._failures.get(key, 0) + count

    def write(self, connection: Connection) -> None:
        """Add all of it to the tables, in the order of the keys, so that no two writers wait for each other."""
        senders: list[Values] = [
            {**dict(zip(_SENDER_KEYS, key, strict=True)), **dict(zip(_SENDER_COUNTS, numbers, strict=True))}
            for key, numbers in sorted(self._senders.items())
        ]
        failures: list[Values] = [
            {**dict(zip(_FAILURE_KEYS, key, strict=True)), "count": count}
            for key, count in sorted(self._failures.items())
        ]
        _added(connection, SENDER_DAY, _SENDER_KEYS, _SENDER_COUNTS, senders)
        _added(connection, FAILURE_DAY, _FAILURE_KEYS, ("count",), failures)


def _added(
    connection: Connection,
    table: Table,
    keys: tuple[str, ...],
    counts: tuple[str, ...],
    rows: list[Values],
) -> None:
    if not rows:
        return
    statement = insertion(connection, table)
    added = {name: table.c[name] + statement.excluded[name] for name in counts}
    connection.execute(statement.on_conflict_do_update(index_elements=keys, set_=added), rows)
