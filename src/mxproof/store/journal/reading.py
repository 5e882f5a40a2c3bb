"""Look-ups in the counts by day. None reads a report, so that a year of many domains is read as quickly as a week."""

from typing import Any

import msgspec
from sqlalchemy import Connection, Select, func, select, tuple_

from mxproof.explain.tlsrpt.period import (
    ALL_DOMAINS,
    DOMAINS_SHOWN_MAX,
    SENDERS_SHOWN_MAX,
    WAYS_SHOWN_MAX_OF_ALL,
    DomainCounts,
    Period,
    PeriodCounts,
    SenderCounts,
    WayCounts,
)
from mxproof.store.journal.schema import FAILURE_DAY, SENDER_DAY

_SENDER = (SENDER_DAY.c.submitter, SENDER_DAY.c.authenticated)
_WAY = (
    FAILURE_DAY.c.submitter,
    FAILURE_DAY.c.authenticated,
    FAILURE_DAY.c.result_type,
    FAILURE_DAY.c.reason,
    FAILURE_DAY.c.cause,
    FAILURE_DAY.c.receiving_mx,
)


def period_counts(connection: Connection, period: Period) -> PeriodCounts:
    """Return what was reported of a period."""
    senders = _senders(connection, period)
    domains = _domains(connection, period) if period.domain == ALL_DOMAINS else []
    return PeriodCounts(
        _with_days(connection, period, senders[:SENDERS_SHOWN_MAX]),
        _ways(connection, period),
        tuple(domains[:DOMAINS_SHOWN_MAX]),
        len(senders) > SENDERS_SHOWN_MAX,
        len(domains) > DOMAINS_SHOWN_MAX,
    )


def is_known(connection: Connection, domain: str) -> bool:
    """Tell whether there is any report of a domain."""
    return (
        connection.execute(select(SENDER_DAY.c.day).where(SENDER_DAY.c.domain == domain).limit(1)).scalar()
        is not None
    )


def _senders(connection: Connection, period: Period) -> list[SenderCounts]:
    sessions = func.sum(SENDER_DAY.c.success + SENDER_DAY.c.failure)
    found = select(
        *_SENDER,
        func.sum(SENDER_DAY.c.reports).label("reports"),
        func.sum(SENDER_DAY.c.success).label("success"),
        func.sum(SENDER_DAY.c.failure).label("failure"),
        func.sum(SENDER_DAY.c.tested).label("tested"),
        func.sum(SENDER_DAY.c.overlapping).label("overlapping"),
    )
    wanted = (
        _of(period, found)
        .group_by(*_SENDER)
        .having(func.sum(SENDER_DAY.c.reports) > 0)
        .order_by(sessions.desc(), *_SENDER)
        .limit(SENDERS_SHOWN_MAX + 1)
    )
    return [
        SenderCounts(
            one.submitter,
            one.authenticated,
            int(one.reports),
            int(one.success),
            int(one.failure),
            int(one.tested),
            int(one.overlapping),
        )
        for one in connection.execute(wanted)
    ]


def _with_days(
    connection: Connection, period: Period, senders: list[SenderCounts]
) -> tuple[SenderCounts, ...]:
    keys = [(one.submitter, one.authenticated) for one in senders]
    found = _of(period, select(*_SENDER, SENDER_DAY.c.day, SENDER_DAY.c.success, SENDER_DAY.c.failure))
    days: dict[tuple[str, str], list[tuple[int, int, int]]] = {key: [] for key in keys}
    wanted = found.where(tuple_(*_SENDER).in_(keys)).order_by(SENDER_DAY.c.day)
    for one in connection.execute(wanted) if keys else ():
        days[one.submitter, one.authenticated].append((one.day, one.success, one.failure))
    return tuple(
        msgspec.structs.replace(one, days=tuple(days[one.submitter, one.authenticated])) for one in senders
    )


def _ways(connection: Connection, period: Period) -> tuple[WayCounts, ...]:
    count = func.sum(FAILURE_DAY.c.count)
    found = (
        select(*_WAY, count.label("sessions"), func.max(FAILURE_DAY.c.day).label("last_day"))
        .where(FAILURE_DAY.c.domain == period.domain)
        .where(FAILURE_DAY.c.day.between(period.first, period.last))
        .where(FAILURE_DAY.c.count > 0)
        .group_by(*_WAY)
        .order_by(count.desc(), *_WAY)
        .limit(WAYS_SHOWN_MAX_OF_ALL)
    )
    return tuple(
        WayCounts(
            one.submitter,
            one.authenticated,
            one.result_type,
            one.reason,
            one.cause,
            one.receiving_mx,
            int(one.sessions),
            one.last_day,
        )
        for one in connection.execute(found)
    )


def _domains(connection: Connection, period: Period) -> list[DomainCounts]:
    """Return the domains with sessions that failed, and only the days on which some did."""
    failure = func.sum(SENDER_DAY.c.failure)
    found = (
        select(SENDER_DAY.c.domain, func.sum(SENDER_DAY.c.success), failure)
        .where(SENDER_DAY.c.failure > 0)
        .where(SENDER_DAY.c.day.between(period.first, period.last))
        .where(SENDER_DAY.c.domain != ALL_DOMAINS)
        .group_by(SENDER_DAY.c.domain)
        .order_by(failure.desc(), SENDER_DAY.c.domain)
        .limit(DOMAINS_SHOWN_MAX + 1)
    )
    return [DomainCounts(domain, int(good), int(bad)) for domain, good, bad in connection.execute(found)]


def _of(period: Period, found: Select[Any]) -> Select[Any]:
    return found.where(SENDER_DAY.c.domain == period.domain).where(
        SENDER_DAY.c.day.between(period.first, period.last)
    )
