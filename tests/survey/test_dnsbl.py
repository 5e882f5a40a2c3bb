"""What is asked of lists of addresses, and what their test points show of them (RFC 5782)."""

import pytest

from mxproof.evidence import AddressRecord, DnsRecord, Kind, MxRecord, OtherRecord, Outcome, Question, Vantage
from mxproof.formats.dnsbl import DnsblAnswer
from mxproof.formats.sent_header import SendingHost
from mxproof.survey.dnsbl import (
    LISTED_ADDRESSES_MAX,
    ListState,
    codes,
    leading_to,
    list_state,
    lists,
    looked_up_addresses,
    meaning,
    needed,
)
from support_answers import Said, told

ZONE = "bl.example.net"
LISTED, CLEAR = Question(Kind.A, f"2.0.0.127.{ZONE}"), Question(Kind.A, f"1.0.0.127.{ZONE}")
MX, MX1, MX2 = (
    Question(Kind.MX, "example.com"),
    Question(Kind.A, "mx1.example.com"),
    Question(Kind.A, "mx2.example.com"),
)
HOSTS: dict[Question, Said] = {
    MX: (MxRecord(10, "mx1.example.com"), MxRecord(20, "mx2.example.com")),
    MX1: (AddressRecord("192.0.2.1"),),
    MX2: (AddressRecord("192.0.2.2"), AddressRecord("10.0.0.2")),
}


def entry(*addresses: str) -> tuple[DnsRecord, ...]:
    return tuple(map(AddressRecord, addresses))


@pytest.mark.parametrize(
    ("listed", "clear", "want"),
    [
        (entry("127.0.0.2"), Outcome.NXDOMAIN, ListState.WORKS),
        (entry("127.0.0.2"), Outcome.EMPTY, ListState.WORKS),
        (entry("127.0.0.2"), entry("127.0.0.2"), ListState.BROKEN),
        (Outcome.NXDOMAIN, Outcome.NXDOMAIN, ListState.BROKEN),
        (entry("192.0.2.7"), Outcome.NXDOMAIN, ListState.BROKEN),
        (entry("192.0.2.7"), entry("192.0.2.7"), ListState.BROKEN),
        (Outcome.TIMEOUT, Outcome.NXDOMAIN, ListState.UNANSWERED),
        (entry("127.0.0.2"), Outcome.SERVFAIL, ListState.UNANSWERED),
        (entry("127.255.255.254"), Outcome.TIMEOUT, ListState.REFUSES),
        (entry("127.0.0.1"), Outcome.NXDOMAIN, ListState.REFUSES),
    ],
)
def test_a_list_works_that_has_what_every_list_has_and_not_what_none_has(
    listed: Said, clear: Said, want: ListState
) -> None:
    assert list_state(told({LISTED: listed, CLEAR: clear}), ZONE, 4) is want


@pytest.mark.parametrize(
    ("said", "addresses", "means"),
    [
        (entry("127.0.0.4", "127.0.0.2"), ("127.0.0.2", "127.0.0.4"), DnsblAnswer.LISTED),
        ((OtherRecord("x"), AddressRecord("127.0.0.2")), ("127.0.0.2",), DnsblAnswer.LISTED),
        ((OtherRecord("x"),), (), None),
        (Outcome.NXDOMAIN, (), None),
        (Outcome.SERVFAIL, (), None),
    ],
)
def test_the_addresses_of_an_answer_are_its_meaning(
    said: Said, addresses: tuple[str, ...], means: DnsblAnswer | None
) -> None:
    evidence = told({LISTED: said})
    assert (codes(evidence, LISTED), meaning(evidence, LISTED)) == (addresses, means)


@pytest.mark.parametrize(
    ("address", "want"),
    [
        ("192.0.2.1", (MX, MX1)),
        ("192.0.2.2", (MX, MX2)),
        ("198.51.100.7", ()),
        ("203.0.113.9", (Question(Kind.TXT, "example.com"),)),
    ],
)
def test_what_leads_to_an_address_is_its_mx_host_or_else_the_spf_record(
    address: str, want: tuple[Question, ...]
) -> None:
    said: dict[Question, Said] = {Question(Kind.TXT, "example.com"): Outcome.EMPTY}
    evidence = told(HOSTS | said, vantage=Vantage(sending=(SendingHost("198.51.100.7"),)))
    assert leading_to(evidence, address) == want


