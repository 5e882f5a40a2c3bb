"""Whether a reverse name leads back to its address."""

import pytest

from mxproof.evidence import AddressRecord, Answer, DnsData, Kind, NameRecord, Outcome, Question
from mxproof.mail.reverse_name import PtrState, leads_to, ptr_state
from support_evidence import OBSERVED_AT, small_evidence

ADDRESS = "192.0.2.25"
NAMES = (Question(Kind.A, "one.example.com"), Question(Kind.A, "two.example.com"))
NAMED = Answer(
    Outcome.FOUND, OBSERVED_AT, DnsData("NOERROR", secure=False, records=(NameRecord("one.example.com"),))
)


def led_to(address: str) -> Answer:
    return Answer(
        Outcome.FOUND, OBSERVED_AT, DnsData("NOERROR", secure=False, records=(AddressRecord(address),))
    )


def ended(outcome: Outcome) -> Answer:
    return Answer(outcome, OBSERVED_AT)


def state(*forward: Answer, reverse: Answer = NAMED) -> PtrState:
    asked = NAMES[: len(forward)]
    evidence = small_evidence().with_answers(list(zip(asked, forward, strict=True)))
    return ptr_state(evidence, reverse, ADDRESS, asked)


@pytest.mark.parametrize("outcome", [Outcome.EMPTY, Outcome.NXDOMAIN])
def test_there_is_none_where_the_look_up_finds_none(outcome: Outcome) -> None:
    assert state(reverse=ended(outcome)) is PtrState.ABSENT


def test_there_is_none_where_what_is_found_is_no_name() -> None:
    assert state() is PtrState.ABSENT


@pytest.mark.parametrize("outcome", [Outcome.SERVFAIL, Outcome.TIMEOUT, Outcome.UNASKED])
def test_it_is_unknown_where_the_look_up_failed(outcome: Outcome) -> None:
    assert state(led_to(ADDRESS), reverse=ended(outcome)) is PtrState.UNKNOWN


def test_one_name_that_leads_back_confirms_it_whatever_the_others_do() -> None:
    assert state(ended(Outcome.SERVFAIL), led_to(ADDRESS)) is PtrState.CONFIRMED
    assert state(led_to("192.0.2.99"), led_to(ADDRESS)) is PtrState.CONFIRMED


def test_it_is_not_confirmed_only_where_every_name_was_answered() -> None:
    assert state(led_to("192.0.2.99"), ended(Outcome.NXDOMAIN)) is PtrState.UNCONFIRMED
    assert state(led_to("192.0.2.99"), ended(Outcome.TIMEOUT)) is PtrState.UNKNOWN


def test_an_answer_without_records_leads_nowhere() -> None:
    assert not leads_to(ADDRESS, ended(Outcome.TIMEOUT))
    assert not leads_to(ADDRESS, NAMED)
    assert leads_to(ADDRESS, led_to(ADDRESS))
