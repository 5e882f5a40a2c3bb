"""What is said of addresses that lists have, and of lists that do not tell."""

import msgspec
import pytest

from mxproof.evidence import Kind, Question
from mxproof.formats.dnsbl import TEST_LISTED, listed_name
from mxproof.formats.sent_header import SendingHost
from mxproof.judge.checks import dnsbl
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from mxproof.mail.dnsbl import AddressList, Listings
from mxproof.survey.dnsbl import ListState
from support_findings import found
from support_world import ZoneWorld, collect
from support_worlds import GOOD, LISTED, LISTS

ZONE = LISTS.lists[0]
TEST = "2.0.0.127.list.example.org"
NONE = "1.0.0.127.list.example.org"


def codes(world: ZoneWorld) -> list[str]:
    return [one.code for one in found(world, dnsbl.check)]


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        ((), [Code.DNSBL_OK]),
        ((f"{LISTED} A 127.0.0.2",), [Code.DNSBL_LISTED, Code.DNSBL_OK]),
        ((f"{LISTED} A 127.255.255.255",), [Code.DNSBL_OK]),
        ((f"{LISTED} A 127.0.0.1",), [Code.DNSBL_OK]),
        ((f"{LISTED} A 203.0.113.9",), [Code.DNSBL_OK]),
        ((f"{LISTED} A !timeout",), [Code.DNSBL_OK]),
        ((f"{TEST} A 127.255.255.252", f"{LISTED} A 127.0.0.2"), [Code.DNSBL_REFUSED, Code.DNSBL_OK]),
        ((f"{TEST} A !refused", f"{LISTED} A 127.0.0.2"), [Code.DNSBL_UNANSWERED, Code.DNSBL_OK]),
        ((f"{TEST} A !timeout", f"{LISTED} A 127.0.0.2"), [Code.DNSBL_UNANSWERED, Code.DNSBL_OK]),
        ((f"{NONE} A !servfail", f"{LISTED} A 127.0.0.2"), [Code.DNSBL_UNANSWERED, Code.DNSBL_OK]),
        ((f"{NONE} A 127.0.0.2", f"{LISTED} A 127.0.0.2"), [Code.DNSBL_UNANSWERED, Code.DNSBL_OK]),
        ((f"{TEST} A 203.0.113.9", f"{NONE} A 203.0.113.9"), [Code.DNSBL_UNANSWERED, Code.DNSBL_OK]),
    ],
)
def test_listed_is_only_what_a_list_says_that_works(lines: tuple[str, ...], want: list[Code]) -> None:
    """The list answers for IPv6 in each of these worlds, so that one address is clear there."""
    assert codes(LISTS.zone_with(*lines)) == want


def test_an_address_that_did_not_come_to_an_answer_is_not_called_clear() -> None:
    (fine,) = found(LISTS.zone_with(f"{LISTED} A 127.255.255.255"), dnsbl.check)
    assert fine.params["addresses"] == ("2001:db8::1", "192.0.2.2")


def test_a_list_that_knows_no_ipv6_tells_nothing_of_it() -> None:
    world = LISTS.zone_with(f"{listed_name(TEST_LISTED[6], ZONE)} A")
    (broken, fine) = found(world, dnsbl.check)
    assert (broken.code, broken.params["families"]) == (Code.DNSBL_UNANSWERED, ("IPv6",))
    assert fine.params["addresses"] == ("192.0.2.1", "192.0.2.2")


def test_an_entry_is_told_with_the_words_of_the_list() -> None:
    world = LISTS.zone_with(f"{LISTED} A 127.0.0.4", f"{LISTED} TXT spam: https://list.example.org/")
    listed, _ = found(world, dnsbl.check)
    assert listed.subject == "192.0.2.1"
    assert (listed.params["codes"], listed.params["reasons"]) == (
        ("127.0.0.4",),
        (b"spam: https://list.example.org/",),
    )


def test_senders_that_are_named_are_looked_up_too() -> None:
    world = LISTS.but(sending=(SendingHost("192.0.2.77"),))
    world = world.zone_with(f"{listed_name('192.0.2.77', ZONE)} A 127.0.0.3")
    assert [one.subject for one in found(world, dnsbl.check)] == ["192.0.2.77", "example.com"]


def test_addresses_that_are_not_public_are_told_to_nobody() -> None:
    world = LISTS.zone_with("mx2.example.com A 10.1.2.3")
    assert listed_name("10.1.2.3", ZONE) not in {one.name for one in collect(world).answers}


def test_a_list_that_refuses_is_asked_nothing_more() -> None:
    world = LISTS.but(families=(4,)).zone_with(f"{TEST} A 127.255.255.254")
    asked = {one.name for one in collect(world).answers if one.name.endswith(f".{ZONE}")}
    assert asked == {TEST, NONE}


def test_no_list_is_asked_by_default() -> None:
    assert codes(GOOD) == []
    lists = ("spamhaus.org", "spamcop.net", "surriel.com")
    assert not any(one.name.endswith(lists) for one in collect(GOOD).answers)
    named = {one.name for one in collect(LISTS.but(lists=())).answers if one.kind is Kind.A}
    assert {"2.0.0.127.zen.spamhaus.org", "2.0.0.127.bl.spamcop.net"} <= named


def test_a_list_that_does_not_tell_is_told_once_with_all_of_its_families_and_codes() -> None:
    def state(zone: str, family: int, code: str, found: ListState = ListState.REFUSES) -> AddressList:
        return AddressList(zone, family, found, (code,), (Question(Kind.A, f"{code}.{zone}"),))

    lists = (
        state("a.example.net", 4, "127.255.255.1"),
        state("b.example.net", 4, "127.0.0.1", ListState.BROKEN),
        state("a.example.net", 6, "127.255.255.2"),
    )
    domain = assemble(collect(GOOD), GOOD.at)
    seen = msgspec.structs.replace(domain, listings=Listings((), lists, ()))
    told = [(one.code, one.subject, dict(one.params), one.evidence) for one in dnsbl.check(seen)]
    assert told == [
        (
            Code.DNSBL_REFUSED,
            "a.example.net",
            {"families": ("IPv4", "IPv6"), "codes": ("127.255.255.1", "127.255.255.2")},
            (*lists[0].questions, *lists[2].questions),
        ),
        (
            Code.DNSBL_UNANSWERED,
            "b.example.net",
            {"families": ("IPv4",), "codes": ("127.0.0.1",)},
            lists[1].questions,
        ),
    ]
