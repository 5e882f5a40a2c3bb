"""Arrivals into the tables, within one transaction; the rules are those of `arrival`.

Reports are taken in the order of their fingerprints and counts in that of their keys, so that of two writers with the same
reports one waits for the other, and never each for both.
"""

import zlib
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, delete, func, insert, select, update

from mxproof.explain.tlsrpt.counted import CountedDomain, CountedReport, counted_domain
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.formats.tlsrpt.report import ReportedPolicy
from mxproof.store.journal.arrival import Arrival, Kept, Refusal, RefusedPiece
from mxproof.store.journal.days import DayCounts, day_of
from mxproof.store.journal.inserting import InsertOrMeet, insertion
from mxproof.store.journal.rows import failure_values, policy_of, policy_values, report_values, written
from mxproof.store.journal.schema import FAILURE, POLICY, RAW, REFUSED, REPORT, UNVERIFIED

REFUSED_MAX = 10_000
REFUSED_BYTES_MAX = 256 * 1024 * 1024
"""Of all that was refused, packed; beyond these the first of the rule that holds most leaves, so that no flood ends another."""
_REFUSED_AT_ONCE = 100
_DAY_COLUMNS = (REPORT.c.begin_at, REPORT.c.received_at, REPORT.c.authenticated)


def keep(connection: Connection, arrivals: Sequence[Arrival]) -> list[tuple[Kept, ...]]:
    """Keep `arrivals`; return what became of each of their reports, and at last of what was refused of each."""
    became: dict[tuple[int, int], Kept] = {}
    raws: dict[int, list[int]] = {}
    counts = DayCounts()
    wanted = sorted(
        (
            (report.fingerprint, number, place, report)
            for number, arrival in enumerate(arrivals)
            for place, report in enumerate(arrival.reports)
        ),
        key=lambda one: one[:3],
    )
    for _, number, place, report in wanted:
        kept, row = _keep_report(connection, report, arrivals[number], counts)
        became[number, place] = kept
        if row is not None:
            raws.setdefault(number, []).append(row)
    for number, rows in raws.items():
        _keep_raw(connection, arrivals[number], rows)
    counts.write(connection)
    refused = _refused_kept(connection)
    for arrival in arrivals:
        if arrival.refusal is not None:
            connection.execute(refused, _refused_values(arrival, arrival.refusal))
        elif arrival.reports:
            connection.execute(delete(REFUSED).where(REFUSED.c.digest == arrival.digest))
    if any(arrival.refusal is not None for arrival in arrivals):
        _bound_refused(connection)
    return [
        (
            *(became[number, place] for place in range(len(arrival.reports))),
            *([Kept.REFUSED] if arrival.refusal is not None else []),
        )
        for number, arrival in enumerate(arrivals)
    ]


def _keep_report(
    connection: Connection, counted: CountedReport, arrival: Arrival, counts: DayCounts
) -> tuple[Kept, int | None]:
    """Keep one report; return what became of it, and the number of its row where it has a new one."""
    kept = Kept.NEW
    values = report_values(counted, arrival)
    new = (
        insertion(connection, REPORT)
        .on_conflict_do_nothing(index_elements=["fingerprint"])
        .returning(REPORT.c.id)
    )
    row = connection.execute(new, values).scalar()
    if row is None:
        if not _gives_way(connection, counted, counts):
            return Kept.KNOWN, None
        kept = Kept.REPLACED if counted.found.authenticated is Authenticated.VERIFIED else Kept.KNOWN
        row = connection.execute(insert(REPORT).returning(REPORT.c.id), values).scalar_one()
    if counted.found.is_unverified:
        connection.execute(insert(UNVERIFIED), {"report": row, "tried_at": arrival.at.timestamp()})
    if policies := policy_values(row, counted.rows):
        connection.execute(insert(POLICY), policies)
    if failures := failure_values(row, counted.rows):
        connection.execute(insert(FAILURE), failures)
    day = day_of(counted.found.read.report.begin or arrival.at)
    counts.add(day, counted.submitter, counted.found.authenticated, counted.domains)
    return kept, row


def _gives_way(connection: Connection, counted: CountedReport, counts: DayCounts) -> bool:
    """Take away the report that has this place, and what it counted; False where that one is as good."""
    verified = counted.found.authenticated is Authenticated.VERIFIED
    if not verified and not counted.found.is_unverified:
        return False
    found = select(*_DAY_COLUMNS, REPORT.c.id, UNVERIFIED.c.report.label("unverified")).outerjoin(UNVERIFIED)
    held = connection.execute(
        found.where(REPORT.c.fingerprint == counted.fingerprint).with_for_update(of=REPORT)
    ).one()
    if held.authenticated == Authenticated.VERIFIED or (held.unverified is not None and not verified):
        return False
    domains = domains_of(connection, held.id)
    counts.add(
        held_day(held.begin_at, held.received_at), counted.submitter, held.authenticated, domains, times=-1
    )
    for table in (UNVERIFIED, FAILURE, POLICY):
        connection.execute(delete(table).where(table.c.report == held.id))
    connection.execute(delete(REPORT).where(REPORT.c.id == held.id))
    return True


