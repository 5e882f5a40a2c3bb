"""The DMARC record that applies to mail from a domain, and who is to get reports on it."""

from collections.abc import Iterator

from mxproof.evidence import ANSWERED, Question
from mxproof.formats.dmarc import DmarcPolicy, DmarcRecord, examine_dmarc
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import Value
from mxproof.mail.dmarc import Dmarc, ReportDestination
from mxproof.mail.domain import MailDomain
from mxproof.survey.dmarc import DmarcHolder

_WEAKNESS = (DmarcPolicy.NONE, DmarcPolicy.QUARANTINE, DmarcPolicy.REJECT)


def check(domain: MailDomain) -> Iterator[Finding]:
    """Judge DMARC where it was asked (RFC 9989 section 4.10)."""
    dmarc = domain.dmarc
    if dmarc is None:
        return
    yield from _unanswered(dmarc)
    yield from _at_own_name(dmarc)
    if dmarc.applying is not None:
        yield from _applying(domain, dmarc, dmarc.applying)
    elif dmarc.is_walked and not dmarc.own.candidates and not dmarc.own.near:
        yield Finding(Code.DMARC_MISSING, dmarc.own.question.name, {"domain": domain.name}, dmarc.questions)


def _unanswered(dmarc: Dmarc) -> Iterator[Finding]:
    for one in dmarc.names:
        if one.answer.outcome not in ANSWERED:
            params: dict[str, Value] = {"why": one.answer, "domain": one.name}
            yield Finding(Code.DMARC_UNANSWERED, one.question.name, params, (one.question,))


def _at_own_name(dmarc: Dmarc) -> Iterator[Finding]:
    """See several records, of which none counts (RFC 9989 section 4.10), and texts that are no record or a broken one."""
    own = dmarc.own
    params: dict[str, Value] = {"domain": own.name, "texts": own.candidates or own.near, "faults": ()}
    if len(own.candidates) > 1:
        yield Finding(Code.DMARC_MULTIPLE, own.question.name, params, (own.question,))
    elif own.near and not own.candidates:
        yield Finding(Code.DMARC_INVALID, own.question.name, params, (own.question,))
    elif own.candidates:
        faults = examine_dmarc(own.candidates[0]).objections
        if faults:
            yield Finding(
                Code.DMARC_INVALID, own.question.name, {**params, "faults": faults}, (own.question,)
            )


def _applying(domain: MailDomain, dmarc: Dmarc, holder: DmarcHolder) -> Iterator[Finding]:
    """Judge what the record asks of receivers; `holder` is the domain, or the one above it whose record counts."""
    record = holder.record
    name = next(one.question.name for one in dmarc.names if one.name == holder.name)
    asked = _asked(dmarc, holder, domain)
    policy = _policy(record, holder, domain)
    params: dict[str, Value] = {"domain": domain.name, "policy": str(policy or DmarcPolicy.NONE)}
    if policy is DmarcPolicy.NONE:
        yield Finding(Code.DMARC_POLICY_NONE, name, params, asked)
    elif policy is not None and (record.testing or record.percent < 100):
        why = "t=y" if record.testing else f"pct={record.percent}"
        yield Finding(Code.DMARC_PARTIAL, name, {**params, "tag": why}, asked)
    elif policy is not None and not record.objections:
        yield Finding(Code.DMARC_OK, name, params, asked)
    weaker = record.subdomain_policy
    if holder.name == domain.name and weaker is not None and _is_weaker(weaker, policy):
        yield Finding(Code.DMARC_SUBDOMAIN_OPEN, name, {**params, "weaker": str(weaker)}, asked)
    if policy is not None and not record.rua:
        yield Finding(Code.DMARC_REPORTS_MISSING, name, params, asked)
    for destination in dmarc.destinations:
        yield from _destination(name, destination, domain, asked)


def _policy(record: DmarcRecord, holder: DmarcHolder, domain: MailDomain) -> DmarcPolicy | None:
    """Return what is asked for mail of the domain itself, which may be a subdomain of the holder."""
    is_below = holder.name != domain.name
    return (record.subdomain_policy or record.policy) if is_below else record.policy


def _is_weaker(one: DmarcPolicy, policy: DmarcPolicy | None) -> bool:
    return policy is not None and _WEAKNESS.index(one) < _WEAKNESS.index(policy)


def _asked(dmarc: Dmarc, holder: DmarcHolder, domain: MailDomain) -> tuple[Question, ...]:
    """Return the questions that the choice of the record rests on: its own alone, or all of the walk."""
    return (dmarc.own.question,) if holder.name == domain.name else dmarc.questions


def _destination(
    record: str, destination: ReportDestination, domain: MailDomain, asked: tuple[Question, ...]
) -> Iterator[Finding]:
    params: dict[str, Value] = {"domain": domain.name, "record": record}
    dmarc = domain.dmarc
    if dmarc and dmarc.is_walked and destination.consents is False and destination.consent is not None:
        consent: dict[str, Value] = {**params, "consent": destination.consent.name}
        basis = (*dmarc.questions, destination.consent)
        yield Finding(Code.DMARC_REPORT_UNAUTHORIZED, destination.name, consent, basis)
    if destination.receives is False:
        basis = (*asked, *destination.questions)
        yield Finding(Code.DMARC_REPORT_UNDELIVERABLE, destination.name, params, basis)
