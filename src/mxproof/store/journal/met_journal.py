"""The journal of what was met: each method is one transaction, and raises JournalError."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from operator import itemgetter
from typing import Final

import msgspec
from sqlalchemy import Connection, Row, Table, delete, func, select

from mxproof.formats.tlsrpt.met_day import MetDay
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.store.journal.days import day_of
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_counts import MetBounds, MetCounts, PolicyKey, WayKey
from mxproof.store.journal.rows import written
from mxproof.store.journal.schema import MET_DAY, MET_FAILURE, MET_POLICY

ROWS_AT_ONCE: Final = 1000

_EPOCH: Final = date(1970, 1, 1)
_WAYS = ("result_type", "sending_ip", "receiving_mx", "receiving_helo", "receiving_ip", "reason")


class MetTally(msgspec.Struct, frozen=True):
    """What one day comes to: policy domains, delivery attempts, datagrams that were refused, attempts beyond the bounds."""

    day: date
    domains: int
    attempts: int
    refused: int
    beyond: int


class MetJournal:
    """What a journal keeps of sessions of our own sending: by UTC day, policy domain and policy."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def add(self, counts: MetCounts) -> None:
        """Add what was counted to what is kept."""
        self._journal.writes(lambda connection: _add(connection, counts))

    def bounds(self, domains_max: int, since: datetime) -> MetBounds:
        """Return the bounds that hold, and what is kept already of the day of `since` and those behind it."""
        return self._journal.reads(lambda connection: _bounds(connection, domains_max, day_of(since)))

    def tallies(self) -> list[MetTally]:
        """Return what is kept, by day, the earliest first."""
        return self._journal.reads(_tallies)

    def met_on(self, day: date, after: str = "", domains_max: int = 500) -> list[MetDay]:
        """Return what was met on a day with the policy domains behind `after`, in the order of their names."""
        return self._journal.reads(lambda connection: _met_on(connection, day, after, domains_max))

    def met_with(self, day: date, domain: str) -> MetDay | None:
        """Return what was met with one policy domain on a day, None where nothing was."""
        found = self._journal.reads(lambda connection: _met(connection, day, [domain]))
        return found[0] if found else None

    def forget_before(self, day: date) -> int:
        """Keep nothing any more of the days before; return how many there were."""
        return self._journal.writes(lambda connection: _forget_before(connection, _number(day)))


def _add(connection: Connection, counts: MetCounts) -> None:
    """Add in the order of the keys, so that no two writers wait for each other."""
    totals = (
        {"day": day, "attempts": one.attempts, "refused": one.refused, "beyond": one.beyond}
        for day, one in sorted(counts.totals.items())
    )
    _summed(connection, MET_DAY, ("attempts", "refused", "beyond"), totals)
    policies = (
        {
            "day": key.day,
            "domain": key.domain,
            "policy": key.policy,
            "type": str(met.policy.type),
            "strings": written("\n".join(met.policy.strings)),
            "mx_hosts": written("\n".join(met.policy.mx_hosts)),
            "record": written(met.record),
            "seen_at": met.seen_at,
            "success": met.success,
            "failure": met.failure,
        }
        for key, met in sorted(counts.policies.items(), key=itemgetter(0))
    )
    _summed(connection, MET_POLICY, ("success", "failure"), policies)
    ways = (
        {
            "day": key.day,
            "domain": key.domain,
            "policy": key.policy,
            "way": key.way,
            **{name: written(getattr(one, name)) for name in (*_WAYS, "additional_information")},
            "count": count,
        }
        for key, (one, count) in sorted(counts.ways.items(), key=itemgetter(0))
    )
    _summed(connection, MET_FAILURE, ("count",), ways)


def _summed(
    connection: Connection, table: Table, sums: tuple[str, ...], rows: Iterable[Mapping[str, object]]
) -> None:
    """Write rows; of those that are there the numbers are added up, and a record that was met again takes its place."""
    statement = insertion(connection, table)
    new = statement.excluded
    changed = {column: table.c[column] + new[column] for column in sums}
    if table is MET_POLICY:
        changed["record"] = func.coalesce(func.nullif(new.record, ""), table.c.record)
        changed["seen_at"] = new.seen_at
    keys = [column.name for column in table.primary_key.columns]
    adding = statement.on_conflict_do_update(index_elements=keys, set_=changed)
    left = iter(rows)
    while some := list(islice(left, ROWS_AT_ONCE)):
        connection.execute(adding, some)


