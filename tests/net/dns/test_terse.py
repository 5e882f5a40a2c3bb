"""The usual answer, read in a fraction of the time: as `message` reads it, or not at all; and as dnspython reads it."""

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mxproof.evidence import (
    AddressRecord,
    DnsData,
    DnsRecord,
    Kind,
    MxRecord,
    Outcome,
    Question,
    TlsaRecord,
    TxtRecord,
)
from mxproof.net.dns.message import read
from mxproof.net.dns.query import in_any_case, section_of, usual_query
from mxproof.net.dns.response import HEADER_BYTES
from mxproof.net.dns.terse import read_tersely
from support_dns import reply
from support_long import some

NAME = "d1.example.com"
RECORDS = {
    Kind.MX: (
        "MX 10 mx.provider.example.",
        "MX 20 mx2.example.com.",
        "RRSIG MX 13 3 60 20300101000000 20200101000000 1 example.com. AAAA",
    ),
    Kind.TXT: ('TXT "v=STSv1; id=1;"',),
    Kind.A: ("A 192.0.2.1", "A 192.0.2.2", "A 192.0.2.1"),
    Kind.AAAA: ("AAAA 2001:db8::1",),
    Kind.TLSA: ("TLSA 3 1 0 0badc0de",),
}
SOA = "example.com. 3600 IN SOA ns.example.com. hostmaster.example.com. 1 3600 600 86400 300"
ODD = {
    "an alias": (("CNAME other.example.com.",), ()),
    "two strings": (('TXT "one" "two"',), ()),
    "another section": (('TXT "one"',), ("example.com. 60 IN NS ns.example.com.",)),
    "no proof": ((), ()),
    "a referral": ((), ("example.com. 60 IN NS ns.example.com.",)),
    "a zone elsewhere": ((), ("example.net. 60 IN SOA . . 1 1 1 1 1",)),
}


def section(kind: Kind, name: str = NAME) -> bytes:
    written = section_of(Question(kind, name))
    assert written is not None
    return written


def answered(
    kind: Kind, *records: str, authority: tuple[str, ...] = (), flags: int = 0, rcode: int = 0
) -> bytes:
    asked = usual_query(b"\x12\x34", section(kind))
    lines = tuple(f"{NAME}. {60 + number} IN {one}" for number, one in enumerate(records))
    return reply(asked, *lines, authority=authority, flags=flags, rcode=dns.rcode.Rcode(rcode))


USUAL = [
    *((kind, answered(kind, *records, flags=dns.flags.AD)) for kind, records in RECORDS.items()),
    (Kind.TXT, answered(Kind.TXT, authority=(SOA,))),
    (Kind.A, answered(Kind.A, authority=(SOA,), rcode=3)),
]
USUAL_NAMES = [*RECORDS, "no record", "no name"]


@pytest.mark.parametrize(("kind", "wire"), USUAL, ids=USUAL_NAMES)
def test_the_usual_answer_is_read_as_any_other(kind: Kind, wire: bytes) -> None:
    got = read_tersely(kind, section(kind), wire)
    assert got is not None
    assert got == read(Question(kind, NAME), wire, "udp")


@pytest.mark.parametrize(("kind", "wire"), USUAL, ids=USUAL_NAMES)
def test_dnspython_reads_the_same(kind: Kind, wire: bytes) -> None:
    got = read_tersely(kind, section(kind), wire)
    assert got is not None
    assert isinstance(got.data, DnsData)
    message = dns.message.from_wire(wire)
    assert got.data.rcode == dns.rcode.to_text(message.rcode())
    assert got.data.secure == bool(message.flags & dns.flags.AD)
    rdtype = dns.rdatatype.from_text(kind)
    want = [one.to_text() for rrset in message.answer if rrset.rdtype == rdtype for one in rrset]
    assert sorted(map(_text, got.data.records)) == sorted(want)
    if got.outcome is Outcome.FOUND:
        assert got.ttl_s == min(rrset.ttl for rrset in message.answer if rrset.rdtype == rdtype)


def _text(record: DnsRecord) -> str:
    match record:
        case MxRecord(preference, exchange):
            return f"{preference} {exchange}."
        case TxtRecord(text):
            return f'"{text.decode()}"'
        case AddressRecord(address):
            return address
        case TlsaRecord(usage, selector, matching, association):
            return f"{usage} {selector} {matching} {association.hex()}"
        case _:
            raise AssertionError(record)


@pytest.mark.parametrize("odd", ODD)
def test_what_is_not_usual_is_left_to_others(odd: str) -> None:
    records, authority = ODD[odd]
    wire = answered(Kind.TXT, *records, authority=authority)
    assert read_tersely(Kind.TXT, section(Kind.TXT), wire) is None


