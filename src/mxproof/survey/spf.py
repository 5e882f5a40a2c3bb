"""The survey of SPF: what receivers look up when mail comes from the domain, and when its MX hosts send a bounce.

```
D ──MX ── each host: A, AAAA
D ──TXT ── all that an evaluation looks up (`mxproof.survey.spf_evaluation`), for a client that nothing matches,
           and for each address of an MX host
each MX host, and each name with which one greets ──TXT ── as above, for its own addresses: the HELO identity of bounces
a look-up that fails ──NS── each server of the zone ── the same question over UDP and TCP: which server is at fault?
```
"""

from collections.abc import Iterator

import msgspec

from mxproof.evidence import Evidence, Kind, Question, SmtpData
from mxproof.formats.names import canonical, is_host
from mxproof.survey.name_servers import asked_servers, questions_at
from mxproof.survey.reading import FAMILY_KINDS, addresses, alias_chain, askable, mx_set
from mxproof.survey.spf_evaluation import Client, Evaluation, SpfCause, client_at, evaluate
from mxproof.survey.zone import cuts, zone_above_failure

SENDING_HOSTS_MAX = 4
"""MX hosts, the most preferred ones, that are looked at as senders."""
FAILED_MAX = 3
"""Failed look-ups that are asked again at each server of their zone."""

_EHLO_OK = b"250"


class Greeting(msgspec.Struct, frozen=True):
    """A name with which an MX host greets, or may greet, and the client that does so; the HELO identity of its bounces."""

    host: str
    name: str
    client: Client


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer."""
    return tuple(question for question in needed(evidence) if question not in evidence.answers)


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    return tuple(dict.fromkeys(_needed(evidence)))


def _needed(evidence: Evidence) -> Iterator[Question]:
    yield Question(Kind.TXT, evidence.domain)
    yield Question(Kind.MX, evidence.domain)
    for host in sending_hosts(evidence):
        yield from (Question(FAMILY_KINDS[family], host) for family in evidence.vantage.families)
    evaluations = (*strangers(evidence), *hosts(evidence).values(), *(one for _, one in greetings(evidence)))
    for evaluation in evaluations:
        yield from evaluation.asked
        yield from evaluation.unanswered
    for question in failed(evaluations):
        yield from _at_servers(evidence, question)


def sending_hosts(evidence: Evidence) -> tuple[str, ...]:
    """Return the MX hosts that may send mail too: bounces at the least."""
    names = [one.name for one in mx_set(evidence).exchanges if askable(one.name)]
    return tuple(names[:SENDING_HOSTS_MAX])


def strangers(evidence: Evidence) -> tuple[Evaluation, ...]:
    """Return the evaluations for a client that nothing matches, one a family."""
    sender = f"postmaster@{evidence.domain}"
    clients = (Client(family, "", sender, evidence.domain) for family in evidence.vantage.families)
    return tuple(evaluate(evidence, client) for client in clients)


def hosts(evidence: Evidence) -> dict[tuple[str, str], Evaluation]:
    """Return the evaluation for each address of each MX host, as a sender of the domain's mail."""
    sender = f"postmaster@{evidence.domain}"
    return {
        (host, address): evaluate(evidence, client_at(address, sender, host))
        for host in sending_hosts(evidence)
        for address in addresses(evidence, host)
    }


def greetings(evidence: Evidence) -> tuple[tuple[Greeting, Evaluation], ...]:
    """Return the evaluation of each greeting: a bounce has no sender, and its HELO name is checked (section 2.4)."""
    found: dict[tuple[str, str], tuple[Greeting, Evaluation]] = {}
    for host in sending_hosts(evidence):
        for address in addresses(evidence, host):
            for name in _names(evidence, host, address):
                client = client_at(address, f"postmaster@{name}", name)
                key = (name, client.address)
                found.setdefault(key, (Greeting(host, name, client), evaluate(evidence, client)))
    return tuple(found.values())


def failed(evaluations: tuple[Evaluation, ...]) -> tuple[Question, ...]:
    """Return the look-ups that made evaluations end as temperror, each once."""
    questions = [
        one.question for one in evaluations if one.cause is SpfCause.FAILED and one.question is not None
    ]
    return tuple(dict.fromkeys(questions))[:FAILED_MAX]


def _names(evidence: Evidence, host: str, address: str) -> Iterator[str]:
    """Yield what the host is called at the end of its aliases, and what it calls itself in its answer to EHLO."""
    target = alias_chain(evidence, host)[-1]
    yield target
    _, data = evidence.smtp(host, address)
    said = _greeted(data)
    if said and said not in (target, evidence.domain):
        yield said


def _greeted(data: SmtpData | None) -> str:
    """Return the name in the answer to the first EHLO (RFC 5321 section 4.1.1.1), empty where there is none."""
    lines = data.transcript if data is not None else ()
    behind = False
    for line in lines:
        if behind and line.side == "S":
            name = canonical(line.text[4:].decode("ascii", "replace").partition(" ")[0])
            return name if line.text.startswith(_EHLO_OK) and "." in name and is_host(name) else ""
        behind = behind or (line.side == "C" and line.text.upper().startswith(b"EHLO"))
    return ""


def _at_servers(evidence: Evidence, question: Question) -> Iterator[Question]:
    """Ask each server of the zone the question that failed at the resolver."""
    names = dict.fromkeys((*cuts(question.name), *cuts(evidence.domain)))
    yield from (Question(Kind.NS, cut) for cut in names)
    zone = zone_above_failure(evidence, question.name)
    if zone is not None:
        for server in asked_servers(evidence, zone):
            yield from (Question(FAMILY_KINDS[family], server) for family in evidence.vantage.families)
        yield from questions_at(evidence, question, zone)
