"""The sessions of a row made again over evidence: how each ends under the policy that the sender had, or one served now.

What is asked is why a session fails, so that a policy in mode testing counts as if it were enforced, and a row under
DANE is judged by DANE alone, one under MTA-STS by MTA-STS alone.
"""

from collections.abc import Iterator

import msgspec

from mxproof.explain.tlsrpt.judging_sender import judging_sender
from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.report import FailureDetails, PolicyType
from mxproof.judge.codes import Code
from mxproof.judge.senders.attempt import attempts
from mxproof.judge.senders.policy_case import NO_POLICY, PolicyCase, policy_cases
from mxproof.judge.senders.stance import HostAttempt, Stance
from mxproof.judge.senders.traits import Precedence, Traits
from mxproof.judge.senders.version import differing_code
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.domain import Host, MailDomain

_YEAR_S = 31_536_000


class FailingAttempt(msgspec.Struct, frozen=True):
    """An attempt that fails, and the code behind it: that of the policy case where policies differ, else its own."""

    attempt: HostAttempt
    code: Code | None

    @property
    def result_type(self) -> ResultType | None:
        """How it fails."""
        return self.attempt.result_type


class Remade(msgspec.Struct, frozen=True):
    """The attempts at the places that a row names: those that fail, and whether any ended open or was not there."""

    failing: tuple[FailingAttempt, ...]
    unknown: bool = False
    absent: bool = False


def named_host(domain: MailDomain, details: FailureDetails) -> Host | None:
    """Return the MX host that a row names, in whichever version of the domain its name servers have."""
    return next((host for one in versions(domain) if (host := _named_host(one, details)) is not None), None)


def versions(domain: MailDomain) -> tuple[MailDomain, ...]:
    """Return the domain as the resolver here has it, and as it is for whoever asks other name servers."""
    return (domain, *(one.domain for one in domain.otherwise))


def remade(
    domain: MailDomain,
    policy_type: str,
    policies: tuple[PolicyCase, ...],
    details: FailureDetails,
    sender: Traits | None,
) -> Remade:
    """Return how the sessions that `details` counts end over what was seen of `domain`, under each of the policies.

    A failure in another version of the domain alone has the name servers that differ behind it.
    """
    alone = _remade(domain, policy_type, policies, details, sender)
    if alone.failing or not domain.otherwise:
        return alone
    others = [
        (_remade(one.domain, policy_type, policies, details, sender), differing_code(one.zone))
        for one in domain.otherwise
    ]
    failing = tuple(FailingAttempt(failed.attempt, code) for made, code in others for failed in made.failing)
    unknown = alone.unknown or any(made.unknown for made, _ in others)
    return Remade(failing, unknown, absent=alone.absent and all(made.absent for made, _ in others))


def _remade(
    domain: MailDomain,
    policy_type: str,
    policies: tuple[PolicyCase, ...],
    details: FailureDetails,
    sender: Traits | None,
) -> Remade:
    hosts = _hosts(domain, details)
    if not hosts:
        return Remade((), absent=True)
    traits = judging_sender(sender, by_dane=policy_type == PolicyType.TLSA)
    failing: dict[FailingAttempt, None] = {}
    unknown = False
    for case in policies:
        for host in hosts:
            for one in _made(domain, host, traits, case, by_dane=policy_type == PolicyType.TLSA):
                if not _is_at(one, host, details):
                    continue
                unknown = unknown or one.verdict is Verdict.UNKNOWN
                if one.result_type is not None:
                    code = Code.STS_POLICY_DIFFERS if Code.STS_POLICY_DIFFERS in case.because else one.code
                    failing[FailingAttempt(one, code)] = None
    return Remade(tuple(failing), unknown)


def _named_host(domain: MailDomain, details: FailureDetails) -> Host | None:
    """Return the MX host that a row names, by the name in the MX record or the one at the end of its aliases."""
    name = details.receiving_mx
    if name:
        return next((one for one in domain.hosts if name in (one.name, one.target)), None)
    address = details.receiving_ip
    return next(
        (one for one in domain.hosts if address and any(end.address == address for end in one.endpoints)),
        None,
    )