def _bounds(connection: Connection, domains_max: int, since: int) -> MetBounds:
    bounds = MetBounds(domains_max)
    policies = select(MET_POLICY.c.day, MET_POLICY.c.domain, MET_POLICY.c.policy)
    ways = select(MET_FAILURE.c.day, MET_FAILURE.c.domain, MET_FAILURE.c.policy, MET_FAILURE.c.way)
    bounds.recall(
        (
            PolicyKey(day, domain, bytes(policy))
            for day, domain, policy in connection.execute(policies.where(MET_POLICY.c.day >= since))
        ),
        (
            WayKey(day, domain, bytes(policy), bytes(way))
            for day, domain, policy, way in connection.execute(ways.where(MET_FAILURE.c.day >= since))
        ),
    )
    return bounds


def _tallies(connection: Connection) -> list[MetTally]:
    counted = select(MET_POLICY.c.day, func.count(MET_POLICY.c.domain.distinct())).group_by(MET_POLICY.c.day)
    domains = {day: number for day, number in connection.execute(counted)}  # noqa: C416 - rows, typed as pairs
    return [
        MetTally(_EPOCH + timedelta(days=day), domains.get(day, 0), attempts, refused, beyond)
        for day, attempts, refused, beyond in connection.execute(
            select(MET_DAY.c.day, MET_DAY.c.attempts, MET_DAY.c.refused, MET_DAY.c.beyond).order_by(
                MET_DAY.c.day
            )
        )
    ]


def _met_on(connection: Connection, day: date, after: str, domains_max: int) -> list[MetDay]:
    of_day = select(MET_POLICY.c.domain).where(MET_POLICY.c.day == _number(day), MET_POLICY.c.domain > after)
    names = of_day.distinct().order_by(MET_POLICY.c.domain).limit(domains_max)
    return _met(connection, day, list(connection.execute(names).scalars()))


def _met(connection: Connection, day: date, domains: list[str]) -> list[MetDay]:
    """Return what was met with `domains`, in their order; those of which nothing is kept are left out."""
    policies: dict[str, list[Row[*tuple[object, ...]]]] = {}
    for row in connection.execute(
        select(MET_POLICY)
        .where(MET_POLICY.c.day == _number(day), MET_POLICY.c.domain.in_(domains))
        .order_by(MET_POLICY.c.domain, MET_POLICY.c.type, MET_POLICY.c.policy)
    ):
        policies.setdefault(row.domain, []).append(row)
    failures: dict[tuple[str, bytes], list[FailureDetails]] = {}
    for row in connection.execute(
        select(MET_FAILURE)
        .where(MET_FAILURE.c.day == _number(day), MET_FAILURE.c.domain.in_(domains))
        .order_by(MET_FAILURE.c.domain, MET_FAILURE.c.policy, *(MET_FAILURE.c[name] for name in _WAYS))
    ):
        details = FailureDetails(
            row.result_type,
            row._mapping["count"],  # noqa: SLF001 - a row has a method of that name
            row.sending_ip,
            row.receiving_mx,
            row.receiving_helo,
            row.receiving_ip,
            row.reason,
            row.additional_information,
        )
        failures.setdefault((row.domain, bytes(row.policy)), []).append(details)
    return [
        MetDay(
            domain,
            day,
            tuple(
                ReportedPolicy(
                    row.type,
                    domain,
                    row.success,
                    row.failure,
                    tuple(row.strings.splitlines()),
                    tuple(row.mx_hosts.splitlines()),
                    tuple(failures.get((domain, bytes(row.policy)), ())),
                )
                for row in policies[domain]
            ),
            _newest_record(policies[domain]),
        )
        for domain in domains
        if domain in policies
    ]


def _newest_record(rows: Iterable[Row[*tuple[object, ...]]]) -> str:
    told = [row for row in rows if row.record]
    return str(max(told, key=lambda row: row.seen_at).record) if told else ""


def _forget_before(connection: Connection, day: int) -> int:
    for table in (MET_FAILURE, MET_POLICY):
        connection.execute(delete(table).where(table.c.day < day))
    return connection.execute(delete(MET_DAY).where(MET_DAY.c.day < day)).rowcount


def _number(day: date) -> int:
    return day_of(datetime(day.year, day.month, day.day, tzinfo=UTC))
