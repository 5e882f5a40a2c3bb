"""Reports whose signature could not be verified when they came: handed out again, and settled once somebody could.

Such a report counts as one that anybody may have written. Settling it moves what it counts, in one transaction.
"""

import zlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.store.journal.arrival import UnverifiedReport
from mxproof.store.journal.days import DayCounts
from mxproof.store.journal.keeping import domains_of, held_day
from mxproof.store.journal.schema import RAW, REPORT, UNVERIFIED


def unverified(connection: Connection, tried_before: datetime, reports_max: int) -> list[UnverifiedReport]:
    """Return reports whose signature is still to be verified and was not tried since, the longest ago first."""
    found = (
        select(REPORT.c.id, REPORT.c.fingerprint, RAW.c.packed)
        .join(UNVERIFIED, UNVERIFIED.c.report == REPORT.c.id)
        .join(RAW, RAW.c.id == REPORT.c.raw_id)
        .where(UNVERIFIED.c.tried_at < tried_before.timestamp())
        .order_by(UNVERIFIED.c.tried_at, REPORT.c.id)
        .limit(reports_max)
    )
    return [
        UnverifiedReport(row, bytes(fingerprint), zlib.decompress(packed))
        for row, fingerprint, packed in connection.execute(found)
    ]


def settle(connection: Connection, verdicts: Mapping[int, Authenticated], at: datetime) -> None:
    """Count reports, by the numbers of their rows, as what they proved to be; UNKNOWN for those to be tried again."""
    counts = DayCounts()
    columns = (REPORT.c.submitter, REPORT.c.authenticated, REPORT.c.begin_at, REPORT.c.received_at)
    for row, verdict in sorted(verdicts.items()):
        held = connection.execute(select(*columns).where(REPORT.c.id == row).with_for_update()).one_or_none()
        if held is None or held.authenticated != Authenticated.UNKNOWN:
            continue  # somebody else was here meanwhile
        if verdict is Authenticated.UNKNOWN:
            connection.execute(
                update(UNVERIFIED).where(UNVERIFIED.c.report == row).values(tried_at=at.timestamp())
            )
            continue
        domains, day = domains_of(connection, row), held_day(held.begin_at, held.received_at)
        counts.add(day, held.submitter, held.authenticated, domains, times=-1)
        counts.add(day, held.submitter, verdict, domains)
        connection.execute(update(REPORT).where(REPORT.c.id == row).values(authenticated=str(verdict)))
        connection.execute(delete(UNVERIFIED).where(UNVERIFIED.c.report == row))
    counts.write(connection)
