"""Which questions about signatures a domain calls for: its records, their zones up to the top, and some servers."""

import msgspec
import pytest

from mxproof.evidence import DnsData, Edns, Evidence, Kind, Outcome, Question, SignedRecord, Vantage
from mxproof.formats import dnssec as types
from mxproof.survey.dnssec import (
    SIGNED_HOSTS_MAX,
    SIGNING_SERVERS_MAX,
    at_server,
    is_whole,
    mail_records,
    names_on_way,
    needed,
    signed,
    signed_hosts,
    signing_servers,
    wanted,
    zone_cut,
    zones_above,
)
from mxproof.survey.inbound import wanted as arrival
from support_answers import told
from support_dnssec import NS1, NS2, UNSIGNED, WHOLE
from support_world import ZoneWorld, collect

NAME = "example.com"


def asked(world: ZoneWorld) -> set[Question]:
    return {one for one in collect(world).answers if one.edns is Edns.SIGNED}


def test_nothing_but_signatures_is_wanted_beside_what_arrival_asks() -> None:
    start = Evidence(NAME, Vantage())
    assert {*wanted(start)} - {*arrival(start)} == {signed(Kind.MX, NAME), signed(Kind.NS, NAME)}
    assert wanted(collect(WHOLE)) == ()


def test_records_are_followed_to_the_top_level_domain_and_no_further() -> None:
    evidence = collect(WHOLE)
    assert zones_above(evidence, "_25._tcp.mx1.example.com") == ("com", NAME)
    questions = asked(WHOLE)
    assert {one.name for one in questions if one.kind is Kind.DS} == {"com", NAME}
    assert not any(one.name in {"", "."} for one in questions)


def test_each_server_of_a_signed_zone_is_asked_for_its_keys_and_records() -> None:
    questions = asked(WHOLE)
    for server in (NS1, NS2):
        at = {(one.kind, one.name) for one in questions if one.server == server}
        assert at >= {(Kind.DNSKEY, NAME), (Kind.MX, NAME), (Kind.TLSA, "_25._tcp.mx2.example.com")}


def test_the_servers_of_an_unsigned_zone_are_left_alone() -> None:
    questions = asked(UNSIGNED)
    assert Question(Kind.DS, NAME, edns=Edns.SIGNED) in questions
    assert [one for one in questions if one.server] == []


def test_of_many_servers_some_are_asked() -> None:
    many = [f"example.com NS ns{number}.example.com" for number in range(9)]
    many += [f"ns{number}.example.com A 203.0.113.{number + 10}" for number in range(9)]
    evidence = collect(WHOLE.zone_with(*many))
    assert len(signing_servers(evidence, NAME)) == SIGNING_SERVERS_MAX


@pytest.mark.parametrize(
    "data", [pytest.param(b"\xff", id="no name"), b"\0", b"\x09localhost\0", b"\x03192\x010\x012\x019\0"]
)
def test_a_server_whose_name_cannot_be_asked_for_is_left_alone(data: bytes) -> None:
    evidence = collect(WHOLE)
    question = signed(Kind.NS, NAME)
    answer = evidence.answer(question)
    assert isinstance(answer.data, DnsData)
    odd = msgspec.structs.replace(
        answer.data, records=(*answer.data.records, SignedRecord(NAME, types.NS, 300, data))
    )
    seen = evidence.with_answers([(question, msgspec.structs.replace(answer, data=odd))])
    assert signing_servers(seen, NAME) == (("ns1.example.com", NS1), ("ns2.example.com", NS2))
    assert wanted(seen) == ()


def test_of_many_hosts_some_are_looked_at() -> None:
    many = [f"example.com MX {number} mx{number}.example.com" for number in range(20)]
    assert len(signed_hosts(collect(WHOLE.zone_with(*many)))) == SIGNED_HOSTS_MAX


