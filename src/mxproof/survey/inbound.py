"""The survey of a domain that receives mail: what must be known before any sender can be judged.

```
D ──TXT _mta-sts──┐                       asked at once
  ──TXT _smtp._tls┤                       ── MX of each domain that reports are mailed to, or else A, AAAA
                                          ── A, AAAA of each host that reports are posted to
  ──A, AAAA of mta-sts.D ── POLICY at each address
  ──MX ── each host: A, AAAA, TLSA ── each address: SMTP (SNI: the MX name), PTR ── A, AAAA of the PTR name
               no TLSA at port 25 of a signed host: TLSA of other ports
               alias: CNAME, TLSA at the target ── each address: SMTP (SNI: the target)
```
Where a policy host stands and no record announces it, the record is looked for under the names that people put it at.
Where nothing at all about the domain is answered, one question about the top-level domain tells a resolver that does
not answer from name servers that do not.

The function is pure and monotone: more answers only add questions. What is unknown is never guessed; a branch
whose answer is missing simply does not grow.
"""

from collections.abc import Iterator
from functools import lru_cache

from mxproof.evidence import (
    ABSENT,
    ANSWERED,
    CONNECTION_KINDS,
    Evidence,
    Kind,
    Outcome,
    Question,
    TxtRecord,
    once,
)
from mxproof.formats.tlsrpt.record import examine_record, mail_domains, tlsrpt_records, web_hosts
from mxproof.survey import report_destination
from mxproof.survey.name_servers import top_level
from mxproof.survey.reading import (
    FAMILY_KINDS,
    POLICY_LABEL,
    STS_LABEL,
    TLSRPT_LABEL,
    address_questions,
    addresses,
    alias_chain,
    askable,
    literal_addresses,
    mx_set,
    ptr_names,
    reverse_question,
    tlsa_bases,
    tlsa_question,
)

