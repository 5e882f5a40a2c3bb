"""The MX hosts against the patterns of the policy."""

from collections.abc import Iterator

from mxproof.evidence import Question
from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.names import patterns_covering
from mxproof.formats.text import listed
from mxproof.judge.checks.seen import served_policies
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.domain import HostState, MailDomain
from mxproof.survey.reading import Exchange

_NO_HOSTS = frozenset({HostState.INVALID, HostState.NXDOMAIN, HostState.NO_ADDRESS})
"""A name that is no host, or has no address, is at fault in itself, whatever the policy says."""


def check(domain: MailDomain) -> Iterator[Finding]:
    """Compare every MX host with the policy and every pattern with the hosts (RFC 8461 section 4.1)."""
    policies = [policy for policy in served_policies(domain) if policy.mode is not Mode.NONE]
    if not policies or domain.mx.null:
        return
    lost = {host.name for host in domain.hosts if host.state in _NO_HOSTS}
    for exchange in (*domain.mx.exchanges, *domain.mx.unprobed):
        policy = next((policy for policy in policies if not policy.matches(exchange.name)), None)
        if policy is not None and exchange.name not in lost:
            yield _unlisted(domain, policy, exchange)
    yield from _unused(domain, policies)


def _unlisted(domain: MailDomain, policy: Policy, exchange: Exchange) -> Finding:
    words = {
        "domain": domain.name,
        "host": exchange.name,
        "preference": str(exchange.preference),
        "patterns": listed(policy.mx),
        "near": _near(policy, exchange.name),
    }
    return Finding(Code.STS_MX_UNLISTED, exchange.name, words, _evidence(domain))


def _near(policy: Policy, host: str) -> str:
    """Say why a pattern that looks as if it should match does not: a wildcard stands for one label exactly."""
    for pattern in policy.mx:
        parent = pattern.removeprefix("*.")
        if parent != pattern and (host == parent or host.endswith("." + parent)):
            return f" {pattern} does not match it, for * stands for exactly one label."
    return ""


def _unused(domain: MailDomain, policies: list[Policy]) -> Iterator[Finding]:
    """Yield the patterns that no host needs, neither by its own name nor by its target or reverse name."""
    if not domain.hosts or domain.mx.unprobed:
        return
    names = {name for host in domain.hosts for name in (host.name, host.target)}
    names |= {name for host in domain.hosts for endpoint in host.endpoints for name in endpoint.ptr_names}
    needed = {pattern for name in names for pattern in patterns_covering(name)}
    unused = [pattern for policy in policies for pattern in policy.mx if pattern not in needed]
    if unused:
        words = {"domain": domain.name, "patterns": listed(unused)}
        yield Finding(Code.STS_MX_UNUSED, domain.policy_host.name, words, _evidence(domain))


def _evidence(domain: MailDomain) -> tuple[Question, ...]:
    return (domain.mx.question, *(fetch.question for fetch in domain.policy_host.fetches))