def test_the_hosts_of_a_bogus_answer_are_looked_at_all_the_same() -> None:
    evidence = collect(WHOLE)
    bogus = evidence.answer(Question(Kind.MX, NAME))
    lost = evidence.with_answers([(Question(Kind.MX, NAME), type(bogus)(Outcome.BOGUS, bogus.at))])
    assert signed_hosts(lost) == ("mx1.example.com", "mx2.example.com")


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.REFUSED])
def test_a_cut_that_is_not_told_is_not_passed_over(outcome: Outcome) -> None:
    evidence = collect(WHOLE)
    question = signed(Kind.NS, NAME)
    known = evidence.answer(question)
    lost = evidence.with_answers([(question, type(known)(outcome, known.at))])
    assert zone_cut(lost, "mx1.example.com") is None


def test_more_answers_only_add_questions() -> None:
    evidence = Evidence(NAME, Vantage())
    whole = collect(WHOLE)
    before: set[Question] = set()
    for question in whole.answers:
        evidence = evidence.with_answers([(question, whole.answer(question))])
        now = {*needed(evidence)}
        lost = before - now
        assert {one.kind for one in lost} <= {Kind.TLSA}
        before = now
    assert {*mail_records(evidence)} <= before


def test_a_server_is_asked_for_the_records_of_its_own_zone_alone() -> None:
    evidence = collect(WHOLE)
    records = (signed(Kind.MX, NAME), signed(Kind.A, "mx1.example.com"), signed(Kind.A, "mx.example.net"))
    assert at_server(evidence, NAME, NS1, records) == (
        signed(Kind.MX, NAME, NS1),
        signed(Kind.A, "mx1.example.com", NS1),
    )
    assert at_server(evidence, "com", NS1, records) == ()


def test_zones_are_whole_that_lead_down_from_a_top_level_domain() -> None:
    assert is_whole(("com", NAME))
    assert is_whole(("com",))
    assert not is_whole((NAME,))
    assert not is_whole((NAME, "mail.example.com"))
    assert not is_whole(())


def test_an_alias_is_looked_for_tlsa_records_at_its_end_and_at_itself() -> None:
    aliased = WHOLE.zone_with("mx1.example.com CNAME smol.example.com", "smol.example.com A 192.0.2.1")
    records = [one.name for one in mail_records(collect(aliased)) if one.kind is Kind.TLSA]
    assert records == [f"_25._tcp.{one}.example.com" for one in ("smol", "mx1", "mx2")]


def test_aliases_that_lead_back_are_followed_once_around() -> None:
    question = signed(Kind.A, "mx1.example.com")
    links = {"mx1.example.com": b"\3mx2\7example\3com\0", "mx2.example.com": b"\3mx1\7example\3com\0"}
    records = tuple(SignedRecord(name, types.CNAME, 300, data) for name, data in links.items())
    evidence = told({question: DnsData("NOERROR", secure=False, records=records)})
    assert names_on_way(evidence, question) == ("mx1.example.com", "mx2.example.com")


def test_a_server_is_asked_at_its_first_address_over_ipv4_or_else_over_ipv6_and_an_alias_at_its_end() -> None:
    name = b"\3ns1\7example\3com\0"
    four, six = signed(Kind.A, "ns1.example.com"), signed(Kind.AAAA, "ns1.example.com")

    def address(owner: str, *last: int) -> tuple[SignedRecord, ...]:
        return tuple(SignedRecord(owner, types.A, 300, bytes((192, 0, 2, one))) for one in last)

    def data(*records: SignedRecord) -> DnsData:
        return DnsData("NOERROR", secure=False, records=records)

    zone = {signed(Kind.NS, NAME): data(SignedRecord(NAME, types.NS, 300, name))}
    end = data(SignedRecord("ns1.example.com", types.AAAA, 300, bytes.fromhex("20010db8" + "0" * 23 + "1")))
    alias = SignedRecord("ns1.example.com", types.CNAME, 300, b"\1x\7example\3net\0")
    for answers, want in (
        ({four: data(*address("ns1.example.com", 9, 8)), six: end}, "192.0.2.8"),
        ({four: data(), six: end}, "2001:db8::1"),
        ({four: data(alias, *address("x.example.net", 7)), six: end}, "192.0.2.7"),
        ({four: data(*address("x.example.net", 7)), six: end}, "2001:db8::1"),
    ):
        assert signing_servers(told({**zone, **answers}), NAME) == (("ns1.example.com", want),)
