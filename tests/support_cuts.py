"""Evidence in which some questions were asked and not answered: by one, by kind, by server, or all but some."""

from collections.abc import Iterable, Iterator

from mxproof.evidence import (
    CONNECTION_KINDS,
    AddressRecord,
    Answer,
    DnsData,
    Evidence,
    Kind,
    Outcome,
    Question,
)
from mxproof.survey.inbound import wanted
from mxproof.survey.reading import reverse_name


def cut(evidence: Evidence, questions: Iterable[Question], outcome: Outcome = Outcome.TIMEOUT) -> Evidence:
    """Return the evidence without answers to these questions, and to those that are then wanted and were not asked.

    What follows from an answer that is gone stays in the file, as it may: nothing leads to it any more.
    """
    lost = evidence.with_answers((one, _silence(evidence, one, outcome)) for one in questions)
    while new := wanted(lost):
        lost = lost.with_answers((one, _silence(evidence, one, Outcome.TIMEOUT)) for one in new)
    return lost


def cuts(evidence: Evidence, tried: slice = slice(None)) -> Iterator[Evidence]:
    """Yield the evidence with each question, each kind, each server and each name silenced; single ones are refused.

    `tried` are those of them that are yielded, in an order that is always the same.
    """
    asked = sorted(evidence.answers)
    silenced: list[tuple[tuple[Question, ...], Outcome]] = [((one,), Outcome.REFUSED) for one in asked]
    groups = [[one for one in asked if one.kind is kind] for kind in {one.kind for one in asked}]
    groups += [[one for one in asked if one.at == at] for at in {one.at for one in asked if one.at}]
    groups += [[one for one in asked if one.name == name] for name in {one.name for one in asked}]
    silenced += [(group, Outcome.TIMEOUT) for group in sorted({tuple(group) for group in groups})]
    for questions, outcome in silenced[tried]:
        yield cut(evidence, questions, outcome)


def alone(evidence: Evidence, basis: Iterable[Question]) -> Evidence:
    """Return the evidence in which nothing was answered but `basis` and what led to it."""
    kept = {Question(Kind.MX, evidence.domain)}
    for one in basis:
        kept |= {one, *_leading(evidence, one)}
    return cut(evidence, [one for one in evidence.answers if one not in kept])


def _leading(evidence: Evidence, question: Question) -> Iterator[Question]:
    """Yield the look-ups that led to a question: of the address that it is put to, and of the name that it is about."""
    for one, answer in evidence.answers.items():
        data = answer.data
        if one.kind not in (Kind.A, Kind.AAAA, Kind.CNAME) or not isinstance(data, DnsData):
            continue
        addresses = {record.address for record in data.records if isinstance(record, AddressRecord)}
        names = {one.name, *(alias.target for alias in data.chain)}
        reverse = {reverse_name(address) for address in addresses}
        about = question.name.removeprefix("_25._tcp.")
        if question.at in addresses or about in names or about in reverse:
            yield one


def _silence(evidence: Evidence, question: Question, outcome: Outcome) -> Answer:
    """Return that a question was not answered; a port that refuses a connection is an answer, so that is silence too."""
    said = Outcome.TIMEOUT if question.kind in CONNECTION_KINDS else outcome
    return Answer(said, evidence.observed_at(), detail=f"the test says {said}")
