"""TLS reports as they are kept, one by one: in lists, the newest first, and one in full."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from sqlalchemy import Connection, Row, Select, and_, func, select

from mxproof.explain.tlsrpt.sessions import Sessions, sessions_of
from mxproof.formats.tlsrpt.found import Authenticated, FoundReport
from mxproof.formats.tlsrpt.reading import ReadReport
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.report import ReportedPolicy, TlsReport
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.rows import policy_of, written
from mxproof.store.journal.schema import FAILURE, POLICY, REPORT

REPORT_LINES_MAX: Final = 1_000
FAILURES_READ_MAX: Final = 1_000
"""Of one report."""
POLICIES_READ_MAX: Final = 100
REPORTS_SEARCHED_MAX: Final = 20_000
"""So many of the newest are searched for a name."""

_LINE: Final = (
    REPORT.c.id,
    REPORT.c.submitter,
    REPORT.c.organization,
    REPORT.c.report_id,
    REPORT.c.begin_at,
    REPORT.c.end_at,
    REPORT.c.received_at,
    REPORT.c.authenticated,
)
_REPAIRS: Final = frozenset(Repair)


class ReportedFailure(msgspec.Struct, frozen=True):
    """Sessions of a report that failed for one cause, empty where none is known, as one result type."""

    cause: str
    result_type: str
    count: int


class ReportLine(msgspec.Struct, frozen=True):
    """A report in a list: who made it, of what time, and what it counts, for one domain or for all that it is about."""

    number: int
    submitter: str
    organization: str
    report_id: str
    begin: datetime | None
    end: datetime | None
    received_at: datetime
    authenticated: Authenticated
    domains: tuple[str, ...]
    sessions: Sessions
    failures: tuple[ReportedFailure, ...]

    @property
    def at(self) -> datetime:
        """When it ends, or came where that is not known."""
        return self.end or self.received_at

    @property
    def reporter(self) -> str:
        """Who made it."""
        return self.organization or self.submitter or "unnamed sender"


class KeptReport(msgspec.Struct, frozen=True):
    """A report in full, as far as FAILURES_READ_MAX goes, and the recipient domains that it counts for."""

    number: int
    found: FoundReport
    source: str
    received_at: datetime
    domains: tuple[str, ...]


class ReportJournal:
    """What a journal has of single reports; every method is one transaction, and raises JournalError."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    def lines(
        self, domain: str | None = None, *, older_than: int | None = None, lines_max: int = REPORT_LINES_MAX
    ) -> list[ReportLine]:
        """Return reports about a domain, or all, the last that came first, those with a number below `older_than`."""
        query = select(*_LINE).order_by(REPORT.c.id.desc()).limit(lines_max)
        if older_than is not None:
            query = query.where(REPORT.c.id < older_than)
        if domain is not None:
            query = query.where(_about(domain))
        return self._journal.reads(lambda connection: _lines(connection, query, domain))

    def failed(
        self, domain: str, since: datetime, until: datetime, lines_max: int = REPORT_LINES_MAX
    ) -> list[ReportLine]:
        """Return the reports of a period in which sessions of a domain failed, the latest first."""
        at = func.coalesce(REPORT.c.end_at, REPORT.c.received_at)
        query = (
            select(*_LINE)
            .where(
                and_(_about(domain, POLICY.c.failure > 0), at >= since.timestamp(), at < until.timestamp())
            )
            .order_by(at.desc(), REPORT.c.id.desc())
            .limit(lines_max)
        )
        return self._journal.reads(lambda connection: _lines(connection, query, domain))

    def named(self, text: str, lines_max: int) -> list[ReportLine]:
        """Return reports with this id, or whose sender has `text` in its name, of the newest REPORTS_SEARCHED_MAX."""
        newest = select(func.max(REPORT.c.id)).scalar_subquery()
        names = (REPORT.c.report_id, REPORT.c.submitter, REPORT.c.organization)
        wanted = [func.lower(one).contains(written(text.lower()), autoescape=True) for one in names]
        query = (
            select(*_LINE)
            .where(and_(REPORT.c.id > newest - REPORTS_SEARCHED_MAX, wanted[0] | wanted[1] | wanted[2]))
            .order_by(REPORT.c.id.desc())
            .limit(lines_max)
        )
        return self._journal.reads(lambda connection: _lines(connection, query, None))

    def report(self, number: int) -> KeptReport | None:
        """Return a report, None where it is kept no longer."""
        return self._journal.reads(lambda connection: _report(connection, number))


def _about(domain: str, *more: Any) -> Any:  # noqa: ANN401 - conditions of SQLAlchemy
    of_domain = select(POLICY.c.report).where(and_(POLICY.c.recipient_domain == domain, *more))
    return REPORT.c.id.in_(of_domain)


