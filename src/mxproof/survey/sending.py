"""The survey of the hosts that send a domain's mail, as receivers look at them when one connects.

```
the addresses that are named, or else those that the SPF record names one by one:  D ──TXT, and A, AAAA, MX of its terms
each address ──PTR── A, AAAA of each reverse name (RFC 8601 section 3)
its HELO name, or else its first reverse name ──A, AAAA; TXT ── what an evaluation of SPF looks up for that name
each address ── what an evaluation of SPF looks up for mail of D
```
"""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Evidence, Kind, MxRecord, Question
from mxproof.formats.names import canonical, is_host
from mxproof.formats.sent_header import SendingHost
from mxproof.formats.spf import Directive, Mechanism, examine_spf
from mxproof.survey.reading import FAMILY_KINDS, addresses, askable, ptr_names, reverse_name
from mxproof.survey.spf_evaluation import Evaluation, client_at, evaluate, spf_records

SENDING_MAX = 16
"""Addresses that are looked at as senders."""


class SendingEvaluations(msgspec.Struct, frozen=True):
    """What SPF comes to for one sending host: for mail of the domain, and for its HELO name, None where it has none."""

    mail: Evaluation
    greeting: Evaluation | None


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer."""
    return tuple(question for question in needed(evidence) if question not in evidence.answers)


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    return tuple(dict.fromkeys(_needed(evidence)))


def _needed(evidence: Evidence) -> Iterator[Question]:
    if not evidence.vantage.sending:
        yield from record_questions(evidence)
    for host in sending_hosts(evidence):
        yield Question(Kind.PTR, reverse_name(host.address))
        for name in ptr_names(evidence, host.address):
            if askable(name):
                yield Question(forward_kind(host.address), canonical(name))
        helo = helo_name(evidence, host)
        if helo:
            yield Question(forward_kind(host.address), helo)
        evaluations = evaluations_of(evidence, host)
        for one in (evaluations.mail, evaluations.greeting):
            if one is not None:
                yield from one.asked
                yield from one.unanswered


def forward_kind(address: str) -> Kind:
    """Return the type of the record that leads to an address."""
    return FAMILY_KINDS[6 if ":" in address else 4]


def sending_hosts(evidence: Evidence) -> tuple[SendingHost, ...]:
    """Return the hosts that were named, or else those at the addresses that the SPF record lets pass one by one."""
    named = evidence.vantage.sending
    if named:
        return named[:SENDING_MAX]
    found = dict.fromkeys(address for one in _directives(evidence) for address in _addresses(evidence, one))
    families = evidence.vantage.families
    kept = (one for one in found if (6 if ":" in one else 4) in families)
    return tuple(SendingHost(address) for address in kept)[:SENDING_MAX]


def helo_name(evidence: Evidence, host: SendingHost) -> str:
    """Return the name that a host gives in EHLO: as it was said, or else its first reverse name, as most have it."""
    if host.helo:
        return host.helo
    names = (canonical(name) for name in ptr_names(evidence, host.address))
    return next((name for name in names if is_host(name) and askable(name)), "")


def evaluations_of(evidence: Evidence, host: SendingHost) -> SendingEvaluations:
    """Return what a receiver comes to that checks a mail of the domain from a host, and the name that it gives."""
    helo = helo_name(evidence, host)
    mail = evaluate(
        evidence, client_at(host.address, f"postmaster@{evidence.domain}", helo or evidence.domain)
    )
    greeting = evaluate(evidence, client_at(host.address, f"postmaster@{helo}", helo)) if helo else None
    return SendingEvaluations(mail, greeting)


def _directives(evidence: Evidence) -> tuple[Directive, ...]:
    """Return the terms of the domain's own record that let somebody pass; those that are included are other people's."""
    records = spf_records(evidence, evidence.domain)
    found = examine_spf(records[0]).directives if len(records) == 1 else ()
    return tuple(one for one in found if one.qualifier in {"", "+"})


def _named(evidence: Evidence, directive: Directive) -> str:
    if directive.target is None:
        return evidence.domain
    name = directive.target.expanded(lambda letter: evidence.domain if letter in {"d", "o"} else None)
    return name if name is not None and askable(name) else ""


def record_questions(evidence: Evidence) -> Iterator[Question]:
    """Yield the look-ups by which the SPF record names single addresses."""
    yield Question(Kind.TXT, evidence.domain)
    for one in _directives(evidence):
        name = _named(evidence, one)
        if one.mechanism is Mechanism.MX and name:
            yield Question(Kind.MX, name)
        for host in _hosts(evidence, one):
            yield from (Question(FAMILY_KINDS[family], host) for family in evidence.vantage.families)


def _hosts(evidence: Evidence, directive: Directive) -> tuple[str, ...]:
    name = _named(evidence, directive)
    if directive.mechanism is Mechanism.A and name:
        return (name,)
    if directive.mechanism is not Mechanism.MX or not name:
        return ()
    _, data = evidence.dns(Kind.MX, name)
    records = data.records if data is not None else ()
    exchanges = (canonical(one.exchange) for one in records if isinstance(one, MxRecord))
    return tuple(sorted({one for one in exchanges if one and askable(one)}))


def _addresses(evidence: Evidence, directive: Directive) -> tuple[str, ...]:
    network = directive.network
    if network is not None:
        single = network.prefixlen == network.max_prefixlen
        return (str(network.network_address),) if single else ()
    return tuple(address for host in _hosts(evidence, directive) for address in addresses(evidence, host))
