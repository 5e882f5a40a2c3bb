"""MX names that are aliases, and what is missing for those senders that look at the target."""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Question
from mxproof.formats.cert import covers
from mxproof.formats.mtasts import Policy
from mxproof.judge.checks.mending import (
    address_record,
    certificate,
    completed,
    mx_records,
    serving,
    tlsa_value,
)
from mxproof.judge.checks.seen import served_policy
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding, MendingWay
from mxproof.judge.value import AliasLacks, NameLack, Unseen, Value
from mxproof.mail.change import Change, CnameValue, MxValue, Publish, Withdraw
from mxproof.mail.domain import Host, MailDomain
from mxproof.survey.reading import tlsa_name


def check(domain: MailDomain) -> Iterator[Finding]:
    """Yield one finding for all MX names that are CNAMEs (RFC 2181 section 10.3, RFC 5321 section 5.1).

    RFC 8461 section 4.1 compares the name in the MX record and says nothing of aliases; senders differ.
    """
    aliases = [host for host in domain.hosts if host.is_alias]
    if not aliases:
        return
    policy = served_policy(domain)
    names = tuple(name for host in aliases for name in (host.name, host.target))
    lacks = AliasLacks(_policy_lacks(names, policy), _certificates_lack(aliases))
    addresses = [address_record(host.name, one.address) for host in aliases for one in host.endpoints]
    records = [Publish(domain.name, MxValue(host.preference, host.target)) for host in aliases]
    params: dict[str, Value] = {
        "domain": domain.name,
        "aliases": tuple(host.chain for host in aliases),
        "lacks": lacks,
        "policy_lacks": lacks.policy,
        "certificate_lacks": lacks.certificate,
        "targets": tuple(host.target for host in aliases),
        "address_records": tuple(addresses),
        "mx_records": tuple(records),
        "policy": policy,
    }
    changes = (*_without_aliases(aliases, lacks), *_listing(domain, policy, aliases))
    ways = (_at_targets(domain, policy, aliases), _with_both(domain, policy, aliases, lacks))
    others = tuple(way for way in ways if way is not None and way.changes)
    yield Finding(
        Code.MX_ALIAS, domain.name, params, tuple(_evidence(domain, aliases)), changes, others=others
    )


def _policy_lacks(names: tuple[str, ...], policy: Policy | None) -> tuple[str, ...] | Unseen:
    """Return the names that no pattern of the policy matches (RFC 8461 section 4.1)."""
    if policy is None:
        return Unseen.POLICY
    return tuple(name for name in names if not policy.matches(name))


def _certificates_lack(aliases: list[Host]) -> tuple[NameLack, ...] | Unseen:
    """Return the names that a certificate lacks which is served to a client asking for them (RFC 8461 section 4.2)."""
    lacking = tuple(
        lack
        for host in aliases
        for name in (host.name, host.target)
        for lack in (*_lacks(host, name), *_lacks_by_sni(host, name))
    )
    seen = any(session.chain for host in aliases for one in host.endpoints for session in one.sessions)
    return lacking if lacking or seen else Unseen.CERTIFICATE


def _lacks(host: Host, name: str) -> Iterator[NameLack]:
    judged = {endpoint.address: endpoint.session(name).chain for endpoint in host.endpoints}
    leaves = {address: chain.leaf for address, chain in judged.items() if chain is not None}
    without = [address for address, leaf in leaves.items() if leaf is None or not covers(leaf, name)]
    if without:
        yield NameLack(name, () if len(without) == len(leaves) else tuple(without))


def _lacks_by_sni(host: Host, name: str) -> Iterator[NameLack]:
    """Yield that a certificate which names `name` is not shown to who asks for the other name of the host.

    Which of the names a sender asks for that judges the target is not known (RFC 6066 section 3).
    """
    for asked in {host.name, host.target} - {name}:
        without = []
        for endpoint in host.endpoints:
            own, other = (endpoint.session(one).chain for one in (name, asked))
            if own is None or own.leaf is None or not covers(own.leaf, name):
                continue
            if other is not None and (other.leaf is None or not covers(other.leaf, name)):
                without.append(endpoint.address)
        if without:
            yield NameLack(name, () if len(without) == len(host.endpoints) else tuple(without), asked)


