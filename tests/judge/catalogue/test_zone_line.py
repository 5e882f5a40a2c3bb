"""A record as a line of a zone file."""

import dns.rdata
import pytest
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import given
from hypothesis import strategies as st

from mxproof.judge.catalogue.zone_line import zone_line
from mxproof.mail.change import (
    CnameValue,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PtrValue,
    RecordValue,
    TlsaValue,
    TxtValue,
)


@pytest.mark.parametrize(
    ("record", "line"),
    [
        (Ipv4Value("192.0.2.1"), "a.example. A 192.0.2.1"),
        (Ipv6Value("2001:db8::1"), "a.example. AAAA 2001:db8::1"),
        (CnameValue("b.example"), "a.example. CNAME b.example."),
        (PtrValue("b.example"), "a.example. PTR b.example."),
        (MxValue(10, "b.example"), "a.example. MX 10 b.example."),
        (MxValue(0, "."), "a.example. MX 0 ."),
        (TxtValue("v=STSv1; id=1;"), 'a.example. TXT "v=STSv1; id=1;"'),
        (TlsaValue(3, 1, 1, "00ff"), "a.example. TLSA 3 1 1 00ff"),
    ],
)
def test_a_line_has_absolute_names_and_the_data_in_presentation_form(record: RecordValue, line: str) -> None:
    assert zone_line("a.example", record) == line


@pytest.mark.parametrize(
    ("size", "strings"), [(0, [0]), (255, [255]), (256, [255, 1]), (2600, [255] * 10 + [50])]
)
def test_a_long_text_is_cut_into_strings_and_none_of_it_is_lost(size: int, strings: list[int]) -> None:
    text = bytes(97 + place % 26 for place in range(size))
    pieces = zone_line("a.example", TxtValue.of(text)).removeprefix("a.example. TXT ").split(" ")
    assert [len(piece) - 2 for piece in pieces] == strings
    assert "".join(piece[1:-1] for piece in pieces).encode() == text


@given(st.binary(max_size=600))
def test_any_text_reads_back_as_the_same_bytes(text: bytes) -> None:
    line = zone_line("a.example", TxtValue.of(text))
    rdata = dns.rdata.from_text("IN", "TXT", line.removeprefix("a.example. TXT "))
    assert isinstance(rdata, TXT)
    assert b"".join(rdata.strings) == text
