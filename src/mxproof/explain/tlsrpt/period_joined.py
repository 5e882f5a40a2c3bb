"""A look at a period held against evidence: of each way of failing its newest row, joined as one of a report is."""

from collections.abc import Iterable, Mapping

import msgspec

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.judging_sender import model_of
from mxproof.explain.tlsrpt.period import ReportedWay
from mxproof.explain.tlsrpt.period_told import PeriodSender, PeriodWay, ToldPeriod, with_ways
from mxproof.explain.tlsrpt.policy_then import policy_then
from mxproof.explain.tlsrpt.row_join import SeenDomain, join_row, worded
from mxproof.explain.tlsrpt.row_words import join_words, policy_words

_Key = tuple[str, str, str, str, str, str]


def joined_period(told: ToldPeriod, rows: Iterable[tuple[ReportedWay, SeenDomain | None]]) -> ToldPeriod:
    """Return a look with what evidence says of its ways; `rows` has the row that stands for each, with what was seen."""
    found = {_key_of(row): (row, seen) for row, seen in rows if seen is not None}
    return msgspec.structs.replace(told, senders=tuple(_sender(one, found) for one in told.senders))


def _sender(one: PeriodSender, found: Mapping[_Key, tuple[ReportedWay, SeenDomain]]) -> PeriodSender:
    ways = []
    for way in one.failures:
        key = (
            *(one.submitter, str(one.authenticated), way.result_type),
            *(way.reason or "", way.cause or "", way.receiving_mx or ""),
        )
        ways.append(_way(way, one, *found[key]) if key in found else way)
    return with_ways(one, tuple(ways))


def _way(way: PeriodWay, one: PeriodSender, row: ReportedWay, seen: SeenDomain) -> PeriodWay:
    then = policy_then(row.policy, seen.domain, seen.memories, row.end)
    join = join_row(row.policy, row.details, then, seen, model_of(one.sender or ""))
    finding = worded(seen.report, join.finding, (row.details.receiving_mx, row.details.receiving_ip))
    cause = CATALOGUE.get(join.cause or "")
    said = (join_words(join, row.details, then, seen, row.end), policy_words(then, seen))
    return msgspec.structs.replace(
        way,
        standing=join.standing,
        cause=join.cause,
        title=cause.title if cause is not None else way.title,
        check=cause.check if cause is not None else way.check,
        finding=join.finding,
        words=" ".join(filter(None, said)),
        fix=finding.fix if finding is not None else "",
    )


def _key_of(row: ReportedWay) -> _Key:
    details = row.details
    return (
        row.submitter,
        row.authenticated,
        details.result_type,
        details.reason,
        row.cause,
        details.receiving_mx,
    )
