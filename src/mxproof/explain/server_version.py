"""What a check finds, by the resolver and by each name server that tells something else: a pure function over evidence.

A resolver asks one server of a zone and keeps the answer, so a fault that only one server has is met by some senders and
by others not. Here each address whose whole and authoritative answer is another than the resolver's gets a report of its
own: the same evidence, with the records as that server has them. What such a server says is as secure as what the
resolver has from the same zone, for a server says nothing of DNSSEC by itself.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

import msgspec

from mxproof.evidence import ANSWERED, Answer, Evidence
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import SenderMemory
from mxproof.mail.name_servers import LookedUpRecord, ServedRecord, contents, dns_data
from mxproof.survey.exchange import unserved
from mxproof.survey.name_servers import ServerAddress

VERSIONS_MAX = 4
"""Addresses with other records that are judged by themselves."""


class Judge(Protocol):
    """Makes the report on evidence, as `report_on` does."""

    def __call__(
        self, evidence: Evidence, *, now: datetime, memories: tuple[SenderMemory, ...] = ()
    ) -> Report:
        """Return the report."""


class ServerVersion(msgspec.Struct, frozen=True):
    """The report as one address of a name server would have it, and the records that it has otherwise."""

    where: ServerAddress
    records: tuple[ServedRecord, ...]
    report: Report


class Checked(msgspec.Struct, frozen=True):
    """A check of how mail arrives: by the resolver, the domain with its name servers, and their other versions.

    `asked` are all names and addresses that anything was asked about.
    """

    report: Report
    domain: MailDomain
    versions: tuple[ServerVersion, ...] = ()
    asked: frozenset[str] = frozenset()


def checked(evidence: Evidence, memories: tuple[SenderMemory, ...], judge: Judge = report_on) -> Checked:
    """Return what the evidence of both surveys, of mail and of the servers of its records, shows.

    `judge` makes the report on what the resolver says, with fixes that were verified where it is such a one.
    """
    at = evidence.observed_at()
    resolved = unserved(evidence)
    domain = assemble(evidence, at)
    return Checked(
        report=judge(resolved, now=at, memories=memories),
        domain=domain,
        asked=frozenset(one for question in evidence.answers for one in (question.name, question.at) if one),
        versions=tuple(
            ServerVersion(
                where, those, report_on(_with_served(resolved, domain, those), now=at, memories=memories)
            )
            for where, those in list(_otherwise(domain))[:VERSIONS_MAX]
        ),
    )


def _otherwise(domain: MailDomain) -> Iterator[tuple[ServerAddress, tuple[ServedRecord, ...]]]:
    """Yield each address that has records otherwise than the resolver, with these, one address of each version."""
    by_address: dict[ServerAddress, list[ServedRecord]] = {}
    resolved = {one.question: one for one in domain.name_servers.records}
    for one in domain.name_servers.served:
        if _differs(one, resolved[one.plain]):
            by_address.setdefault(one.where, []).append(one)
    seen: set[tuple[object, ...]] = set()
    for where, those in by_address.items():
        version = tuple((one.plain, contents(dns_data(one.definite or one.udp))) for one in those)
        if version not in seen:
            seen.add(version)
            yield where, tuple(those)


def _differs(one: ServedRecord, record: LookedUpRecord) -> bool:
    """Tell whether a server has a record otherwise; an alias, which it does not follow, is compared with nothing."""
    told, known = one.definite, record.resolved
    if told is None or known.outcome not in ANSWERED:
        return False
    data, other = dns_data(told), dns_data(known)
    if (data is not None and data.chain) or (other is not None and other.chain):
        return False
    return contents(data) != contents(other)


def _with_served(evidence: Evidence, domain: MailDomain, those: tuple[ServedRecord, ...]) -> Evidence:
    resolved = {one.question: one.resolved for one in domain.name_servers.records}
    return evidence.with_answers((one.plain, _as_resolved(one, resolved[one.plain])) for one in those)


def _as_resolved(one: ServedRecord, known: Answer) -> Answer:
    """Return the server's answer as the resolver would pass it on."""
    told = one.definite or one.udp
    data, other = dns_data(told), dns_data(known)
    if data is None:
        return told
    return msgspec.structs.replace(
        told, data=msgspec.structs.replace(data, secure=other is not None and other.secure)
    )
