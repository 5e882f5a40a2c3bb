"""The MX records: there, pointing at names that exist and have addresses."""

from collections.abc import Iterator

from mxproof.evidence import Outcome
from mxproof.judge.checks.mending import mx_records, retiring
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import HostLookUp, Value
from mxproof.mail.change import Change, MxValue, Publish, Withdraw
from mxproof.mail.domain import Host, HostState, MailDomain
from mxproof.survey.reading import NULL_EXCHANGE

_HOST_FAULTS = {
    HostState.INVALID: Code.MX_NAME_INVALID,
    HostState.NXDOMAIN: Code.MX_DANGLING,
    HostState.NO_ADDRESS: Code.MX_DANGLING,
    HostState.UNKNOWN: Code.MX_HOST_UNANSWERED,
}
IMPLICIT_PREFERENCE = 10
"""What the MX record of a domain that has none should say; there is no other to compare it with."""


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
        yield _finding(domain, Code.MX_UNANSWERED, why=mx.answer)
    else:
        yield from _hosts(domain)


def _null_beside(domain: MailDomain) -> tuple[Change, ...]:
    """Return that the null MX goes; it MUST NOT be beside other records (RFC 7505 section 3)."""
    return tuple(Withdraw(domain.name, one) for one in mx_records(domain) if one.exchange == NULL_EXCHANGE)


def _implicit(domain: MailDomain) -> Finding:
    """Judge a domain that is its own MX host for want of MX records."""
    host = domain.hosts[0]
    addresses = tuple(endpoint.address for endpoint in host.endpoints)
    if host.state is HostState.RESOLVED:
        record = Publish(domain.name, MxValue(IMPLICIT_PREFERENCE, domain.name))
        return _finding(domain, Code.MX_IMPLICIT, (record,), addresses=addresses)
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
        unprobed = tuple(exchange.name for exchange in domain.mx.unprobed)
        yield _finding(domain, Code.MX_MANY, probed=len(domain.hosts), unprobed=unprobed)
    names = tuple(host.name for host in domain.hosts)
    null = _null_beside(domain)
    if null:
        yield _finding(domain, Code.MX_NULL_MIXED, null, hosts=names)
    elif not faulty and not any(host.is_alias for host in domain.hosts):
        count = sum(len(host.endpoints) for host in domain.hosts)
        yield _finding(domain, Code.MX_OK, hosts=names, count=count)


def _host_finding(domain: MailDomain, host: Host) -> Finding:
    words: dict[str, Value] = {
        "domain": domain.name,
        "host": host.name,
        "preference": host.preference,
        "seen": HostLookUp(host.name, host.target, host.state, host.answers),
    }
    changes = () if host.state is HostState.UNKNOWN else retiring(domain, host)
    return Finding(_HOST_FAULTS[host.state], host.name, words, (domain.mx.question, *host.questions), changes)


def _finding(domain: MailDomain, code: Code, changes: tuple[Change, ...] = (), **params: Value) -> Finding:
    return Finding(code, domain.name, {"domain": domain.name, **params}, (domain.mx.question,), changes)
