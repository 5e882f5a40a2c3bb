"""What a check finds, by the resolver and by each name server that tells something else: a pure function over evidence.

A resolver asks one server of a zone and keeps the answer, so a fault that only one server has is met by some senders and
by others not. Here what each version of a zone makes of the domain is judged by itself, as if no other existed.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from mxproof.evidence import ANSWERED, Evidence, Kind, Question
from mxproof.judge.judging import report_on
from mxproof.judge.report import Delivery, Report
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import SenderMemory
from mxproof.survey.reading import addresses
from mxproof.survey.served import ZoneVersion, as_resolved, as_served
from mxproof.survey.zone import servers


class Reporting(Protocol):
    """Makes the report on evidence, as `report_on` does."""

    def __call__(
        self, evidence: Evidence, *, now: datetime, memories: tuple[SenderMemory, ...] = ()
    ) -> Report:
        """Return the report."""


class JudgedVersion(msgspec.Struct, frozen=True):
    """The report as some servers of a zone alone would have it."""

    version: ZoneVersion
    report: Report


class CheckedDomain(msgspec.Struct, frozen=True):
    """A check of how mail arrives: by the resolver, the domain with its name servers, and their other versions.

    `alone` is what senders do by what the resolver says, where `report` counts every version. `asked` are all names and
    addresses that anything was asked about. `served` are the records that name servers gave, as they were asked for;
    None where only the resolver was asked. `unserved` says which servers did not give them.
    """

    report: Report
    alone: tuple[Delivery, ...]
    domain: MailDomain
    versions: tuple[JudgedVersion, ...] = ()
    asked: frozenset[str] = frozenset()
    served: frozenset[Question] | None = None
    unserved: tuple[str, ...] = ()


def checked(
    evidence: Evidence, memories: tuple[SenderMemory, ...], judge: Reporting = report_on
) -> CheckedDomain:
    """Return what the evidence of the survey of each name server shows, or of that of the resolver.

    `judge` makes the report, with fixes that were verified where it is such a one.
    """
    at = evidence.observed_at()
    domain = assemble(evidence, at)
    report = judge(evidence, now=at, memories=memories)
    versions = tuple(
        JudgedVersion(
            one.version,
            report_on(as_resolved(as_served(evidence, one.version)), now=at, memories=memories),
        )
        for one in domain.otherwise
    )
    alone = report_on(as_resolved(evidence), now=at, memories=memories) if versions else report
    return CheckedDomain(
        report=report,
        alone=alone.senders,
        domain=domain,
        versions=versions,
        asked=frozenset(one for question in evidence.answers for one in (question.name, question.at) if one),
        served=_served(evidence) if Question(Kind.NS, domain.name) in evidence.answers else None,
        unserved=tuple(dict.fromkeys(_unserved(evidence, domain))),
    )


def _served(evidence: Evidence) -> frozenset[Question]:
    return frozenset(
        question
        for question, answer in evidence.answers.items()
        if _is_for_record(question) and answer.outcome in ANSWERED
    )


def _is_for_record(question: Question) -> bool:
    """Tell whether a name server was asked for a record, and not how it answers or where it leads to."""
    return bool(question.server) and not question.edns and question.kind not in {Kind.SOA, Kind.DELEGATION}


def _unserved(evidence: Evidence, domain: MailDomain) -> Iterator[str]:
    """Yield each server that was not asked or gave no answer of its own, and each record that it did not give."""
    put = {question.server for question in evidence.answers}
    for zone in domain.compared:
        for where, _ in zone.silent:
            yield f"{where.server} ({where.address}), a name server of {zone.name} without an answer of its own"
        for server in servers(evidence, zone.name):
            if not put & set(addresses(evidence, server)):
                yield f"{server}, a name server of {zone.name}"
    for question, answer in evidence.answers.items():
        if _is_for_record(question) and answer.outcome not in ANSWERED:
            yield f"{question.kind} of {question.name} at {question.server}"
