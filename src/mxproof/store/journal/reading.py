"""Look-ups in SQL that both back ends know. Those in the counts by day read no report, so that a year of many domains is read
as quickly as a week.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from mxproof.explain.tlsrpt.period import (
    ALL_DOMAINS,
    DOMAINS_SHOWN_MAX,
    ROWS_READ_MAX,
    SENDERS_SHOWN_MAX,
    WAYS_SHOWN_MAX_OF_ALL,
    DomainCounts,
    Period,
    PeriodCounts,
    ReportedWay,
    SenderCounts,
    WayCounts,
)
from mxproof.store.journal.place import Rows
from mxproof.store.journal.rows import policy_of

_SENDERS = """
SELECT submitter, authenticated, sum(reports), sum(success), sum(failure), sum(tested), sum(overlapping)
FROM mxproof_sender_day WHERE domain = :domain AND day BETWEEN :first AND :last
GROUP BY submitter, authenticated HAVING sum(reports) > 0
ORDER BY sum(success + failure) DESC, submitter, authenticated LIMIT :most
"""
_DAYS = """
SELECT submitter, authenticated, day, success, failure
FROM mxproof_sender_day WHERE domain = :domain AND day BETWEEN :first AND :last AND (submitter, authenticated) IN (
"""
_WAYS = """
SELECT submitter, authenticated, result_type, reason, cause, receiving_mx, sum(count), max(day)
FROM mxproof_failure_day WHERE domain = :domain AND day BETWEEN :first AND :last AND count > 0
GROUP BY submitter, authenticated, result_type, reason, cause, receiving_mx
ORDER BY sum(count) DESC, submitter, authenticated, result_type, reason, cause, receiving_mx LIMIT :most
"""
_DOMAINS = """
SELECT domain, sum(success), sum(failure)
FROM mxproof_sender_day WHERE failure > 0 AND day BETWEEN :first AND :last AND domain <> :domain
GROUP BY domain ORDER BY sum(failure) DESC, domain LIMIT :most
"""
"""The domains with sessions that failed, and only the days on which some did."""
_ROWS = """
SELECT report.submitter, report.authenticated, report.end_at, failure.cause,
policy.type, policy.domain, policy.success, policy.failure, policy.strings, policy.mx_hosts,
failure.result_type, failure.count, failure.sending_ip, failure.receiving_mx, failure.receiving_helo, failure.receiving_ip,
failure.reason, failure.additional_information
FROM mxproof_report_policy AS policy
JOIN mxproof_report AS report ON report.id = policy.report
JOIN mxproof_report_failure AS failure ON failure.report = policy.report AND failure.policy = policy.place
WHERE policy.recipient_domain = :domain AND coalesce(report.begin_at, report.received_at) >= :first
AND coalesce(report.begin_at, report.received_at) < :end
ORDER BY report.begin_at DESC, report.id DESC, policy.place, failure.place LIMIT :most
"""
_DAY_S = 86_400
_KNOWN = "SELECT day FROM mxproof_sender_day WHERE domain = :domain LIMIT 1"


def period_counts(rows: Rows, period: Period) -> PeriodCounts:
    """Return what was reported of a period."""
    about: dict[str, object] = {"domain": period.domain, "first": period.first, "last": period.last}
    senders = [
        SenderCounts(
            submitter, authenticated, int(reports), int(good), int(bad), int(tested), int(overlapping)
        )
        for submitter, authenticated, reports, good, bad, tested, overlapping in rows(
            _SENDERS, {**about, "most": SENDERS_SHOWN_MAX + 1}
        )
    ]
    ways = rows(_WAYS, {**about, "most": WAYS_SHOWN_MAX_OF_ALL})
    domains = rows(_DOMAINS, {**about, "most": DOMAINS_SHOWN_MAX + 1}) if period.domain == ALL_DOMAINS else []
    return PeriodCounts(
        _with_days(rows, about, senders[:SENDERS_SHOWN_MAX]),
        tuple(_way(*row) for row in ways),
        tuple(DomainCounts(name, int(good), int(bad)) for name, good, bad in domains[:DOMAINS_SHOWN_MAX]),
        len(senders) > SENDERS_SHOWN_MAX,
        len(domains) > DOMAINS_SHOWN_MAX,
    )


def _way(
    submitter: str,
    authenticated: str,
    result_type: str,
    reason: str,
    cause: str,
    receiving_mx: str,
    count: int,
    last_day: int,
) -> WayCounts:
    return WayCounts(submitter, authenticated, result_type, reason, cause, receiving_mx, int(count), last_day)


def is_known(rows: Rows, domain: str) -> bool:
    """Tell whether there is any report of a domain."""
    return bool(rows(_KNOWN, {"domain": domain}))


def reported_ways(rows: Rows, period: Period) -> tuple[ReportedWay, ...]:
    """Return the newest row of each way in which sessions of the domain of a period failed."""
    found: dict[tuple[object, ...], ReportedWay] = {}
    about: dict[str, object] = {
        "domain": period.domain,
        "first": period.first * _DAY_S,
        "end": (period.last + 1) * _DAY_S,
        "most": ROWS_READ_MAX,
    }
    for submitter, authenticated, end, cause, *values in rows(_ROWS, about):
        policy, details = values[:6], values[6:]
        key = (submitter, authenticated, details[0], details[6], cause, details[3])
        if key not in found:
            at = datetime.fromtimestamp(end, UTC) if end is not None else None
            found[key] = ReportedWay(submitter, authenticated, cause, policy_of(policy, [details]), at)
    return tuple(found.values())


def _with_days(
    rows: Rows, about: dict[str, object], senders: Sequence[SenderCounts]
) -> tuple[SenderCounts, ...]:
    if not senders:
        return ()
    names = {f"s{place}": one.submitter for place, one in enumerate(senders)}
    kinds = {f"a{place}": one.authenticated for place, one in enumerate(senders)}
    pairs = ", ".join(f"(:s{place}, :a{place})" for place in range(len(senders)))
    days: dict[tuple[str, str], list[tuple[int, int, int]]] = {}
    for submitter, authenticated, *day in rows(f"{_DAYS}{pairs}) ORDER BY day", {**about, **names, **kinds}):
        days.setdefault((submitter, authenticated), []).append((day[0], day[1], day[2]))
    return tuple(
        msgspec.structs.replace(one, days=tuple(days.get((one.submitter, one.authenticated), ())))
        for one in senders
    )
