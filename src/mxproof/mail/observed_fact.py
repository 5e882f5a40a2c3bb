"""What can be compared between two observations of a mail domain: facts with a name, a value in words, and their questions.

| kind | name | about | value |
|---|---|---|---|
| record | owner name | its type, or `DNSSEC` | the data of each record; whether answers are secure |
| address | host name | `A`, `AAAA` | each address |
| policy | policy host | an address | the lines of the policy, or what came in its place |
| certificate | server name | an address and a port | names, issuer, end, key and trust |
| server | server name | an address and a port | how a session ends, and with which TLS |
| vantage | this machine | | whether DNSSEC is validated, and the address families asked |

What could not be found out has no value: `lines` is None then, and `why` says what came in place of an answer. Whether a
record is absent is a value, an empty one. Serial numbers and what name servers say one by one are no facts here: the
former change all the time, the latter is told by findings.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC
from enum import StrEnum

import msgspec

from mxproof.evidence import (
    ANSWERED,
    AddressRecord,
    CaaRecord,
    DnsData,
    DnsRecord,
    Evidence,
    GlueRecord,
    Kind,
    MxRecord,
    NameRecord,
    OtherRecord,
    Question,
    SignedRecord,
    TlsaRecord,
    TxtRecord,
)
from mxproof.evidence.question import CONNECTION_KINDS
from mxproof.mail.domain import MailDomain, PolicyFetch, Session, SessionState
from mxproof.mail.fetch_state import FetchState
from mxproof.mail.trust import Chain

_ADDRESS_KINDS = frozenset({Kind.A, Kind.AAAA})
_UNSEEN_FETCHES = frozenset({FetchState.UNKNOWN, FetchState.WITHHELD})


class FactKind(StrEnum):
    """What a fact is about."""

    RECORD = "record"
    ADDRESS = "address"
    POLICY = "policy"
    CERTIFICATE = "certificate"
    SERVER = "server"
    VANTAGE = "vantage"


class FactName(msgspec.Struct, frozen=True, order=True):
    """Which fact it is, the same in every observation."""

    kind: FactKind
    name: str
    about: str = ""


class ObservedFact(msgspec.Struct, frozen=True):
    """What was observed of one fact: its value in order, None where it could not be found out and `why`."""

    lines: tuple[str, ...] | None
    questions: tuple[Question, ...]
    why: str = ""


def observed_facts(evidence: Evidence, domain: MailDomain) -> dict[FactName, ObservedFact]:
    """Return all facts of `domain`, which was assembled from `evidence`."""
    facts: dict[FactName, ObservedFact] = {}
    for name, fact in (*_in_dns(evidence), *_policies(domain), *_sessions(domain), *_vantage(evidence)):
        facts.setdefault(name, fact)
    return facts


Named = tuple[FactName, ObservedFact]


def _in_dns(evidence: Evidence) -> Iterator[Named]:
    for question, answer in evidence.answers.items():
        aside = question.server or question.edns or question.kind is Kind.SOA
        if question.kind in CONNECTION_KINDS or aside:
            continue
        kind = FactKind.ADDRESS if question.kind in _ADDRESS_KINDS else FactKind.RECORD
        name = FactName(kind, question.name, str(question.kind))
        if answer.outcome not in ANSWERED:
            yield name, ObservedFact(None, (question,), str(answer.outcome))
            continue
        data = answer.data if isinstance(answer.data, DnsData) else None
        records = data.records if data is not None else ()
        yield name, ObservedFact(tuple(sorted(map(_line, records))), (question,))
        if data is not None and question.kind in _ADDRESS_KINDS:
            chain = tuple(one.target for one in data.chain)
            yield FactName(FactKind.RECORD, question.name, "CNAME"), ObservedFact(chain, (question,))
        if data is not None and records and evidence.vantage.validating:
            secure = "secure" if data.secure else "not secure"
            yield (
                FactName(FactKind.RECORD, question.name, "DNSSEC"),
                ObservedFact((secure,), (question,)),
            )


def _line(record: DnsRecord) -> str:
    match record:
        case TxtRecord(text=text):
            return text.decode("utf-8", "backslashreplace")
        case MxRecord(preference=preference, exchange=exchange):
            return f"{preference} {exchange}"
        case AddressRecord(address=address):
            return address
        case NameRecord(name=name):
            return name
        case TlsaRecord(usage=usage, selector=selector, matching_type=matching, association=data):
            return f"{usage} {selector} {matching} {data.hex()}"
        case CaaRecord(flags=flags, tag=tag, value=value):
            return f'{flags} {tag} "{value.decode("utf-8", "backslashreplace")}"'
        case GlueRecord(name=name, address=address):
            return f"{name} {address}"
        case SignedRecord(name=name, rdtype=rdtype, data=data):
            return f"{name} {rdtype} {data.hex()}"
        case OtherRecord(text=other):
            return other


def _policies(domain: MailDomain) -> Iterator[Named]:
    for fetch in domain.policy_host.fetches:
        name = FactName(FactKind.POLICY, domain.policy_host.name, _peer(fetch.address, 443))
        yield name, _policy(fetch)
        if fetch.chain is not None:
            yield _certificate(
                domain.policy_host.name, _peer(fetch.address, 443), fetch.chain, fetch.question
            )


def _policy(fetch: PolicyFetch) -> ObservedFact:
    if fetch.state in _UNSEEN_FETCHES:
        return ObservedFact(None, (fetch.question,), str(fetch.answer.outcome))
    if fetch.state is not FetchState.FETCHED:
        status = f" {fetch.status}" if fetch.state is FetchState.STATUS else ""
        return ObservedFact((f"no policy: {fetch.state}{status}",), (fetch.question,))
    lines = fetch.body.decode("utf-8", "backslashreplace").splitlines()
    return ObservedFact(tuple(line for line in lines if line.strip()), (fetch.question,))


def _sessions(domain: MailDomain) -> Iterator[Named]:
    for host in domain.hosts:
        for endpoint in host.endpoints:
            for session in endpoint.sessions:
                where = _peer(endpoint.address, 25)
                yield FactName(FactKind.SERVER, session.server_name, where), _session(session)
                if session.chain is not None:
                    yield _certificate(session.server_name, where, session.chain, session.question)


def _session(session: Session) -> ObservedFact:
    if session.state is SessionState.UNKNOWN:
        return ObservedFact(None, (session.question,), str(session.answer.outcome))
    tls = (session.tls.version,) if session.tls is not None else ()
    return ObservedFact((str(session.state), *tls), (session.question,))


def _certificate(name: str, where: str, chain: Chain, question: Question) -> Named:
    fact = FactName(FactKind.CERTIFICATE, name, where)
    leaf = chain.leaf
    if leaf is None:
        return fact, ObservedFact(("not readable",), (question,))
    if chain.assumed is not None:
        return fact, ObservedFact(
            (f"for {', '.join(leaf.dns_names)}", "trusted, as is supposed"), (question,)
        )
    faults = (f"not trusted: {chain.trust.fault}",) if chain.trust.fault is not None else ()
    lines = (
        f"for {', '.join(leaf.dns_names) or 'no name'}",
        f"issued by {leaf.issuer}",
        f"until {leaf.not_after.astimezone(UTC):%Y-%m-%d}",
        f"key {leaf.key}",
        f"SHA-256 {leaf.sha256}",
        *faults,
    )
    return fact, ObservedFact(lines, (question,))


def _peer(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _vantage(evidence: Evidence) -> Iterable[Named]:
    vantage = evidence.vantage
    validating = "validates DNSSEC" if vantage.validating else "is not known to validate DNSSEC"
    families = ", ".join(f"IPv{family}" for family in vantage.families)
    lines = (f"the resolver {validating}", f"over {families}")
    yield FactName(FactKind.VANTAGE, "where is asked from"), ObservedFact(lines, ())
