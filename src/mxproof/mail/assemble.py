"""From evidence to the nouns: `assemble(evidence, now)` reads every answer once and judges none of them."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import msgspec

from mxproof.evidence import ABSENT, UNASKED, Der, DnsData, Evidence, Kind, Outcome, Question, TxtRecord
from mxproof.formats.mtasts import examine_record, near_sts_records, sts_records
from mxproof.formats.tlsrpt.record import examine_record as examine_tlsrpt
from mxproof.formats.tlsrpt.record import near_tlsrpt_records, tlsrpt_records
from mxproof.mail.domain import (
    MailDomain,
    OtherVersion,
    RecordState,
    Reports,
    StsRecord,
    TlsrptRecord,
)
from mxproof.mail.host import blocked_from_here, host_of
from mxproof.mail.misplaced_record import MisplacedRecord
from mxproof.mail.name_servers import name_servers_of
from mxproof.mail.policy import policy_host_of
from mxproof.mail.report_destination import UndeliverableReports
from mxproof.mail.resolver import resolver_state
from mxproof.survey import report_destination
from mxproof.survey.check_set import CheckSet, asked_sets
from mxproof.survey.inbound import (
    is_record_lost,
    is_sts_like,
    misplaced_questions,
    needed,
    report_domains,
    report_hosts,
)
from mxproof.survey.reading import STS_LABEL, TLSRPT_LABEL, mx_set
from mxproof.survey.served import VERSIONS_MAX, ComparedZone, as_served, compared


def assemble(evidence: Evidence, now: datetime) -> MailDomain:
    """Return the mail domain that `evidence` shows, with certificates verified at `now`.

    Where its name servers differ, it is assembled of what each of them serves as well.
    """
    zones = compared(evidence)
    domain = _assembled(evidence, now)
    otherwise = tuple(_otherwise(evidence, zones, now))
    if zones:
        domain = msgspec.structs.replace(domain, compared=zones, otherwise=otherwise)
    return _with_named_sets(domain, evidence, now) if evidence.vantage.sets else domain


def _with_named_sets(domain: MailDomain, evidence: Evidence, now: datetime) -> MailDomain:
    """Return the domain with what the sets of checks that were named have found out."""
    from mxproof.mail.caa import caa_of  # noqa: PLC0415 - most checks ask for arrival alone
    from mxproof.mail.dkim import dkim_of  # noqa: PLC0415 - as above
    from mxproof.mail.dmarc import dmarc_of  # noqa: PLC0415 - as above
    from mxproof.mail.dnsbl import listings_of  # noqa: PLC0415 - as above
    from mxproof.mail.dnssec import signature_chain  # noqa: PLC0415 - as above
    from mxproof.mail.sending import sending_of  # noqa: PLC0415 - as above
    from mxproof.mail.server_paths import server_paths_of  # noqa: PLC0415 - as above
    from mxproof.mail.spf import spf_of  # noqa: PLC0415 - as above

    sets = asked_sets(evidence)
    return msgspec.structs.replace(
        domain,
        sets=sets,
        spf=spf_of(evidence) if CheckSet.SPF in sets else None,
        dmarc=dmarc_of(evidence) if CheckSet.DMARC in sets else None,
        dkim=dkim_of(evidence) if CheckSet.DKIM in sets else None,
        sending=sending_of(evidence) if CheckSet.SENDING in sets else None,
        caa=caa_of(evidence) if CheckSet.CAA in sets else None,
        signing=signature_chain(evidence, now) if CheckSet.DNSSEC in sets else None,
        listings=listings_of(evidence) if CheckSet.DNSBL in sets else None,
        reports=_reports(evidence, domain, now) if CheckSet.REPORTS in sets else None,
        paths=server_paths_of(evidence) if CheckSet.NAME_SERVER_PATHS in sets else None,
    )


def _reports(evidence: Evidence, domain: MailDomain, now: datetime) -> Reports:
    from mxproof.survey import reports  # noqa: PLC0415 - most checks ask for arrival alone

    others = {one: reports.about(evidence, one) for one in reports.receivers(evidence) if one != domain.name}
    own = [domain] if domain.name in reports.receivers(evidence) else []
    receivers = (*own, *(_assembled(one, now) for one in others.values()))
    bases = (reports.about(evidence, one) for one in reports.bases(evidence))
    return Reports(receivers, tuple(map(_tlsrpt_record, bases)))


def _otherwise(evidence: Evidence, zones: Iterable[ComparedZone], now: datetime) -> Iterator[OtherVersion]:
    for zone in zones:
        for version in zone.versions[:VERSIONS_MAX]:
            other = as_served(evidence, version)
            if other != evidence:
                yield OtherVersion(zone, version, _assembled(other, now))


def _assembled(evidence: Evidence, now: datetime) -> MailDomain:
    anchors: tuple[Der, ...] = evidence.vantage.anchors
    mx = mx_set(evidence)
    blocked = blocked_from_here(evidence)
    bogus = _bogus(evidence)
    return MailDomain(
        name=evidence.domain,
        at=now,
        vantage=evidence.vantage,
        mx=mx,
        hosts=tuple(host_of(evidence, exchange, anchors, now, blocked=blocked) for exchange in mx.exchanges),
        record=_sts_record(evidence),
        policy_host=policy_host_of(evidence, anchors, now),
        tlsrpt=_tlsrpt_record(evidence),
        blocked=blocked,
        bogus=bogus,
        bogus_said=_said(evidence, bogus),
        name_servers=name_servers_of(evidence),
        resolver=resolver_state(evidence),
    )


def _bogus(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions whose answers failed validation, in the order in which a survey asks."""
    found = {question for question, answer in evidence.answers.items() if answer.outcome is Outcome.BOGUS}
    return tuple(question for question in needed(evidence) if question in found) if found else ()


