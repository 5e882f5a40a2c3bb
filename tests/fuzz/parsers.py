"""Parsers of what is published, said and served: names, records, policies, certificates, replies, DNS messages."""

import struct
from functools import partial
from typing import TypeVar

from fuzz.target import Target, assert_bounded, assert_harmless, read, text_of
from mxproof.evidence import Kind, Outcome, Question, Transport
from mxproof.formats import mtasts_record
from mxproof.formats.address_scope import special_range
from mxproof.formats.cert import covers, facts
from mxproof.formats.der import outline
from mxproof.formats.dns_name import NAME_BYTES_MAX, name_text, parse_name, read_name
from mxproof.formats.examination import Examination
from mxproof.formats.mtasts_policy import examine_policy, parse_policy, print_policy, repeated_fields
from mxproof.formats.mtasts_reading import inflated, read_policy, read_records
from mxproof.formats.names import (
    bare_address,
    canonical,
    is_host,
    is_lax_host,
    parse_domain,
    parse_host,
    patterns_covering,
    to_unicode,
)
from mxproof.formats.smtp import REPLY_BYTES_MAX, REPLY_LINES_MAX, ReplyReader, ehlo_keywords
from mxproof.formats.spf import lookups
from mxproof.formats.tlsa import parse_tlsa, print_tlsa, unusable_because
from mxproof.formats.tlsrpt import record as tlsrpt_record_format
from mxproof.judge.senders import readings
from mxproof.net.dns.message import RECORDS_MAX
from mxproof.net.dns.message import read as read_message
from mxproof.net.dns.query import Fit, query
from support_certificates import INTERMEDIATE, leaf
from support_dns import reply

T = TypeVar("T")

READINGS = (
    *readings.BOTH,
    readings.CHASQUID,
    readings.POSTFIX_MTA_STS_RESOLVER,
    readings.COURIER,
    readings.MOX,
    readings.KUMOMTA,
    readings.STALWART,
)
QUESTIONS = tuple(
    Question(kind, "a.example.com", server=server, transport=transport)
    for kind in (Kind.A, Kind.AAAA, Kind.MX, Kind.TXT, Kind.TLSA, Kind.CNAME, Kind.SOA, Kind.PTR, Kind.DS)
    for server, transport in (("", Transport.ANY), ("192.0.2.53", Transport.UDP))
)
_ANSWERS = (
    (),
    ("a.example.com. 300 IN A 192.0.2.1",),
    ("a.example.com. 300 IN MX 10 mx.example.com.", "a.example.com. 300 IN MX 0 ."),
    ("a.example.com. 300 IN CNAME b.example.com.", "b.example.com. 60 IN AAAA 2001:db8::1"),
    ("example.com. 300 IN DNAME example.net.", 'a.example.net. 60 IN TXT "v=STSv1; id=1;"'),
    (r"a.example.com. 300 IN TLSA \# 4 03010100",),
    ("a.example.com. 300 IN SOA ns.example.com. root.example.com. 1 2 3 4 60",),
    ("a.example.com. 300 IN DS 1 13 2 " + "0f" * 32,),
)


def _question_of(data: bytes) -> tuple[Question, bytes]:
    """Return the question that the first byte chooses, and the rest."""
    return QUESTIONS[(data[0] if data else 0) % len(QUESTIONS)], data[1:]


def _response(number: int, records: tuple[str, ...]) -> bytes:
    made = query(QUESTIONS[number])
    assert made is not None
    soa = () if records else ("example.com. 300 IN SOA ns.example.com. root.example.com. 1 2 3 4 60",)
    return bytes((number,)) + reply(b"\0\0" + made.wire[2:], *records, authority=soa, extended=((6, "x"),))


def dns_message(data: bytes) -> None:
    question, wire = _question_of(data)
    result = read_message(question, wire, "udp")
    assert result.data is not None
    assert len(result.data.records) <= RECORDS_MAX
    assert (result.outcome is Outcome.FOUND) >= bool(result.data.records)
    assert result.ttl_s is None or 0 <= result.ttl_s < 2**31
    assert_harmless(result.detail, 600 + 4 * len(wire))
    assert_bounded(result, data)


def dns_fit(data: bytes) -> None:
    question, wire = _question_of(data)
    asked = query(question)
    assert asked is not None
    fit = asked.fit(wire)
    if fit is not Fit.NO:
        assert wire[:2] == asked.wire[:2]
    if fit is Fit.YES:
        assert asked.question in wire


