"""The words of values about servers: each says what the value holds, and nothing where it holds nothing."""

import pytest

from mxproof.evidence import Answer, Kind, Outcome, Transport
from mxproof.judge.catalogue.server_words import (
    BY_TYPE,
    addressed,
    addresses_told,
    at_fault,
    behind,
    difference_told,
    edns_answered,
    failing,
    held_records,
    lame,
    over,
    resolver_fault,
    servers_told,
)
from mxproof.judge.value import (
    AddressDifference,
    EdnsAnswer,
    FailingResolver,
    FailingServer,
    HeldRecords,
    LameAnswer,
    RecordDifference,
    SerialBehind,
    ServerAddresses,
    ServerDifference,
    ServersAtFault,
    TransportFailure,
)
from mxproof.mail.change import Ipv4Value
from mxproof.mail.resolver import ResolverState
from support_evidence import OBSERVED_AT

SILENT = FailingServer("ns1.example.com", "192.0.2.53", Outcome.TIMEOUT)
WRONG = FailingServer("ns2.example.com", "192.0.2.54", Outcome.SERVFAIL)


def test_servers_that_fail_are_named_or_else_the_way_to_them_or_that_none_was_asked() -> None:
    named = at_fault(ServersAtFault((SILENT, WRONG), 3))
    assert named == f"At fault: {failing(SILENT)}; {failing(WRONG)}"
    on_the_way, unasked = at_fault(ServersAtFault((), 3)), at_fault(ServersAtFault((), 0))
    assert "on the way" in on_the_way
    assert "could not be asked" in unasked


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (Outcome.SERVFAIL, "it answers SERVFAIL"),
        (Outcome.REFUSED, "it refuses"),
        (Outcome.TIMEOUT, "no answer in time"),
    ],
)
def test_a_failing_server_is_told_with_its_address_and_what_it_says(outcome: Outcome, words: str) -> None:
    said = failing(FailingServer("ns1.example.com", "192.0.2.53", outcome))
    assert said == f"ns1.example.com (192.0.2.53), {words}"


def test_a_lame_server_answers_with_a_referral_an_error_or_without_authority() -> None:
    assert lame(LameAnswer("REFUSED")) == "it answers REFUSED"
    assert lame(LameAnswer("REFUSED", is_referral=True)) == "it answers with a referral"
    assert lame(LameAnswer()) == "its answer is not authoritative"


def test_to_edns_a_server_answers_an_rcode_or_nothing() -> None:
    assert edns_answered(EdnsAnswer(Outcome.FOUND, "FORMERR")) == "it answers FORMERR"
    assert edns_answered(EdnsAnswer(Outcome.TIMEOUT)) == "no answer in time"


@pytest.mark.parametrize(
    ("above", "own", "parts"),
    [
        (("a.example",), (), ["only the zone above names a.example"]),
        ((), ("b.example",), ["only the zone itself names b.example"]),
        (
            ("a.example",),
            ("b.example",),
            ["only the zone above names a.example", "only the zone itself names b.example"],
        ),
    ],
)
def test_of_two_lists_of_servers_what_one_has_alone_is_told(
    above: tuple[str, ...], own: tuple[str, ...], parts: list[str]
) -> None:
    assert servers_told(ServerDifference(above, own)) == ", ".join(parts)
    told = addresses_told(AddressDifference(above, own))
    assert told == ", ".join(part.replace("names", "has") for part in parts)


def test_servers_hold_records_in_lines_of_a_zone_or_none() -> None:
    held = HeldRecords(Kind.A, "mx.example.com", ("ns1.example.com",), (Ipv4Value("192.0.2.1"),))
    said = held_records(held)
    assert said.startswith("ns1.example.com:")
    assert "\n    mx.example.com" in said
    assert "192.0.2.1" in said
    none = held_records(HeldRecords(Kind.A, "mx.example.com", ("ns1.example.com",), ()))
    assert none == "ns1.example.com: no A record at mx.example.com\n"


def test_how_far_a_zone_is_behind_is_told_where_it_is() -> None:
    serial = SerialBehind(1, 2)
    assert behind(None) == ""
    assert behind(serial) == " (serial 1, others have 2)"
    assert difference_told(RecordDifference(True, serial)).endswith(behind(serial))
    assert "that of the others" in difference_told(RecordDifference(True))
    assert "do not have the same" in difference_told(RecordDifference(False, serial))


@pytest.mark.parametrize("state", [ResolverState.NO_ROUTE, ResolverState.SILENT, ResolverState.FAILING])
def test_a_resolver_that_fails_is_told_with_what_the_machine_says_or_else_with_the_outcome(
    state: ResolverState,
) -> None:
    with_detail = Answer(Outcome.TIMEOUT, OBSERVED_AT, detail="errno 101")
    said = {resolver_fault(FailingResolver(one, with_detail)) for one in ResolverState}
    assert resolver_fault(FailingResolver(state, with_detail)).endswith(" (errno 101)")
    assert "(no answer in time)" in resolver_fault(
        FailingResolver(state, Answer(Outcome.TIMEOUT, OBSERVED_AT))
    )
    assert len(said) == 3


def test_a_server_is_told_with_its_addresses_and_a_way_with_why_it_failed() -> None:
    assert addressed(ServerAddresses("ns1", ("192.0.2.1", "2001:db8::1"))) == "ns1 (192.0.2.1, 2001:db8::1)"
    assert over(TransportFailure(Transport.UDP, Outcome.REFUSED)) == "UDP (refused)"


def test_each_kind_of_value_has_its_words() -> None:
    assert BY_TYPE[LameAnswer](LameAnswer("X")) == lame(LameAnswer("X"))
    assert BY_TYPE[SerialBehind](SerialBehind(1, 2)) == behind(SerialBehind(1, 2))
