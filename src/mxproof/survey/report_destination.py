"""Where reports go: whether the domain of an address can receive mail at all (RFC 5321 section 5.1), and whether a web
host has an address.
"""

from collections.abc import Iterator

from mxproof.evidence import ABSENT, Evidence, Kind, MxRecord, Outcome, Question
from mxproof.survey.reading import FAMILY_KINDS, NULL_EXCHANGE

DESTINATIONS_MAX = 8
"""Domains of report addresses that are looked at."""


def needed(evidence: Evidence, domain: str) -> Iterator[Question]:
    """Yield what must be known of `domain`: its MX records, and where it has none its addresses."""
    question = Question(Kind.MX, domain)
    yield question
    if evidence.answer(question).outcome is Outcome.EMPTY:
        yield from addresses_of(evidence, domain)


def addresses_of(evidence: Evidence, name: str) -> Iterator[Question]:
    """Yield the questions for the addresses of `name`."""
    yield from (Question(FAMILY_KINDS[family], name) for family in evidence.vantage.families)


def is_nowhere(evidence: Evidence, host: str) -> bool:
    """Tell whether every look-up of the host's addresses, over both families, was answered with none."""
    asked = tuple(addresses_of(evidence, host))
    whole = len(asked) == len(FAMILY_KINDS)
    return whole and all(evidence.answer(one).outcome in ABSENT for one in asked)


def receives(evidence: Evidence, domain: str) -> bool | None:
    """Tell whether mail can be sent to `domain`; None where that could not be found out."""
    answer, data = evidence.dns(Kind.MX, domain)
    if answer.outcome is Outcome.FOUND and data is not None:
        hosts = [one.exchange for one in data.records if isinstance(one, MxRecord)]
        return any(host.strip(NULL_EXCHANGE) for host in hosts)
    if answer.outcome is Outcome.NXDOMAIN:
        return False
    if answer.outcome is not Outcome.EMPTY:
        return None
    outcomes = [evidence.dns(FAMILY_KINDS[family], domain)[0].outcome for family in evidence.vantage.families]
    if Outcome.FOUND in outcomes:
        return True
    return False if all(outcome in ABSENT for outcome in outcomes) else None
