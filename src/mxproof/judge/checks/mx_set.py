"""The MX records: there, pointing at names that exist and have addresses."""

from collections.abc import Iterator

from mxproof.evidence import Outcome
from mxproof.formats.names import is_host
from mxproof.judge.checks.mending import mx_records, retiring, withdrawn_addresses
from mxproof.judge.checks.seen import is_bogus, is_whole, served_policy, unsettled
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import HostFault, NotPublic, Value
from mxproof.mail.change import Change, MxValue, Publish, TxtValue, Withdraw
from mxproof.mail.domain import Endpoint, Host, HostState, MailDomain
from mxproof.survey.reading import NULL_EXCHANGE

_HOST_FAULTS = {
    HostState.INVALID: Code.MX_NAME_INVALID,
    HostState.LITERAL: Code.MX_ADDRESS_LITERAL,
    HostState.LOCALHOST: Code.MX_LOCALHOST,
    HostState.ALIAS_LOOP: Code.MX_DANGLING,
    HostState.NXDOMAIN: Code.MX_DANGLING,
    HostState.NO_ADDRESS: Code.MX_DANGLING,
    HostState.UNKNOWN: Code.MX_HOST_UNANSWERED,
}
FAMILIES = frozenset({4, 6})
IMPLICIT_PREFERENCE = 10
"""What the MX record of a domain that has none should say; there is no other to compare it with."""


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the set of MX hosts by the rules for finding them (RFC 5321 section 5.1, RFC 7505 section 3)."""
    mx = domain.mx
    if mx.null:
        yield _finding(domain, Code.MX_NULL)
        yield from _null_beside_policy(domain)
    elif mx.implicit:
        yield _implicit(domain)
        yield from _not_public(domain)
    elif mx.answer.outcome is Outcome.NXDOMAIN:
        yield _finding(domain, Code.DOMAIN_MISSING)
    elif mx.question in domain.bogus:
        return  # which `dnssec` says
    elif not domain.hosts:
        yield _finding(domain, Code.MX_UNANSWERED, why=mx.answer)
    else:
        yield from _hosts(domain)
        yield from _not_public(domain)
    if domain.hosts:
        yield from _without_ipv4(domain)


def _without_ipv4(domain: MailDomain) -> Iterator[Finding]:
    """Yield that only a sender with IPv6 finds a mail server at all (RFC 5321 section 5.2)."""
    addresses = tuple(endpoint.address for host in domain.hosts for endpoint in host.endpoints)
    known = all(is_whole(host) for host in domain.hosts) and not domain.mx.unprobed
    if (
        known
        and addresses
        and {*domain.vantage.families} >= FAMILIES
        and all(":" in one for one in addresses)
    ):
        names = tuple(host.name for host in domain.hosts)
        params: dict[str, Value] = {"domain": domain.name, "hosts": names, "addresses": addresses}
        questions = (domain.mx.question, *(one for host in domain.hosts for one in host.questions))
        yield Finding(Code.MX_IPV4_MISSING, domain.name, params, questions)


def _null_beside_policy(domain: MailDomain) -> Iterator[Finding]:
    """Yield that a policy says how mail is to arrive at a domain that takes none (RFC 7505 section 3)."""
    record = domain.record
    served = tuple(fetch.question for fetch in domain.policy_host.fetches if fetch.examination is not None)
    texts = (*record.candidates, *record.near)
    if texts or (served and served_policy(domain) is not None):
        old = tuple(Withdraw(record.name, TxtValue.of(text)) for text in dict.fromkeys(texts))
        params: dict[str, Value] = {
            "domain": domain.name,
            "record": record.name,
            "policy_host": domain.policy_host.name,
        }
        asked = (domain.mx.question, record.question, *(() if texts else served))
        yield Finding(Code.MX_NULL_POLICY, domain.name, params, asked, old, "" if texts else "served")


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
        if not is_bogus(domain, host):
            yield _host_finding(domain, host)
    if domain.mx.unprobed:
        unprobed = tuple(exchange.name for exchange in domain.mx.unprobed)
        yield _finding(domain, Code.MX_MANY, probed=len(domain.hosts), unprobed=unprobed)
    for host in domain.hosts:
        if host.state not in _HOST_FAULTS and not is_host(host.name):
            yield _named(domain, host)
            faulty.append(host)
    names = tuple(host.name for host in domain.hosts)
    null = _null_beside(domain)
    if null:
        yield _finding(domain, Code.MX_NULL_MIXED, null, hosts=names)
    elif not faulty and all(is_whole(host) for host in domain.hosts) and not any(map(_is_odd, domain.hosts)):
        count = sum(len(host.endpoints) for host in domain.hosts)
        questions = (domain.mx.question, *(question for host in domain.hosts for question in host.questions))
        params: dict[str, Value] = {"domain": domain.name, "hosts": names, "count": count}
        yield Finding(Code.MX_OK, domain.name, params, questions)


def _is_odd(host: Host) -> bool:
    return host.is_alias or bool(_odd_addresses(host))


def _host_finding(domain: MailDomain, host: Host) -> Finding:
    words: dict[str, Value] = {
        "domain": domain.name,
        "host": host.name,
        "preference": host.preference,
        "seen": HostFault(host.state, host.chain[1:], unsettled(host.state, host.answers)),
    }
    changes = () if host.state is HostState.UNKNOWN else retiring(domain, host)
    questions = (domain.mx.question, *host.questions)
    way = "retire" if changes else ""
    return Finding(_HOST_FAULTS[host.state], host.name, words, questions, changes, way)


def _named(domain: MailDomain, host: Host) -> Finding:
    """Say that a name which senders take is none by the rules for host names (RFC 1123 section 2.1)."""
    words: dict[str, Value] = {"domain": domain.name, "host": host.name, "preference": host.preference}
    return Finding(Code.MX_NAME_UNDERSCORE, host.name, words, (domain.mx.question, *host.questions))


def _not_public(domain: MailDomain) -> Iterator[Finding]:
    """Yield the hosts with addresses that cannot be reached from everywhere (RFC 6890 section 2)."""
    for host in domain.hosts:
        odd = _odd_addresses(host)
        if odd:
            found = tuple(one.address for one in odd)
            words: dict[str, Value] = {
                "domain": domain.name,
                "host": host.name,
                "addresses": found,
                "seen": tuple(NotPublic(one.address, one.not_public) for one in odd if one.not_public),
            }
            questions = (*host.questions, *(one.sessions[0].question for one in odd))
            changes = withdrawn_addresses(host.target, found) if len(odd) < len(host.endpoints) else ()
            way = "withdraw" if changes else ""
            yield Finding(Code.MX_ADDRESS_NOT_PUBLIC, host.name, words, questions, changes, way)


def _odd_addresses(host: Host) -> tuple[Endpoint, ...]:
    return tuple(endpoint for endpoint in host.endpoints if endpoint.not_public is not None)


def _finding(domain: MailDomain, code: Code, changes: tuple[Change, ...] = (), **params: Value) -> Finding:
    return Finding(code, domain.name, {"domain": domain.name, **params}, (domain.mx.question,), changes)