def _at_targets(domain: MailDomain, policy: Policy | None, aliases: list[Host]) -> MendingWay | None:
    """Return that the MX records name the targets, which policy and certificates then know."""
    if any(not host.endpoints for host in aliases):
        return None
    old = {host.name: host for host in aliases}
    moved = [one for one in mx_records(domain) if one.exchange in old]
    new = [Publish(domain.name, MxValue(one.preference, old[one.exchange].target)) for one in moved]
    certificates = [
        change for host in aliases for change in _shown(host, (host.target,), asked=(host.target,))
    ]
    listed = _listed(domain, policy, [host.target for host in aliases])
    return MendingWay(
        "targets", (*listed, *certificates, *(Withdraw(domain.name, one) for one in moved), *new)
    )


def _with_both(
    domain: MailDomain, policy: Policy | None, aliases: list[Host], lacks: AliasLacks
) -> MendingWay | None:
    """Return that policy and certificates get those names of each host which they lack, named by what it is."""
    names = [name for host in aliases for name in (host.name, host.target)]
    listed = _listed(domain, policy, names)
    certificates = [
        change
        for host in aliases
        for change in _shown(host, (host.name, host.target), asked=(host.name, host.target))
    ]
    missing = lacks.certificate if isinstance(lacks.certificate, tuple) else ()
    if not missing:
        return MendingWay("names-in-policy", listed) if listed else None
    if all(lack.asked for lack in missing) and not listed:
        return MendingWay("names-in-one", tuple(certificates))
    return MendingWay("names-in-both" if listed else "names-in-certificate", (*listed, *certificates))


def _shown(host: Host, names: tuple[str, ...], asked: tuple[str, ...]) -> Iterator[Change]:
    """Yield certificates with `names` where one that is shown to who asks for a name of `asked` lacks any."""
    for server_name in asked:
        chains = {endpoint.address: endpoint.session(server_name).chain for endpoint in host.endpoints}
        without = [
            address
            for address, chain in chains.items()
            if chain is not None
            and (chain.leaf is None or not all(covers(chain.leaf, name) for name in names))
        ]
        if without:
            one = certificate(host, server_name, without)
            yield msgspec.structs.replace(one, names=names)


def _listed(domain: MailDomain, policy: Policy | None, names: list[str]) -> tuple[Change, ...]:
    """Return a policy that lists `names` beside what it lists; nothing where it does already, or there is none."""
    lacking = tuple(name for name in names if policy is not None and not policy.matches(name))
    if policy is None or not lacking:
        return ()
    longer = msgspec.structs.replace(policy, mx=(*policy.mx, *dict.fromkeys(lacking)))
    return serving(domain, completed(domain, longer))


def _without_aliases(aliases: list[Host], lacks: AliasLacks) -> Iterator[Change]:
    """Yield addresses and keys in place of each CNAME, and certificates for the names that then stand alone."""
    lacking = lacks.certificate if isinstance(lacks.certificate, tuple) else ()
    for host in (one for one in aliases if one.endpoints):
        yield Withdraw(host.name, CnameValue(host.chain[1]))
        yield from (address_record(host.name, endpoint.address) for endpoint in host.endpoints)
        if host.tlsa_alias is not None and not host.tlsa_alias.records:
            name = tlsa_name(host.name)
            yield from (Publish(name, tlsa_value(record)) for record in host.tlsa_target.records)
        for lack in lacking:
            if lack.name == host.name and not lack.asked:
                yield certificate(host, host.name, lack.addresses or [one.address for one in host.endpoints])


def _listing(domain: MailDomain, policy: Policy | None, aliases: list[Host]) -> tuple[Change, ...]:
    """Return a policy that lists the MX names where the one served does not."""
    if policy is None or all(policy.matches(host.name) for host in aliases):
        return ()
    return serving(domain, completed(domain, policy))


def _evidence(domain: MailDomain, aliases: list[Host]) -> Iterator[Question]:
    yield domain.mx.question
    for host in aliases:
        yield from host.questions
        yield from (session.question for endpoint in host.endpoints for session in endpoint.sessions)
    yield from (fetch.question for fetch in domain.policy_host.fetches)