def dns_name_in_a_message(data: bytes) -> None:
    start = data[0] if data else 0
    found = read(lambda: read_name(data, min(start, len(data)), len(data), {}))
    if found is not None:
        name, end = found
        assert 0 < len(name) <= NAME_BYTES_MAX
        assert end <= len(data)
        assert parse_name(name_text(name)) == name


def dns_name_as_text(data: bytes) -> None:
    name = read(lambda: parse_name(text_of(data)))
    if name is not None:
        shown = name_text(name)
        assert_harmless(shown, 4 * NAME_BYTES_MAX)
        assert shown.isascii()
        assert name_text(parse_name(shown)) == shown


def host_names(data: bytes) -> None:
    text = text_of(data)
    host = read(lambda: parse_host(text))
    if host is not None:
        assert is_host(host)
        assert parse_host(host) == host
        assert len(patterns_covering(host)) <= 2
        to_unicode(host)
    is_lax_host(text)
    canonical(text)
    domain = read(lambda: parse_domain(text))
    if domain is not None:
        assert parse_domain(domain.name).name == domain.name
        assert_harmless(domain.name, 260)


def addresses(data: bytes) -> None:
    address = bare_address(text_of(data))
    if address is not None:
        special_range(address)
        assert bare_address(address) == address


def _examined(examined: Examination[T], data: bytes) -> None:
    assert_bounded(examined, data)
    assert all(0 <= one.position <= len(data) for one in examined.objections)
    assert (examined.strict is None) == bool(examined.objections)


def mtasts_policy(data: bytes) -> None:
    _examined(examine_policy(data), data)
    policy = read(lambda: parse_policy(data))
    if policy is not None:
        assert parse_policy(print_policy(policy)) == policy
    for reading in READINGS:
        taken = read_policy(data, reading)
        assert taken is None or taken.max_age_s >= 0
    repeated_fields(data)
    assert len(inflated(data) or b"") <= 1024 * 1024


def mtasts_records(data: bytes) -> None:
    texts = data.split(b"\n")
    for text in texts:
        _examined(mtasts_record.examine_record(text), text)
        fields = read(partial(mtasts_record.parse_record, text))
        if fields is not None:
            assert mtasts_record.parse_record(mtasts_record.print_record(fields)) == fields
    for reading in READINGS:
        read_records(texts, reading)


def tlsrpt_record(data: bytes) -> None:
    _examined(tlsrpt_record_format.examine_record(data), data)
    fields = read(lambda: tlsrpt_record_format.parse_record(data))
    if fields is not None:
        assert tlsrpt_record_format.parse_record(tlsrpt_record_format.print_record(fields)) == fields


def tlsa(data: bytes) -> None:
    record = read(lambda: parse_tlsa(text_of(data)))
    if record is not None:
        assert parse_tlsa(print_tlsa(record)) == record
        unusable_because(record)


def spf(data: bytes) -> None:
    assert_bounded(lookups(data), data)


def certificate(data: bytes) -> None:
    read(lambda: outline(data))
    found = read(lambda: facts(data))
    if found is not None:
        covers(found, "mx.example.com")
        assert found.not_before.tzinfo is not None
        assert_bounded(found, data)


def smtp_replies(data: bytes) -> None:
    """Feed the bytes whole, and again one by one: the replies are the same, and so is what is refused."""
    whole, bitten = _replies(data, len(data) or 1), _replies(data, 1) if len(data) < 2000 else None
    assert bitten is None or bitten == whole


def _replies(data: bytes, size: int) -> list[object]:
    reader, got = ReplyReader(), list[object]()

    def take(piece: bytes) -> bool:
        reader.feed(piece)
        while (one := reader.read()) is not None:
            assert 200 <= one.code <= 599
            assert len(one.raw) <= REPLY_LINES_MAX
            ehlo_keywords(one)
            got.append(one)
        return True

    for start in range(0, len(data), size):
        piece = data[start : start + size]
        if read(partial(take, piece)) is None:
            return [*got, "refused"]
        assert len(reader.pending) <= REPLY_BYTES_MAX
        assert len(reader.partial) <= REPLY_LINES_MAX
    return [*got, reader.pending]


