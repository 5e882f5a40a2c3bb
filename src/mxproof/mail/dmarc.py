"""DMARC of a domain: the records on the walk up the tree, the one that applies, and who is to get its reports."""

import msgspec

from mxproof.evidence import Answer, Evidence, Outcome, Question, TxtRecord
from mxproof.formats.dmarc import is_dmarc, is_near_dmarc
from mxproof.survey import dmarc, report_destination
from mxproof.survey.dmarc import DmarcHolder


class DmarcName(msgspec.Struct, frozen=True):
    """One name of the walk: its records, and texts that are discarded although they were meant to be one."""

    name: str
    question: Question
    answer: Answer
    candidates: tuple[bytes, ...]
    near: tuple[bytes, ...]


class ReportDestination(msgspec.Struct, frozen=True):
    """A domain that reports are mailed to.

    `consent` is the question whether it takes them, None where it needs not be asked; `consents` and `receives` are None
    where that could not be found out. `questions` are those about its mail.
    """

    name: str
    consent: Question | None
    consents: bool | None
    receives: bool | None
    questions: tuple[Question, ...]


class Dmarc(msgspec.Struct, frozen=True):
    """All about the DMARC of one domain; `is_walked` where nothing on the walk is left open."""

    names: tuple[DmarcName, ...]
    applying: DmarcHolder | None
    is_walked: bool
    destinations: tuple[ReportDestination, ...]

    @property
    def own(self) -> DmarcName:
        """Return the first name of the walk, that of the domain itself."""
        return self.names[0]

    @property
    def questions(self) -> tuple[Question, ...]:
        """Return the questions of the walk."""
        return tuple(one.question for one in self.names)


def dmarc_of(evidence: Evidence) -> Dmarc:
    """Return what the evidence shows of the DMARC of its domain."""
    holder = dmarc.applying(evidence)
    found = dmarc.destinations(holder.record) if holder is not None else ()
    return Dmarc(
        names=tuple(_name(evidence, name) for name in dmarc.walk(evidence.domain)),
        applying=holder,
        is_walked=dmarc.is_walked(evidence),
        destinations=tuple(_destination(evidence, holder, one) for one in found if holder is not None),
    )


def _name(evidence: Evidence, name: str) -> DmarcName:
    question = dmarc.record_question(name)
    texts = dmarc.texts_at(evidence, name)
    return DmarcName(
        name=name,
        question=question,
        answer=evidence.answer(question),
        candidates=tuple(text for text in texts if is_dmarc(text)),
        near=tuple(text for text in texts if is_near_dmarc(text)),
    )


def _destination(evidence: Evidence, holder: DmarcHolder, name: str) -> ReportDestination:
    is_elsewhere = dmarc.is_elsewhere(evidence, name)
    consent = dmarc.consent_question(holder, name) if is_elsewhere else None
    return ReportDestination(
        name=name,
        consent=consent,
        consents=_consents(evidence, consent) if consent is not None else True,
        receives=report_destination.receives(evidence, name),
        questions=tuple(report_destination.needed(evidence, name)),
    )


def _consents(evidence: Evidence, question: Question) -> bool | None:
    answer, data = evidence.dns(question.kind, question.name)
    if answer.outcome is Outcome.FOUND and data is not None:
        return any(isinstance(one, TxtRecord) and is_dmarc(one.text) for one in data.records)
    return False if answer.outcome in {Outcome.EMPTY, Outcome.NXDOMAIN} else None
