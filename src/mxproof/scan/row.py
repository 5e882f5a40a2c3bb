"""The rows that one domain has in the tables of a scan."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from mxproof.evidence import ABSENT, Outcome
from mxproof.formats import Objection
from mxproof.formats.maillog.sender import SenderNames
from mxproof.formats.mtasts import STRICT, Policy
from mxproof.judge.checks.seen import unlisted
from mxproof.judge.codes import Code
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.weighed import WeighedDomain
from mxproof.mail.domain import (
    MailDomain,
    PolicyFetch,
    RecordState,
    StsRecord,
    TlsaState,
    TlsrptRecord,
)
from mxproof.mail.fetch_state import FetchState
from mxproof.scan.unasked import reasons_asked, unasked_codes
from mxproof.survey.reading import MxSet

Row = tuple[object, ...]
_FETCHES_WORST_FIRST = tuple(one for one in FetchState if one is not FetchState.FETCHED)
_PROVIDERS_CACHED_MAX = 50_000
_NAMES = SenderNames()


class DomainRows(msgspec.Struct, frozen=True):
    """The rows of one domain, each with a value a column."""

    domain: Row
    findings: tuple[Row, ...]
    verdicts: tuple[Row, ...]


def rows_of(judged: WeighedDomain, part: int) -> DomainRows:
    """Return the rows of a domain whose evidence is in `part`."""
    name = judged.domain.name
    unasked = unasked_codes(judged.domain)
    return DomainRows(
        _domain_row(judged, part),
        _finding_rows(judged, part, unasked),
        tuple(
            (
                name,
                part,
                one.id,
                one.outcome.value,
                one.decides,
                one.security and one.security.value,
                reasons_asked(one.because, unasked),
            )
            for one in judged.senders
        ),
    )


def _finding_rows(judged: WeighedDomain, part: int, unasked: frozenset[Code]) -> tuple[Row, ...]:
    met: set[tuple[str, str]] = set()
    rows: list[Row] = []
    for one in judged.findings:
        if one.code in unasked:
            continue
        key = (one.code.value, one.severity.value)
        rows.append((judged.domain.name, part, *key, one.subject, one.affects, key not in met))
        met.add(key)
    return tuple(rows)


def _deciding(judged: WeighedDomain, outcome: Verdict) -> tuple[str, ...]:
    return tuple(one.id for one in judged.senders if one.decides and one.outcome is outcome)


def _domain_row(judged: WeighedDomain, part: int) -> Row:
    domain = judged.domain
    host, policy = domain.policy_host, _policy(domain)
    fetch = _worst_fetch(host.fetches)
    mx = tuple(one.name for one in domain.mx.exchanges)
    named = tuple(one.name for one in unlisted(domain)) if policy is not None else ()
    return (
        domain.name,
        part,
        domain.at,
        judged.outcome.value,
        _mx_state(domain.mx),
        mx,
        provider(mx[0]) if mx and not domain.mx.implicit else None,
        _record(domain.record),
        domain.record.strict.id if domain.record.strict is not None else None,
        _rules(domain.record.objections),
        host.state.value,
        host.aliases[-1] if host.aliases else None,
        fetch.state.value if fetch is not None else None,
        _certificate(fetch) if fetch is not None else None,
        _rules(fetch.examination.objections) if fetch is not None and fetch.examination is not None else (),
        policy.mode.value if policy is not None else None,
        policy.max_age_s if policy is not None else None,
        policy.mx if policy is not None else (),
        named,
        _report_record(domain.tlsrpt),
        domain.tlsrpt.rua,
        domain.mx.secure,
        _dane(domain),
        *(lists := tuple(_deciding(judged, outcome) for outcome in _NOT_DELIVERED)),
        ";".join(",".join(ids) for ids in lists),
    )


_NOT_DELIVERED = (Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN)


@lru_cache(maxsize=_PROVIDERS_CACHED_MAX)
def provider(host: str) -> str:
    """Return whose an MX host is: a known system, or the organisation's domain."""
    return _NAMES.of(host)


def _mx_state(mx: MxSet) -> str:
    if mx.null:
        return "null"
    if mx.implicit:
        return "implicit"
    if mx.exchanges:
        return "listed"
    return "absent" if mx.answer.outcome in ABSENT else "unknown"


def _record(record: StsRecord) -> str:
    if record.state is RecordState.ONE:
        return "valid" if record.strict is not None else "invalid"
    return record.state.value


def _report_record(record: TlsrptRecord) -> str:
    if record.state is RecordState.ONE:
        return "invalid" if record.objections else "valid"
    return record.state.value


def _rules(objections: Sequence[Objection]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.rule for one in objections))


def _policy(domain: MailDomain) -> Policy | None:
    """Return the policy as the RFC has it: that of the first address that serves one, announced by a valid record."""
    if domain.record.strict is None:
        return None
    read = (fetch.read(STRICT) for fetch in domain.policy_host.fetches)
    return next((policy for policy in read if policy is not None), None)


def _worst_fetch(fetches: Sequence[PolicyFetch]) -> PolicyFetch | None:
    """Return the fetch to be told of, None where none was asked for."""
    asked = [
        one for one in fetches if one.answer.outcome is not Outcome.UNASKED or one.not_public is not None
    ]
    for state in _FETCHES_WORST_FIRST:
        for one in asked:
            if one.state is state:
                return one
    return asked[0] if asked else None


def _certificate(fetch: PolicyFetch) -> str | None:
    if fetch.chain is None or fetch.state is not FetchState.CERTIFICATE:
        return None
    return fetch.chain.trust.fault.value if fetch.chain.trust.fault is not None else "name"


def _dane(domain: MailDomain) -> str:
    """Tell which MX hosts have TLSA records that senders use (RFC 7672 section 2.2)."""
    if not domain.hosts:
        return "none"
    states = list(_dane_of_hosts(domain))
    if all(one == "usable" for one in states):
        return "all"
    for seen, said in (("usable", "some"), ("unknown", "unknown"), ("unusable", "unusable")):
        if seen in states:
            return said
    return "none"


def _dane_of_hosts(domain: MailDomain) -> Iterator[str]:
    for host in domain.hosts:
        tried = host.tlsa_tried or ((host.tlsa_target,) if not domain.vantage.validating else ())
        present = [one for one in tried if one.state is TlsaState.PRESENT]
        if any(one.usable for one in present) and domain.mx.secure:
            yield "usable"
        elif present:
            yield "unusable"
        elif any(one.state in {TlsaState.UNKNOWN, TlsaState.FAILED} for one in tried):
            yield "unknown"
        else:
            yield "none"
