"""The survey of the ways to each name server: every address over UDP and over TCP, asked for the records of mail.

```
MX of D, TXT of _mta-sts.D and _smtp._tls.D ──┐
SPF, DMARC, and the keys that were named ─────┴── each at each address of each server of its zone, over UDP and TCP
the zone of D ── what leads to it (`mxproof.survey.delegation`), and what its servers make of EDNS (`mxproof.survey.edns`)
```
What is looked up of SPF and DMARC is that of `mxproof.survey.authentication`, which asks for these alone.
"""

from mxproof.evidence import Evidence, Kind, Question
from mxproof.formats.dkim import signature
from mxproof.survey import authentication, delegation, edns, name_servers
from mxproof.survey.reading import STS_LABEL, TLSRPT_LABEL


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer."""
    return tuple(question for question in needed(evidence) if question not in evidence.answers)


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    asked = records(evidence)
    questions = (
        *name_servers.needed(evidence, asked),
        *delegation.needed(evidence),
        *edns.needed(evidence, asked),
    )
    return tuple(dict.fromkeys(questions))


def records(evidence: Evidence) -> tuple[Question, ...]:
    """Return the records that decide about mail received and mail sent, as they are asked of a resolver."""
    domain = evidence.domain
    received = (
        Question(Kind.MX, domain),
        Question(Kind.TXT, f"{STS_LABEL}.{domain}"),
        Question(Kind.TXT, f"{TLSRPT_LABEL}.{domain}"),
    )
    return (*received, *authentication.records(evidence, keys(evidence)))


def keys(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the DKIM keys whose selectors were named."""
    named = (signature(evidence.domain, selector) for selector in evidence.vantage.selectors)
    return tuple(one.key_name for one in named if one is not None)
