"""What a report counts for each recipient domain that it is about: the shape in which reports are kept and added up.

| row | counts for |
|---|---|
| of MTA-STS, or without a policy | its own domain |
| of DANE, whose domain another row has too | the same |
| of DANE, whose domain is that of an MX host (RFC 8460 section 1.1) | the recipient domain, where the report names exactly one |
| of a domain that nobody here serves | nothing: it is left out |

Sessions are counted once for each domain, as `sessions_of` has it; the ways in which they failed stand beside it and are not
added: a session may fail in several (RFC 8460 section 4).
"""

import hashlib
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Final

import msgspec

from mxproof.explain.tlsrpt.quoted_policy import quoted_policy
from mxproof.explain.tlsrpt.reporting_sender import reporting_sender
from mxproof.explain.tlsrpt.row_cause import row_cause
from mxproof.explain.tlsrpt.sessions import sessions_of
from mxproof.formats.mtasts import Mode
from mxproof.formats.tlsrpt.found import FoundReport
from mxproof.formats.tlsrpt.report import FailureDetails, PolicyType, ReportedPolicy, TlsReport

REPORT_DOMAINS_MAX: Final = 1000
"""Recipient domains of one report; a sender writes one report for each (RFC 8460 section 4.1)."""

Serves = Callable[[str], bool]
"""Whether a domain is one whose reports are wanted."""


class CountedRow(msgspec.Struct, frozen=True):
    """One policy of a report, and the recipient domain that it counts for."""

    domain: str
    policy: ReportedPolicy


class CountedWay(msgspec.Struct, frozen=True):
    """Sessions that failed in one way: `cause` is an id of `mxproof explain`, empty where it is not known."""

    result_type: str
    reason: str
    cause: str
    receiving_mx: str
    count: int


class CountedDomain(msgspec.Struct, frozen=True):
    """The sessions of one domain, each once; `tested` of those that failed did so under an MTA-STS policy in mode testing.

    `at_least` tells that policies may cover the same sessions, so that there may have been more.
    """

    domain: str
    success: int
    failure: int
    tested: int
    at_least: bool
    ways: tuple[CountedWay, ...]


class CountedReport(msgspec.Struct, frozen=True):
    """A report as it is kept. `submitter` is the domain of the sender, `sender` the id of its model, empty without one."""

    found: FoundReport
    submitter: str
    sender: str
    rows: tuple[CountedRow, ...]
    domains: tuple[CountedDomain, ...]

    @property
    def fingerprint(self) -> bytes:
        """Return what tells one report from others: submitter, report-id, domains and range; without an id, all of it."""
        report = self.found.read.report
        identity = report.id.encode("utf-8", "replace") or _all_of(report)
        domains = " ".join(sorted({policy.domain for policy in report.policies}))
        parts = (self.submitter, domains, _written(report.begin), _written(report.end))
        return hashlib.sha256(
            "\0".join(parts).encode("utf-8", "replace") + b"\0" + hashlib.sha256(identity).digest()
        ).digest()


def _all_of(report: TlsReport) -> bytes:
    """Return a report as bytes; halves of characters, which JSON may hold, have no others."""
    try:
        return msgspec.msgpack.encode(report)
    except UnicodeEncodeError:
        return repr(report).encode("utf-8", "backslashreplace")


def counted(found: FoundReport, serves: Serves) -> CountedReport:
    """Return what a report counts for the domains that are served; it has no domain where it is about none of them."""
    report = found.read.report
    submitter = found.reporting_domain
    by_domain: dict[str, list[CountedRow]] = {}
    for row in _rows(found):
        known = row.domain in by_domain or len(by_domain) < REPORT_DOMAINS_MAX
        if row.domain and known and serves(row.domain):
            by_domain.setdefault(row.domain, []).append(row)
    return CountedReport(
        found,
        submitter,
        reporting_sender(submitter, report.organization),
        tuple(row for rows in by_domain.values() for row in rows),
        tuple(counted_domain(name, [row.policy for row in rows]) for name, rows in by_domain.items()),
    )


def _rows(found: FoundReport) -> Iterable[CountedRow]:
    policies = found.read.report.policies
    named = dict.fromkeys(one.domain for one in policies if one.type != PolicyType.TLSA)
    recipients = list(named) or ([found.domain] if found.domain else [])
    for one in policies:
        of_host = one.type == PolicyType.TLSA and one.domain not in recipients and len(recipients) == 1
        yield CountedRow(recipients[0] if of_host else one.domain, one)


def counted_domain(name: str, policies: list[ReportedPolicy]) -> CountedDomain:
    """Return what `policies` of one report count for the domain `name`."""
    sessions = sessions_of(policies)
    tested = sum(one.failure for one in policies if one.failure and _is_testing(one))
    counts: dict[tuple[str, str, str, str], int] = {}
    for policy in policies:
        for details in policy.failures:
            key = _way(policy, details)
            counts[key] = counts.get(key, 0) + details.count
    return CountedDomain(
        name,
        sessions.success,
        sessions.failure,
        min(tested, sessions.failure),
        sessions.at_least,
        tuple(CountedWay(*key, count) for key, count in counts.items()),
    )


def _way(policy: ReportedPolicy, details: FailureDetails) -> tuple[str, str, str, str]:
    cause = row_cause(policy.type, details).cause or ""
    return details.result_type, details.reason, cause, details.receiving_mx


def _is_testing(policy: ReportedPolicy) -> bool:
    quoted = quoted_policy(policy)
    return quoted is not None and quoted.mode is Mode.TESTING


def _written(at: datetime | None) -> str:
    return at.isoformat() if at is not None else ""