@pytest.mark.parametrize("flags", [dns.flags.TC, 1 << 11])
def test_an_answer_cut_short_or_of_another_kind_is_left_to_others(flags: int) -> None:
    wire = answered(Kind.A, "A 192.0.2.1", flags=flags)
    assert read_tersely(Kind.A, section(Kind.A), wire) is None


@pytest.mark.parametrize("rcode", [2, 5])
def test_an_error_is_left_to_others(rcode: int) -> None:
    assert read_tersely(Kind.A, section(Kind.A), answered(Kind.A, authority=(SOA,), rcode=rcode)) is None


def test_an_extended_error_is_left_to_others() -> None:
    wire = reply(
        usual_query(b"\x12\x34", section(Kind.A)), f"{NAME}. 60 IN A 192.0.2.1", extended=((15, ""),)
    )
    assert read_tersely(Kind.A, section(Kind.A), wire) is None


@given(
    place=st.integers(0, len(USUAL) - 1),
    changes=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=3),
    cut=st.integers(0, 40),
    more=st.binary(max_size=12),
)
@example(place=5, changes=[(63, 0x0D)], cut=0, more=b"")
def test_whatever_comes_is_read_as_any_other_or_left(
    place: int, changes: list[tuple[int, int]], cut: int, more: bytes
) -> None:
    kind, wire = USUAL[place]
    damaged = bytearray(wire)
    for at, code in changes:
        damaged[at % len(damaged)] = code
    damaged[: 12 + len(section(kind))] = bytes(damaged[:12]) + section(
        kind
    )  # it fits the query, as the caller sees
    told = bytes(damaged[: len(damaged) - cut]) + more
    got = read_tersely(kind, section(kind), told)
    assert got is None or got == read(Question(kind, NAME), told, "udp")


def test_letters_of_any_case_are_read_as_those_asked() -> None:
    plain = section(Kind.MX)
    drawn = in_any_case(plain[:-4]) + plain[-4:]
    wire = reply(usual_query(b"\x12\x34", drawn), f"{NAME}. 60 IN MX 10 mx.{NAME}.")
    got = read_tersely(Kind.MX, drawn, wire)
    assert got is not None
    assert got == read(Question(Kind.MX, NAME), wire, "udp")


def test_a_pointer_to_the_zone_leads_to_a_label_of_the_name_asked() -> None:
    asked = section(Kind.TXT)
    at = HEADER_BYTES + len(asked)
    wire = bytearray(answered(Kind.TXT, authority=(SOA,)))
    assert wire[at] == 0xC0
    read_places = set()
    for place in range(256):
        wire[at + 1] = place
        if read_tersely(Kind.TXT, asked, bytes(wire)) is not None:
            read_places.add(place)
    want, place = set(), HEADER_BYTES
    for label in (*NAME.split("."), ""):
        want.add(place)
        place += 1 + len(label)
    assert read_places == want


def mail_host(name: bytes) -> bytes:
    """Return an answer of one MX record whose data is `name` behind a preference of ten."""
    wire = answered(Kind.MX, "MX 10 .")
    data = b"\0\x0a" + name
    at = HEADER_BYTES + len(section(Kind.MX)) + 10
    return wire[:at] + len(data).to_bytes(2, "big") + data + wire[at + 5 :]


LABELS = {
    "nothing": b"",
    "a label": b"\2mx",
    "letters of both cases": b"\2mx\4MAIL",
    "odd bytes": b"\3\xc0\x0cx",
    "a label that the pointer begins in": b"\1",
    "a label that holds the pointer": b"\4mx",
    "no label": b"\x40",
}
NEVER_READ = {"a label that holds the pointer", "no label"}


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("every", some((4, 1), 2), ids="every {}".format)
def test_a_mail_host_is_the_one_to_which_its_bytes_lead(labels: str, every: int) -> None:
    """What is remembered of a name is that of a name which stands there in the same bytes, wherever they lead."""
    read_places = set()
    for high in (0x00, 0x0C, 0x7F, 0xC0, 0xC1, 0xFF):
        for low in range(0, 256, every):
            wire = mail_host(LABELS[labels] + bytes((high, low)))
            got = read_tersely(Kind.MX, section(Kind.MX), wire)
            if got is not None:
                assert got == read(Question(Kind.MX, NAME), wire, "udp")
                read_places.add((high, low))
    assert bool(read_places) == (labels not in NEVER_READ)


def test_a_mail_host_below_the_same_name_is_another_one_in_another_answer() -> None:
    hosts = []
    for name in ("d1.example.com", "d2.example.com", "d1.example.com"):
        asked = section(Kind.MX, name)
        wire = reply(usual_query(b"\x12\x34", asked), f"{name}. 60 IN MX 10 mx.{name}.")
        got = read_tersely(Kind.MX, asked, wire)
        assert got is not None
        assert isinstance(got.data, DnsData)
        hosts.append(got.data.records)
    assert hosts == [(MxRecord(10, f"mx.d{number}.example.com"),) for number in (1, 2, 1)]