def _said(evidence: Evidence, bogus: tuple[Question, ...]) -> tuple[str, ...]:
    """Return the extended errors of answers (RFC 8914), each once."""
    data = (evidence.answer(question).data for question in bogus)
    return tuple(dict.fromkeys(text for one in data if isinstance(one, DnsData) for text in one.extended))


def _sts_record(evidence: Evidence) -> StsRecord:
    name = f"{STS_LABEL}.{evidence.domain}"
    answer, data = evidence.dns(Kind.TXT, name)
    texts = _texts(evidence, name)
    candidates = sts_records(texts)
    near = near_sts_records(texts)
    # A text that only a lenient reader takes for a record counts where there is no other.
    only = candidates or near
    examined = examine_record(only[0]) if len(only) == 1 else None
    return StsRecord(
        name=name,
        state=_record_state(answer.outcome, len(candidates)),
        question=Question(Kind.TXT, name),
        answer=answer,
        aliases=() if data is None else tuple(alias.target for alias in data.chain),
        texts=texts,
        candidates=candidates,
        near=near,
        strict=examined.strict if examined is not None and candidates else None,
        lenient=examined.lenient if examined is not None else None,
        objections=examined.objections if examined is not None else (),
        misplaced=tuple(_misplaced(evidence)) if is_record_lost(evidence) else (),
    )


def _misplaced(evidence: Evidence) -> Iterator[MisplacedRecord]:
    for question in misplaced_questions(evidence.domain):
        for text in _texts(evidence, question.name):
            if is_sts_like(text):
                yield MisplacedRecord(question, text)


def _tlsrpt_record(evidence: Evidence) -> TlsrptRecord:
    name = f"{TLSRPT_LABEL}.{evidence.domain}"
    question = Question(Kind.TXT, name)
    if (
        question not in evidence.answers
    ):  # the policy daemon, and whoever asks for the sending side, ask for none
        return TlsrptRecord(name, RecordState.UNKNOWN, question, UNASKED, (), (), (), ())
    answer = evidence.answers[question]
    texts = _texts(evidence, name)
    candidates = tlsrpt_records(texts)
    near = near_tlsrpt_records(texts)
    only = candidates or near
    examined = examine_tlsrpt(only[0]) if len(only) == 1 else None
    return TlsrptRecord(
        name=name,
        state=_record_state(answer.outcome, len(candidates)),
        question=question,
        answer=answer,
        candidates=candidates,
        near=near,
        rua=examined.strict.rua if examined is not None and examined.strict is not None else (),
        objections=examined.objections if examined is not None else (),
        undeliverable=tuple(_undeliverable(evidence)),
    )


def _undeliverable(evidence: Evidence) -> Iterator[UndeliverableReports]:
    for name in report_domains(evidence):
        if report_destination.receives(evidence, name) is False:
            yield UndeliverableReports(name, tuple(report_destination.needed(evidence, name)))
    for host in report_hosts(evidence):
        if report_destination.is_nowhere(evidence, host):
            yield UndeliverableReports(
                host, tuple(report_destination.addresses_of(evidence, host)), is_host=True
            )


def _texts(evidence: Evidence, name: str) -> tuple[bytes, ...]:
    answer, data = evidence.dns(Kind.TXT, name)
    if answer.outcome is not Outcome.FOUND or data is None:
        return ()
    return tuple(sorted(record.text for record in data.records if isinstance(record, TxtRecord)))


def _record_state(outcome: Outcome, count: int) -> RecordState:
    """Count the records that survive discarding; exactly one is a record (RFC 8461 section 3.1)."""
    if outcome is Outcome.FOUND:
        return RecordState.ONE if count == 1 else RecordState.SEVERAL if count else RecordState.NONE
    return RecordState.NONE if outcome in ABSENT else RecordState.UNKNOWN
