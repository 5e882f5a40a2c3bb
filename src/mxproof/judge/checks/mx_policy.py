"""The MX hosts against the patterns of the policy."""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Question
from mxproof.formats.mtasts import LENIENT, STRICT, Mode, Policy
from mxproof.formats.names import patterns_covering
from mxproof.judge.checks.mending import completed, is_delegated, retiring_name, serving
from mxproof.judge.checks.seen import served_policies, unlisted
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding, MendingWay
from mxproof.judge.value import Value
from mxproof.mail.change import Awaited, Change, CnameValue, Publish, TxtValue, Wait, Withdraw
from mxproof.mail.domain import Host, HostState, MailDomain, PolicyFetch
from mxproof.mail.reverse_name import PtrState
from mxproof.survey.reading import Exchange


def check(domain: MailDomain) -> Iterator[Finding]:
    """Compare every MX host with the policy and every pattern with the hosts (RFC 8461 section 4.1)."""
    policies = [policy for policy in served_policies(domain) if policy.mode is not Mode.NONE]
    if not policies or domain.mx.null:
        return
    for exchange in unlisted(domain):
        yield _unlisted(domain, policies, exchange)
    yield from _unused(domain, policies)


def _unlisted(domain: MailDomain, policies: list[Policy], exchange: Exchange) -> Finding:
    policy = next(policy for policy in policies if not policy.matches(exchange.name))
    listing = [one for one in domain.policy_host.fetches if _lists(one, exchange.name)]
    listed = MendingWay("delegated" if is_delegated(domain) else "", _listing(domain, policy))
    if listing:
        best, *others = (MendingWay("listed-elsewhere", listed.changes),)
    else:
        best, *others = _ways(domain, policy, exchange, listed)
    provider = (domain.policy_host.name, *domain.policy_host.aliases)[-1]
    words: dict[str, Value] = {
        "domain": domain.name,
        "host": exchange.name,
        "preference": exchange.preference,
        "patterns": policy.mx,
        "near": _near(policy, exchange.name),
        "max_age": policy.max_age_s,
        "listed_at": tuple(one.address for one in listing),
        "unlisted_at": tuple(one.address for one in domain.policy_host.fetches if one not in listing),
        "provider": provider,
        "announced": tuple(_own_records(domain)),
        "left_by": provider if best.name == "leave" else None,
    }
    return Finding(
        Code.STS_MX_UNLISTED,
        exchange.name,
        words,
        _evidence(domain),
        best.changes,
        best.name,
        tuple(way for way in others if way.changes),
    )


def _listing(domain: MailDomain, policy: Policy) -> tuple[Change, ...]:
    """Return that the policy lists every host, and that those who hold the old one have let go of it."""
    waited = Wait(domain.name, Awaited.MAX_AGE, policy.max_age_s)
    return (*serving(domain, completed(domain, policy)), waited)


def _ways(domain: MailDomain, policy: Policy, exchange: Exchange, listed: MendingWay) -> list[MendingWay]:
    """Return the ways out for a host that no address lists, the best first.

    A policy that another one serves and that fits no MX host at all, not even nearly, is what a former provider leaves.
    """
    lost = {one.name for one in unlisted(domain)}
    every = (*domain.mx.exchanges, *domain.mx.unprobed)
    if any(one.name not in lost for one in every):
        return [listed, MendingWay("retire", retiring_name(domain, exchange.name))]
    leaving = MendingWay("leave", _leaving(domain, policy))
    related = any(_near(policy, one.name) or _is_of_provider(domain, one.name) for one in every)
    if is_delegated(domain) and not related and leaving.changes:
        return [leaving, listed]
    return [listed, leaving]


def _is_of_provider(domain: MailDomain, host: str) -> bool:
    """Tell whether an MX host shares its domain with the policy host that the alias leads to, by their last labels."""
    return domain.policy_host.aliases[-1:] != () and _last(host) == _last(domain.policy_host.aliases[-1])


def _last(name: str) -> list[str]:
    return name.split(".")[-2:]


def _lists(fetch: PolicyFetch, host: str) -> bool:
    """Tell whether an address of the policy host serves a policy that lists `host`, or that asks for nothing."""
    policy = fetch.read(STRICT) or fetch.read(LENIENT)
    return policy is not None and (policy.mode is Mode.NONE or policy.matches(host))


def _own_records(domain: MailDomain) -> Iterator[Publish]:
    """Yield the records of the domain by which senders come to the policy: the alias, or the text that announces it."""
    record = domain.record
    if record.aliases:
        yield Publish(record.name, CnameValue(record.aliases[0]))
    else:
        yield from (Publish(record.name, TxtValue.of(text)) for text in record.candidates or record.near)


def _leaving(domain: MailDomain, policy: Policy) -> tuple[Change, ...]:
    """Return that nothing announces the policy any more, and that those who hold it have let go of it."""
    gone = [Withdraw(one.name, one.record) for one in _own_records(domain)]
    return (*gone, Wait(domain.name, Awaited.MAX_AGE, policy.max_age_s)) if gone else ()


def _near(policy: Policy, host: str) -> str | None:
    """Return a pattern that looks as if it should match and does not: a wildcard stands for one label exactly."""
    for pattern in policy.mx:
        parent = pattern.removeprefix("*.")
        if parent != pattern and (host == parent or host.endswith("." + parent)):
            return pattern
    return None


def _unused(domain: MailDomain, policies: list[Policy]) -> Iterator[Finding]:
    """Yield the patterns that no host needs, neither by its own name nor by its target or reverse name.

    Where the policy fits no host at all, or each address serves another one, that is the fault, and it is told as such.
    """
    if not domain.hosts or domain.mx.unprobed or len(policies) > 1 or any(map(_is_half_known, domain.hosts)):
        return
    if all(not policies[0].matches(host.name) for host in domain.hosts):
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
