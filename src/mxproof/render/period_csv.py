"""What senders reported of a period as CSV by RFC 4180: a row for each sender and day, then one for each way of failing.

`kind` is `day` or `failure`. Of the failures counts of several rows may be the same sessions, so they are not to be added.
"""

from collections.abc import Iterator
from typing import Final

from mxproof.explain.tlsrpt.period_told import ToldPeriod
from mxproof.render.csv import line

PERIOD_COLUMNS: Final = (
    "domain",
    "kind",
    "submitter",
    "authenticated",
    "day",
    "success",
    "failure",
    "result_type",
    "reason",
    "receiving_mx",
    "cause",
    "standing",
    "finding",
)
"""New ones are added at the end."""


def document(told: ToldPeriod) -> Iterator[str]:
    """Yield the lines, the names of the columns first."""
    yield line(PERIOD_COLUMNS)
    domain = told.domain or ""
    for one in told.senders:
        whom = (one.submitter, one.authenticated)
        for day in one.days:
            numbers = (str(day.success), str(day.failure))
            yield line((domain, "day", *whom, day.day.isoformat(), *numbers, *([""] * 6)))
        for way in one.failures:
            told_of = (
                *(way.result_type, way.reason or "", way.receiving_mx or "", way.cause or ""),
                *(way.standing or "", way.finding or ""),
            )
            yield line((domain, "failure", *whom, way.last_day.isoformat(), "", str(way.count), *told_of))
