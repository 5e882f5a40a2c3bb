"""Records found in the bytes of a response, and their data read; dnspython says what they should be."""

import ipaddress
import struct

import dns.edns
import dns.exception
import dns.name
import dns.rcode
import dns.rdatatype
import dns.wire
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import (
    CONNECTION_KINDS,
    AddressRecord,
    CaaRecord,
    DnsRecord,
    Kind,
    MxRecord,
    NameRecord,
    OtherRecord,
    Question,
    TlsaRecord,
    TxtRecord,
)
from mxproof.formats.errors import FormatError
from mxproof.net.dns.query import query
from mxproof.net.dns.response import (
    TYPE_RRSIG,
    TYPE_SOA,
    TYPES,
    ResourceRecord,
    extended_text,
    negative_ttl_s,
    parse_message,
    rcode_text,
    record_value,
    signed_records,
)
from support_dns import reply

ASKED = query(Question(Kind.MX, "example.com"))
assert ASKED is not None
RESPONSE = reply(
    ASKED.wire,
    "example.com. 300 IN MX 10 mx.example.com.",
    "mx.example.com. 300 IN CNAME a.mx.example.com.",
    r"b\195\188cher.example.com. 300 IN TXT x",
    authority=("com. 300 IN NS ns.example.com.",),
    extended=((6, "why"),),
)
DAMAGES = st.lists(
    st.tuples(
        st.integers(12, len(RESPONSE) - 1),
        st.one_of(
            st.binary(min_size=1, max_size=3), st.integers(0xC000, 0xC0FF).map(lambda one: one.to_bytes(2))
        ),
    ),
    max_size=4,
)


def message_of(kind: int, data: bytes) -> bytes:
    """Return a response with one record, of the root."""
    return struct.pack("!HHHHHHBHHIH", 1, 0x8180, 0, 1, 0, 0, 0, kind, 1, 60, len(data)) + data


def value(kind: int, data: bytes) -> DnsRecord:
    message = parse_message(message_of(kind, data))
    return record_value(message, message.answer[0])


def by_the_library(wire: bytes) -> list[ResourceRecord]:
    """Return the records of the first two sections, their names as dnspython reads them."""
    parser = dns.wire.Parser(wire)
    _, _, questions, answers, authorities, _ = parser.get_struct("!HHHHHH")
    for _ in range(questions):
        dns.name.from_wire_parser(parser)
        parser.get_bytes(4)
    records = []
    for _ in range(answers + authorities):
        owner = dns.name.from_wire_parser(parser).canonicalize().to_wire()
        assert owner is not None
        rdtype, rdclass, ttl_s, length = parser.get_struct("!HHIH")
        start = parser.current
        parser.get_bytes(length)
        fits = ttl_s < 2**31 or rdtype == dns.rdatatype.OPT
        records.append(ResourceRecord(owner, rdtype, rdclass, ttl_s if fits else 0, start, parser.current))
    return records


@given(DAMAGES)
def test_the_records_of_a_damaged_response_are_those_that_the_library_finds(
    damages: list[tuple[int, bytes]],
) -> None:
    wire = RESPONSE
    for position, damage in damages:
        wire = wire[:position] + damage + wire[position + len(damage) :]
    try:
        message = parse_message(wire)
    except FormatError:
        return
    assert [*message.answer, *message.authority] == by_the_library(wire)


def test_each_type_has_its_number() -> None:
    by_name = {one: dns.rdatatype.from_text(one) for one in set(Kind) - CONNECTION_KINDS - {Kind.DELEGATION}}
    assert {**by_name, Kind.DELEGATION: dns.rdatatype.NS} == TYPES


def test_each_response_code_has_its_name() -> None:
    codes = range(4096)
    assert [rcode_text(code) for code in codes] == [
        dns.rcode.to_text(dns.rcode.Rcode.make(code)) for code in codes
    ]


@pytest.mark.parametrize(
    ("code", "text", "want"),
    [(22, "", "22 no reachable authority"), (9, "why", "9 dnskey missing: why"), (4242, "", "4242 4242")],
)
def test_an_extended_error_is_told_in_words(code: int, text: str, want: str) -> None:
    assert extended_text(code, text) == want


