"""The TXT record that announces a policy."""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Answer, DnsData
from mxproof.formats.mtasts import examine_record
from mxproof.judge.checks.mending import announced, announcement, policy_to_serve, served_at_all
from mxproof.judge.checks.seen import served_policy, takes_mail
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import RecordFaults, Value
from mxproof.mail.change import Change, Publish, TxtValue, Withdraw
from mxproof.mail.domain import MailDomain, RecordState, StsRecord
from mxproof.survey.zone import contents


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge the TXT record at _mta-sts.D: there, once, and valid (RFC 8461 section 3.1)."""
    record = domain.record
    if record.state is RecordState.UNKNOWN:
        found = _finding(domain, Code.STS_RECORD_UNANSWERED, why=record.answer)
        yield msgspec.structs.replace(found, way="bogus" if record.question in domain.bogus else "")
    elif record.state is RecordState.SEVERAL:
        yield _finding(domain, Code.STS_RECORD_MULTIPLE, announced(domain), texts=record.candidates)
    elif record.state is RecordState.NONE and not record.near:
        yield from _wildcard(domain)
        if record.misplaced:
            yield _misplaced(domain)
        else:
            yield from _dangling(domain) if record.aliases else _missing(domain)
    elif record.strict is None or rivals(record):
        yield _faulty(domain)


def _misplaced(domain: MailDomain) -> Finding:
    """Say that the record stands under names at which no sender looks for it."""
    found = domain.record.misplaced
    names = tuple(dict.fromkeys(one.question.name for one in found))
    old = tuple(Withdraw(one.question.name, TxtValue.of(one.text)) for one in found)
    said = _finding(domain, Code.STS_RECORD_MISPLACED, (*old, announcement(domain)), names=names)
    asked = dict.fromkeys(one.question for one in found)
    return msgspec.structs.replace(said, evidence=(*said.evidence, *domain.policy_host.questions, *asked))


def _dangling(domain: MailDomain) -> Iterator[Finding]:
    """Yield that the name of the record is an alias of a name without one (RFC 1034 section 3.6.2)."""
    chain = (domain.record.name, *domain.record.aliases)
    plain = Publish(domain.record.name, announcement(domain).record)
    yield _finding(domain, Code.STS_RECORD_DANGLING, target=chain[-1], why=domain.record.answer, plain=plain)


def _wildcard(domain: MailDomain) -> Iterator[Finding]:
    """Yield that the texts at _mta-sts are those that stand at another name too: a wildcard answers (RFC 4592)."""
    here, there = domain.record.answer, domain.tlsrpt.answer
    if (
        domain.record.texts
        and domain.tlsrpt.state is RecordState.NONE
        and _contents(here) == _contents(there)
    ):
        found = _finding(domain, Code.STS_WILDCARD, texts=domain.record.texts)
        yield msgspec.structs.replace(found, evidence=(*found.evidence, domain.tlsrpt.question))


def _contents(answer: Answer) -> frozenset[object]:
    return frozenset(contents(answer.data)) if isinstance(answer.data, DnsData) else frozenset()


def _missing(domain: MailDomain) -> Iterator[Finding]:
    """Tell a domain without MTA-STS from one whose policy nobody finds."""
    code = Code.STS_ABSENT if served_policy(domain) is None else Code.STS_RECORD_MISSING
    if code is Code.STS_ABSENT and not takes_mail(domain):
        return
    first = code is Code.STS_ABSENT
    changes = (*(served_at_all(domain, policy_to_serve(domain)) if first else ()), *announced(domain))
    patterns = tuple(host.name for host in domain.hosts)
    found = _finding(domain, code, changes, policy_host=domain.policy_host.name, patterns=patterns)
    served = () if first else tuple(fetch.question for fetch in domain.policy_host.fetches)
    yield msgspec.structs.replace(found, evidence=(*found.evidence, *served))


def _faulty(domain: MailDomain) -> Finding:
    """Weigh a record that is not valid by what a lenient sender makes of it."""
    record = domain.record
    others = rivals(record)
    lenient = record.lenient if record.state is RecordState.ONE or len(record.near) == 1 else None
    several = record.state is RecordState.NONE and len(record.near) > 1
    faults = RecordFaults(record.objections, several, others)
    code = Code.STS_RECORD_INVALID if lenient is None else Code.STS_RECORD_AMBIGUOUS
    return _finding(domain, code, announced(domain), texts=record.candidates or record.near, faults=faults)


def rivals(record: StsRecord) -> tuple[bytes, ...]:
    """Return the texts beside the one record that a sender which follows the grammar alone counts as well.

    The grammar allows space before the first ";", the prose does not (RFC 8461 erratum 6285).
    """
    if record.state is not RecordState.ONE:
        return ()
    return tuple(text for text in record.near if examine_record(text).lenient is not None)


def _finding(domain: MailDomain, code: Code, changes: tuple[Change, ...] = (), **params: Value) -> Finding:
    words: dict[str, Value] = {"domain": domain.name, "record": announcement(domain), **params}
    return Finding(code, domain.record.name, words, (domain.record.question,), changes)