A_RECORD = answered(Kind.A, "A 192.0.2.1")
OPT_BYTES = 11


def record_at(wire: bytes) -> int:
    """Return where the first record of an answer begins."""
    return 12 + len(section(Kind.A))


def with_bytes(wire: bytes, place: int, said: bytes) -> bytes:
    at = record_at(wire) + place
    return wire[:at] + said + wire[at + len(said) :]


@pytest.mark.parametrize(
    "wire",
    [
        with_bytes(A_RECORD, 0, b"\xc0\x0f"),
        with_bytes(A_RECORD, 4, b"\0\x03"),
        with_bytes(A_RECORD, 10, b"\0\x05"),
        with_bytes(A_RECORD, 10, b"\xff\xff"),
        A_RECORD[:-OPT_BYTES] + b"\0" + A_RECORD[-OPT_BYTES:],
        A_RECORD[: record_at(A_RECORD) + 11] + A_RECORD[-OPT_BYTES:],
        answered(Kind.A, "RRSIG A 13 3 60 20300101000000 20200101000000 1 example.com. AAAA"),
    ],
    ids=[
        "of another owner",
        "of another class",
        "a record that ends a byte too late",
        "a record that ends beyond the message",
        "a byte behind the records",
        "a record cut short",
        "a signature alone",
    ],
)
def test_an_answer_whose_records_are_not_just_those_asked_for_is_left_to_others(wire: bytes) -> None:
    """Whoever can put in an answer what belongs to another name would have it believed of this one."""
    assert read_tersely(Kind.A, section(Kind.A), A_RECORD) is not None
    assert read_tersely(Kind.A, section(Kind.A), wire) is None


@pytest.mark.parametrize("kind", [Kind.A, Kind.MX])
def test_a_query_is_no_answer_even_with_records_in_it(kind: Kind) -> None:
    """RFC 1035 section 4.1.1: whoever sends ours back with something behind it has answered nothing."""
    records = {Kind.A: "A 192.0.2.1", Kind.MX: f"MX 10 mx.{NAME}."}
    wire = answered(kind, records[kind])
    assert read_tersely(kind, section(kind), wire) is not None
    query = wire[:2] + bytes((wire[2] & 0x7F,)) + wire[3:]
    assert read_tersely(kind, section(kind), query) is None


@pytest.mark.parametrize("ttls_s", [(60, 2**31), (2**31, 60), (2**32 - 1,), (2**31 - 1, 2**31 - 2)])
def test_a_ttl_with_the_top_bit_set_is_zero_beside_others_as_well(ttls_s: tuple[int, ...]) -> None:
    """RFC 2181 section 8; dnspython would not write it, so that it is put in place of another."""
    wire = answered(Kind.A, *(f"A 192.0.2.{number}" for number in range(1, 1 + len(ttls_s))))
    for number, ttl_s in enumerate(ttls_s):
        before = b"\0\1\0\1" + (60).to_bytes(4, "big") + b"\0\4\xc0\0\2" + bytes([number + 1])
        assert wire.count(before) == 1
        wire = wire.replace(before, before[:4] + ttl_s.to_bytes(4, "big") + before[8:])
    got = read_tersely(Kind.A, section(Kind.A), wire)
    assert got is not None
    assert got == read(Question(Kind.A, NAME), wire, "udp")
    assert got.ttl_s == (0 if max(ttls_s) >= 2**31 else min(ttls_s))


@pytest.mark.parametrize("beside", ["CNAME other.example.com.", 'TXT "text"', "DNAME other.example.com."])
def test_records_beside_those_asked_for_are_left_to_others(beside: str) -> None:
    for records in (("A 192.0.2.1", beside), (beside, "A 192.0.2.1")):
        assert read_tersely(Kind.A, section(Kind.A), answered(Kind.A, *records)) is None


@pytest.mark.parametrize("kind", [Kind.A, Kind.MX])
@pytest.mark.parametrize("flags", [0, dns.flags.AD], ids=["not secure", "secure"])
def test_that_a_name_is_none_is_not_believed_here_beside_records_of_it(kind: Kind, flags: int) -> None:
    records = RECORDS[kind][:1]
    without = answered(kind, *records, flags=flags)
    assert read_tersely(kind, section(kind), without) is not None
    for authority in ((), (SOA,)):
        wire = answered(kind, *records, authority=authority, flags=flags, rcode=dns.rcode.NXDOMAIN)
        assert read_tersely(kind, section(kind), wire) is None
    assert read_tersely(kind, section(kind), answered(kind, *records, authority=(SOA,), flags=flags)) is None
