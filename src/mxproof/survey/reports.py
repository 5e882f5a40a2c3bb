"""The survey of where TLS reports go: each domain that they are mailed to, asked about as `inbound` asks about the domain itself.

```
_smtp._tls.D ── each domain R of an address ── all that must be known before a sender of mail to R can be judged
each TLSA base domain with TLSA records ── TXT _smtp._tls below it
```
Reports come by mail, so that what keeps mail from R keeps them away. The policy domain of TLSRPT is D, and that of DANE is the
TLSA base domain (RFC 8460 section 1.1), at which some senders look for a record, too (observed: mox, tlsrptsend/send.go).
"""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Evidence, Kind, Outcome, Question
from mxproof.survey import inbound
from mxproof.survey.reading import TLSRPT_LABEL, askable, mx_set, tlsa_bases, tlsa_name
from mxproof.survey.report_destination import DESTINATIONS_MAX


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer."""
    return tuple(question for question in needed(evidence) if question not in evidence.answers)


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    return tuple(dict.fromkeys(_needed(evidence)))


def _needed(evidence: Evidence) -> Iterator[Question]:
    yield from inbound.needed(evidence)
    for base in bases(evidence):
        yield Question(Kind.TXT, f"{TLSRPT_LABEL}.{base}")
    for domain in receivers(evidence):
        yield from inbound.needed(about(evidence, domain))


def receivers(evidence: Evidence) -> tuple[str, ...]:
    """Return the domains that TLS reports are mailed to, the domain itself among them where they come to it."""
    return tuple(one for one in inbound.report_domains(evidence) if askable(one))[:DESTINATIONS_MAX]


def bases(evidence: Evidence) -> tuple[str, ...]:
    """Return the TLSA base domains at which TLSA records stand, but for the domain itself, each once."""
    names = (one.name for one in mx_set(evidence).exchanges if askable(one.name))
    found = (base for name in names for base in tlsa_bases(evidence, name) if _has_tlsa(evidence, base))
    return tuple(dict.fromkeys(one for one in found if one != evidence.domain))


def about(evidence: Evidence, domain: str) -> Evidence:
    """Return the same answers as evidence of another domain."""
    return msgspec.structs.replace(evidence, domain=domain)


def _has_tlsa(evidence: Evidence, base: str) -> bool:
    return evidence.dns(Kind.TLSA, tlsa_name(base))[0].outcome is Outcome.FOUND
