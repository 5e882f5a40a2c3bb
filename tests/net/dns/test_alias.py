"""Where the aliases of an answer lead, and what is said where they lead nowhere."""

from itertools import pairwise

import dns.message
import dns.rrset
import pytest

from mxproof.evidence import Alias, Kind
from mxproof.formats.dns_name import name_text, parse_name
from mxproof.formats.errors import FormatError
from mxproof.net.dns.alias import ALIASES_MAX, Way, WayError, follow, refuse_leftovers
from mxproof.net.dns.response import Message, parse_message
from support_dns import reply

NAME = "a.example.com"
TARGET = "192.0.2.1"
RRSIG = "A 13 3 300 20300101000000 20200101000000 1 example.com. AAAA"
POINTER, CNAME = b"\xc0\x0c", b"\0\5\0\1"
"""A name that is the one asked, and the type and class behind the owner of an alias."""
LONG_LABEL = "x" * 63
"""Three of these, a fourth of 59 bytes and the root are a name of 253 bytes."""


def message(*records: str) -> Message:
    return parse_message(reply(dns.message.make_query(NAME, "A").to_wire(), *records))


def way(*records: str, kind: Kind = Kind.A) -> Way:
    return follow(message(*records), parse_name(NAME), kind)


def end(*records: str) -> str:
    return name_text(way(*records).end)


def refused(*records: str) -> WayError:
    with pytest.raises(WayError) as caught:
        way(*records)
    return caught.value


def chain(length: int) -> list[str]:
    """Return records by which NAME is an alias in `length` steps, and the address at its end."""
    names = [NAME, *(f"n{number}.example.com" for number in range(length))]
    links = [f"{one}. 300 IN CNAME {other}." for one, other in pairwise(names)]
    return [*links, f"{names[-1]}. 300 IN A {TARGET}"]


def test_a_name_without_an_alias_answers_itself() -> None:
    assert way(f"{NAME}. 300 IN A {TARGET}") == Way((), parse_name(NAME), ())
    assert way() == Way((), parse_name(NAME), ())


def test_aliases_are_followed_in_whatever_order_they_stand() -> None:
    got = way("b.example.com. 20 IN CNAME c.example.net.", f"{NAME}. 90 IN CNAME B.example.com.")
    assert got == Way(
        (Alias(NAME, "b.example.com", 90), Alias("b.example.com", "c.example.net", 20)),
        parse_name("c.example.net"),
        (90, 20),
    )


def test_an_alias_that_is_asked_for_is_the_answer() -> None:
    assert way(f"{NAME}. 300 IN CNAME b.example.com.", kind=Kind.CNAME) == Way((), parse_name(NAME), ())


def test_an_alias_of_another_class_is_none() -> None:
    assert end(f"{NAME}. 300 CH CNAME b.example.com.") == NAME


@pytest.mark.parametrize(
    ("records", "words"),
    [
        ([f"{NAME}. 300 IN CNAME {NAME}."], f"{NAME} -> {NAME}"),
        (
            [
                f"{NAME}. 300 IN CNAME b.example.com.",
                "b.example.com. 300 IN CNAME c.example.com.",
                "c.example.com. 300 IN CNAME b.example.com.",
            ],
            "b.example.com -> c.example.com -> b.example.com",
        ),
    ],
)
def test_a_circle_is_told_from_where_it_begins(records: list[str], words: str) -> None:
    error = refused(*records)
    assert error.words == f"the aliases lead in a circle: {words}"
    assert [alias.name for alias in error.aliases] == [
        record.split(".")[0] + ".example.com" for record in records
    ]


def test_as_many_aliases_are_followed_as_there_may_be_and_no_more() -> None:
    assert len(way(*chain(ALIASES_MAX)).aliases) == ALIASES_MAX
    assert len(refused(*chain(ALIASES_MAX + 1)).aliases) == ALIASES_MAX + 1


def with_one_more(ttl_s: int, target: bytes) -> Message:
    """Return an answer with an alias of NAME to itself that lasts for 60 seconds, and one more, which no library writes."""
    wire = bytearray(reply(dns.message.make_query(NAME, "A").to_wire(), f"{NAME}. 60 IN CNAME {NAME}."))
    wire[7] = 2
    return parse_message(bytes(wire) + POINTER + CNAME + ttl_s.to_bytes(4) + len(target).to_bytes(2) + target)


def test_one_alias_said_twice_is_one_and_lasts_as_long_as_the_shorter() -> None:
    with pytest.raises(WayError) as caught:
        follow(with_one_more(20, POINTER), parse_name(NAME), Kind.A)
    assert caught.value.aliases == (Alias(NAME, NAME, 20),)
    assert "circle" in caught.value.words


def test_two_aliases_of_one_name_are_refused() -> None:
    with pytest.raises(WayError) as caught:
        follow(with_one_more(20, b"\1b" + POINTER), parse_name(NAME), Kind.A)
    assert "several CNAME records" in caught.value.words
    assert caught.value.aliases == ()


