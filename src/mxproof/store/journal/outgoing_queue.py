"""Reports that go out, within one transaction each: made, claimed, settled, looked at, and taken away."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, func, insert, or_, select, update

from mxproof.store.journal.days import day_of
from mxproof.store.journal.inserting import insertion
from mxproof.store.journal.outgoing import (
    AttemptOutcome,
    AvoidedPlace,
    DeliveryAttempt,
    DueReport,
    NewReport,
    OutgoingReport,
    OutgoingState,
    Settled,
)
from mxproof.store.journal.rows import written
from mxproof.store.journal.schema import (
    MET_DAY,
    OUTGOING_ATTEMPT,
    OUTGOING_DAY,
    OUTGOING_PLACE,
    OUTGOING_REPORT,
)

ATTEMPTS_KEPT_MAX: Final = 100
"""Of one report; the last in a day of ever longer waits is far below."""
REFUSALS_MAX: Final = 3
"""In a row, after which a destination is avoided."""
AVOIDED: Final = timedelta(days=14)
"""For how long; it is tried again then, and avoided again where it refuses once more."""
SAID_CHARACTERS_MAX: Final = 500
REMOVED_AT_ONCE: Final = 500
RETURNS_LOOKED_AT: Final = AVOIDED + timedelta(days=7)
"""How far back reports in a row may lie: what comes back when a destination is tried again is in a row with those before it."""

_EPOCH: Final = date(1970, 1, 1)
_REPORT = OUTGOING_REPORT.c


def open_days(connection: Connection, before: date) -> list[date]:
    """Return the days before that something was met on and whose reports are not made, the earliest first."""
    closed = select(OUTGOING_DAY.c.day)
    found = select(MET_DAY.c.day).where(MET_DAY.c.day < _number(before), MET_DAY.c.day.not_in(closed))
    return [
        _EPOCH + timedelta(days=day) for day in connection.execute(found.order_by(MET_DAY.c.day)).scalars()
    ]


def add_reports(connection: Connection, reports: Sequence[NewReport], now: datetime) -> None:
    """Keep reports that were made; one that is there already, of the same day and domain, stays as it is."""
    if not reports:
        return
    rows = [
        {
            "day": _number(one.day),
            "domain": one.domain,
            "report_id": one.report_id,
            "made_at": now.timestamp(),
            "success": one.success,
            "failure": one.failure,
            "packed": one.packed,
            "state": str(OutgoingState.WAITING),
            "due_at": one.due_at.timestamp(),
            "tries": 0,
            "destination": "",
            "said": "",
        }
        for one in reports
    ]
    # Not whatever it meets: two reports with one id would be one to a receiver, and are an error here.
    met = insertion(connection, OUTGOING_REPORT).on_conflict_do_nothing(index_elements=["day", "domain"])
    connection.execute(met, rows)


def close_day(connection: Connection, day: date, now: datetime) -> None:
    """Note that all reports of a day are made."""
    row = {"day": _number(day), "closed_at": now.timestamp()}
    connection.execute(insertion(connection, OUTGOING_DAY).values(row).on_conflict_do_nothing())


def claim_reports(
    connection: Connection, now: datetime, leased_until: datetime, reports_max: int, *, early: bool = False
) -> list[DueReport]:
    """Take reports that are due, the longest due first; with `early` also those that were not tried and wait for their turn.

    Each is due again at `leased_until` unless it is settled before.
    """
    is_due: ColumnElement[bool] = _REPORT.due_at <= now.timestamp()
    if early:
        is_due = is_due | and_(_REPORT.due_at.is_not(None), _REPORT.first_at.is_(None))
    found = connection.execute(
        select(OUTGOING_REPORT)
        .where(is_due)
        .order_by(_REPORT.due_at, _REPORT.id)
        .limit(reports_max)
        .with_for_update(skip_locked=True)
    ).all()
    numbers = [one.id for one in found]
    connection.execute(
        update(OUTGOING_REPORT)
        .where(_REPORT.id.in_(numbers))
        .values(
            due_at=leased_until.timestamp(),
            first_at=func.coalesce(_REPORT.first_at, now.timestamp()),
        )
    )
    return [
        DueReport(
            one.id,
            _EPOCH + timedelta(days=one.day),
            one.domain,
            one.report_id,
            bytes(one.packed),
            one.tries,
            _moment(one.first_at),
            leased_until,
        )
        for one in found
    ]


def next_due(connection: Connection) -> datetime | None:
    """Return when the next report is due, None where none waits."""
    return _moment(connection.execute(select(func.min(_REPORT.due_at))).scalar())


def settle_report(connection: Connection, report: DueReport, settled: Settled, now: datetime) -> bool:
    """Note what became of a report; False where it is in other hands now, or settled."""
    mine = and_(_REPORT.id == report.number, _REPORT.due_at == report.leased_until.timestamp())
    is_done = settled.due_at is None
    changed = connection.execute(
        update(OUTGOING_REPORT)
        .where(mine)
        .values(
            state=str(settled.state),
            due_at=None if settled.due_at is None else settled.due_at.timestamp(),
            tries=report.tries + settled.is_try,
            done_at=now.timestamp() if is_done else None,
            destination=settled.destination,
            said=_said(settled.said),
        )
    )
    if not changed.rowcount:
        return False
    _note_attempts(connection, report.number, settled.attempts)
    for one in settled.attempts:
        if one.outcome is AttemptOutcome.DELIVERED:
            _count_delivery(connection, one)
        elif one.outcome is AttemptOutcome.REFUSED and is_done:
            _count_refusal(connection, one)
    return True


def return_report(connection: Connection, report_id: str, said: str, now: datetime) -> OutgoingReport | None:
    """Note that a mail server which took a report sends it back; None where no such report went out by mail.

    The destination is the one that the report is known to have gone to, whatever else the mail server says. One that is on its way
    still, since nobody noted yet that it was taken, is returned as it stands, waiting.
    """
    found = connection.execute(
        select(OUTGOING_REPORT).where(
            _REPORT.report_id == report_id,
            or_(
                _REPORT.state == str(OutgoingState.WAITING),
                and_(
                    _REPORT.state == str(OutgoingState.SENT),
                    func.lower(_REPORT.destination).startswith("mailto:"),
                ),
            ),
        )
    ).one_or_none()
    if found is None:
        return None
    if found.state == str(OutgoingState.WAITING):
        return _outgoing(found)
    why = _said(f"came back: {said}")
    connection.execute(
        update(OUTGOING_REPORT)
        .where(_REPORT.id == found.id)
        .values(state=str(OutgoingState.GIVEN_UP), done_at=now.timestamp(), said=why)
    )
    refused = DeliveryAttempt(now, found.destination, AttemptOutcome.REFUSED, why)
    _note_attempts(connection, found.id, (refused,))
    _put_refusals(connection, refused, _returned_in_a_row(connection, found.destination, found.done_at))
    return _outgoing(connection.execute(select(OUTGOING_REPORT).where(_REPORT.id == found.id)).one())


def avoided(connection: Connection, now: datetime) -> list[AvoidedPlace]:
    """Return the destinations that are avoided now."""
    place = OUTGOING_PLACE.c
    found = select(OUTGOING_PLACE).where(place.avoided_until > now.timestamp()).order_by(place.destination)
    return [
        AvoidedPlace(one.destination, one.refusals, datetime.fromtimestamp(one.avoided_until, UTC), one.said)
        for one in connection.execute(found)
    ]


def delivered_since(connection: Connection, since: datetime) -> dict[str, int]:
    """Return how many reports went out since a moment, by destination."""
    attempt = OUTGOING_ATTEMPT.c
    found = (
        select(attempt.destination, func.count())
        .where(attempt.at >= since.timestamp(), attempt.outcome == str(AttemptOutcome.DELIVERED))
        .group_by(attempt.destination)
    )
    return dict(connection.execute(found).all())


def outgoing_states(connection: Connection, since: date) -> dict[date, dict[OutgoingState, int]]:
    """Return how many reports of each day since stand how."""
    found = (
        select(_REPORT.day, _REPORT.state, func.count())
        .where(_REPORT.day >= _number(since))
        .group_by(_REPORT.day, _REPORT.state)
        .order_by(_REPORT.day)
    )
    days: dict[date, dict[OutgoingState, int]] = {}
    for day, state, count in connection.execute(found):
        days.setdefault(_EPOCH + timedelta(days=day), {})[OutgoingState(state)] = count
    return days


def outgoing_reports(
    connection: Connection,
    since: date,
    states: Sequence[OutgoingState],
    domain: str = "",
    reports_max: int = 1000,
) -> list[OutgoingReport]:
    """Return reports of the days since that stand so, of one domain or of all, the newest days first."""
    wanted = [_REPORT.day >= _number(since), _REPORT.state.in_([str(one) for one in states])]
    if domain:
        wanted.append(_REPORT.domain == domain)
    columns = [column for column in _REPORT if column.name not in {"packed", "made_at", "first_at", "id"}]
    found = select(*columns).where(*wanted).order_by(_REPORT.day.desc(), _REPORT.domain).limit(reports_max)
    return [_outgoing(one) for one in connection.execute(found)]


def remove_before(connection: Connection, day: date) -> int:
    """Take away some of what is of the days before, REMOVED_AT_ONCE reports at most; call it again while it does."""
    old = list(
        connection.execute(
            select(_REPORT.id).where(_REPORT.day < _number(day)).limit(REMOVED_AT_ONCE)
        ).scalars()
    )
    connection.execute(delete(OUTGOING_ATTEMPT).where(OUTGOING_ATTEMPT.c.report.in_(old)))
    connection.execute(delete(OUTGOING_REPORT).where(_REPORT.id.in_(old)))
    first = datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    connection.execute(delete(OUTGOING_PLACE).where(OUTGOING_PLACE.c.refused_at < first))
    return len(old)


def _note_attempts(connection: Connection, report: int, attempts: Sequence[DeliveryAttempt]) -> None:
    if not attempts:
        return
    mine = OUTGOING_ATTEMPT.c.report == report
    place = connection.execute(select(func.count()).select_from(OUTGOING_ATTEMPT).where(mine)).scalar() or 0
    rows = [
        {
            "report": report,
            "place": place + number,
            "at": one.at.timestamp(),
            "destination": one.destination,
            "outcome": str(one.outcome),
            "said": _said(one.said),
        }
        for number, one in enumerate(attempts[: ATTEMPTS_KEPT_MAX - place])
    ]
    if rows:
        connection.execute(insert(OUTGOING_ATTEMPT), rows)


def _count_delivery(connection: Connection, attempt: DeliveryAttempt) -> None:
    """Forget what a destination refused before, unless it is avoided: what was on its way then says nothing."""
    place = OUTGOING_PLACE.c
    is_over = or_(place.avoided_until.is_(None), place.avoided_until <= attempt.at.timestamp())
    connection.execute(delete(OUTGOING_PLACE).where(place.destination == attempt.destination, is_over))


def _count_refusal(connection: Connection, attempt: DeliveryAttempt) -> None:
    place = OUTGOING_PLACE.c
    known = connection.execute(
        select(place.refusals).where(place.destination == attempt.destination)
    ).scalar()
    _put_refusals(connection, attempt, (known or 0) + 1)


def _returned_in_a_row(connection: Connection, destination: str, taken_at: float) -> int:
    """Return how many reports in a row came back up to the one that was taken at `taken_at`, REFUSALS_MAX at most.

    A mail server takes a report first and sends it back later, so that what it took after this one says nothing yet.
    """
    attempt = OUTGOING_ATTEMPT.c
    of_place = attempt.destination == destination
    earlier = (
        select(attempt.report)
        .where(of_place, attempt.outcome == str(AttemptOutcome.DELIVERED))
        .where(attempt.at <= taken_at, attempt.at > taken_at - RETURNS_LOOKED_AT.total_seconds())
        .order_by(attempt.at.desc(), attempt.report.desc())
        .limit(REFUSALS_MAX)
    )
    numbers = list(connection.execute(earlier).scalars())
    refused = select(attempt.report).where(
        attempt.report.in_(numbers), of_place, attempt.outcome == str(AttemptOutcome.REFUSED)
    )
    back = set(connection.execute(refused).scalars())
    return max(sum(1 for _ in takewhile(back.__contains__, numbers)), 1)


def _put_refusals(connection: Connection, attempt: DeliveryAttempt, refusals: int) -> None:
    values = {
        "refusals": refusals,
        "refused_at": attempt.at.timestamp(),
        "avoided_until": (attempt.at + AVOIDED).timestamp() if refusals >= REFUSALS_MAX else None,
        "said": _said(attempt.said),
    }
    connection.execute(
        insertion(connection, OUTGOING_PLACE)
        .values(destination=attempt.destination, **values)
        .on_conflict_do_update(index_elements=["destination"], set_=values)
    )


def _outgoing(row: Row[*tuple[Any, ...]]) -> OutgoingReport:
    return OutgoingReport(
        _EPOCH + timedelta(days=row.day),
        row.domain,
        row.report_id,
        OutgoingState(row.state),
        row.success,
        row.failure,
        row.tries,
        _moment(row.due_at),
        _moment(row.done_at),
        row.destination,
        row.said,
    )


def _said(text: str) -> str:
    return written(" ".join(text.split())[:SAID_CHARACTERS_MAX])


def _moment(at: float | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)


def _number(day: date) -> int:
    return day_of(datetime(day.year, day.month, day.day, tzinfo=UTC))
