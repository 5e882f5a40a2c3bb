"""The MX hosts against the patterns of the policy."""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Question
from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.names import patterns_covering
from mxproof.judge.checks.mending import NO_HOSTS, completed, serving
from mxproof.judge.checks.seen import served_policies
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.change import Awaited, Wait
from mxproof.mail.domain import Host, HostState, MailDomain, PtrState
from mxproof.survey.reading import Exchange


def check(domain: MailDomain) -> Iterator[Finding]:
    """Compare every MX host with the policy and every pattern with the hosts (RFC 8461 section 4.1)."""
    policies = [policy for policy in served_policies(domain) if policy.mode is not Mode.NONE]
    if not policies or domain.mx.null:
        return
    lost = {host.name for host in domain.hosts if host.state in NO_HOSTS}
    for exchange in (*domain.mx.exchanges, *domain.mx.unprobed):
        policy = next((policy for policy in policies if not policy.matches(exchange.name)), None)
        if policy is not None and exchange.name not in lost:
            yield _unlisted(domain, policy, exchange)
    yield from _unused(domain, policies)


def _unlisted(domain: MailDomain, policy: Policy, exchange: Exchange) -> Finding:
    words: dict[str, Value] = {
        "domain": domain.name,
        "host": exchange.name,
        "preference": exchange.preference,
        "patterns": policy.mx,
        "near": _near(policy, exchange.name),
    }
    changes = (
        *serving(domain, completed(domain, policy)),
        Wait(domain.name, Awaited.MAX_AGE, policy.max_age_s),
    )
    return Finding(Code.STS_MX_UNLISTED, exchange.name, words, _evidence(domain), changes)


def _near(policy: Policy, host: str) -> str | None:
    """Return a pattern that looks as if it should match and does not: a wildcard stands for one label exactly."""
    for pattern in policy.mx:
        parent = pattern.removeprefix("*.")
        if parent != pattern and (host == parent or host.endswith("." + parent)):
            return pattern
    return None


def _unused(domain: MailDomain, policies: list[Policy]) -> Iterator[Finding]:
    """Yield the patterns that no host needs, neither by its own name nor by its target or reverse name."""
    if not domain.hosts or domain.mx.unprobed or any(map(_is_half_known, domain.hosts)):
        return
    names = {name for host in domain.hosts for name in (host.name, host.target)}
    names |= {name for host in domain.hosts for endpoint in host.endpoints for name in endpoint.ptr_names}
    needed = {pattern for name in names for pattern in patterns_covering(name)}
    unused = [pattern for policy in policies for pattern in policy.mx if pattern not in needed]
    if unused:
        words: dict[str, Value] = {"domain": domain.name, "patterns": tuple(unused)}
        kept = tuple(pattern for pattern in policies[0].mx if pattern in needed)
        fewer = completed(domain, msgspec.structs.replace(policies[0], mx=kept))
        changes = serving(domain, fewer)
        questions = (*_evidence(domain), *(question for host in domain.hosts for question in _named(host)))
        yield Finding(Code.STS_MX_UNUSED, domain.policy_host.name, words, questions, changes)


def _named(host: Host) -> Iterator[Question]:
    """Yield the questions whose answers tell the names of a host."""
    yield from host.questions
    yield from (question for endpoint in host.endpoints for question in endpoint.ptr_questions)


def _is_half_known(host: Host) -> bool:
    """Tell whether the host may have names that were not seen: that of an alias, or a reverse name."""
    reverse = any(endpoint.ptr_state is PtrState.UNKNOWN for endpoint in host.endpoints)
    return host.state is HostState.UNKNOWN or reverse


def _evidence(domain: MailDomain) -> tuple[Question, ...]:
    return (domain.mx.question, *(fetch.question for fetch in domain.policy_host.fetches))