@pytest.mark.parametrize(
    ("kind", "data", "want"),
    [
        (1, b"\xc0\0\2\1", AddressRecord("192.0.2.1")),
        (28, b"\x20\1\x0d\xb8" + bytes(11) + b"\1", AddressRecord("2001:db8::1")),
        (28, bytes(10) + b"\xff\xff\xc0\0\2\1", AddressRecord("::ffff:192.0.2.1")),
        (15, b"\1\2\2MX\0", MxRecord(258, "mx")),
        (15, b"\0\0\0", MxRecord(0, ".")),
        (2, b"\2NS\0", NameRecord("ns")),
        (5, b"\3a.b\0", NameRecord(r"a\.b")),
        (12, b"\0", NameRecord(".")),
        (16, b"\0", TxtRecord(b"", 1)),
        (16, b"\0\2ab\1c", TxtRecord(b"abc", 3)),
        (52, b"\3\1\1", TlsaRecord(3, 1, 1, b"")),
        (52, b"\3\1\1ab", TlsaRecord(3, 1, 1, b"ab")),
        (6, b"\1A\0\0" + struct.pack("!5I", 1, 2, 3, 4, 5), OtherRecord("a. . 1 2 3 4 5")),
        (6, b'\0\6Ex.a"b\0' + struct.pack("!5I", 1, 2, 3, 4, 5), OtherRecord(r". ex\.a\"b. 1 2 3 4 5")),
        (65280, b"ab", OtherRecord(r"\# 2 6162")),
    ],
)
def test_the_data_of_a_record_are_read(kind: int, data: bytes, want: DnsRecord) -> None:
    assert value(kind, data) == want


@pytest.mark.parametrize(
    ("kind", "data", "want"),
    [
        (1, b"\xc0\0\2", "record-length"),
        (16, b"", "record-length"),
        (28, bytes(15), "record-length"),
        (15, b"\0", "name-cut"),
        (15, b"\0\0\0\0", "record-length"),
        (5, b"", "name-cut"),
        (5, b"\0\0", "record-length"),
        (16, b"\2a", "record-length"),
        (52, b"\3\1", "record-length"),
        (6, b"\0\0", "record-data"),
    ],
)
def test_data_that_do_not_fill_their_length_are_refused(kind: int, data: bytes, want: str) -> None:
    with pytest.raises(FormatError) as caught:
        value(kind, data)
    assert caught.value.objections[0].rule == want


@given(st.lists(st.sampled_from([0, 0, 1, 0xDB8, 0xFFFF]), min_size=7, max_size=7))
def test_an_address_is_in_its_one_canonical_spelling(groups: list[int]) -> None:
    packed = struct.pack("!8H", 0x2001, *groups)
    assert value(28, packed) == AddressRecord(str(ipaddress.IPv6Address(packed)))


def test_the_upper_bits_of_the_response_code_stand_in_the_opt_record() -> None:
    opt = struct.pack("!BHHIH", 0, 41, 1232, 0xFF << 24, 0)
    assert parse_message(struct.pack("!HHHHHH", 1, 0x8181, 0, 0, 0, 1) + opt).rcode == 0xFF1


@pytest.mark.parametrize("cut", range(1, 12))
def test_a_record_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(FormatError) as caught:
        parse_message(message_of(16, b"\2ab")[:-cut])
    assert caught.value.objections[0].rule == "record-cut"


def test_bytes_behind_the_last_record_are_refused() -> None:
    with pytest.raises(FormatError) as caught:
        parse_message(message_of(16, b"") + b"\0")
    assert caught.value.objections[0].rule == "message-length"


def test_a_question_cut_short_is_refused() -> None:
    with pytest.raises(FormatError) as caught:
        parse_message(struct.pack("!HHHHHH", 1, 0x8180, 1, 0, 0, 0) + b"\1a\0\0\1")
    assert caught.value.objections[0].rule == "message-length"


@pytest.mark.parametrize("options", [b"\0", b"\0\x0f\0\2\0", b"\0\x0f\0"])
def test_an_option_cut_short_is_refused(options: bytes) -> None:
    opt = struct.pack("!BHHIH", 0, 41, 1232, 0, len(options)) + options
    with pytest.raises(FormatError) as caught:
        parse_message(struct.pack("!HHHHHH", 1, 0x8180, 0, 0, 0, 1) + opt)
    assert caught.value.objections[0].rule == "record-length"


def _answered(head: bytes, *records: bytes) -> bytes:
    """Return a message that has these records, as bytes, in its answer section; `head` is what follows its ID."""
    return b"\0\0" + head + b"\0\0" + len(records).to_bytes(2, "big") + bytes(4) + b"".join(records)


def _record(rdtype: int, data: bytes, ttl_s: int = 300, rdclass: int = 1) -> bytes:
    return b"\0" + struct.pack("!HHIH", rdtype, rdclass, ttl_s, len(data)) + data


def _data(rdtype: int, data: bytes) -> DnsRecord:
    message = parse_message(_answered(b"\x84\0", _record(rdtype, data)))
    return record_value(message, message.answer[0])


@pytest.mark.parametrize(("ttl_s", "want"), [(2**31 - 1, 2**31 - 1), (2**31, 0), (2**32 - 1, 0), (0, 0)])
def test_a_ttl_is_a_number_of_31_bits_and_zero_beyond(ttl_s: int, want: int) -> None:
    """RFC 2181 section 8."""
    message = parse_message(_answered(b"\x84\0", _record(1, bytes(4), ttl_s)))
    assert message.answer[0].ttl_s == want


