"""The survey of who may issue certificates: the CAA records that count for the MX hosts and the policy host.

```
each MX host, mta-sts.D ── CAA at the name, at the name above it, and so on up to the top-level domain, until some are found
```
An authority climbs in the same way before it issues (RFC 8659 section 3), and follows an alias at each name as DNS does.
"""

from collections.abc import Iterator

from mxproof.evidence import ABSENT, DnsData, Evidence, Kind, Outcome, Question
from mxproof.survey import inbound
from mxproof.survey.reading import POLICY_LABEL, addresses, askable, mx_set

CLIMB_MAX = 10
"""Names that are climbed from one host; RFC 8659 knows no limit, and names of more labels are no hosts of anybody."""
CAA_HOSTS_MAX = 8
"""MX hosts whose names are climbed from."""


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer."""
    return tuple(question for question in needed(evidence) if question not in evidence.answers)


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    climbed = (question for name in climbing(evidence) for question in climb(evidence, name))
    return tuple(dict.fromkeys((*inbound.needed(evidence), *climbed)))


def climbing(evidence: Evidence) -> tuple[str, ...]:
    """Return the names that certificates are for: the MX hosts, and the policy host where there is one.

    A certificate with a wildcard is for the name above that of its host.
    """
    return tuple(
        dict.fromkeys(one for host in caa_hosts(evidence) for one in (host, host.partition(".")[2]) if one)
    )


def caa_hosts(evidence: Evidence) -> tuple[str, ...]:
    """Return the hosts whose certificates are looked at."""
    hosts = [one.name for one in mx_set(evidence).exchanges if askable(one.name)][:CAA_HOSTS_MAX]
    policy_host = f"{POLICY_LABEL}.{evidence.domain}"
    return (*hosts, policy_host) if addresses(evidence, policy_host) else tuple(hosts)


def climb(evidence: Evidence, name: str) -> Iterator[Question]:
    """Yield the questions from `name` upwards, up to the first name that has records or of which nothing is known."""
    for one in names_above(name):
        question = Question(Kind.CAA, one)
        yield question
        if evidence.answer(question).outcome not in ABSENT:
            return


def relevant(evidence: Evidence, name: str) -> tuple[Question, DnsData | None] | None:
    """Return the records that count for `name` and the question that found them; None where there are none at all.

    Without data where a look-up on the way failed, or was not made.
    """
    for question in climb(evidence, name):
        answer = evidence.answer(question)
        if answer.outcome is Outcome.FOUND and isinstance(answer.data, DnsData):
            return question, answer.data
        if answer.outcome not in ABSENT:
            return question, None
    return None


def names_above(name: str) -> tuple[str, ...]:
    """Return `name` and the names above it, the root left out."""
    labels = name.split(".")
    return tuple(".".join(labels[start:]) for start in range(len(labels)))[:CLIMB_MAX]
