"""The survey of the ways to each name server: every address over UDP and over TCP, asked for the records of mail.

```
MX of D, TXT of _mta-sts.D and _smtp._tls.D ──┐
SPF, DMARC, and the keys that were named ─────┴── each at each address of each server of its zone, over UDP and TCP
each name of these, mta-sts.D and the MX hosts ── CNAME, where its records were found without one
the zone of D ── what leads to it (`mxproof.survey.delegation`), and what its servers make of EDNS (`mxproof.survey.edns`)
```
What is looked up of SPF and DMARC is that of `mxproof.survey.authentication`, which asks for these alone.
"""

from mxproof.evidence import Evidence, Kind, Outcome, Question
from mxproof.formats.dkim import signature
from mxproof.survey import authentication, delegation, edns, name_servers
from mxproof.survey.reading import (
    FAMILY_KINDS,
    POLICY_LABEL,
    STS_LABEL,
    TLSRPT_LABEL,
    askable,
    mx_set,
)
from mxproof.survey.served import HOSTS_COMPARED_MAX


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
        *alias_questions(evidence),
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


def alias_questions(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions for an alias at names whose records were found without one (RFC 1034 section 3.6.2)."""
    return tuple(Question(Kind.CNAME, one.name) for one in beside_aliases(evidence))


def beside_aliases(evidence: Evidence) -> tuple[Question, ...]:
    """Return the look-ups of records of mail, one a name, that were answered without an alias."""
    domain = evidence.domain
    hosts = [one.name for one in mx_set(evidence).exchanges if askable(one.name)][:HOSTS_COMPARED_MAX]
    asked = [
        Question(Kind.MX, domain),
        Question(Kind.TXT, f"{STS_LABEL}.{domain}"),
        Question(Kind.TXT, f"{TLSRPT_LABEL}.{domain}"),
    ]
    for name in (f"{POLICY_LABEL}.{domain}", *hosts):
        asked += (Question(FAMILY_KINDS[family], name) for family in evidence.vantage.families)
    found: dict[str, Question] = {}
    for one in asked:
        answer, data = evidence.dns(one.kind, one.name)
        if answer.outcome is Outcome.FOUND and data is not None and not data.chain:
            found.setdefault(one.name, one)
    return tuple(found.values())


def keys(evidence: Evidence) -> tuple[str, ...]:
    """Return the names of the DKIM keys whose selectors were named."""
    named = (signature(evidence.domain, selector) for selector in evidence.vantage.selectors)
    return tuple(one.key_name for one in named if one is not None)
