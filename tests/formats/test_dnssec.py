"""The data of DNSSEC records: the examples of the RFCs, and what is no such record."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.dnssec import (
    Algorithm,
    Dnskey,
    Ds,
    Rrsig,
    algorithm_text,
    canonical_order,
    ds_of,
    hashed,
    is_old,
    parse_dnskey,
    parse_ds,
    parse_nsec,
    parse_nsec3,
    parse_rrsig,
    type_bits,
)
from mxproof.formats.errors import FormatError

RSA_KEY = base64.b64decode(
    "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvx"
    "egXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw=="
)
"""That of RFC 4034 section 5.4."""
SHA_1, SHA_256 = (
    "2bb183af5f22588179a53b0a98631fad1a292118",
    "d4b7d520e7bb5f0f67674a0cceb1e3e0614b93c4f9e99b8383f6a1e4469da50a",
)
HASHES = {
    "example": "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom",
    "a.example": "35mthgpgcu1qg68fab165klnsnk3dpvl",
    "*.w.example": "r53bq7cc2uvmubfu5ocmm6pers9tk9en",
    "xx.example": "t644ebqk9bibcna874givr6joj62mlhv",
}
"""RFC 5155 appendix A."""
PARSERS = (parse_dnskey, parse_ds, parse_nsec, parse_nsec3, parse_rrsig)


def test_a_key_has_the_tag_and_the_digests_of_the_rfcs() -> None:
    key = Dnskey(256, 3, Algorithm.RSASHA1, RSA_KEY)
    assert (key.key_tag, key.rsa_bits) == (60485, 1024)
    for number, digest in ((1, SHA_1), (2, SHA_256)):
        ds = Ds(60485, 5, number, bytes.fromhex(digest))
        assert ds_of("dskey.example.com", key, number) == ds
        assert ds.names("DSKEY.example.com", key)
        assert not ds.names("example.com", key)
        assert parse_ds(ds.data) == ds
        wrong = (
            Ds(60485, 5, number, bytes(20)),
            Ds(60484, 5, number, ds.digest),
            Ds(60485, 8, number, ds.digest),
        )
        assert not any(one.names("dskey.example.com", key) for one in wrong)
    assert not Ds(60485, 5, 99, bytes.fromhex(SHA_256)).names("dskey.example.com", key)
    assert parse_dnskey(key.data) == key


@pytest.mark.parametrize(
    ("flags", "protocol", "wanted"),
    [(256, 3, True), (257, 3, True), (0, 3, False), (384, 3, False), (256, 2, False)],
)
def test_a_key_signs_a_zone_by_its_flags(flags: int, protocol: int, wanted: bool) -> None:
    assert Dnskey(flags, protocol, 13, b"").is_zone_key is wanted


@pytest.mark.parametrize("name", HASHES)
def test_names_are_hashed_as_in_the_rfc(name: str) -> None:
    assert hashed(name, 12, bytes.fromhex("aabbccdd")) == HASHES[name]


def test_a_record_of_rfc_5155_is_read() -> None:
    salt, after = bytes.fromhex("aabbccdd"), "2t7b4g4vsa5smi47k61mv5bv1a22bojr"
    types = frozenset({2, 6, 15, 46, 48, 51})
    digest = base64.b32hexdecode(after.upper())
    data = bytes((1, 1, 0, 12, 4)) + salt + bytes((20,)) + digest + type_bits(types)
    read = parse_nsec3(data)
    assert (read.iterations, read.salt, read.next_hash, read.types, read.opt_out) == (
        12,
        salt,
        after,
        types,
        True,
    )


def test_the_types_of_rfc_4034_are_read() -> None:
    types = frozenset({1, 15, 46, 47, 1234})
    bits = bytes.fromhex("000640010000000304") + bytes.fromhex("1b") + bytes.fromhex("0400000000") + bytes(24)
    data = b"\4host\7example\3com\0" + type_bits(types)
    assert type_bits(types)[:8] == bits[:8]
    assert (parse_nsec(data).next_name, parse_nsec(data).types) == ("host.example.com", types)


def test_names_are_ordered_as_in_rfc_4034() -> None:
    wanted = [
        "example",
        "a.example",
        "yljkjljk.a.example",
        "Z.a.example",
        "zABC.a.EXAMPLE",
        "z.example",
        "*.z.example",
    ]
    shuffled = wanted[3:] + wanted[:3]
    assert sorted(shuffled, key=canonical_order) == wanted


def test_a_signature_is_read_and_printed() -> None:
    data = (
        bytes.fromhex("000f0d0200000e10")
        + (1440021600).to_bytes(4, "big")
        + (1438207200).to_bytes(4, "big")
        + bytes.fromhex("0e1d")
        + b"\7example\3com\0"
        + bytes(64)
    )
    read = parse_rrsig(data)
    assert (read.covered, read.key_tag, read.signer, read.data) == (15, 3613, "example.com", data)
    assert read.ends == datetime(2015, 8, 19, 22, 0, tzinfo=UTC)


def test_algorithms_are_named_and_old_ones_told() -> None:
    assert [algorithm_text(one) for one in (7, 13, 99)] == [
        "RSASHA1-NSEC3-SHA1",
        "ECDSAP256SHA256",
        "algorithm 99",
    ]
    assert [one for one in range(20) if is_old(one)] == [1, 3, 5, 6, 7, 12]


@given(st.binary(max_size=60))
def test_any_bytes_are_a_record_or_refused(data: bytes) -> None:
    for parse in PARSERS:
        try:
            parse(data)
        except FormatError:
            continue


@pytest.mark.parametrize("size", [1, 3, 255, 256, 300])
def test_an_exponent_may_be_longer_than_one_byte_says(size: int) -> None:
    """RFC 3110 section 2: up to 255 bytes are told in one, more in two behind a zero."""
    exponent, modulus = 2 ** (8 * size) - 5, 2**1023 + 9
    told = bytes((size,)) if size < 256 else bytes((0, *size.to_bytes(2)))
    data = told + exponent.to_bytes(size) + modulus.to_bytes(128)
    key = Dnskey(256, 3, Algorithm.RSASHA256, data)
    assert (key.rsa, key.rsa_bits) == ((exponent, modulus), 1024)
    assert Dnskey(256, 3, Algorithm.ECDSAP256SHA256, data).rsa is None
    assert Dnskey(256, 3, Algorithm.RSASHA256, data[: len(told) + size]).rsa is None
    assert Dnskey(256, 3, Algorithm.RSASHA256, b"").rsa_bits is None


def test_a_signature_covers_the_name_of_its_signer_in_lower_case() -> None:
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    made, lower = (
        Rrsig(15, 13, 2, 3600, moment, moment.replace(month=10), 7, signer, b"signature")
        for signer in ("EXAMPLE.com", "example.com")
    )
    assert made.head == lower.head
    assert made.head.endswith(b"\7example\3com\0")
    assert made.data == made.head + b"signature"
    assert parse_rrsig(made.data) == lower


def test_a_name_is_hashed_no_more_often_than_validators_ever_did() -> None:
    """RFC 5155 section 10.3; beyond that nothing is to be had but work."""
    most = hashed("example", 2500, b"salt")
    assert hashed("example", 2501, b"salt") == hashed("example", 65_535, b"salt") == most
    assert hashed("example", 2499, b"salt") != most
    assert hashed("EXAMPLE", 3, b"") != hashed("example", 3, b"salt")


def test_types_of_every_window_are_read_and_those_of_none_are_none() -> None:
    types = frozenset({0, 1, 255, 256, 257, 1234, 65_280, 65_535})
    assert parse_nsec(b"\0" + type_bits(types)).types == types
    assert parse_nsec(b"\0").types == frozenset()
    assert type_bits(frozenset()) == b""


def test_the_types_of_a_window_end_with_the_last_of_them() -> None:
    """RFC 4034 section 4.1.2: trailing zeros must not be written; the example is that of section 4.3."""
    wanted = bytes.fromhex("0006400100000003" + "041b" + "00" * 26 + "20")
    assert type_bits(frozenset({1, 15, 46, 47, 1234})) == wanted
    assert type_bits(frozenset({255, 1})) == bytes.fromhex("0020" + "40" + "00" * 30 + "01")


@pytest.mark.parametrize(
    ("flags", "is_entry_point"), [(256, False), (257, True), (1, True), (0, False), (385, True)]
)
def test_a_key_says_to_be_an_entry_point_by_its_last_bit(flags: int, is_entry_point: bool) -> None:
    assert Dnskey(flags, 3, 13, b"").is_entry_point is is_entry_point


def test_the_tag_of_an_old_key_is_cut_out_of_its_modulus() -> None:
    """RFC 4034 appendix B.1."""
    assert Dnskey(256, 3, Algorithm.RSAMD5, bytes((1, 2, 3, 4, 5))).key_tag == 0x0304
    assert Dnskey(256, 3, Algorithm.RSASHA1, bytes((1, 2, 3, 4, 5))).key_tag == (
        ((0x01 + 0x03 + 0x01 + 0x03 + 0x05) << 8) + 0x00 + 0x05 + 0x02 + 0x04
    )


@pytest.mark.parametrize(
    ("algorithm", "digest_type", "is_verified"),
    [
        (13, 2, True),
        (13, 1, True),
        (13, 4, True),
        (5, 2, True),
        (13, 3, False),
        (12, 2, False),
        (1, 2, False),
        (99, 2, False),
    ],
)
def test_a_digest_counts_where_validators_know_it_and_its_algorithm(
    algorithm: int, digest_type: int, is_verified: bool
) -> None:
    assert Ds(1, algorithm, digest_type, b"").is_verified is is_verified
