"""The survey of the name servers behind the records that lead mail to a domain: each record at each server.

```
D ──MX
_mta-sts.D ──TXT, and each name that it is an alias of
each MX host ── TLSA of port 25, at the MX name and where that is an alias at its target
each of these at each server of its zone (`mxproof.survey.name_servers`)
```
It goes with `mxproof.survey.inbound`, which asks a resolver for the same records. A resolver that keeps to one server,
or has an answer of yesterday, does not show what another server of the zone tells other senders.
"""

from collections.abc import Iterator

from mxproof.evidence import Evidence, Kind, Question
from mxproof.survey import name_servers
from mxproof.survey.reading import STS_LABEL, alias_chain, askable, mx_set, tlsa_name

TLSA_HOSTS_MAX = 4
"""MX hosts whose TLSA records are asked of each name server."""


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer."""
    return tuple(
        question
        for question in dict.fromkeys(name_servers.needed(evidence, records(evidence)))
        if question not in evidence.answers
    )


def are_asked(evidence: Evidence) -> bool:
    """Tell by one look whether this survey was made: nothing else asks for a zone at the name of the STS record."""
    return Question(Kind.NS, f"{STS_LABEL}.{evidence.domain}") in evidence.answers


def records(evidence: Evidence) -> tuple[Question, ...]:
    """Return the records that decide, as they are asked of a resolver."""
    return tuple(dict.fromkeys(_records(evidence)))


def unserved(evidence: Evidence) -> Evidence:
    """Return the evidence as a resolver alone gives it, without what was asked for the sake of the servers."""
    kept = {
        question: answer
        for question, answer in evidence.answers.items()
        if not question.server and question.kind is not Kind.NS
    }
    return Evidence(evidence.domain, evidence.vantage).with_answers(kept.items())


def _records(evidence: Evidence) -> Iterator[Question]:
    yield Question(Kind.MX, evidence.domain)
    yield from (Question(Kind.TXT, name) for name in _sts_names(evidence))
    hosts = [one.name for one in mx_set(evidence).exchanges if askable(one.name)]
    for host in hosts[:TLSA_HOSTS_MAX]:
        for base in dict.fromkeys((alias_chain(evidence, host)[-1], host)):
            yield Question(Kind.TLSA, tlsa_name(base))


def _sts_names(evidence: Evidence) -> tuple[str, ...]:
    name = f"{STS_LABEL}.{evidence.domain}"
    _, data = evidence.dns(Kind.TXT, name)
    links = data.chain if data is not None else ()
    return tuple(dict.fromkeys((name, *(link.target for link in links))))
