"""Which questions show what name servers make of EDNS."""

import pytest

from mxproof.evidence import AddressRecord, DnsData, Edns, Kind, NameRecord, Outcome, Question, Transport
from mxproof.survey.edns import edns_controls, large_records, message_bytes, needed
from support_answers import Said, told

TXT = Question(Kind.TXT, "example.com")
ZONE: dict[Question, Said] = {
    Question(Kind.NS, "com"): (NameRecord("a.nic.com"),),
    Question(Kind.A, "a.nic.com"): (AddressRecord("203.0.113.1"),),
    Question(Kind.AAAA, "a.nic.com"): (AddressRecord("2001:db8::1"),),
    Question(Kind.NS, "example.com"): (NameRecord("ns.example.com"),),
    Question(Kind.A, "ns.example.com"): (AddressRecord("192.0.2.53"),),
}


def at(transport: Transport) -> Question:
    return Question(Kind.TXT, "example.com", server="192.0.2.53", transport=transport)


def of_bytes(size: int) -> DnsData:
    return DnsData("NOERROR", secure=False, wire=bytes(size))


def test_each_server_of_the_top_level_domain_is_asked_once_over_udp() -> None:
    assert edns_controls(told(ZONE)) == tuple(
        Question(Kind.SOA, "com", server=address, transport=Transport.UDP, edns=Edns.ONLY)
        for address in ("203.0.113.1", "2001:db8::1")
    )


@pytest.mark.parametrize(
    ("answers", "want"),
    [
        ({at(Transport.TCP): of_bytes(513)}, (TXT,)),
        ({at(Transport.TCP): of_bytes(512)}, ()),
        ({at(Transport.UDP): of_bytes(513)}, ()),
        ({at(Transport.TCP): Outcome.TIMEOUT}, ()),
        ({at(Transport.TCP): of_bytes(513), Question(Kind.NS, "example.com"): Outcome.TIMEOUT}, ()),
    ],
)
def test_an_answer_is_large_that_no_plain_datagram_holds(
    answers: dict[Question, Said], want: tuple[Question, ...]
) -> None:
    evidence = told(ZONE | answers)
    assert large_records(evidence, [TXT, TXT, Question(Kind.TXT, "www.example.net")]) == want
    asked = {one.edns for one in needed(evidence, [TXT]) if one.kind is Kind.TXT}
    assert asked == ({Edns.ONLY, Edns.SMALL} if want else set())


def test_a_message_has_the_size_it_came_in() -> None:
    evidence = told({TXT: of_bytes(40), at(Transport.TCP): Outcome.TIMEOUT})
    assert [message_bytes(evidence, one) for one in (TXT, at(Transport.TCP))] == [40, 0]


def test_a_large_answer_of_another_zone_is_left_to_others_and_two_of_its_own_are_asked_for() -> None:
    names = [f"{label}.example.com" for label in ("a", "b", "c")]
    foreign = Question(Kind.TXT, "www.example.net")
    records = [foreign, *(Question(Kind.TXT, name) for name in names)]
    zone: dict[Question, Said] = ZONE | {
        Question(Kind.NS, "www.example.net"): Outcome.EMPTY,
        Question(Kind.NS, "example.net"): (NameRecord("ns.example.net"),),
        Question(Kind.A, "ns.example.net"): (AddressRecord("203.0.113.53"),),
        Question(Kind.TXT, foreign.name, server="203.0.113.53", transport=Transport.TCP): of_bytes(2000),
        **{Question(Kind.NS, name): Outcome.EMPTY for name in names},
        **{
            Question(Kind.TXT, name, server="192.0.2.53", transport=Transport.TCP): of_bytes(2000)
            for name in names
        },
    }
    evidence = told(zone)
    assert large_records(evidence, records) == tuple(records[1:3])
    asked = [one for one in needed(evidence, records) if one.kind is Kind.TXT]
    assert {one.server for one in asked} == {"192.0.2.53"}
    assert [(one.name, one.edns) for one in asked] == [
        (name, edns) for name in names[:2] for edns in (Edns.ONLY, Edns.SMALL)
    ]