MISSPELT_LABEL = "_mta_sts"
"""What is written for `_mta-sts`."""
_VERSION = b"v=stsv1"
_DOMAINS_CACHED_MAX = 1024
_SESSIONS_CACHED_MAX = 4096
_UNREACHED = frozenset({Outcome.TIMEOUT, Outcome.UNASKED, Outcome.UNREACHABLE})
_TOLD = ANSWERED | {Outcome.BOGUS}
OTHER_PORTS = (443, 465, 587)
"""Ports for which administrators publish the TLSA records that were meant for port 25."""


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer, in order of urgency."""
    return tuple(
        dict.fromkeys(question for question in _needed(evidence) if question not in evidence.answers)
    )


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    return tuple(dict.fromkeys(_needed(evidence)))


def control(evidence: Evidence) -> Question:
    """Return the question whose answer shows that the resolver answers at all."""
    return Question(Kind.NS, top_level(evidence.domain))


def is_unheard(evidence: Evidence) -> bool:
    """Tell whether all was asked that is asked of every domain, and nothing of it answered."""
    for question in _first(evidence):
        answer = evidence.answers.get(question)
        if answer is None or not is_silent(question, answer.outcome):
            return False
    return True


def _needed(evidence: Evidence) -> Iterator[Question]:
    yield from _deciding(evidence)
    if is_unheard(evidence):
        yield control(evidence)
    for host in _hosts(evidence):
        for address in addresses(evidence, host):
            yield from _reverse_questions(evidence, address)
        yield from other_port_questions(evidence, host)
    for question in _literal_questions(evidence):
        yield from _reverse_questions(evidence, question.at)
    if is_record_lost(evidence):
        yield from misplaced_questions(evidence.domain)
    for destination in report_domains(evidence):
        yield from report_destination.needed(evidence, destination)
    for host in report_hosts(evidence):
        yield from report_destination.addresses_of(evidence, host)


def is_record_lost(evidence: Evidence) -> bool:
    """Tell whether there is a policy host, and no text at the name of the record that could be meant for it."""
    answer, data = evidence.resolved(_first(evidence)[_RECORD_AT])
    texts = [one.text for one in data.records if isinstance(one, TxtRecord)] if data is not None else []
    none = answer.outcome in ABSENT or (answer.outcome is Outcome.FOUND and not any(map(is_sts_like, texts)))
    return none and bool(addresses(evidence, f"{POLICY_LABEL}.{evidence.domain}"))


def misplaced_questions(domain: str) -> tuple[Question, ...]:
    """Return the questions for the record under names at which nobody looks for it (RFC 8461 section 3.1)."""
    names = (domain, f"www.{domain}", f"{MISSPELT_LABEL}.{domain}", f"{POLICY_LABEL}.{domain}")
    return tuple(Question(Kind.TXT, name) for name in names)


def is_sts_like(text: bytes) -> bool:
    """Tell whether a text begins as the record does, in whatever case."""
    return text[: len(_VERSION)].lower() == _VERSION


def report_domains(evidence: Evidence) -> tuple[str, ...]:
    """Return the domains that TLS reports are mailed to, by the only record (RFC 8460 section 3)."""
    return mail_domains(_destinations(evidence))


def report_hosts(evidence: Evidence) -> tuple[str, ...]:
    """Return the hosts that TLS reports are posted to over HTTPS, by the only record (RFC 8460 section 3)."""
    return web_hosts(_destinations(evidence))


@once
def _destinations(evidence: Evidence) -> tuple[str, ...]:
    answer, data = evidence.resolved(_first(evidence)[_REPORTS_AT])
    texts = [one.text for one in data.records if isinstance(one, TxtRecord)] if data is not None else []
    records = tlsrpt_records(texts) if answer.outcome is Outcome.FOUND else ()
    read = examine_record(records[0]).lenient if len(records) == 1 else None
    return read.rua if read is not None else ()


def _literal_questions(evidence: Evidence) -> Iterator[Question]:
    """Ask the servers whose addresses stand in MX records: some senders do (observed: Postfix)."""
    for exchange in mx_set(evidence).exchanges:
        for address in literal_addresses(evidence, exchange.name):
            yield Question(Kind.SMTP, exchange.name, address)


def _first(evidence: Evidence) -> tuple[Question, ...]:
    """Return what is asked of every domain whatever is answered."""
    return _first_questions(evidence.domain, evidence.vantage.families)


_RECORD_AT, _REPORTS_AT = 1, -1
"""Where the questions for the records of MTA-STS and TLSRPT stand among the first."""


@lru_cache(maxsize=_DOMAINS_CACHED_MAX)
def _first_questions(domain: str, families: tuple[int, ...]) -> tuple[Question, ...]:
    return (
        Question(Kind.MX, domain),
        Question(Kind.TXT, f"{STS_LABEL}.{domain}"),
        *address_questions(families, f"{POLICY_LABEL}.{domain}"),
        Question(Kind.TXT, f"{TLSRPT_LABEL}.{domain}"),
    )


def _deciding(evidence: Evidence) -> Iterator[Question]:
    yield from _first(evidence)
    policy_host = f"{POLICY_LABEL}.{evidence.domain}"
    for address in addresses(evidence, policy_host):
        yield Question(Kind.POLICY, policy_host, address)
    hosts = _hosts(evidence)
    for host in hosts:
        yield from address_questions(evidence.vantage.families, host)
    for host in hosts:
        yield from _host_questions(evidence, host)
    yield from _literal_questions(evidence)


@once
def _hosts(evidence: Evidence) -> tuple[str, ...]:
    return tuple([one.name for one in mx_set(evidence).exchanges if askable(one.name)])


def _host_questions(evidence: Evidence, host: str) -> Iterator[Question]:
    target = alias_chain(evidence, host)[-1]
    found = addresses(evidence, host)
    for address in found:
        yield _session(host, address)
    yield tlsa_question(host)
    if target != host:
        yield Question(Kind.CNAME, host)
        yield tlsa_question(target)
        for address in found:
            yield _session(target, address)


@lru_cache(maxsize=_SESSIONS_CACHED_MAX)
def _session(host: str, address: str) -> Question:
    return Question(Kind.SMTP, host, address)


def _reverse_questions(evidence: Evidence, address: str) -> Iterator[Question]:
    yield reverse_question(address)
    for name in ptr_names(evidence, address):
        if askable(name):
            family = 6 if ":" in address else 4
            yield Question(FAMILY_KINDS[family], name)


def other_port_questions(evidence: Evidence, host: str) -> tuple[Question, ...]:
    """Return what is asked of a host that could have TLSA records for port 25 and has none: those of other ports."""
    bases = tlsa_bases(evidence, host) if evidence.vantage.validating else ()
    if any(evidence.answer(tlsa_question(base)).outcome not in ABSENT for base in bases):
        return ()
    return tuple([tlsa_question(base, port) for base in bases[:1] for port in OTHER_PORTS])


def unanswered(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that a verdict needs and that ended without an answer.

    Reverse names are left out: no verdict of a sender that decides rests on them. So are TLSA records that no sender
    looks up, for the name servers of many an unsigned zone fail that question (RFC 7672 section 2.2.2).
    """
    leading = frozenset(_tlsa_looked_up(evidence))
    asked = (one for one in _deciding(evidence) if one.kind is not Kind.TLSA or one in leading)
    return tuple(dict.fromkeys(one for one in asked if is_silent(one, evidence.answer(one).outcome)))


def _tlsa_looked_up(evidence: Evidence) -> Iterator[Question]:
    """Yield the TLSA questions that secure answers lead to; all of them where the resolver cannot tell."""
    for host in _hosts(evidence):
        for base in tlsa_bases(evidence, host):
            yield tlsa_question(base)


def is_silent(question: Question, outcome: Outcome) -> bool:
    """Tell whether asking ended without an answer, so that nothing is known of what was asked."""
    if question.kind in CONNECTION_KINDS:
        return outcome in _UNREACHED
    return outcome not in _TOLD
