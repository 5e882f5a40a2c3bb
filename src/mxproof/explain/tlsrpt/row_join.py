"""One failure row held against evidence: whether it is so now, by which cause and finding, and where.

| standing | when |
|---|---|
| confirmed | the sessions would fail now, for a reason that the row may stand for |
| held | they would fail under the policy that the report quotes and pass under the one that is served: the sender holds an older one |
| changed | they would fail now, and for another reason |
| gone | they would pass |
| unknown | something that decides it was not seen |

Rows about the policy host itself (`sts-policy-fetch-error`, `sts-policy-invalid`, `sts-webpki-invalid` without an MX host)
are held against the findings about it, the others against the sessions made again (`row_attempts`).
"""

from collections.abc import Iterable
from datetime import datetime

import msgspec

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.policy_then import OLDER, PolicyThen
from mxproof.explain.tlsrpt.row_attempts import (
    FailingAttempt,
    fits,
    listing_all,
    named_host,
    quoted_case,
    remade,
    served_cases,
)
from mxproof.explain.tlsrpt.row_cause import RowCause, cause_of, row_cause
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.report import FailureDetails, PolicyType, ReportedPolicy
from mxproof.judge.codes import Code
from mxproof.judge.report import Report, WordedFinding
from mxproof.judge.senders.policy_case import NO_POLICY, PolicyCase
from mxproof.judge.senders.traits import Traits
from mxproof.judge.vocabulary import Severity
from mxproof.mail.domain import Host, MailDomain
from mxproof.mail.fetch_state import FetchState
from mxproof.mail.memory import SenderMemory

_OF_POLICY_HOST = frozenset(
    {ResultType.STS_POLICY_FETCH_ERROR, ResultType.STS_POLICY_INVALID, ResultType.STS_WEBPKI_INVALID}
)
_OF_NAMES = frozenset(
    {ResultType.MX_MISMATCH, ResultType.VALIDATION_FAILURE, ResultType.STS_POLICY_INVALID, None}
)
"""What may mean that the policy does not list the host."""
_POLICY_CODES = frozenset(code for code in Code if code.startswith(("sts-policy-", "sts-record-")))


class SeenDomain(msgspec.Struct, frozen=True):
    """What was observed of the domain of a row: the newest evidence, its report, and an earlier look where there is one.

    `memories` are the policies that were served before; `before` is the last look at the domain no later than the report.
    """

    domain: MailDomain
    report: Report
    memories: tuple[SenderMemory, ...] = ()
    before: MailDomain | None = None


class RowJoin(msgspec.Struct, frozen=True):
    """A row held against evidence; `detail` is what fails now, empty where nothing does.

    `host` is the MX host that the row names, None where it names none or the domain has none of that name (`absent`).
    """

    standing: RowStanding
    cause: str | None
    finding: str | None
    detail: str = ""
    host: Host | None = None
    absent: bool = False


def join_row(
    row: ReportedPolicy, details: FailureDetails, then: PolicyThen, seen: SeenDomain, sender: Traits | None
) -> RowJoin:
    """Return what the evidence says of one row under the policy `row`, which stands as `then` says."""
    told = row_cause(row.type, details)
    if told.result_type in _OF_POLICY_HOST and not details.receiving_mx:
        return _of_policy_host(told, seen)
    host = named_host(seen.domain, details)
    now = remade(seen.domain, row.type, served_cases(seen.domain, row.type, sender), details, sender)
    beyond = _beyond_the_names(row, details, told, seen, sender)
    if beyond is not None:
        return beyond
    if now.absent:
        return RowJoin(RowStanding.GONE, told.cause, None, absent=True)
    found = _best(now.failing, told.result_type)
    if found is not None and fits(found.result_type, told.result_type):
        return _joined(RowStanding.CONFIRMED, row, told, found, host)
    if then.standing in OLDER and then.policy is not None:
        under = remade(seen.domain, row.type, (quoted_case(then.policy),), details, sender)
        held = _best(under.failing, told.result_type)
        if held is not None and fits(held.result_type, told.result_type):
            cause = _refined(row, told, held)
            return RowJoin(RowStanding.HELD, cause, Code.STS_MEMORY_OUTLIVES, held.attempt.detail, host)
    if found is not None:
        return _joined(RowStanding.CHANGED, row, told, found, host)
    standing = RowStanding.UNKNOWN if now.unknown else RowStanding.GONE
    return RowJoin(standing, told.cause, None, host=host)


