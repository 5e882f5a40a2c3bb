"""What is judged of one domain without a word of it: verdicts and weights, as a scan of many domains keeps them.

It is `report_on` without the catalogue: the same nouns, senders and findings, and the same weights. Whoever wants to read of
one domain has the report made from its evidence.
"""

from datetime import datetime

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.checks import findings
from mxproof.judge.codes import Code
from mxproof.judge.judging import weight_of, worst
from mxproof.judge.report import Delivery
from mxproof.judge.senders import SENDERS, deliver
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain


class WeighedFinding(msgspec.Struct, frozen=True):
    """A finding by its code and what it is about, how much it matters, and the ids of the senders that it stops."""

    code: Code
    subject: str
    severity: Severity
    affects: tuple[str, ...]


class WeighedDomain(msgspec.Struct, frozen=True):
    """One domain as it was judged: its nouns, the worst outcome, what each sender does, and what was found."""

    domain: MailDomain
    outcome: Verdict
    senders: tuple[Delivery, ...]
    findings: tuple[WeighedFinding, ...]


def weighed(evidence: Evidence, *, now: datetime) -> WeighedDomain:
    """Return what is to be said of `evidence` as of `now`, for senders that remember nothing of earlier."""
    domain = assemble(evidence, now)
    deliveries = tuple(deliver(domain, traits, ()) for traits in SENDERS)
    found = []
    for one in findings(domain):
        code = Code(one.code)
        found.append(WeighedFinding(code, one.subject, *weight_of(code, deliveries)))
    return WeighedDomain(domain, worst(deliveries), deliveries, tuple(found))
