"""The part of a handshake that is read before it is calculated with."""

import ssl

import pytest

from mxproof.net.key_exchange import DH_BITS_MAX, DHE_SUITES, HELLO_BYTES_MAX, KeyExchange
from mxproof.net.tls import Tls, TlsError

DHE, ECDHE, TLS_1_3 = 0x009E, 0xC02F, 0x1301


def record(payload: bytes, kind: int = 22) -> bytes:
    return bytes((kind, 3, 3)) + len(payload).to_bytes(2) + payload


def message(kind: int, body: bytes) -> bytes:
    return bytes((kind,)) + len(body).to_bytes(3) + body


def hello(suite: int, session_id: bytes = b"") -> bytes:
    return message(
        2, b"\3\3" + bytes(32) + bytes((len(session_id),)) + session_id + suite.to_bytes(2) + b"\0"
    )


def group(bits: int) -> bytes:
    size = bits // 8
    return message(12, size.to_bytes(2) + b"\xff" * size + b"\0\1\2" + b"\0\1\5")


def read(data: bytes, at_once: int = 16384) -> KeyExchange:
    exchange = KeyExchange()
    for place in range(0, len(data), at_once):
        exchange.feed(data[place : place + at_once])
    return exchange


@pytest.mark.parametrize("at_once", [1, 7, 16384])
def test_the_group_is_known_however_it_is_cut(at_once: int) -> None:
    whole = record(hello(DHE)) + record(message(11, b"\0\0\0")) + record(group(2048))
    one_record = record(hello(DHE, b"x" * 32) + message(11, b"\0\0\0") + group(2048))
    torn = record((hello(DHE) + group(2048))[:60]) + record((hello(DHE) + group(2048))[60:])
    for data in (whole, one_record, torn):
        assert (read(data, at_once).dh_bits, read(data, at_once).excessive) == (2048, False)
        assert read(data, at_once).costly


def test_a_group_is_excessive_beyond_the_limit() -> None:
    assert not read(record(hello(DHE) + group(DH_BITS_MAX))).excessive
    assert read(record(hello(DHE) + group(DH_BITS_MAX + 8))).excessive


@pytest.mark.parametrize(
    "data",
    [
        record(hello(ECDHE) + message(12, b"\3\0\x1d" + bytes(1000))),
        record(hello(TLS_1_3)) + record(group(8192)),
        record(hello(DHE)) + record(b"\1", kind=20) + record(group(8192)),
        record(hello(DHE) + message(14, b"")) + record(group(8192)),
        record(group(8192)),
        b"220 not TLS at all\r\n" * 10,
        record(message(2, b"short")) + record(group(8192)),
    ],
    ids=["curve", "tls-1.3", "encrypted", "done", "no-hello", "no-tls", "short-hello"],
)
def test_what_is_no_group_is_taken_for_none(data: bytes) -> None:
    assert not read(data).costly
    assert not read(data).excessive


@pytest.mark.parametrize("at_once", [1, 2, 6, 16384])
def test_a_warning_before_or_in_between_changes_nothing_however_it_is_cut(at_once: int) -> None:
    """Else a server would have its group calculated, however large, by a warning in two segments."""
    warning = record(b"\1\x70", kind=21)
    for data in (
        warning + record(hello(DHE) + group(8192)),
        record(hello(DHE)) + warning + warning + record(group(8192)),
        record((hello(DHE) + group(8192))[:60]) + warning + record((hello(DHE) + group(8192))[60:]),
    ):
        assert (read(data, at_once).dh_bits, read(data, at_once).excessive) == (8192, True)


@pytest.mark.parametrize("at_once", [1, 16384])
def test_the_first_group_counts_and_what_is_encrypted_is_not_read(at_once: int) -> None:
    first = record(hello(DHE)) + record(group(1024)) + record(group(8192))
    assert read(first, at_once).dh_bits == 1024
    encrypted = record(hello(DHE)) + record(b"x" * 40, kind=23) + record(group(8192))
    assert read(encrypted, at_once).dh_bits == 0


def test_no_more_is_kept_than_a_handshake_may_be_long() -> None:
    endless = record(bytes((11,)) + b"\xff\xff\xff" + bytes(16000)) + record(bytes(16000)) * 10
    assert read(endless + record(hello(DHE) + group(8192))).dh_bits == 0
    assert len(endless) > HELLO_BYTES_MAX


def test_every_suite_with_a_group_that_the_library_knows_is_among_those_read() -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_ciphers("ALL:@SECLEVEL=0")
    named = {one["name"]: one["id"] & 0xFFFF for one in context.get_ciphers()}
    dhe = {name: suite for name, suite in named.items() if name.startswith("DHE-") and "PSK" not in name}
    assert dhe
    assert {name for name, suite in dhe.items() if suite not in DHE_SUITES} == set()


def test_tls_ends_where_the_group_is_excessive() -> None:
    client = Tls("mx.example.com")
    client.shake_hands()
    with pytest.raises(TlsError, match="10000 bits"):
        client.feed(record(hello(DHE) + group(10_000)))
    assert not Tls("mx.example.com").costly


def test_a_suite_behind_any_session_id_is_found_and_a_hello_that_is_cut_has_none() -> None:
    for length in (0, 1, 32):
        assert read(record(hello(DHE, b"x" * length) + group(2048))).dh_bits == 2048
    for length in (0, 34, 35):
        assert read(record(message(2, bytes(length)) + group(2048))).dh_bits == 0


def test_an_alert_between_is_passed_over_and_anything_else_ends_what_is_in_the_clear() -> None:
    assert read(record(hello(DHE)) + record(b"\1\0", kind=21) + record(group(2048))).dh_bits == 2048
    assert read(record(hello(DHE)) + record(b"\1", kind=20) + record(group(2048))).dh_bits == 0
    assert read(record(hello(DHE)) + record(b"x", kind=23) + record(group(2048))).dh_bits == 0


def test_an_empty_record_is_one() -> None:
    assert read(record(hello(DHE)) + record(b"") + record(group(2048))).dh_bits == 2048
