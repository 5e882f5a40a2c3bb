"""Which hosts send a domain's mail by its SPF record, and what is looked up to know them."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    Kind,
    MxRecord,
    NameRecord,
    OtherRecord,
    Outcome,
    Question,
    TxtRecord,
    Vantage,
)
from mxproof.formats.sent_header import SendingHost
from mxproof.survey.sending import (
    SENDING_MAX,
    evaluations_of,
    helo_name,
    needed,
    record_questions,
    sending_hosts,
    wanted,
)
from mxproof.survey.spf_evaluation import SpfResult
from support_answers import Said, told

TXT, MX = Question(Kind.TXT, "example.com"), Question(Kind.MX, "example.com")
HOSTS: dict[Question, Said] = {
    MX: (MxRecord(10, "mx.example.com"), MxRecord(20, ".")),
    Question(Kind.A, "mx.example.com"): (AddressRecord("192.0.2.1"),),
    Question(Kind.AAAA, "mx.example.com"): (AddressRecord("2001:db8::1"),),
    Question(Kind.A, "example.com"): (AddressRecord("192.0.2.9"),),
}
A, MX_A = (
    {Question(Kind.A, "example.com"), Question(Kind.AAAA, "example.com")},
    {MX, Question(Kind.A, "mx.example.com"), Question(Kind.AAAA, "mx.example.com")},
)


@pytest.mark.parametrize(
    ("record", "addresses", "asked"),
    [
        ("v=spf1 mx -all", ["192.0.2.1", "2001:db8::1"], MX_A),
        ("v=spf1 a -all", ["192.0.2.9"], A),
        ("v=spf1 a:%{d} -all", ["192.0.2.9"], A),
        ("v=spf1 +a mx -all", ["192.0.2.9", "192.0.2.1", "2001:db8::1"], A | MX_A),
        ("v=spf1 -a ~mx ?a -all", [], set()),
        ("v=spf1 include:example.com ptr exists:example.com -all", [], set()),
        ("v=spf1 ip4:192.0.2.7 ip6:2001:db8::7 -all", ["192.0.2.7", "2001:db8::7"], set()),
        ("v=spf1 ip4:192.0.2.0/31 ip4:192.0.2.4/32 ip6:2001:db8::/127 -all", ["192.0.2.4"], set()),
        ("v=spf1 a:%{i}.example.com -all", [], set()),
    ],
)
def test_a_record_names_the_hosts_that_it_lets_pass_one_by_one(
    record: str, addresses: list[str], asked: set[Question]
) -> None:
    evidence = told(HOSTS | {TXT: (TxtRecord(record.encode()),)})
    assert [one.address for one in sending_hosts(evidence)] == addresses
    assert {*record_questions(evidence)} == {TXT} | asked


def test_two_records_name_nobody() -> None:
    records = (TxtRecord(b"v=spf1 a -all"), TxtRecord(b"v=spf1 mx -all"))
    assert sending_hosts(told(HOSTS | {TXT: records})) == ()


def test_hosts_that_are_named_stand_before_the_record_and_some_are_looked_at() -> None:
    named = tuple(SendingHost(f"198.51.100.{number}") for number in range(SENDING_MAX + 1))
    evidence = told(HOSTS | {TXT: (TxtRecord(b"v=spf1 a -all"),)}, vantage=Vantage(sending=named))
    assert sending_hosts(evidence) == named[:-1]


def test_a_family_that_is_not_asked_has_no_hosts() -> None:
    said = HOSTS | {TXT: (TxtRecord(b"v=spf1 mx -all"),)}
    hosts = {family: sending_hosts(told(said, vantage=Vantage(families=(family,)))) for family in (4, 6)}
    assert {family: [one.address for one in found] for family, found in hosts.items()} == {
        4: ["192.0.2.1"],
        6: ["2001:db8::1"],
    }


@pytest.mark.parametrize(
    ("helo", "said", "want"),
    [
        ("out.example.com", (NameRecord("rev.example.com"),), "out.example.com"),
        ("", (NameRecord("rev.example.com"), NameRecord("also.example.com")), "also.example.com"),
        ("", (NameRecord("*.example.com"), NameRecord("rev.example.com")), "rev.example.com"),
        ("", (NameRecord("localhost"),), ""),
        ("", Outcome.NXDOMAIN, ""),
    ],
)
def test_a_host_greets_by_what_was_said_or_by_its_first_reverse_name(
    helo: str, said: Said, want: str
) -> None:
    evidence = told({Question(Kind.PTR, "7.100.51.198.in-addr.arpa"): said})
    assert helo_name(evidence, SendingHost("198.51.100.7", helo)) == want


def test_what_is_no_mx_record_in_the_answer_about_them_names_nobody() -> None:
    """As a record that only some parser of another version reads."""
    odd: dict[Question, Said] = {MX: (OtherRecord("10 mx.example.com."), MxRecord(10, "mx.example.com"))}
    evidence = told(HOSTS | odd | {TXT: (TxtRecord(b"v=spf1 mx -all"),)})
    assert [one.address for one in sending_hosts(evidence)] == ["192.0.2.1", "2001:db8::1"]


def test_addresses_in_the_record_are_of_the_families_that_are_looked_at_and_sixteen_at_most() -> None:
    both: dict[Question, Said] = {TXT: (TxtRecord(b"v=spf1 ip4:192.0.2.7 ip6:2001:db8::7 -all"),)}
    for family, want in ((4, "192.0.2.7"), (6, "2001:db8::7")):
        evidence = told(both, vantage=Vantage(families=(family,)))
        assert sending_hosts(evidence) == (SendingHost(want),)
    addresses = [f"192.0.2.{number}" for number in range(1, SENDING_MAX + 2)]
    terms = " ".join(f"ip4:{address}" for address in addresses)
    many = told({TXT: (TxtRecord(f"v=spf1 {terms} -all".encode()),)})
    assert [one.address for one in sending_hosts(many)] == addresses[:-1]


HOST = SendingHost("198.51.100.7", "out.example.com")
NAMED = Vantage(sending=(HOST,))
REVERSE = Question(Kind.PTR, "7.100.51.198.in-addr.arpa")
HELO_A, HELO_TXT = Question(Kind.A, "out.example.com"), Question(Kind.TXT, "out.example.com")


def test_a_host_that_is_named_is_asked_about_as_a_receiver_looks_at_it() -> None:
    said: dict[Question, Said] = {}
    assert wanted(told(said, vantage=NAMED)) == (REVERSE, HELO_A, TXT, HELO_TXT)
    said |= {
        REVERSE: (NameRecord("rev.example.com"), NameRecord("localhost")),
        HELO_A: Outcome.NXDOMAIN,
        TXT: (TxtRecord(b"v=spf1 a:mail.example.com -all"),),
        HELO_TXT: (TxtRecord(b"v=spf1 a:helo.example.com -all"),),
    }
    following = tuple(Question(Kind.A, f"{one}.example.com") for one in ("rev", "mail", "helo"))
    assert wanted(told(said, vantage=NAMED)) == following
    whole = told(said | dict.fromkeys(following, Outcome.NXDOMAIN), vantage=NAMED)
    assert wanted(whole) == ()
    assert {*needed(whole)} == {*said, *following}


@pytest.mark.parametrize(
    ("helo", "reverse", "want"),
    [
        ("out.example.com", (NameRecord("rev.example.net"),), "out.example.com"),
        ("", (NameRecord("rev.example.net"),), "rev.example.net"),
        ("", Outcome.NXDOMAIN, "example.com"),
    ],
)
def test_spf_of_the_domain_is_worked_out_for_the_name_that_the_host_greets_with(
    helo: str, reverse: Said, want: str
) -> None:
    record = (TxtRecord(b"v=spf1 exists:%{h}.hosts.example.org -all"),)
    said: dict[Question, Said] = {
        TXT: record,
        REVERSE: reverse,
        Question(Kind.A, f"{want}.hosts.example.org"): (AddressRecord("127.0.0.2"),),
    }
    got = evaluations_of(told(said), SendingHost("198.51.100.7", helo))
    assert got.mail.result is SpfResult.PASS
    greeting = got.greeting.unanswered if got.greeting is not None else None
    assert greeting == (None if want == "example.com" else (Question(Kind.TXT, want),))
