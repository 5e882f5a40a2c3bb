"""The SPF record of a domain, what it includes, and what becomes of the bounces of its MX hosts.

Senders of mail to the domain do not look at it: it decides what becomes of mail that the domain sends.
"""

from collections.abc import Iterator

from mxproof.evidence import ABSENT, Outcome, Question
from mxproof.formats.spf import Mechanism
from mxproof.judge.checks.servers_at_fault import servers_at_fault
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.domain import MailDomain
from mxproof.mail.spf import FailedLookup, Spf, VisitedRecord
from mxproof.survey.name_servers import TRANSPORTS
from mxproof.survey.spf_evaluation import Evaluation, SpfCause, SpfResult

_CODES = {
    SpfCause.SEVERAL: Code.SPF_MULTIPLE,
    SpfCause.SYNTAX: Code.SPF_INVALID,
    SpfCause.MISSING: Code.SPF_INCLUDE_MISSING,
    SpfCause.LOOKUPS: Code.SPF_LOOKUPS_MANY,
    SpfCause.VOIDS: Code.SPF_VOIDS_MANY,
    SpfCause.HOSTS: Code.SPF_HOSTS_MANY,
}
_UNCOVERED = frozenset({SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.NEUTRAL})
_REJECTED = frozenset({SpfResult.FAIL, SpfResult.SOFTFAIL, SpfResult.PERMERROR})


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge SPF where it was asked (RFC 7208 section 4)."""
    spf = domain.spf
    if spf is None:
        return
    if spf.answer.outcome in ABSENT or (spf.answer.outcome is Outcome.FOUND and not spf.candidates):
        yield Finding(Code.SPF_MISSING, spf.name, {}, (spf.question,))
    yield from _failures(spf)
    yield from _errors(spf)
    yield from _meaning(spf)
    yield from _large(spf)
    yield from _without_return(domain, spf)
    yield from _hosts(domain, spf)
    yield from _greetings(domain, spf)


def _failures(spf: Spf) -> Iterator[Finding]:
    """See look-ups that fail: a receiver ends with temperror, and asks again later (RFC 7208 section 2.6.6)."""
    for one in spf.failures:
        yield _failed(one)


def _failed(one: FailedLookup) -> Finding:
    params: dict[str, Value] = {"why": one.answer, "servers": servers_at_fault(one.served)}
    asked = tuple(served.question(transport) for served in one.served for transport in TRANSPORTS)
    return Finding(Code.SPF_LOOKUP_FAILED, one.question.name, params, (one.question, *asked))


def _errors(spf: Spf) -> Iterator[Finding]:
    """See what makes a permerror of the record, once for all families (RFC 7208 section 2.6.7)."""
    told: set[Code] = set()
    for evaluation in spf.strangers:
        code = _CODES.get(evaluation.cause) if evaluation.cause is not None else None
        if code is not None and code not in told:
            told.add(code)
            yield Finding(code, evaluation.domain, _told(spf, evaluation), evaluation.asked)


def _told(spf: Spf, evaluation: Evaluation) -> dict[str, Value]:
    """Return what is wrong where an evaluation ends."""
    at_fault = [one.record for one in spf.visited if one.question.name == evaluation.domain and one.record]
    return {
        "domain": spf.name,
        "term": evaluation.term,
        "terms": tuple(term for _, term in evaluation.lookups),
        "voids": evaluation.voids,
        "faults": tuple(fault for record in at_fault for fault in record.objections),
    }


def _meaning(spf: Spf) -> Iterator[Finding]:
    """See what the record says of those that it does not name, and that it leans on reverse names."""
    first, *_ = spf.strangers
    results = {one.result for one in spf.strangers}
    asked = tuple(dict.fromkeys(question for one in spf.strangers for question in one.asked))
    if SpfResult.PASS in results:
        passing = next(one for one in spf.strangers if one.result is SpfResult.PASS)
        yield Finding(Code.SPF_OPEN, spf.name, {}, passing.asked)
    elif results == {SpfResult.NEUTRAL}:
        yield Finding(Code.SPF_NEUTRAL, spf.name, {}, asked)
    elif results and results <= {SpfResult.FAIL, SpfResult.SOFTFAIL}:
        params: dict[str, Value] = {"lookups": len(first.lookups), "result": str(first.result)}
        yield Finding(Code.SPF_OK, spf.name, params, asked)
    for one in spf.visited:
        terms = _ptr_terms(one)
        if terms:
            yield Finding(Code.SPF_PTR, one.question.name, {"terms": terms}, _path(spf, one))


def _without_return(domain: MailDomain, spf: Spf) -> Iterator[Finding]:
    """See a domain that lets hosts send in its name and takes no bounces (RFC 7505 section 4.2)."""
    terms = tuple(
        term.text
        for term in (spf.record.evaluated if spf.record is not None else ())
        if term.qualifier == "+"
    )
    if domain.mx.null and terms:
        params: dict[str, Value] = {"domain": domain.name, "terms": terms}
        yield Finding(Code.MX_NULL_SENDER, domain.name, params, (domain.mx.question, spf.question))


def _path(spf: Spf, one: VisitedRecord) -> tuple[Question, ...]:
    """Return the questions by whose answers an evaluation comes to a record, and that for the record."""
    asked = [other.question for other in spf.visited]
    return tuple(asked[: asked.index(one.question) + 1])


def _ptr_terms(one: VisitedRecord) -> tuple[str, ...]:
    terms = one.record.evaluated if one.record is not None else ()
    return tuple(term.text for term in terms if term.mechanism is Mechanism.PTR)


def _large(spf: Spf) -> Iterator[Finding]:
    """See answers that did not fit into a datagram (RFC 7208 section 3.4)."""
    for one in spf.visited:
        if one.needed_tcp:
            params: dict[str, Value] = {"domain": spf.name, "count": one.texts, "size": one.size_bytes}
            yield Finding(Code.SPF_ANSWER_LARGE, one.question.name, params, _path(spf, one))


def _hosts(domain: MailDomain, spf: Spf) -> Iterator[Finding]:
    """See addresses of MX hosts from which mail of the domain would not pass."""
    failing = [one for one in spf.hosts if one.evaluation.result in _UNCOVERED]
    if not failing or spf.record is None:
        return
    params: dict[str, Value] = {
        "addresses": tuple(dict.fromkeys(f"{one.host} ({one.address})" for one in failing)),
        "results": tuple(dict.fromkeys(str(one.evaluation.result) for one in failing)),
    }
    asked = (domain.mx.question, *_addressed(domain), *(q for one in failing for q in one.evaluation.asked))
    yield Finding(Code.SPF_MX_UNCOVERED, spf.name, params, tuple(dict.fromkeys(asked)))


def _addressed(domain: MailDomain) -> tuple[Question, ...]:
    return tuple(one for host in domain.hosts for one in host.questions)


def _greetings(domain: MailDomain, spf: Spf) -> Iterator[Finding]:
    """See HELO names whose SPF does not let their own host pass, so that its bounces fail (RFC 7208 section 2.3)."""
    by_name: dict[str, list[str]] = {}
    asked: dict[str, tuple[Question, ...]] = {}
    results: dict[str, SpfResult] = {}
    for one in spf.greetings:
        if one.evaluation.result in _REJECTED:
            by_name.setdefault(one.greeting.name, []).append(one.greeting.client.address)
            results.setdefault(one.greeting.name, one.evaluation.result)
            asked[one.greeting.name] = asked.get(one.greeting.name, ()) + one.evaluation.asked
    sessions = tuple(
        session.question
        for host in domain.hosts
        for endpoint in host.endpoints
        for session in endpoint.sessions
    )
    for name, addresses in by_name.items():
        params: dict[str, Value] = {"addresses": tuple(addresses), "result": str(results[name])}
        basis = (domain.mx.question, *_addressed(domain), *sessions, *asked[name])
        yield Finding(Code.SPF_HELO_FAILED, name, params, tuple(dict.fromkeys(basis)))