_POLICY = (
    b"version: STSv1\r\nmode: enforce\r\nmx: mx1.example.com\r\nmx: *.example.net\r\nmax_age: 604800\r\n"
)
_CERTIFICATES = (leaf(("mx.example.com", "*.example.net")).der, INTERMEDIATE.der)

TARGETS = (
    Target(
        "dns-message",
        dns_message,
        tuple(_response(number, records) for number in range(0, len(QUESTIONS), 3) for records in _ANSWERS),
        (b"\xc0\x0c", b"\xc0\xff", b"\0\0\x29\x04\xd0\0\0\x80\0\0\0", struct.pack("!HHIH", 5, 1, 300, 2)),
        150,
    ),
    Target("dns-fit", dns_fit, (_response(0, _ANSWERS[1]),)),
    Target(
        "dns-name-wire",
        dns_name_in_a_message,
        (b"\x01\3www\7example\3com\0", b"\5\3com\0\xc0\1\3www\xc0\1", b"\x03\1\xff\0\2..\0"),
        (b"\xc0\0", b"\xc0\x01", b"\x3f" + b"x" * 63),
        120,
    ),
    Target(
        "dns-name-text",
        dns_name_as_text,
        (b"www.example.com", rb"a\.b.\000\255.example.", "bücher.example".encode(), b".", b"@"),
        (b"\\", b"\\256", b"\\.", "ß".encode(), "。".encode(), b"xn--"),
        120,
    ),
    Target(
        "host-name",
        host_names,
        (
            b"mx1.example.com",
            "bücher.example".encode(),
            b"xn--bcher-kva.example",
            b"a_b.example.com.",
            b"localhost",
        ),
        (b"xn--", b"-", b"_", "。".encode(), "\u00ad".encode()),
        120,
    ),
    Target(
        "address",
        addresses,
        (
            b"192.0.2.1",
            b"[192.0.2.1]",
            b"[IPv6:2001:db8::1]",
            b"::ffff:127.0.0.1",
            b"fe80::1%eth0",
            b"64:ff9b::7f00:1",
        ),
        (b"::", b"%", b"IPv6:", b"."),
    ),
    Target(
        "mtasts-policy",
        mtasts_policy,
        (_POLICY, b"version:STSv1\nmode:none\nmax_age:0\n", b"\xef\xbb\xbf" + _POLICY, b"\x1f\x8b\x08\0"),
        (b"mx: ", b"max_age: ", b"mode: testing\n", b"version: STSv1\n", b"x-y: z\n"),
        50,
    ),
    Target(
        "mtasts-record",
        mtasts_records,
        (
            b"v=STSv1; id=20260301T090000;",
            b"v=STSv1;id=1;x=y;",
            b"v=STSv1 ; id = a ;\nv=STSv1; id=2",
            b"v=spf1 -all",
        ),
        (b"v=STSv1", b"id=", b";;", b" = "),
        120,
    ),
    Target(
        "tlsrpt-record",
        tlsrpt_record,
        (
            b"v=TLSRPTv1; rua=mailto:a@example.com,https://example.com:8443/x?y=%20",
            b"v=TLSRPTv1;rua=mailto:a@b.example",
        ),
        (b"mailto:", b"https://", b"%00", b"%", b"!10m", b"@", b"[::1]", b":0"),
        120,
    ),
    Target(
        "tlsa", tlsa, (b"3 1 1 " + b"0f" * 32, b"2 0 2 AbCd EF", b"255 255 255 00"), (b"256", b"0x", b" ")
    ),
    Target(
        "spf",
        spf,
        (b"v=spf1 a mx include:_spf.example.net exists:%{i}.x.example redirect=_r.example -all", b"v=spf1"),
        (b"include:", b"redirect=", b"%{", b"ptr:", b"/", b"//"),
    ),
    Target(
        "certificate",
        certificate,
        _CERTIFICATES,
        (b"\x30\x80", b"\x30\x84\xff\xff\xff\xff", b"\x82", b"\0"),
        150,
    ),
    Target(
        "smtp-replies",
        smtp_replies,
        (
            b"220 mx.example.com ESMTP\r\n",
            b"250-mx.example.com\r\n250-SIZE 1\r\n250 STARTTLS\r\n221 2.0.0 bye\n",
            b"421 4.4.8 x\r\n",
            b"220\r\n",
        ),
        (b"250-", b"250 ", b"220", b"999 ", b"250\t"),
        120,
    ),
)
