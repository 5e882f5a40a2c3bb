"""Lists of addresses: what each shows of itself by its test points, and what it says of each address."""

from mxproof.evidence import Answer, DnsData, Kind, NameRecord, Outcome, Question, TxtRecord
from mxproof.formats.dnsbl import TEST_CLEAR, TEST_LISTED, listed_name
from mxproof.formats.sent_header import SendingHost
from mxproof.mail.dnsbl import AddressList, Listing, Listings, listings_of
from mxproof.survey.dnsbl import ListState
from support_world import ZoneWorld, collect
from support_worlds import ADDRESSES, LISTED, LISTS, MX1

ZONE = LISTS.lists[0]
MX = Question(Kind.MX, "example.com")
LED = {4: (MX, Question(Kind.A, MX1)), 6: (MX, Question(Kind.AAAA, MX1))}
TESTS = {
    family: (
        Question(Kind.A, listed_name(TEST_LISTED[family], ZONE)),
        Question(Kind.A, listed_name(TEST_CLEAR[family], ZONE)),
    )
    for family in (4, 6)
}
LOOK_UP = Question(Kind.A, LISTED)
REASON = Question(Kind.TXT, LISTED)


def of(world: ZoneWorld) -> Listings:
    return listings_of(collect(world))


def first(world: ZoneWorld) -> Listing:
    """Return what is said of the first address."""
    one = of(world).listings[0]
    assert one.address == ADDRESSES[0]
    return one


def test_a_list_that_works_is_told_for_each_family_with_what_led_there() -> None:
    assert of(LISTS).lists == tuple(
        AddressList(ZONE, family, ListState.WORKS, ("127.0.0.2",), (*LED[family], *TESTS[family]))
        for family in (4, 6)
    )


def test_every_address_of_the_domain_is_looked_up_and_clear_where_the_list_has_no_entry() -> None:
    found = of(LISTS)
    assert found.addresses == ADDRESSES
    assert [(one.address, one.zone, one.listed) for one in found.listings] == [
        (address, ZONE, False) for address in ADDRESSES
    ]
    assert first(LISTS) == Listing(ADDRESSES[0], ZONE, False, (), (), (*LED[4], *TESTS[4], LOOK_UP))


def test_a_family_without_an_address_is_not_told_of() -> None:
    found = of(LISTS.zone_with("mx1.example.com AAAA"))
    assert [one.family for one in found.lists] == [4]


def test_an_entry_is_told_with_its_codes_and_the_words_of_the_list() -> None:
    world = LISTS.zone_with(f"{LISTED} A 127.0.0.4", f"{LISTED} TXT spam")
    assert first(world) == Listing(
        ADDRESSES[0], ZONE, True, ("127.0.0.4",), (b"spam",), (*LED[4], *TESTS[4], LOOK_UP, REASON)
    )


def test_an_entry_without_words_does_not_rest_on_the_look_up_of_them() -> None:
    for missing in ("", " !timeout"):
        one = first(LISTS.zone_with(f"{LISTED} A 127.0.0.4", f"{LISTED} TXT{missing}"))
        assert (one.listed, one.reasons, one.questions[-1]) == (True, (), LOOK_UP)


def test_words_beside_an_address_that_is_not_listed_are_no_reasons() -> None:
    data = DnsData("NOERROR", secure=False, records=(TxtRecord(b"spam"),))
    told = collect(LISTS).with_answers([(REASON, Answer(Outcome.FOUND, LISTS.at, data))])
    one = listings_of(told).listings[0]
    assert (one.listed, one.reasons, one.questions[-1]) == (False, (), LOOK_UP)


def test_what_is_no_text_is_no_reason() -> None:
    evidence = collect(LISTS.zone_with(f"{LISTED} A 127.0.0.4"))
    data = DnsData("NOERROR", secure=False, records=(NameRecord("example.org"), TxtRecord(b"spam")))
    told = evidence.with_answers([(REASON, Answer(Outcome.FOUND, LISTS.at, data))])
    assert listings_of(told).listings[0].reasons == (b"spam",)


def test_an_answer_that_is_no_entry_leaves_it_open() -> None:
    for said in ("127.255.255.255", "127.0.0.1", "203.0.113.9"):
        one = first(LISTS.zone_with(f"{LISTED} A {said}"))
        assert (one.listed, one.codes) == (None, (said,))
    late = first(LISTS.zone_with(f"{LISTED} A !timeout"))
    assert (late.listed, late.codes) == (None, ())


def test_a_list_that_refuses_is_told_by_the_first_test_point_alone() -> None:
    found = of(LISTS.zone_with(f"{TESTS[4][0].name} A 127.255.255.252"))
    assert found.lists[0] == AddressList(
        ZONE, 4, ListState.REFUSES, ("127.255.255.252",), (*LED[4], TESTS[4][0])
    )


def test_a_list_that_does_not_work_for_a_family_says_nothing_of_its_addresses() -> None:
    found = of(LISTS.zone_with(f"{TESTS[4][0].name} A", f"{LISTED} A 127.0.0.2"))
    assert [one.state for one in found.lists] == [ListState.BROKEN, ListState.WORKS]
    assert [one.address for one in found.listings] == ["2001:db8::1"]


def test_a_list_is_told_by_the_first_address_of_a_family_that_was_looked_up() -> None:
    named = LISTS.but(sending=(SendingHost("192.0.2.77"), SendingHost("2001:db8::77")))
    found = of(named)
    assert set(found.addresses) > {"192.0.2.77", "2001:db8::77"}
    by_family = {
        family: next(one for one in found.addresses if (":" in one) == (family == 6)) for family in (4, 6)
    }
    led = {"192.0.2.77": (), "2001:db8::77": (), "192.0.2.1": LED[4], "2001:db8::1": LED[6]}
    assert [one.questions for one in found.lists] == [
        (*led[by_family[family]], *TESTS[family]) for family in (4, 6)
    ]
