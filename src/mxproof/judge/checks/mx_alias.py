"""MX names that are aliases, and what is missing for those senders that look at the target."""

from collections.abc import Iterator

from mxproof.evidence import Question
from mxproof.formats.cert import covers
from mxproof.formats.mtasts import Policy
from mxproof.formats.text import NONE, listed
from mxproof.judge.checks.seen import served_policy
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.domain import Host, MailDomain

_NO_POLICY = "no policy was read"
_NO_CERTIFICATE = "no certificate was seen"


def check(domain: MailDomain) -> Iterator[Finding]:
    """Yield one finding for all MX names that are CNAMEs (RFC 2181 section 10.3, RFC 5321 section 5.1).

    RFC 8461 section 4.1 compares the name in the MX record and says nothing of aliases; senders differ.
    """
    aliases = [host for host in domain.hosts if host.is_alias]
    if not aliases:
        return
    policy = served_policy(domain)
    names = [name for host in aliases for name in (host.name, host.target)]
    policy_lacks, certificate_lacks = _policy_lacks(names, policy), _certificates_lack(aliases)
    yield Finding(
        Code.MX_ALIAS,
        domain.name,
        {
            "domain": domain.name,
            "aliases": listed(" -> ".join(host.chain) for host in aliases),
            "names": listed(names),
            "lacks": _lack(policy_lacks, certificate_lacks),
            "policy_lacks": policy_lacks,
            "certificate_lacks": certificate_lacks,
            "policy_lines": listed(f"`mx: {name}`" for name in names),
            "address_records": listed(
                _address_record(host, e.address) for host in aliases for e in host.endpoints
            ),
            "mx_records": listed(f"`{domain.name}. MX {host.preference} {host.target}.`" for host in aliases),
            "target_lines": listed(f"`mx: {host.target}`" for host in aliases),
            "max_age": "max_age" if policy is None else f"max_age, {policy.max_age_s} seconds",
        },
        tuple(_evidence(domain, aliases)),
    )


def _policy_lacks(names: list[str], policy: Policy | None) -> str:
    """Return the names that no pattern of the policy matches (RFC 8461 section 4.1)."""
    if policy is None:
        return _NO_POLICY
    return listed(name for name in names if not policy.matches(name))


def _certificates_lack(aliases: list[Host]) -> str:
    """Return the names that a certificate lacks which is served to a client asking for them (RFC 8461 section 4.2)."""
    lacking = [lack for host in aliases for name in (host.name, host.target) for lack in _lacks(host, name)]
    seen = any(session.chain for host in aliases for one in host.endpoints for session in one.sessions)
    return listed(lacking) if lacking or seen else _NO_CERTIFICATE


def _lack(policy_lacks: str, certificate_lacks: str) -> str:
    """Say in one clause what is missing where."""
    faults = []
    if policy_lacks not in {NONE, _NO_POLICY}:
        faults.append(f"the policy does not list {policy_lacks}")
    if certificate_lacks not in {NONE, _NO_CERTIFICATE}:
        faults.append(f"the certificates do not name {certificate_lacks}")
    return " and ".join(faults) or "neither policy nor certificate was seen to lack a name"


def _lacks(host: Host, name: str) -> Iterator[str]:
    judged = {endpoint.address: endpoint.session(name).chain for endpoint in host.endpoints}
    leaves = {address: chain.leaf for address, chain in judged.items() if chain is not None}
    without = [address for address, leaf in leaves.items() if leaf is None or not covers(leaf, name)]
    if without and len(without) == len(leaves):
        yield name
    elif without:
        yield f"{name} (at {' and '.join(without)})"


def _address_record(host: Host, address: str) -> str:
    return f"`{host.name}. {'AAAA' if ':' in address else 'A'} {address}`"


def _evidence(domain: MailDomain, aliases: list[Host]) -> Iterator[Question]:
    yield domain.mx.question
    for host in aliases:
        yield from host.questions
        yield from (session.question for endpoint in host.endpoints for session in endpoint.sessions)
    yield from (fetch.question for fetch in domain.policy_host.fetches)