@pytest.mark.parametrize(
    ("beside", "is_refused"),
    [
        (f"{NAME}. 300 IN A {TARGET}", True),
        (f'{NAME}. 300 IN TXT "x"', True),
        (f"{NAME}. 300 IN RRSIG {RRSIG}", False),
        (f"{NAME}. 300 IN NSEC b.example.com. CNAME", False),
        (f"{NAME}. 300 IN DNAME d.example.com.", False),
        (f'{NAME}. 300 CH TXT "x"', False),
        (f"other.example.com. 300 IN A {TARGET}", False),
    ],
)
def test_beside_an_alias_there_are_signatures_and_proofs_and_nothing_else(
    beside: str, is_refused: bool
) -> None:
    records = (f"{NAME}. 300 IN CNAME b.example.com.", beside)
    if is_refused:
        assert "others beside it" in refused(*records).words
    else:
        assert end(*records) == "b.example.com"


@pytest.mark.parametrize(
    ("owner", "rdclass", "want"),
    [
        ("example.com", "IN", "a.example.net"),
        ("com", "IN", "a.example.example.net"),
        (NAME, "IN", NAME),
        ("b.a.example.com", "IN", NAME),
        ("xample.com", "IN", NAME),
        ("example.com", "CH", NAME),
    ],
)
def test_a_dname_stands_for_the_names_below_it(owner: str, rdclass: str, want: str) -> None:
    assert end(f"{owner}. 300 {rdclass} DNAME example.net.") == want


def test_another_record_above_a_name_stands_for_nothing_below() -> None:
    assert end("example.com. 300 IN NS example.net.") == NAME


def test_a_label_that_holds_the_bytes_of_a_name_is_not_below_it() -> None:
    name = parse_name("x\\007example\\003com.example.org")
    one = message("example.com. 300 IN DNAME example.net.")
    assert follow(one, name, Kind.A).end == name


def test_an_alias_is_taken_before_the_dname_it_was_made_of() -> None:
    assert (
        end(f"{NAME}. 60 IN CNAME b.example.net.", "example.com. 300 IN DNAME c.example.net.")
        == "b.example.net"
    )


@pytest.mark.parametrize(("last", "fits"), [(59, True), (60, False)])
def test_a_dname_makes_no_name_longer_than_a_name_may_be(last: int, fits: bool) -> None:
    target = f"{LONG_LABEL}.{LONG_LABEL}.{LONG_LABEL}.{'y' * last}"
    record = f"example.com. 300 IN DNAME {target}."
    if fits:
        assert end(record) == f"a.{target}"
    else:
        assert refused(record).words.startswith(
            "the DNAME of example.com makes a name of more than 255 bytes"
        )


def test_a_dname_that_leads_below_itself_comes_to_an_end() -> None:
    assert refused("example.com. 300 IN DNAME x.example.com.").words.startswith(
        f"more than {ALIASES_MAX} aliases"
    )


@pytest.mark.parametrize(
    ("record", "is_foreign"),
    [
        (f"{NAME}. 300 IN DNAME x.example.com.", False),
        ("b.example.com. 300 IN DNAME x.example.com.", True),
        (f"other.example.com. 300 IN RRSIG {RRSIG}", False),
        (f"{NAME}. 300 IN RRSIG {RRSIG}", True),
        ("other.example.com. 300 IN NSEC b.example.com. A", False),
        (f"other.example.com. 300 IN A {TARGET}", True),
        (f'{NAME}. 300 IN TXT "x"', True),
        ("other.example.com. 300 IN CNAME b.example.com.", True),
    ],
)
def test_what_an_answer_without_the_records_asked_for_may_hold(record: str, is_foreign: bool) -> None:
    one = message(record)
    nothing = Way((), parse_name(NAME), ())
    if not is_foreign:
        refuse_leftovers(one, nothing)
        return
    with pytest.raises(FormatError) as caught:
        refuse_leftovers(one, nothing)
    assert caught.value.objections[0].rule == "answer-foreign"
    assert caught.value.objections[0].position == one.answer[0].start


def test_the_aliases_on_the_way_are_no_leftovers() -> None:
    one = message(f"{NAME}. 300 IN CNAME b.example.com.")
    refuse_leftovers(one, follow(one, parse_name(NAME), Kind.A))


def test_two_dnames_of_one_name_lead_nowhere() -> None:
    several = dns.message.from_wire(message("example.com. 300 IN DNAME example.net.").wire)
    several.answer.append(dns.rrset.from_text("example.com.", 300, "IN", "DNAME", "example.org."))
    with pytest.raises(WayError) as caught:
        follow(parse_message(several.to_wire()), parse_name(NAME), Kind.A)
    assert "several DNAME records" in caught.value.words


def test_a_dname_and_its_signature_on_the_way_are_no_leftovers() -> None:
    signature = "example.com. 300 IN RRSIG DNAME 13 2 300 20300101000000 20200101000000 1 example.com. AAAA"
    one = message("example.com. 300 IN DNAME example.net.", signature)
    refuse_leftovers(one, follow(one, parse_name(NAME), Kind.A))