@pytest.mark.parametrize("cut", [1, 4, 5, 14])
def test_a_record_that_is_cut_anywhere_is_refused(cut: int) -> None:
    whole = _answered(b"\x84\0", _record(1, bytes(4)))
    parse_message(whole)
    with pytest.raises(FormatError):
        parse_message(whole[:-cut])


@pytest.mark.parametrize(
    ("data", "want"),
    [
        (b"\0\5issueca.example", ("issue", b"ca.example", 0)),
        (b"\x80\1x", ("x", b"", 128)),
        (b"\0\5ISSUE;", ("issue", b";", 0)),
    ],
)
def test_a_caa_record_is_flags_a_tag_and_the_rest(data: bytes, want: tuple[str, bytes, int]) -> None:
    """RFC 8659 section 4.1."""
    got = _data(257, data)
    assert isinstance(got, CaaRecord)
    assert (got.tag, got.value, got.flags) == want


@pytest.mark.parametrize("data", [b"", b"\0", b"\0\0", b"\0\0x", b"\0\2x"])
def test_a_caa_record_without_a_whole_tag_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        _data(257, data)


@pytest.mark.parametrize(
    ("data", "want"), [(b"\1a", (b"a", 1)), (b"\1a\2bc", (b"abc", 2)), (b"\0", (b"", 1))]
)
def test_a_txt_record_is_its_strings_in_a_row_and_how_many_they_are(
    data: bytes, want: tuple[bytes, int]
) -> None:
    """RFC 1035 section 3.3.14; RFC 8461 section 3.1 has them joined."""
    got = _data(16, data)
    assert isinstance(got, TxtRecord)
    assert (got.text, got.strings) == want


@pytest.mark.parametrize("data", [b"", b"\2a", b"\1a\1"])
def test_a_txt_record_whose_strings_do_not_fill_it_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        _data(16, data)


def test_a_tlsa_record_may_end_behind_its_three_numbers() -> None:
    assert _data(52, b"\3\1\1") == TlsaRecord(3, 1, 1, b"")
    assert _data(52, b"\3\1\0x") == TlsaRecord(3, 1, 0, b"x")
    with pytest.raises(FormatError):
        _data(52, b"\3\1")


@pytest.mark.parametrize(
    ("option", "want"),
    [
        (b"\0\x0f\0\2\0\6", ((6, ""),)),
        (b"\0\x0f\0\5\0\6why", ((6, "why"),)),
        (b"\0\x0f\0\6\0\6why\0", ((6, "why"),)),
        (b"\0\x0f\0\1\0", ()),
        (b"\0\x0a\0\2\0\6", ()),
        (b"\0\x0a\0\1\0\0\x0f\0\2\0\6", ((6, ""),)),
        (b"", ()),
    ],
)
def test_extended_errors_are_those_options_that_are_long_enough_for_a_code(
    option: bytes, want: tuple[tuple[int, str], ...]
) -> None:
    """RFC 8914 section 2: two bytes of code, and text."""
    opt = b"\0" + struct.pack("!HHIH", 41, 1232, 0x8000, len(option)) + option
    message = parse_message(b"\0\0\x84\0" + bytes(6) + b"\0\1" + opt)
    assert tuple(message.extended) == want


@pytest.mark.parametrize("option", [b"\0\x0f\0", b"\0\x0f\0\3\0\6", b"\0\x0f\0\2\0\6\0"])
def test_options_that_do_not_fill_their_record_are_refused(option: bytes) -> None:
    opt = b"\0" + struct.pack("!HHIH", 41, 1232, 0, len(option)) + option
    with pytest.raises(FormatError):
        parse_message(b"\0\0\x84\0" + bytes(6) + b"\0\1" + opt)


def test_an_soa_record_says_how_long_absence_lasts_and_proves_nothing() -> None:
    """RFC 2308 section 5: its own TTL or its last number, the lesser."""
    assert ASKED is not None
    for ttl_s, last_s in ((300, 60), (60, 300), (60, 60)):
        soa = f"example.com. {ttl_s} IN SOA ns.example.com. root.example.com. 1 2 3 4 {last_s}"
        signature = "example.com. 300 IN RRSIG SOA 13 2 300 20260101000000 20250101000000 1 example.com. AAAA"
        message = parse_message(reply(ASKED.wire, authority=(soa, signature)))
        (record,) = (one for one in message.authority if one.type == TYPE_SOA)
        assert negative_ttl_s(message, record) == 60
        assert [one.rdtype for one in signed_records(message)] == [TYPE_RRSIG]
        with pytest.raises(FormatError):
            negative_ttl_s(message, msgspec.structs.replace(record, end=record.start + 21))
