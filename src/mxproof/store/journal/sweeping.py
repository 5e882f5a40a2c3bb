"""What is kept no longer: raw reports, reports and counts each have a retention of their own.

A report that is gone could come again and would be counted again. So nothing is taken in that ended before the retention of
reports (`Retention.is_old`).
"""

from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import Connection, Select, delete, func, select, update

from mxproof.store.journal.days import day_of
from mxproof.store.journal.retention import Retention, Swept
from mxproof.store.journal.schema import (
    FAILURE,
    FAILURE_DAY,
    POLICY,
    RAW,
    REFUSED,
    REPORT,
    SENDER_DAY,
    UNVERIFIED,
)

SWEPT_AT_ONCE = 500

Identity = TypeVar("Identity", int, bytes)


def sweep(connection: Connection, retention: Retention, now: datetime) -> Swept:
    """Take away some of what is kept no longer, SWEPT_AT_ONCE of each kind at most; call it again while it does."""
    raw_before = (now - timedelta(days=retention.raw_days)).timestamp()
    report_before = (now - timedelta(days=retention.report_days)).timestamp()
    raws = _old(connection, select(RAW.c.id).where(RAW.c.received_at < raw_before))
    of_raws = select(REPORT.c.id).where(REPORT.c.raw_id.in_(raws))
    connection.execute(delete(UNVERIFIED).where(UNVERIFIED.c.report.in_(of_raws)))
    connection.execute(update(REPORT).where(REPORT.c.raw_id.in_(raws)).values(raw_id=None))
    connection.execute(delete(RAW).where(RAW.c.id.in_(raws)))
    ended = func.coalesce(REPORT.c.end_at, REPORT.c.received_at)
    reports = _old(connection, select(REPORT.c.id).where(ended < report_before))
    for table in (UNVERIFIED, FAILURE, POLICY):
        connection.execute(delete(table).where(table.c.report.in_(reports)))
    connection.execute(delete(REPORT).where(REPORT.c.id.in_(reports)))
    refused = _old(connection, select(REFUSED.c.digest).where(REFUSED.c.received_at < raw_before))
    connection.execute(delete(REFUSED).where(REFUSED.c.digest.in_(refused)))
    first = day_of(now) - retention.count_days
    for table in (SENDER_DAY, FAILURE_DAY):
        connection.execute(delete(table).where(table.c.day < first))
    return Swept(len(raws), len(refused), len(reports))


def _old(connection: Connection, found: Select[Identity]) -> list[Identity]:
    return list(connection.execute(found.limit(SWEPT_AT_ONCE)).scalars())