def held_day(begin_at: int | None, received_at: float) -> int:
    """Return the day that a report in the journal counts for."""
    at = received_at if begin_at is None else begin_at
    return day_of(datetime.fromtimestamp(at, UTC))


def domains_of(connection: Connection, report: int) -> list[CountedDomain]:
    """Return what a report in the journal counts."""
    failures: dict[int, list[Sequence[object]]] = {}
    for policy, *values in connection.execute(
        select(
            FAILURE.c.policy,
            FAILURE.c.result_type,
            FAILURE.c.count,
            FAILURE.c.sending_ip,
            FAILURE.c.receiving_mx,
            FAILURE.c.receiving_helo,
            FAILURE.c.receiving_ip,
            FAILURE.c.reason,
            FAILURE.c.additional_information,
        ).where(FAILURE.c.report == report)
    ):
        failures.setdefault(policy, []).append(values)
    by_domain: dict[str, list[ReportedPolicy]] = {}
    policies = select(
        POLICY.c.place,
        POLICY.c.recipient_domain,
        POLICY.c.type,
        POLICY.c.domain,
        POLICY.c.success,
        POLICY.c.failure,
        POLICY.c.strings,
        POLICY.c.mx_hosts,
    ).where(POLICY.c.report == report)
    for place, domain, *values in connection.execute(policies.order_by(POLICY.c.place)):
        by_domain.setdefault(domain, []).append(policy_of(values, failures.get(place, ())))
    return [counted_domain(name, policies) for name, policies in by_domain.items()]


def _keep_raw(connection: Connection, arrival: Arrival, reports: Sequence[int]) -> None:
    values = {"received_at": arrival.at.timestamp(), "packed": zlib.compress(arrival.data)}
    raw = connection.execute(insert(RAW).returning(RAW.c.id), values).scalar_one()
    connection.execute(update(REPORT).where(REPORT.c.id.in_(reports)).values(raw_id=raw))


def _refused_kept(connection: Connection) -> InsertOrMeet:
    """Return the statement that keeps what was refused; of what is there already it tells anew why, and when it was tried."""
    new = insertion(connection, REFUSED)
    told = {name: new.excluded[name] for name in ("tried_at", "rule", "reason")}
    return new.on_conflict_do_update(index_elements=["digest"], set_=told)


def _refused_values(arrival: Arrival, refusal: Refusal) -> dict[str, object]:
    packed = zlib.compress(arrival.data)
    at = arrival.at.timestamp()
    return {
        "digest": arrival.digest,
        "received_at": at,
        "source": written(arrival.source),
        "size": len(packed),
        "packed": packed,
        "tried_at": at,
        "rule": refusal.rule,
        "reason": written(refusal.reason),
    }


def _bound_refused(connection: Connection) -> None:
    held = select(REFUSED.c.rule, func.count(), func.sum(REFUSED.c.size)).group_by(REFUSED.c.rule)
    while True:
        kinds = [(rule, int(count), int(size)) for rule, count, size in connection.execute(held)]
        if sum(count for _, count, _ in kinds) > REFUSED_MAX:
            fullest = max(kinds, key=lambda kind: kind[1])[0]
        elif sum(size for _, _, size in kinds) > REFUSED_BYTES_MAX:
            fullest = max(kinds, key=lambda kind: kind[2])[0]
        else:
            return
        of_kind = select(REFUSED.c.digest).where(REFUSED.c.rule == fullest)
        oldest = of_kind.order_by(REFUSED.c.received_at).limit(_REFUSED_AT_ONCE)
        connection.execute(delete(REFUSED).where(REFUSED.c.digest.in_(oldest.scalar_subquery())))


def refused_pieces(connection: Connection, after: bytes, pieces_max: int) -> list[RefusedPiece]:
    """Return pieces that were refused, in the order of their digests, those behind `after`."""
    columns = (
        REFUSED.c.digest,
        REFUSED.c.received_at,
        REFUSED.c.source,
        REFUSED.c.rule,
        REFUSED.c.reason,
        REFUSED.c.packed,
    )
    found = select(*columns).where(REFUSED.c.digest > after).order_by(REFUSED.c.digest).limit(pieces_max)
    return [
        RefusedPiece(
            bytes(digest),
            datetime.fromtimestamp(at, UTC),
            source,
            Refusal(rule, reason),
            zlib.decompress(packed),
        )
        for digest, at, source, rule, reason, packed in connection.execute(found)
    ]
