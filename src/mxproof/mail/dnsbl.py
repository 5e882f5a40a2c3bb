"""The nouns of lists of addresses: each list with what it shows of itself, and each address as the lists have it."""

import msgspec

from mxproof.evidence import ABSENT, DnsData, Evidence, Kind, Question, TxtRecord
from mxproof.formats.dnsbl import DnsblAnswer, listed_name
from mxproof.survey.dnsbl import (
    ListState,
    codes,
    family_of,
    leading_to,
    list_state,
    lists,
    looked_up_addresses,
    meaning,
    test_questions,
)


class Listing(msgspec.Struct, frozen=True):
    """What one list says of one address: `listed` None where it did not tell, `reasons` its own words.

    `questions` are what it rests on: those that led to the address, the list's test points, and the look-up itself.
    """

    address: str
    zone: str
    listed: bool | None
    codes: tuple[str, ...]
    reasons: tuple[bytes, ...]
    questions: tuple[Question, ...]


class AddressList(msgspec.Struct, frozen=True):
    """One list for one family, and what its test points show."""

    zone: str
    family: int
    state: ListState
    codes: tuple[str, ...]
    questions: tuple[Question, ...]


class Listings(msgspec.Struct, frozen=True):
    """All lists that were asked and all that they say; `addresses` are those that were looked up."""

    addresses: tuple[str, ...]
    lists: tuple[AddressList, ...]
    listings: tuple[Listing, ...]


def listings_of(evidence: Evidence) -> Listings:
    """Return what the evidence shows of lists."""
    looked_up = looked_up_addresses(evidence)
    first = {family_of(address): address for address in reversed(looked_up)}
    asked = tuple(
        _list(evidence, zone, first[family]) for zone in lists(evidence) for family in sorted(first)
    )
    working = {(one.zone, one.family) for one in asked if one.state is ListState.WORKS}
    return Listings(
        looked_up,
        asked,
        tuple(
            _listing(evidence, address, zone)
            for zone in lists(evidence)
            for address in looked_up
            if (zone, family_of(address)) in working
        ),
    )


def _list(evidence: Evidence, zone: str, address: str) -> AddressList:
    """Return what a list shows of the family of `address`, by which it came to be asked."""
    family = family_of(address)
    tests = test_questions(zone, family)
    state = list_state(evidence, zone, family)
    told = tests[:1] if state is ListState.REFUSES else tests
    return AddressList(
        zone, family, state, codes(evidence, tests[0]), (*leading_to(evidence, address), *told)
    )


def _listing(evidence: Evidence, address: str, zone: str) -> Listing:
    question = Question(Kind.A, listed_name(address, zone))
    said = meaning(evidence, question)
    listed = True if said is DnsblAnswer.LISTED else None
    if evidence.answer(question).outcome in ABSENT:
        listed = False
    reason = Question(Kind.TXT, question.name)
    data = evidence.answer(reason).data
    texts = data.records if isinstance(data, DnsData) and listed else ()
    return Listing(
        address,
        zone,
        listed,
        codes(evidence, question),
        tuple(one.text for one in texts if isinstance(one, TxtRecord)),
        (
            *leading_to(evidence, address),
            *test_questions(zone, family_of(address)),
            question,
            *((reason,) if texts else ()),
        ),
    )
