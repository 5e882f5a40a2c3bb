"""TLS reports as Microsoft, Google and Postfix write them of what they meet in a mail world.

What a sender meets is what its model does there; how it writes that is known from reports (tests/data/tlsrpt) and, of
Postfix 3.10.13, from its datagrams. What it would not report at all is left out.
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta

import msgspec

from mxproof.explain.tlsrpt.row_attempts import versions
from mxproof.formats.mtasts import LENIENT
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.found import FoundReport
from mxproof.formats.tlsrpt.reading import read_report
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.judge.report import Attempt, Delivery
from mxproof.judge.senders.engine import deliver
from mxproof.judge.senders.postfix import POSTFIX_DANE, POSTFIX_STS
from mxproof.judge.senders.providers import GOOGLE, MICROSOFT
from mxproof.judge.senders.traits import Traits
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import Memory
from support_scenarios import SeenScenario

STS_SENDERS = (MICROSOFT, GOOGLE, POSTFIX_STS)
CONTACTS = {
    MICROSOFT.id: ("Microsoft Corporation", "tlsrpt-noreply@microsoft.com"),
    GOOGLE.id: ("Google Inc.", "smtp-tls-reporting@google.com"),
    POSTFIX_STS.id: ("Example Org", "tls@postfix.example"),
    POSTFIX_DANE.id: ("Example Org", "tls@postfix.example"),
}
_POSTFIX_NAMES = {
    ResultType.TLSA_INVALID: ResultType.CERTIFICATE_NOT_TRUSTED,
    ResultType.DNSSEC_INVALID: None,
    ResultType.MX_MISMATCH: None,
}
"""What Postfix calls otherwise, None for what it does not report."""
_POLICY_FAULTS = frozenset({ResultType.MX_MISMATCH})
_DANE_FAULTS = frozenset({ResultType.TLSA_INVALID, ResultType.DNSSEC_INVALID})


class Written(msgspec.Struct, frozen=True):
    """A report that a sender writes, and what its model says behind it."""

    traits: Traits
    found: FoundReport
    delivery: Delivery


def written(seen: SeenScenario) -> Iterator[Written]:
    """Yield the reports of the senders that meet a failure they report."""
    domain = assemble(seen.evidence, seen.at)
    for traits in (*STS_SENDERS, POSTFIX_DANE):
        delivery = deliver(domain, traits, seen.memories)
        rows = tuple(_rows(domain, traits, delivery, seen))
        if rows:
            organization, contact = CONTACTS[traits.id]
            report = TlsReport(
                organization,
                seen.at.replace(hour=0) - timedelta(days=1),
                seen.at.replace(hour=0) - timedelta(seconds=1),
                contact,
                f"1_{domain.name}",
                rows,
            )
            yield Written(traits, FoundReport(read_report(print_report(report))), delivery)


def _rows(
    domain: MailDomain, traits: Traits, delivery: Delivery, seen: SeenScenario
) -> Iterator[ReportedPolicy]:
    failing = [one for one in delivery.attempts if one.result_type is not None]
    by_dane = [one for one in failing if traits.dane and _is_dane(domain, one, traits)]
    rest = [one for one in failing if one not in by_dane]
    if by_dane:
        details = _details(by_dane, traits, "tlsa")
        if details:
            yield ReportedPolicy("tlsa", domain.name, 0, sum(one.count for one in details), failures=details)
    body = _policy_body(domain, seen)
    if rest and traits.mta_sts and body:
        details = _details(rest, traits, "sts")
        lines = tuple(line for line in body.decode().splitlines() if line.strip())
        if details:
            yield ReportedPolicy("sts", domain.name, 0, sum(one.count for one in details), lines, (), details)


def _is_dane(domain: MailDomain, attempt: Attempt, traits: Traits) -> bool:
    if not traits.mta_sts or attempt.result_type in _DANE_FAULTS:
        return True
    host = next(one for version in versions(domain) for one in version.hosts if one.name == attempt.mx)
    return any(one.usable and one.state == "secure" for one in host.tlsa_tried) and traits is not POSTFIX_STS


def _policy_body(domain: MailDomain, seen: SeenScenario) -> bytes:
    held = [one.body for one in seen.memories if isinstance(one, Memory)]
    served = [fetch.body for fetch in domain.policy_host.fetches if fetch.read(LENIENT) is not None]
    return (held or served or [b""])[0]


def _details(failing: Iterable[Attempt], traits: Traits, policy_type: str) -> tuple[FailureDetails, ...]:
    return tuple(
        dict.fromkeys(one for attempt in failing for one in _as_written(attempt, traits, policy_type))
    )


def _as_written(attempt: Attempt, traits: Traits, policy_type: str) -> Iterator[FailureDetails]:
    kind = attempt.result_type
    assert kind is not None, "only failures are reported"
    mx, address = attempt.mx, attempt.address or ""
    if traits is MICROSOFT and policy_type == "sts":
        if kind is ResultType.MX_MISMATCH:
            yield FailureDetails(ResultType.VALIDATION_FAILURE, 1, reason="MX_HOSTS_MISMATCH")
        elif kind is ResultType.STARTTLS_NOT_SUPPORTED:
            yield FailureDetails(kind, 1, receiving_mx=attempt.judged_name, receiving_ip=address)
        else:
            yield FailureDetails(
                ResultType.VALIDATION_FAILURE,
                1,
                receiving_mx=attempt.judged_name,
                receiving_ip=address,
                reason="VALIDATION_FAILURE",
            )
    elif traits is GOOGLE:
        name = ResultType.VALIDATION_FAILURE if kind is ResultType.MX_MISMATCH else kind
        yield FailureDetails(name, 1, "209.85.222.201", mx, receiving_ip=address)
    elif traits is MICROSOFT:
        yield FailureDetails(kind, 1, receiving_mx=mx, receiving_ip=address)
    elif (name_of := _POSTFIX_NAMES.get(kind, kind)) is not None:
        yield FailureDetails(name_of, 1, "198.51.100.7", mx, mx, address)
