"""Sessions that were met, to be put into a journal."""

from datetime import UTC, datetime

import msgspec

from mxproof.formats.tlsrpt.datagram import SessionDatagram, read_datagram
from mxproof.formats.tlsrpt.met_day import MetDay
from mxproof.formats.tlsrpt.report import ReportedPolicy
from mxproof.store.journal.days import day_of
from mxproof.store.journal.met_counts import MetBounds, MetCounts
from support_datagram import DATAGRAMS

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = NOON.date()
AT = NOON.timestamp()
NUMBER = day_of(NOON)

GOOD, MISMATCH, *_ = map(read_datagram, DATAGRAMS)

RECORD = "v=TLSRPTv1; rua=mailto:tls@{}"


def met(told: SessionDatagram, success: int, failure: int) -> MetDay:
    """Return what was met where one datagram was all that told of a domain."""
    (policy,) = told.policies
    failures = tuple(msgspec.structs.replace(one, count=failure) for one in policy.failures)
    counted = msgspec.structs.replace(policy, success=success, failure=failure, failures=failures)
    return MetDay(told.domain, DAY, (counted,), told.record)


def counted(bounds: MetBounds, *told: tuple[SessionDatagram, int], at: datetime = NOON) -> MetCounts:
    """Return the counts of datagrams, each with how many there were."""
    counts = MetCounts(bounds)
    for one, times in told:
        counts.add(day_of(at), one, times, at.timestamp())
    return counts


def with_lines(told: SessionDatagram, *lines: str) -> SessionDatagram:
    """Return a datagram under another policy."""
    (policy,) = told.policies
    return msgspec.structs.replace(told, policies=(msgspec.structs.replace(policy, strings=lines),))


def of_domain(name: str) -> SessionDatagram:
    """Return a session without a policy."""
    return SessionDatagram(name, RECORD.format(name), (ReportedPolicy("no-policy-found", name, 1, 0),))