def _lines(connection: Connection, query: Select[*tuple[Any, ...]], domain: str | None) -> list[ReportLine]:
    rows = connection.execute(query).all()
    numbers = [one.id for one in rows]
    policies = _policies(connection, numbers, domain)
    failures = _failures(connection, numbers, domain)
    return [_line(one, policies[one.id], failures[one.id]) for one in rows]


def _line(
    row: Row[*tuple[Any, ...]],
    policies: Sequence[tuple[str, ReportedPolicy]],
    failures: Sequence[ReportedFailure],
) -> ReportLine:
    return ReportLine(
        number=row.id,
        submitter=row.submitter,
        organization=row.organization,
        report_id=row.report_id,
        begin=_moment(row.begin_at),
        end=_moment(row.end_at),
        received_at=datetime.fromtimestamp(row.received_at, UTC),
        authenticated=Authenticated(row.authenticated),
        domains=tuple(dict.fromkeys(one for one, _ in policies if one)),
        sessions=sessions_of(policy for _, policy in policies),
        failures=tuple(failures),
    )


def _policies(
    connection: Connection, numbers: Sequence[int], domain: str | None
) -> Mapping[int, list[tuple[str, ReportedPolicy]]]:
    """Return the policies of reports with the domains that they count for, as far as counts go."""
    columns = (POLICY.c.report, POLICY.c.recipient_domain, POLICY.c.type, POLICY.c.domain)
    query = select(*columns, POLICY.c.success, POLICY.c.failure).where(POLICY.c.report.in_(numbers))
    if domain is not None:
        query = query.where(POLICY.c.recipient_domain == domain)
    found: dict[int, list[tuple[str, ReportedPolicy]]] = defaultdict(list)
    for report, recipient, *values in connection.execute(query.order_by(POLICY.c.report, POLICY.c.place)):
        found[report].append((recipient, policy_of((*values, "", ""), ())))
    return found


def _failures(
    connection: Connection, numbers: Sequence[int], domain: str | None
) -> Mapping[int, list[ReportedFailure]]:
    count = func.sum(FAILURE.c.count)
    is_its = and_(FAILURE.c.report == POLICY.c.report, FAILURE.c.policy == POLICY.c.place)
    query = (
        select(FAILURE.c.report, FAILURE.c.cause, FAILURE.c.result_type, count)
        .select_from(FAILURE.join(POLICY, is_its))
        .where(FAILURE.c.report.in_(numbers))
        .group_by(FAILURE.c.report, FAILURE.c.cause, FAILURE.c.result_type)
        .order_by(FAILURE.c.report, count.desc(), FAILURE.c.cause, FAILURE.c.result_type)
    )
    if domain is not None:
        query = query.where(POLICY.c.recipient_domain == domain)
    found: dict[int, list[ReportedFailure]] = defaultdict(list)
    for report, cause, result_type, counted in connection.execute(query):
        found[report].append(ReportedFailure(cause, result_type, int(counted)))
    return found


def _report(connection: Connection, number: int) -> KeptReport | None:
    row = connection.execute(select(REPORT).where(REPORT.c.id == number)).first()
    if row is None:
        return None
    failures: dict[int, list[Sequence[object]]] = defaultdict(list)
    columns = (FAILURE.c.result_type, FAILURE.c.count, FAILURE.c.sending_ip, FAILURE.c.receiving_mx)
    more = (
        FAILURE.c.receiving_helo,
        FAILURE.c.receiving_ip,
        FAILURE.c.reason,
        FAILURE.c.additional_information,
    )
    of_report = (
        select(FAILURE.c.policy, *columns, *more)
        .where(FAILURE.c.report == number)
        .order_by(FAILURE.c.policy, FAILURE.c.place)
        .limit(FAILURES_READ_MAX)
    )
    for place, *values in connection.execute(of_report):
        failures[place].append(values)
    policies = connection.execute(
        select(POLICY).where(POLICY.c.report == number).order_by(POLICY.c.place).limit(POLICIES_READ_MAX)
    ).all()
    report = TlsReport(
        row.organization,
        _moment(row.begin_at),
        _moment(row.end_at),
        row.contact,
        row.report_id,
        tuple(
            policy_of(
                (one.type, one.domain, one.success, one.failure, one.strings, one.mx_hosts),
                failures[one.place],
            )
            for one in policies
        ),
    )
    read = ReadReport(report, tuple(_repairs(row.repairs.split())))
    found = FoundReport(read, row.submitter, "", Authenticated(row.authenticated))
    domains = dict.fromkeys(one.recipient_domain for one in policies if one.recipient_domain)
    return KeptReport(number, found, row.source, datetime.fromtimestamp(row.received_at, UTC), tuple(domains))


def _repairs(codes: Iterable[str]) -> Iterable[Repair]:
    return (Repair(code) for code in codes if code in _REPAIRS)


def _moment(at: int | None) -> datetime | None:
    return None if at is None else datetime.fromtimestamp(at, UTC)