def test_an_spf_record_that_was_not_answered_leads_nowhere() -> None:
    for outcome in (Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.UNASKED):
        assert leading_to(told(HOSTS | {Question(Kind.TXT, "example.com"): outcome}), "203.0.113.9") == ()


def test_private_addresses_are_looked_up_in_no_list() -> None:
    assert looked_up_addresses(told(HOSTS)) == ("192.0.2.1", "192.0.2.2")


@pytest.mark.parametrize(
    ("clear", "said", "want"),
    [
        (Outcome.NXDOMAIN, None, {("A", "1.2.0.192")}),
        (Outcome.NXDOMAIN, entry("127.0.0.3"), {("A", "1.2.0.192"), ("TXT", "1.2.0.192")}),
        (Outcome.NXDOMAIN, entry("127.255.255.254"), {("A", "1.2.0.192")}),
        (entry("127.0.0.2"), None, set()),
    ],
)
def test_a_list_that_works_is_asked_and_for_its_reason_where_it_has_an_entry(
    clear: Said, said: Said | None, want: set[tuple[str, str]]
) -> None:
    asked: dict[Question, Said] = {
        MX: (MxRecord(10, "mx1.example.com"),),
        MX1: (AddressRecord("192.0.2.1"),),
        LISTED: entry("127.0.0.2"),
        CLEAR: clear,
    }
    if said is not None:
        asked[Question(Kind.A, f"1.2.0.192.{ZONE}")] = said
    evidence = told(asked, vantage=Vantage(lists=(ZONE,), families=(4,)))
    assert lists(evidence) == (ZONE,)
    about = [one for one in needed(evidence) if one.name.endswith(f".192.{ZONE}")]
    assert {(str(one.kind), one.name.removesuffix(f".{ZONE}")) for one in about} == want


_MAPPED = f".0.0.0.0.0.f.7.f.f.f.f.{'0.' * 20}{ZONE}"
LISTED_6, CLEAR_6 = Question(Kind.A, f"2{_MAPPED}"), Question(Kind.A, f"1{_MAPPED}")


@pytest.mark.parametrize(
    ("four", "six", "want"),
    [(True, True, ["4", "6"]), (True, False, ["4"]), (False, True, ["6"]), (False, False, [])],
)
def test_a_list_is_asked_about_the_families_for_which_it_works(
    four: bool, six: bool, want: list[str]
) -> None:
    said: dict[Question, Said] = {
        MX: (MxRecord(10, "mx1.example.com"),),
        MX1: (AddressRecord("192.0.2.1"),),
        Question(Kind.AAAA, "mx1.example.com"): (AddressRecord("2001:db8::1"),),
        LISTED: entry("127.0.0.2") if four else Outcome.NXDOMAIN,
        CLEAR: Outcome.NXDOMAIN,
        LISTED_6: entry("127.0.0.2") if six else entry("127.255.255.254"),
        CLEAR_6: Outcome.NXDOMAIN,
    }
    asked = {*needed(told(said, vantage=Vantage(lists=(ZONE,))))}
    assert asked >= {LISTED, CLEAR, LISTED_6, CLEAR_6}
    more = {one.name for one in asked - {LISTED, CLEAR, LISTED_6, CLEAR_6} if one.name.endswith(ZONE)}
    assert sorted("4" if name == f"1.2.0.192.{ZONE}" else "6" for name in more) == want


def test_hosts_that_send_are_looked_up_beside_the_mx_hosts_sixteen_addresses_at_most() -> None:
    named = tuple(SendingHost(f"198.51.100.{number}") for number in range(LISTED_ADDRESSES_MAX))
    same = (SendingHost("192.0.2.1"), SendingHost("10.0.0.1"))
    few = told(HOSTS, vantage=Vantage(sending=(*same, *named[:2])))
    assert looked_up_addresses(few) == ("192.0.2.1", "192.0.2.2", "198.51.100.0", "198.51.100.1")
    many = looked_up_addresses(told(HOSTS, vantage=Vantage(sending=named)))
    assert many == ("192.0.2.1", "192.0.2.2", *(one.address for one in named[:-2]))


def test_a_named_host_that_is_an_mx_host_as_well_needs_no_records_to_lead_to_it() -> None:
    vantage = Vantage(sending=(SendingHost("192.0.2.1"),))
    assert leading_to(told(HOSTS, vantage=vantage), "192.0.2.1") == ()
    assert leading_to(told(HOSTS, vantage=vantage), "192.0.2.2") == (MX, MX2)
