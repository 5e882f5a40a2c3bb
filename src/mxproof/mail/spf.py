"""SPF of a domain as receivers meet it: its record, what each evaluation comes to, and servers behind a failed look-up."""

import msgspec

from mxproof.evidence import Answer, DnsData, Evidence, Kind, Question, Transport
from mxproof.formats.spf import SpfRecord, examine_spf
from mxproof.mail.name_servers import ServedRecord, served_records
from mxproof.survey import spf
from mxproof.survey.spf import Greeting
from mxproof.survey.spf_evaluation import Evaluation, spf_records


class HostEvaluation(msgspec.Struct, frozen=True):
    """What comes of mail of the domain that one of its MX hosts sends, from one of its addresses."""

    host: str
    address: str
    evaluation: Evaluation


class GreetingEvaluation(msgspec.Struct, frozen=True):
    """What comes of a bounce that an MX host sends, whose HELO name is checked."""

    greeting: Greeting
    evaluation: Evaluation


class VisitedRecord(msgspec.Struct, frozen=True):
    """A TXT look-up of an evaluation, and the SPF record that it gave, None where it gave none or several.

    `texts` counts all TXT records there, for they come in one answer.
    """

    question: Question
    record: SpfRecord | None
    texts: int
    size_bytes: int
    needed_tcp: bool


class FailedLookup(msgspec.Struct, frozen=True):
    """A look-up that the resolver could not make, and what each server of the zone says to the same question."""

    question: Question
    answer: Answer
    served: tuple[ServedRecord, ...]


class Spf(msgspec.Struct, frozen=True):
    """All about the SPF of one domain.

    `candidates` are its records, and `record` the only one as read; `strangers` are the evaluations for a client that
    nothing matches, one a family.
    """

    name: str
    question: Question
    answer: Answer
    candidates: tuple[bytes, ...]
    record: SpfRecord | None
    strangers: tuple[Evaluation, ...]
    hosts: tuple[HostEvaluation, ...]
    greetings: tuple[GreetingEvaluation, ...]
    failures: tuple[FailedLookup, ...]
    visited: tuple[VisitedRecord, ...]
    """Those that the evaluations of strangers come to, in order."""


def spf_of(evidence: Evidence) -> Spf:
    """Return what the evidence shows of the SPF of its domain."""
    question = Question(Kind.TXT, evidence.domain)
    candidates = spf_records(evidence, evidence.domain)
    strangers = spf.strangers(evidence)
    hosts = spf.hosts(evidence)
    greetings = spf.greetings(evidence)
    every = (*strangers, *hosts.values(), *(one for _, one in greetings))
    asked = dict.fromkeys(one for each in strangers for one in each.asked if one.kind is Kind.TXT)
    return Spf(
        name=evidence.domain,
        question=question,
        answer=evidence.answer(question),
        candidates=candidates,
        record=examine_spf(candidates[0]) if len(candidates) == 1 else None,
        strangers=strangers,
        hosts=tuple(HostEvaluation(*where, evaluation) for where, evaluation in hosts.items()),
        greetings=tuple(GreetingEvaluation(*one) for one in greetings),
        failures=tuple(_failed(evidence, one) for one in spf.failed(every)),
        visited=tuple(_visited(evidence, one) for one in asked),
    )


def _visited(evidence: Evidence, question: Question) -> VisitedRecord:
    answer = evidence.answer(question)
    data = answer.data if isinstance(answer.data, DnsData) else None
    records = spf_records(evidence, question.name)
    return VisitedRecord(
        question=question,
        record=examine_spf(records[0]) if len(records) == 1 else None,
        texts=len(data.records) if data is not None else 0,
        size_bytes=len(data.wire) if data is not None else 0,
        needed_tcp=data is not None and data.transport == Transport.TCP,
    )


def _failed(evidence: Evidence, question: Question) -> FailedLookup:
    return FailedLookup(question, evidence.answer(question), served_records(evidence, question))
