"""The survey of lists of addresses: what each list says of the MX hosts and of the hosts that send (RFC 5782).

```
each list ── A of its test points: the one that every list has, and the one that none has, for each family that is asked about
a list that knows them apart ── A of each address ── listed: TXT, which says why
MX of D ── A, AAAA of each host; the sending hosts that were named
```
A list that refuses shows it by its test points, and is then asked nothing more.
"""

import ipaddress
from collections.abc import Iterator
from enum import StrEnum

from mxproof.evidence import ABSENT, AddressRecord, DnsData, Evidence, Kind, Outcome, Question
from mxproof.formats.address_scope import special_range
from mxproof.formats.dnsbl import (
    DEFAULT_LISTS,
    LISTS_MAX,
    TEST_CLEAR,
    TEST_LISTED,
    DnsblAnswer,
    listed_name,
    read_dnsbl,
)
from mxproof.survey.reading import FAMILY_KINDS, addresses, askable, mx_set
from mxproof.survey.sending import record_questions, sending_hosts

LISTED_ADDRESSES_MAX = 16
"""Addresses that are looked up, so that no list has many questions from one check."""


class ListState(StrEnum):
    """What the test points of a list show of it, for one family."""

    WORKS = "works"
    REFUSES = "refuses"
    BROKEN = "broken"
    """It has no entry for what every list has, or one for what none has."""
    UNANSWERED = "unanswered"


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far calls for and does not answer."""
    return tuple(question for question in needed(evidence) if question not in evidence.answers)


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions that the evidence calls for, answered or not."""
    return tuple(dict.fromkeys(_needed(evidence)))


def _needed(evidence: Evidence) -> Iterator[Question]:
    yield Question(Kind.MX, evidence.domain)
    for exchange in mx_set(evidence).exchanges:
        if askable(exchange.name):
            yield from (Question(FAMILY_KINDS[family], exchange.name) for family in evidence.vantage.families)
    looked_up = looked_up_addresses(evidence)
    for zone in lists(evidence):
        for family in dict.fromkeys(map(family_of, looked_up)):
            yield from test_questions(zone, family)
        for address in looked_up:
            if list_state(evidence, zone, family_of(address)) is ListState.WORKS:
                question = Question(Kind.A, listed_name(address, zone))
                yield question
                if meaning(evidence, question) is DnsblAnswer.LISTED:
                    yield Question(Kind.TXT, question.name)


def lists(evidence: Evidence) -> tuple[str, ...]:
    """Return the lists that are asked: those that were named, or else a few that many receivers ask."""
    return (evidence.vantage.lists or DEFAULT_LISTS)[:LISTS_MAX]


def looked_up_addresses(evidence: Evidence) -> tuple[str, ...]:
    """Return the public addresses of the MX hosts, and those that send."""
    hosts = (one.name for one in mx_set(evidence).exchanges if askable(one.name))
    found = [address for host in hosts for address in addresses(evidence, host)]
    found += [host.address for host in sending_hosts(evidence)]
    return tuple(dict.fromkeys(one for one in found if _is_public(one)))[:LISTED_ADDRESSES_MAX]


def leading_to(evidence: Evidence, address: str) -> tuple[Question, ...]:
    """Return the questions whose answers say that an address is one of the domain's; none for one that was named."""
    if any(one.address == address for one in evidence.vantage.sending):
        return ()
    kind = FAMILY_KINDS[family_of(address)]
    for exchange in mx_set(evidence).exchanges:
        if askable(exchange.name) and address in addresses(evidence, exchange.name):
            return (Question(Kind.MX, evidence.domain), Question(kind, exchange.name))
    return tuple(one for one in record_questions(evidence) if _is_answered(evidence, one))


def family_of(address: str) -> int:
    """Return 4 or 6."""
    return ipaddress.ip_address(address).version


def test_questions(zone: str, family: int) -> tuple[Question, Question]:
    """Return the look-ups of the address that every list of a family has, and of that which none has."""
    names = (listed_name(known[family], zone) for known in (TEST_LISTED, TEST_CLEAR))
    first, second = (Question(Kind.A, name) for name in names)
    return first, second


def list_state(evidence: Evidence, zone: str, family: int) -> ListState:
    """Return what the test points of a list show of it."""
    listed, clear = test_questions(zone, family)
    said = meaning(evidence, listed)
    if said is DnsblAnswer.REFUSED:
        return ListState.REFUSES
    if not all(_is_answered(evidence, one) for one in (listed, clear)):
        return ListState.UNANSWERED
    works = said is DnsblAnswer.LISTED and evidence.answer(clear).outcome in ABSENT
    return ListState.WORKS if works else ListState.BROKEN


def meaning(evidence: Evidence, question: Question) -> DnsblAnswer | None:
    """Return what an answer of a list means, None where it has no entry or did not answer."""
    return read_dnsbl(found) if (found := codes(evidence, question)) else None


def codes(evidence: Evidence, question: Question) -> tuple[str, ...]:
    """Return the addresses in an answer."""
    answer = evidence.answer(question)
    data = answer.data if answer.outcome is Outcome.FOUND and isinstance(answer.data, DnsData) else None
    records = data.records if data is not None else ()
    return tuple(sorted(one.address for one in records if isinstance(one, AddressRecord)))


def _is_answered(evidence: Evidence, question: Question) -> bool:
    return evidence.answer(question).outcome in ABSENT | {Outcome.FOUND}


def _is_public(address: str) -> bool:
    found = special_range(address)
    return found is None or found.is_example
