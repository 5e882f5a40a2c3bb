"""A report with the measured facts beside it, which is what forms of output for people and machines are made from.

The report says what is wrong. Some forms also show how long asking took, and until when what is in order now lasts:
a page draws a time line, a monitoring system keeps the days that are left. These are no judgements and no part of the
report's contract, so they stand beside it.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

import msgspec

from mxproof.evidence.timing import Timed
from mxproof.formats.mtasts import LENIENT, STRICT
from mxproof.judge.report import Report
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import Memory, SenderMemory
from mxproof.mail.trust import Chain


class TermKind(StrEnum):
    """What ends."""

    MX_CERTIFICATE = "mx-certificate"
    """The certificate of an MX host; where its addresses show several, the first that ends."""
    POLICY_CERTIFICATE = "policy-certificate"
    """The certificate of the policy host, likewise."""
    POLICY = "policy"
    """The policy that is served: how long a sender that fetched it at the moment of the report may hold it."""
    CACHED_POLICY = "cached-policy"
    """An older policy that senders are assumed to hold."""


class Term(msgspec.Struct, frozen=True):
    """Until when something of `name` lasts; that may be over already."""

    kind: TermKind
    name: str
    until: datetime

    def days(self, now: datetime) -> float:
        """Return the days that are left at `now`, negative after the end."""
        return (self.until - now) / timedelta(days=1)


class Checked(msgspec.Struct, frozen=True):
    """One domain as it was checked: the report, the time line of asking, and what ends when."""

    report: Report
    timeline: tuple[Timed, ...] = ()
    terms: tuple[Term, ...] = ()

    @property
    def now(self) -> datetime:
        """The moment that is judged."""
        return self.report.judged_at or self.report.observed_at

    @property
    def seconds(self) -> float:
        """How long asking took from the first question to the last answer."""
        if not self.timeline:
            return 0.0
        began = min(one.began for one in self.timeline)
        return (max(one.ended for one in self.timeline) - began).total_seconds()


def terms(domain: MailDomain, memories: tuple[SenderMemory, ...] = ()) -> tuple[Term, ...]:
    """Return what ends when: certificates of MX hosts in their order, then what concerns the policy."""
    return (*_mx_certificates(domain), *_of_policy_host(domain), *_cached(domain, memories))


def _mx_certificates(domain: MailDomain) -> Iterator[Term]:
    for host in domain.hosts:
        chains = [session.chain for endpoint in host.endpoints for session in endpoint.sessions]
        yield from _first_end(TermKind.MX_CERTIFICATE, host.name, chains)


def _of_policy_host(domain: MailDomain) -> Iterator[Term]:
    host = domain.policy_host
    yield from _first_end(TermKind.POLICY_CERTIFICATE, host.name, [fetch.chain for fetch in host.fetches])
    policies = [policy for fetch in host.fetches if (policy := fetch.read(STRICT)) is not None]
    if policies:
        max_age_s = min(policy.max_age_s for policy in policies)
        yield Term(TermKind.POLICY, domain.name, domain.at + timedelta(seconds=max_age_s))


def _first_end(kind: TermKind, name: str, chains: list[Chain | None]) -> Iterator[Term]:
    ends = [chain.leaf.not_after for chain in chains if chain is not None and chain.leaf is not None]
    if ends:
        yield Term(kind, name, min(ends))


def _cached(domain: MailDomain, memories: tuple[SenderMemory, ...]) -> Iterator[Term]:
    for one in memories:
        if isinstance(one, Memory):
            yield Term(TermKind.CACHED_POLICY, domain.name, one.ends_at(LENIENT))