def _beyond_the_names(
    row: ReportedPolicy, details: FailureDetails, told: RowCause, seen: SeenDomain, sender: Traits | None
) -> RowJoin | None:
    """Return the join of a row that a sender can only write once the policy lists the host, where it is so now.

    That policy is none that is known, so that the host is judged as if it were listed. None for other rows.
    """
    if told.result_type in _OF_NAMES:
        return None
    made = remade(seen.domain, row.type, _listing_all(row, seen), details, sender)
    found = _best(made.failing, told.result_type)
    if found is None or not fits(found.result_type, told.result_type):
        return None
    return _joined(RowStanding.CONFIRMED, row, told, found, named_host(seen.domain, details))


def _listing_all(row: ReportedPolicy, seen: SeenDomain) -> tuple[PolicyCase, ...]:
    return (NO_POLICY if row.type == PolicyType.TLSA else listing_all(seen.domain),)


def worded(report: Report, code: str | None, places: Iterable[str] = ()) -> WordedFinding | None:
    """Return the finding of this code in a report, the one about one of `places` first."""
    known = [one for one in report.findings if one.code == code]
    named = set(places)
    return next((one for one in known if one.subject in named), known[0] if known else None)


def issued_after(host: Host, address: str, end: datetime | None) -> datetime | None:
    """Return when the certificate that an address shows now was issued, where that was after the report."""
    for endpoint in host.endpoints:
        if address in ("", endpoint.address):
            chain = endpoint.session(host.name).chain
            if (
                chain is not None
                and chain.leaf is not None
                and end is not None
                and chain.leaf.not_before > end
            ):
                return chain.leaf.not_before
    return None


def _joined(
    standing: RowStanding, row: ReportedPolicy, told: RowCause, found: FailingAttempt, host: Host | None
) -> RowJoin:
    cause = _refined(row, told, found)
    return RowJoin(standing, cause, found.code, found.attempt.detail, host or found.attempt.host)


def _refined(row: ReportedPolicy, told: RowCause, found: FailingAttempt) -> str | None:
    """Return the cause that the evidence names; the row's own where that is as telling."""
    if found.result_type is None or (found.result_type is told.result_type and told.cause is not None):
        return told.cause
    return cause_of(row.type, found.result_type, at_host=True)


def _best(failing: tuple[FailingAttempt, ...], reported: ResultType | None) -> FailingAttempt | None:
    """Return the attempt that the row most likely stands for: of the same type, of one that fits, or any."""
    ranked = sorted(
        failing, key=lambda one: (one.result_type is not reported, not fits(one.result_type, reported))
    )
    return ranked[0] if ranked else None


def _of_policy_host(told: RowCause, seen: SeenDomain) -> RowJoin:
    found = [
        one
        for one in seen.report.findings
        if one.code in _POLICY_CODES and one.severity in (Severity.ERROR, Severity.WARNING)
    ]
    meant = CATALOGUE[told.cause].findings if told.cause is not None else ()
    found.sort(key=lambda one: one.code not in meant)
    if found:
        return RowJoin(RowStanding.CONFIRMED, told.cause, found[0].code, found[0].summary)
    unseen = any(fetch.state is FetchState.UNKNOWN for fetch in seen.domain.policy_host.fetches)
    return RowJoin(RowStanding.UNKNOWN if unseen else RowStanding.GONE, told.cause, None)
