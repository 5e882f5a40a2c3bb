"""The MX records: there, pointing at names that exist and have addresses."""

from collections.abc import Iterator

from mxproof.evidence import DnsData, MxRecord, Outcome
from mxproof.formats.names import canonical
from mxproof.formats.text import listed
from mxproof.judge.checks.seen import why
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.domain import Host, HostState, MailDomain

_HOST_FAULTS = {
    HostState.INVALID: Code.MX_NAME_INVALID,
    HostState.NXDOMAIN: Code.MX_DANGLING,
    HostState.NO_ADDRESS: Code.MX_DANGLING,
    HostState.UNKNOWN: Code.MX_HOST_UNANSWERED,
}
_SEEN = {
    HostState.INVALID: "it is not a host name",
    HostState.NXDOMAIN: "the name does not exist",
    HostState.NO_ADDRESS: "the name has no address",
    HostState.UNKNOWN: "its addresses could not be looked up",
}


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the set of MX hosts by the rules for finding them (RFC 5321 section 5.1, RFC 7505 section 3)."""
    mx = domain.mx
    if mx.null:
        yield _finding(domain, Code.MX_NULL)
    elif mx.implicit:
        yield _implicit(domain)
    elif mx.answer.outcome is Outcome.NXDOMAIN:
        yield _finding(domain, Code.DOMAIN_MISSING)
    elif not domain.hosts:
        yield _finding(domain, Code.MX_UNANSWERED, why=why(mx.answer))
    else:
        yield from _hosts(domain)


def _is_null_beside(domain: MailDomain) -> bool:
    """Tell whether a null MX is among the records; it MUST NOT be beside others (RFC 7505 section 3)."""
    data = domain.mx.answer.data
    records = data.records if isinstance(data, DnsData) else ()
    return any(isinstance(one, MxRecord) and not canonical(one.exchange) for one in records)


def _implicit(domain: MailDomain) -> Finding:
    """Judge a domain that is its own MX host for want of MX records."""
    host = domain.hosts[0]
    addresses = listed(endpoint.address for endpoint in host.endpoints)
    if host.state is HostState.RESOLVED:
        return _finding(domain, Code.MX_IMPLICIT, addresses=addresses)
    if host.state is HostState.UNKNOWN:
        return _host_finding(domain, host)
    return Finding(
        Code.MX_NO_ADDRESS, domain.name, {"domain": domain.name}, (domain.mx.question, *host.questions)
    )


def _hosts(domain: MailDomain) -> Iterator[Finding]:
    faulty = [host for host in domain.hosts if host.state in _HOST_FAULTS]
    for host in faulty:
        yield _host_finding(domain, host)
    if domain.mx.unprobed:
        unprobed = listed(exchange.name for exchange in domain.mx.unprobed)
        yield _finding(domain, Code.MX_MANY, probed=str(len(domain.hosts)), unprobed=unprobed)
    names = listed(host.name for host in domain.hosts)
    if _is_null_beside(domain):
        yield _finding(domain, Code.MX_NULL_MIXED, hosts=names)
    elif not faulty and not any(host.is_alias for host in domain.hosts):
        count = sum(len(host.endpoints) for host in domain.hosts)
        yield _finding(domain, Code.MX_OK, hosts=names, count=str(count))


def _host_finding(domain: MailDomain, host: Host) -> Finding:
    words = {
        "domain": domain.name,
        "host": host.name,
        "preference": str(host.preference),
        "seen": _SEEN[host.state],
    }
    return Finding(_HOST_FAULTS[host.state], host.name, words, (domain.mx.question, *host.questions))


def _finding(domain: MailDomain, code: Code, **params: str) -> Finding:
    return Finding(code, domain.name, {"domain": domain.name, **params}, (domain.mx.question,))
