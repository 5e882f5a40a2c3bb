"""What is left of the mail when a host, a network or an address family fails.

All of it follows from what tells how mail arrives, and none of it keeps mail away by itself: one host may well be enough
for a domain, so this is said to those who ask for it.
"""

from collections.abc import Iterator

from mxproof.evidence import ANSWERED, Question
from mxproof.formats.address_scope import routed_network
from mxproof.judge.checks.mx_set import FAMILIES
from mxproof.judge.checks.seen import is_whole
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.domain import HostState, MailDomain


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge what stands behind MX hosts and policy host (RFC 5321 sections 5.1 and 5.2, RFC 2182 section 3.1).

    Nothing is said where a look-up of addresses was not answered, or a family was not asked: there may be more.
    """
    if FAMILIES - {*domain.vantage.families}:
        return
    if domain.hosts and all(is_whole(host) for host in domain.hosts) and not domain.mx.unprobed:
        yield from _of_hosts(domain)
    yield from _policy_without_ipv6(domain)


def _of_hosts(domain: MailDomain) -> Iterator[Finding]:
    addresses = tuple(dict.fromkeys(one.address for host in domain.hosts for one in host.endpoints))
    if not addresses:
        return
    networks = tuple(dict.fromkeys(map(routed_network, addresses)))
    if all(sum(family_of(one) == family for one in addresses) <= 1 for family in FAMILIES):
        yield _finding(domain, Code.MX_ONE_ADDRESS, addresses)
    elif all(sum(one.version == family for one in networks) <= 1 for family in FAMILIES):
        yield _finding(domain, Code.MX_ONE_NETWORK, addresses, tuple(map(str, networks)))
    if all(family_of(one) == 4 for one in addresses):
        yield _finding(domain, Code.MX_IPV6_MISSING, addresses)


def family_of(address: str) -> int:
    """Return 4 or 6."""
    return 6 if ":" in address else 4


def _finding(
    domain: MailDomain, code: Code, addresses: tuple[str, ...], networks: tuple[str, ...] = ()
) -> Finding:
    questions: tuple[Question, ...] = (
        domain.mx.question,
        *(one for host in domain.hosts for one in host.questions),
    )
    names = tuple(host.name for host in domain.hosts)
    params: dict[str, Value] = {
        "domain": domain.name,
        "hosts": names,
        "addresses": addresses,
        "networks": networks,
    }
    return Finding(code, domain.name, params, questions)


def _policy_without_ipv6(domain: MailDomain) -> Iterator[Finding]:
    """See a policy host that senders without IPv4 cannot reach, where there is a policy at all."""
    host = domain.policy_host
    addresses = tuple(fetch.address for fetch in host.fetches)
    known = host.state is HostState.RESOLVED and all(one.outcome in ANSWERED for one in host.answers)
    if known and domain.record.candidates and all(family_of(one) == 4 for one in addresses):
        params: dict[str, Value] = {"domain": domain.name, "addresses": addresses}
        yield Finding(
            Code.STS_POLICY_IPV6_MISSING, host.name, params, (domain.record.question, *host.questions)
        )