def served_cases(domain: MailDomain, policy_type: str, sender: Traits | None) -> tuple[PolicyCase, ...]:
    """Return every policy that a sender meets now, as if enforced; where there is none, one that lists every host."""
    if policy_type == PolicyType.TLSA:
        return (NO_POLICY,)
    traits = judging_sender(sender, by_dane=False)
    cases = [one for one in policy_cases(domain, traits, ()) if one.policy is not None]
    return tuple(_enforced(one) for one in cases) or (listing_all(domain),)


def quoted_case(policy: Policy) -> PolicyCase:
    """Return a policy that a report quotes, as if enforced."""
    return _enforced(PolicyCase(policy))


def listing_all(domain: MailDomain) -> PolicyCase:
    """Return a policy that lists every MX host, so that all that is left is asked of the host itself."""
    names = {name for host in domain.hosts for name in (host.name, host.target)}
    return PolicyCase(Policy(Mode.ENFORCE, _YEAR_S, tuple(sorted(names))))


def _enforced(case: PolicyCase) -> PolicyCase:
    assert case.policy is not None, "there is a policy to enforce"
    return msgspec.structs.replace(case, policy=msgspec.structs.replace(case.policy, mode=Mode.ENFORCE))


def _hosts(domain: MailDomain, details: FailureDetails) -> tuple[Host, ...]:
    if details.receiving_mx or details.receiving_ip:
        host = _named_host(domain, details)
        return () if host is None else (host,)
    return domain.hosts


def _made(
    domain: MailDomain, host: Host, traits: Traits, case: PolicyCase, *, by_dane: bool
) -> Iterator[HostAttempt]:
    precedence = Precedence.DANE_FIRST if by_dane else Precedence.POLICY_ALONE
    for sni in traits.sni:
        yield from attempts(domain, host, Stance(traits, case, sni, precedence))


def _is_at(attempt: HostAttempt, host: Host, details: FailureDetails) -> bool:
    """Tell whether an attempt is at the address of a row; one that the host has no more stands for any of its own."""
    known = any(endpoint.address == details.receiving_ip for endpoint in host.endpoints)
    return not known or attempt.address in (None, details.receiving_ip)


def fits(found: ResultType | None, reported: ResultType | None) -> bool:
    """Tell whether a session that ends as `found` may have been reported as `reported`."""
    if reported is None or found is None:
        return False
    return found is reported or found in _ALSO.get(reported, frozenset())


_CERTIFICATE = frozenset(
    {
        ResultType.CERTIFICATE_HOST_MISMATCH,
        ResultType.CERTIFICATE_EXPIRED,
        ResultType.CERTIFICATE_NOT_TRUSTED,
        ResultType.VALIDATION_FAILURE,
        ResultType.TLSA_INVALID,
    }
)
_ALSO = {
    ResultType.VALIDATION_FAILURE: _CERTIFICATE | {ResultType.MX_MISMATCH, ResultType.STARTTLS_NOT_SUPPORTED},
    ResultType.STS_POLICY_INVALID: frozenset({ResultType.MX_MISMATCH}),
    ResultType.CERTIFICATE_HOST_MISMATCH: _CERTIFICATE | {ResultType.MX_MISMATCH},
    ResultType.CERTIFICATE_EXPIRED: _CERTIFICATE,
    ResultType.CERTIFICATE_NOT_TRUSTED: _CERTIFICATE,
    ResultType.TLSA_INVALID: _CERTIFICATE,
    ResultType.DANE_REQUIRED: frozenset({ResultType.TLSA_INVALID, ResultType.DNSSEC_INVALID}),
}
"""What else a result type stands for in reports: senders differ in how they call a fault of a certificate, and RFC 8460 has
no name for an MX host that the policy does not list. Postfix before 3.10.5 holds the certificate against the patterns of the
policy, so that such a host has the wrong name to it."""
