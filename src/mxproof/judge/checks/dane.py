"""The TLSA records of the MX hosts, and whether the certificates match them."""

from collections.abc import Iterable, Iterator

import msgspec

from mxproof.evidence import DnsData, Kind, Question
from mxproof.formats.cert import facts
from mxproof.formats.tlsa import DANE_TA, Tlsa, unusable_because
from mxproof.judge.checks.mending import key_records, owner, replacing, retiring, tlsa_value
from mxproof.judge.codes import DANE_MISMATCHES, Code
from mxproof.judge.report import Finding, MendingWay
from mxproof.judge.senders.dane import DaneDemand, Demand, dane_problem
from mxproof.judge.senders.dane_mismatch import authorities, matching_elsewhere, shown_by
from mxproof.judge.senders.table import RFC8461
from mxproof.judge.value import Value
from mxproof.mail.change import (
    Change,
    CnameValue,
    Configure,
    PresentCertificate,
    Publish,
    Service,
    Setting,
    Withdraw,
)
from mxproof.mail.domain import Endpoint, Host, HostState, MailDomain, Session, TlsaSet, TlsaState
from mxproof.mail.trust import Chain, authorities_sent


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the TLSA records at port 25 of every MX host (RFC 7672 sections 2.2 and 3).

    Where only the MX answer is not secure, most senders use no records and Postfix uses them all the same (observed:
    smtp_tls_dane_insecure_mx_policy, postconf(5)), so that what makes it refuse is said as well.
    """
    if not domain.vantage.validating:
        yield from _unjudged(domain)
        return
    yield from _zone_unsigned(domain)
    protected = []
    for host in domain.hosts:
        tlsa = _applicable(host)
        if tlsa is None or not domain.mx.secure:
            yield from _insecure(domain, host)
        if tlsa is None:
            yield from _other_ports(host)
            continue
        if tlsa.state in _LOOK_UP_FAULTS:
            yield _unanswered(domain, host, tlsa)
        elif not tlsa.usable:
            yield _unusable(host, tlsa)
        elif domain.mx.secure:
            protected.append(host)
            yield from _matched(domain, host, tlsa)
        else:
            yield from (found for found in _matched(domain, host, tlsa) if found.code != Code.DANE_OK)
    bare = [host for host in domain.hosts if host.endpoints and _applicable(host) is None]
    if protected and bare:
        words: dict[str, Value] = {
            "with_dane": tuple(host.name for host in protected),
            "without": tuple(host.name for host in bare),
        }
        questions = tuple(host.tlsa_target.question for host in domain.hosts)
        changes = tuple(change for host in bare for change in _protecting(host))
        gone = MendingWay("retire", tuple(change for host in bare for change in retiring(domain, host)))
        signed = all(host.addresses_secure for host in bare)
        way, others = "" if signed else "unsigned", (gone,) if gone.changes else ()
        yield Finding(Code.DANE_PARTIAL, domain.name, words, questions, changes, way, others)


_DATES = frozenset({Code.CERT_EXPIRED, Code.CERT_NOT_YET_VALID})
_STRICT = msgspec.structs.replace(RFC8461, strongest_digest=True)
"""Whoever takes most exception to TLSA records (RFC 7671 section 9)."""
_LOOK_UP_FAULTS = {TlsaState.FAILED: Code.DANE_LOOKUP_FAILED, TlsaState.UNKNOWN: Code.DANE_UNANSWERED}


def _sets(host: Host) -> tuple[TlsaSet, ...]:
    return (host.tlsa_target,) if host.tlsa_alias is None else (host.tlsa_target, host.tlsa_alias)


def _unjudged(domain: MailDomain) -> Iterator[Finding]:
    """Yield that there are TLSA records of which nothing can be said without a resolver that validates."""
    found = [tlsa for host in domain.hosts for tlsa in _sets(host) if tlsa.records]
    if found:
        words: dict[str, Value] = {
            "domain": domain.name,
            "bases": tuple(tlsa.base for tlsa in found),
            "resolvers": domain.vantage.resolvers,
        }
        yield Finding(Code.DANE_UNJUDGED, domain.name, words, tuple(tlsa.question for tlsa in found))


def _zone_unsigned(domain: MailDomain) -> Iterator[Finding]:
    """Yield that a signed domain has no DANE at hosts in zones that are not signed (RFC 7672 section 2.2.2)."""
    hosts = [
        host
        for host in domain.hosts
        if host.endpoints and not host.addresses_secure and not any(one.records for one in _sets(host))
    ]
    if domain.mx.secure and hosts:
        names: Value = tuple(host.name for host in hosts)
        asked = tuple(question for host in hosts for question in host.questions)
        yield Finding(Code.DANE_ZONE_UNSIGNED, domain.name, {"hosts": names, "domain": domain.name}, asked)


def _applicable(host: Host) -> TlsaSet | None:
    """Return the TLSA set that a DANE sender goes by at this host, None where it uses none.

    What is not DNSSEC-secure on the way ends the matter before TLSA is looked up (RFC 7672 section 2.2.1).
    """
    unused = {TlsaState.ABSENT, TlsaState.INSECURE}
    return next((tlsa for tlsa in host.tlsa_tried if tlsa.state not in unused), None)


def _insecure(domain: MailDomain, host: Host) -> Iterator[Finding]:
    """Yield that TLSA records exist which no sender uses, and which answer on the way to them is not secure."""
    for tlsa in _sets(host) if host.state is not HostState.UNKNOWN else ():
        if tlsa.records:
            yield _unsigned(domain, host, tlsa)


def _unsigned(domain: MailDomain, host: Host, tlsa: TlsaSet) -> Finding:
    """Say what is not signed: an alias leads out of a signed zone, and it is that of its end which is not.

    Records that nobody uses count on the day when all on the way is signed: what does not fit is replaced first.
    """
    asked, *more = _not_secure(domain, host, tlsa)
    ends = tuple(dict.fromkeys(_end_of(domain, one) for one in (asked, *more)))
    names = dict.fromkeys((*ends, *(one for each in (asked, *more) for one in _aliases_of(host, tlsa, each))))
    highest = [name for name in names if not any(name.endswith(f".{other}") for other in names)]
    signed = tuple(Configure(Service.DNS, name, (), Setting.SIGNED) for name in highest)
    live, left = _to_correct(domain, host, tlsa)
    if asked != tlsa.question or ends[0] == asked.name:
        old = tuple(Withdraw(owner(tlsa.question.name, tlsa.answer), tlsa_value(one)) for one in left)
        changes = (*replacing(tlsa, live, left), *signed)
        found = _finding(
            host,
            tlsa,
            Code.DANE_INSECURE,
            None,
            changes,
            insecure=asked,
            insecure_name=ends,
            live=live,
            old=old,
        )
        way = ("records-first" if old else "record-first") if live else ""
        return msgspec.structs.replace(found, way=way)
    chain = tlsa.answer.data.chain if isinstance(tlsa.answer.data, DnsData) else ()
    alias = Publish(asked.name, CnameValue(chain[0].target))
    kept = tuple(Publish(asked.name, tlsa_value(one)) for one in tlsa.records if one not in left)
    here = (*kept, *(Publish(asked.name, one.record) for one in live))
    found = _finding(
        host,
        tlsa,
        Code.DANE_INSECURE,
        changes=(Withdraw(alias.name, alias.record), *here),
        insecure=asked,
        insecure_name=ends,
        alias=alias,
        here=here,
    )
    others = () if live else (MendingWay("alias-signed", signed),)
    return msgspec.structs.replace(found, way="alias", others=others)


def _aliases_of(host: Host, tlsa: TlsaSet, asked: Question) -> tuple[str, ...]:
    """Return the names of the aliases that an answer came by, each of which may be what is not secure."""
    if asked == tlsa.question:
        return (
            tuple(one.name for one in tlsa.answer.data.chain) if isinstance(tlsa.answer.data, DnsData) else ()
        )
    return host.chain[:-1] if asked.name == host.name else ()


def _to_correct(
    domain: MailDomain, host: Host, tlsa: TlsaSet
) -> tuple[tuple[Publish, ...], tuple[Tlsa, ...]]:
    """Return the records to publish, and those to remove, before senders use `tlsa`; nothing where it fits."""
    demand = DaneDemand(Demand.AUTHENTICATION, tlsa.base, tlsa.usable)
    secured = [endpoint for endpoint in host.endpoints if _session(endpoint, tlsa).chain is not None]
    problems = (dane_problem(domain, host, _session(endpoint, tlsa), demand, _STRICT) for endpoint in secured)
    chains = _chains(secured, tlsa)
    # The authority above a chain that nobody trusts goes with it, and its records with the authority.
    leaves = any(one.usage == DANE_TA for one in tlsa.usable) and any(chain.trust.fault for chain in chains)
    fits = not any(one is not None and one.code not in _DATES for one in problems)
    if tlsa.usable and fits and not leaves:
        return (), ()
    _, left = _parted(tlsa, chains)
    gone = tuple(one for one in tlsa.records if one in left or (leaves and one.usage == DANE_TA))
    return key_records(tlsa, chains), gone


def _end_of(domain: MailDomain, asked: Question) -> str:
    """Return the name at which the records of an answer stand that a host is looked up by."""
    for host in domain.hosts:
        for one in _sets(host):
            if one.question == asked:
                return owner(asked.name, one.answer)
        if host.name == asked.name and asked in host.questions:
            return host.target
    return asked.name


def _not_secure(domain: MailDomain, host: Host, tlsa: TlsaSet) -> tuple[Question, ...]:
    """Return the questions on the way whose answers are not secure, in order; that of the records where none is said."""
    found = [] if domain.mx.secure else [domain.mx.question]
    if tlsa not in host.tlsa_tried or not host.addresses_secure:
        found.append(Question(Kind.A, host.name))
    if not found or tlsa.state is TlsaState.INSECURE:
        found.append(tlsa.question)
    return tuple(found)


def _unanswered(domain: MailDomain, host: Host, tlsa: TlsaSet) -> Finding:
    code = _LOOK_UP_FAULTS[tlsa.state]
    bogus = tlsa.question in domain.bogus
    mended = Configure(Service.DNS, tlsa.question.name, (), Setting.SIGNED if bogus else Setting.ANSWERING)
    changes = (mended,) if code is Code.DANE_LOOKUP_FAILED else ()
    found = _finding(host, tlsa, code, changes=changes, why=tlsa.answer)
    return msgspec.structs.replace(found, way="bogus" if bogus else "")


def _protecting(host: Host) -> tuple[Publish, ...]:
    """Return the records for the keys shown by a host whose name is signed already (RFC 7672 section 2.2.1)."""
    tlsa = host.tlsa_target
    chains = [_session(endpoint, tlsa).chain for endpoint in host.endpoints]
    return key_records(tlsa, chains) if host.addresses_secure else ()


def _unusable(host: Host, tlsa: TlsaSet) -> Finding:
    objections = [found for record in tlsa.records if (found := unusable_because(record)) is not None]
    chains = [_session(endpoint, tlsa).chain for endpoint in host.endpoints]
    changes = replacing(tlsa, key_records(tlsa, chains), tlsa.records)
    return _finding(host, tlsa, Code.DANE_UNUSABLE, changes=changes, faults=tuple(objections))


def _other_ports(host: Host) -> Iterator[Finding]:
    """Yield that a host has TLSA records, but none for port 25, where mail comes in (RFC 7672 section 2.2.3)."""
    if host.tlsa_other_ports:
        names: Value = tuple(question.name for question in host.tlsa_other_ports)
        tlsa, changes = host.tlsa_target, _protecting(host)
        finding = _finding(host, tlsa, Code.DANE_OTHER_PORT, None, changes, names=names, live=changes)
        yield msgspec.structs.replace(finding, evidence=(*finding.evidence, *host.tlsa_other_ports))


def _matched(domain: MailDomain, host: Host, tlsa: TlsaSet) -> Iterator[Finding]:
    """Compare the certificate at every address with the records (RFC 7672 section 3.2)."""
    demand = DaneDemand(Demand.AUTHENTICATION, tlsa.base, tlsa.usable)
    failed: dict[Code, list[Endpoint]] = {}
    secured = [endpoint for endpoint in host.endpoints if _session(endpoint, tlsa).chain is not None]
    for endpoint in secured:
        problem = dane_problem(domain, host, _session(endpoint, tlsa), demand, _STRICT)
        if problem is not None:
            failed.setdefault(problem.code, []).append(endpoint)
    for code, endpoints in failed.items():
        if code in DANE_MISMATCHES:
            yield _mismatch(domain, host, tlsa, code, endpoints)
        elif code not in _DATES:  # those have findings of their own
            live = key_records(tlsa, _chains(endpoints, tlsa))
            yield _finding(
                host, tlsa, code, endpoints, _naming(tlsa, endpoints), domain=domain.name, live=live
            )
    if secured and not failed:
        matched, left = _parted(tlsa, _chains(secured, tlsa))
        yield _finding(host, tlsa, Code.DANE_OK, secured, matched=matched)
        if left:
            old = tuple(Withdraw(owner(tlsa.question.name, tlsa.answer), tlsa_value(one)) for one in left)
            yield _finding(host, tlsa, Code.DANE_LEFTOVER, secured, matched=matched, left=left, old=old)


def _mismatch(
    domain: MailDomain, host: Host, tlsa: TlsaSet, code: Code, endpoints: list[Endpoint]
) -> Finding:
    """Say what is published, what would match now, and which records may go, and when."""
    chains = _chains(endpoints, tlsa)
    live = key_records(tlsa, chains)
    _, left = _parted(tlsa, _chains(host.endpoints, tlsa))
    changes = replacing(tlsa, live, left)
    params: dict[str, Value] = {
        "domain": domain.name,
        "live": live,
        "old": tuple(Withdraw(owner(tlsa.question.name, tlsa.answer), tlsa_value(one)) for one in left),
        "ttl_s": tlsa.answer.ttl_s,
    }
    match code:
        case Code.DANE_DIGEST_STALE:
            # What matches is published already, so that nothing is to be waited for.
            changes = tuple(one for one in changes if isinstance(one, Withdraw))
        case Code.DANE_OTHER_NAME:
            elsewhere = matching_elsewhere(host, chains, tlsa.base)
            params["other"] = elsewhere.base if elsewhere is not None else host.name
        case Code.DANE_OTHER_HOST:
            params["others"] = shown_by(domain, host, tlsa.usable)
        case Code.DANE_AUTHORITY_UNSENT:
            params["authorities"] = tuple(facts(one).subject for one in authorities(domain, tlsa.usable))
        case Code.DANE_AUTHORITY_OTHER:
            params["sent"] = tuple(
                dict.fromkeys(name for chain in chains for name in authorities_sent(chain))
            )
        case _:
            pass
    found = _finding(host, tlsa, code, endpoints, changes, **params)
    evidence = (*found.evidence, *_compared(domain, host, code))
    way = "" if left or code is Code.DANE_DIGEST_STALE else "beside"
    return msgspec.structs.replace(found, evidence=evidence, way=way)


def _compared(domain: MailDomain, host: Host, code: Code) -> Iterator[Question]:
    """Yield the questions whose answers the records were held against beyond their own host and name."""
    if code is Code.DANE_OTHER_NAME:
        yield from (one.question for one in _sets(host))
    if code is Code.DANE_OTHER_HOST:
        others = (endpoint for other in domain.hosts if other is not host for endpoint in other.endpoints)
        yield from (one.question for endpoint in others for one in endpoint.sessions if one.chain is not None)


def _parted(tlsa: TlsaSet, chains: list[Chain]) -> tuple[tuple[Tlsa, ...], tuple[Tlsa, ...]]:
    """Return the records that match one of `chains`, and those that match none."""
    matched = tuple(one for one in tlsa.records if any(chain.matched_by(one) is not None for chain in chains))
    return matched, tuple(one for one in tlsa.records if one not in matched)


def _chains(endpoints: Iterable[Endpoint], tlsa: TlsaSet) -> list[Chain]:
    return [chain for one in endpoints if (chain := _session(one, tlsa).chain) is not None]


def _session(endpoint: Endpoint, tlsa: TlsaSet) -> Session:
    """Return the session with the TLSA base domain in SNI, as a DANE sender makes it (RFC 7672 section 8.1)."""
    return endpoint.session(tlsa.base)


def _naming(tlsa: TlsaSet, endpoints: list[Endpoint]) -> tuple[Change, ...]:
    """Return a certificate with the name that DANE-TA asks for (RFC 7672 section 3.2.2)."""
    addresses = tuple(endpoint.address for endpoint in endpoints)
    return (PresentCertificate(Service.SMTP, tlsa.base, addresses, (tlsa.base,), keeps_key=False),)


def _finding(
    host: Host,
    tlsa: TlsaSet,
    code: Code,
    endpoints: list[Endpoint] | None = None,
    changes: tuple[Change, ...] = (),
    **params: Value,
) -> Finding:
    words: dict[str, Value] = {
        "host": host.name,
        "base": tlsa.base,
        "at": tlsa.question.name,
        "records": tlsa.records,
        "addresses": tuple(endpoint.address for endpoint in endpoints or host.endpoints),
        **params,
    }
    sessions = tuple(_session(endpoint, tlsa).question for endpoint in endpoints or ())
    evidence: tuple[Question, ...] = (tlsa.question, *sessions)
    return Finding(code, host.name, words, evidence, changes)
