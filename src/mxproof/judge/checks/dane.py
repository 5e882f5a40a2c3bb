"""The TLSA records of the MX hosts, and whether the certificates match them."""

from collections.abc import Iterator
from hashlib import sha256

from mxproof.evidence import Question
from mxproof.formats.text import listed
from mxproof.formats.tlsa import print_tlsa, unusable_because
from mxproof.judge.checks.seen import why
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.senders.dane import DaneDemand, Demand, dane_problem
from mxproof.mail.domain import Endpoint, Host, MailDomain, Session, TlsaSet, TlsaState

_ASSOCIATION_SHOWN_MAX = 32


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the TLSA records at port 25 of every MX host (RFC 7672 sections 2.2 and 3).

    Where only the MX answer is not secure, most senders use no records and Postfix uses them all the same (observed:
    smtp_tls_dane_insecure_mx_policy, postconf(5)), so that what makes it refuse is said as well.
    """
    if not domain.vantage.validating:
        yield from _unjudged(domain)
        return
    protected = []
    for host in domain.hosts:
        tlsa = _applicable(host)
        if tlsa is None or not domain.mx.secure:
            yield from _insecure(domain, host)
        if tlsa is None:
            continue
        if tlsa.state in _LOOK_UP_FAULTS:
            yield _finding(host, tlsa, _LOOK_UP_FAULTS[tlsa.state], why=why(tlsa.answer))
        elif not tlsa.usable:
            yield _unusable(host, tlsa)
        elif domain.mx.secure:
            protected.append(host)
            yield from _matched(domain, host, tlsa)
        else:
            yield from (found for found in _matched(domain, host, tlsa) if found.code != Code.DANE_OK)
    bare = [host for host in domain.hosts if host not in protected and host.endpoints]
    if protected and bare:
        words = {
            "with_dane": listed(host.name for host in protected),
            "without": listed(host.name for host in bare),
        }
        yield Finding(
            Code.DANE_PARTIAL, domain.name, words, tuple(host.tlsa_target.question for host in domain.hosts)
        )


_LOOK_UP_FAULTS = {TlsaState.FAILED: Code.DANE_LOOKUP_FAILED, TlsaState.UNKNOWN: Code.DANE_UNANSWERED}


def _sets(host: Host) -> tuple[TlsaSet, ...]:
    return (host.tlsa_target,) if host.tlsa_alias is None else (host.tlsa_target, host.tlsa_alias)


def _unjudged(domain: MailDomain) -> Iterator[Finding]:
    """Yield that there are TLSA records of which nothing can be said without a resolver that validates."""
    found = [tlsa for host in domain.hosts for tlsa in _sets(host) if tlsa.records]
    if found:
        words = {
            "domain": domain.name,
            "bases": listed(tlsa.base for tlsa in found),
            "resolvers": listed(domain.vantage.resolvers),
        }
        yield Finding(Code.DANE_UNJUDGED, domain.name, words, tuple(tlsa.question for tlsa in found))


def _applicable(host: Host) -> TlsaSet | None:
    """Return the TLSA set that a DANE sender goes by at this host, None where it uses none.

    What is not DNSSEC-secure on the way ends the matter before TLSA is looked up (RFC 7672 section 2.2.1).
    """
    unused = {TlsaState.ABSENT, TlsaState.INSECURE}
    return next((tlsa for tlsa in host.tlsa_tried if tlsa.state not in unused), None)


def _insecure(domain: MailDomain, host: Host) -> Iterator[Finding]:
    """Yield that TLSA records exist which no sender uses, and which answer on the way to them is not secure."""
    for tlsa in _sets(host):
        if tlsa.records:
            kind, name = _first_insecure(domain, host, tlsa)
            yield _finding(host, tlsa, Code.DANE_INSECURE, insecure=f"{kind} {name}", insecure_name=name)


def _first_insecure(domain: MailDomain, host: Host, tlsa: TlsaSet) -> tuple[str, str]:
    """Return which answer on the way is the first that is not secure, and the name that it is about."""
    if not domain.mx.secure:
        return "the MX answer of", domain.name
    if tlsa not in host.tlsa_tried:
        return "the address answer of", host.name
    return "the TLSA answer at", f"_25._tcp.{tlsa.base}"


def _unusable(host: Host, tlsa: TlsaSet) -> Finding:
    objections = [found for record in tlsa.records if (found := unusable_because(record)) is not None]
    return _finding(
        host, tlsa, Code.DANE_UNUSABLE, faults=listed(f"{one.message} ({one.source})" for one in objections)
    )


def _matched(domain: MailDomain, host: Host, tlsa: TlsaSet) -> Iterator[Finding]:
    """Compare the certificate at every address with the records (RFC 7672 section 3.2)."""
    demand = DaneDemand(Demand.AUTHENTICATION, tlsa.base, tlsa.usable)
    failed: dict[Code, list[Endpoint]] = {}
    secured = [endpoint for endpoint in host.endpoints if _session(endpoint, tlsa).chain is not None]
    for endpoint in secured:
        problem = dane_problem(domain, host, _session(endpoint, tlsa), demand)
        if problem is not None:
            failed.setdefault(problem.code, []).append(endpoint)
    for code, endpoints in failed.items():
        yield _finding(host, tlsa, code, endpoints, domain=domain.name, live=_live(endpoints, tlsa))
    if secured and not failed:
        yield _finding(host, tlsa, Code.DANE_OK, secured)


def _session(endpoint: Endpoint, tlsa: TlsaSet) -> Session:
    """Return the session with the TLSA base domain in SNI, as a DANE sender makes it (RFC 7672 section 8.1)."""
    return endpoint.session(tlsa.base)


def _live(endpoints: list[Endpoint], tlsa: TlsaSet) -> str:
    """Return the record that would match what is served now: usage 3, selector 1, SHA-256."""
    chains = [_session(endpoint, tlsa).chain for endpoint in endpoints]
    leaves = [chain.leaf for chain in chains if chain is not None and chain.leaf is not None]
    return listed(
        f"`_25._tcp.{tlsa.base}. IN TLSA 3 1 1 {sha256(leaf.spki_der).hexdigest()}`" for leaf in leaves
    )


def _finding(
    host: Host, tlsa: TlsaSet, code: Code, endpoints: list[Endpoint] | None = None, **params: str
) -> Finding:
    words = {
        "host": host.name,
        "base": tlsa.base,
        "records": listed(_short(print_tlsa(record)) for record in tlsa.records),
        "addresses": listed(endpoint.address for endpoint in endpoints or host.endpoints),
        **params,
    }
    sessions = tuple(_session(endpoint, tlsa).question for endpoint in endpoints or ())
    evidence: tuple[Question, ...] = (tlsa.question, *sessions)
    return Finding(code, host.name, words, evidence)


def _short(record: str) -> str:
    head, _, association = record.rpartition(" ")
    cut = association[:_ASSOCIATION_SHOWN_MAX]
    return f"{head} {cut}" + ("..." if cut != association else "")
