"""The first two messages of a handshake, held against a TLS library that has one version and one suite."""

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats import FormatError
from mxproof.formats.tls_hello import (
    CHANCE_BYTES,
    SERVER_HELLO_BYTES_MAX,
    ServerHello,
    TlsAlert,
    client_hello,
    read_answer,
)
from mxproof.formats.tls_offer import Offer
from mxproof.formats.tls_suite import SUITES
from support_stream import certified

CHANCE = bytes(range(CHANCE_BYTES))
NAME = "mx.example.com"
HELLO = bytes.fromhex("160303002c 02000028 0303") + bytes(32) + bytes.fromhex("00 c02f 00 0000")
AGREED = ServerHello("TLSv1.2", "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")


def answered(
    offer: Offer, ciphers: str = "DEFAULT", newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> bytes:
    """Return what OpenSSL says to a hello with one offer, as a server that takes `ciphers`."""
    context = certified(NAME)
    context.set_ciphers(f"{ciphers}:@SECLEVEL=0")
    context.maximum_version = newest
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    incoming.write(client_hello(offer, NAME, CHANCE))
    with pytest.raises(ssl.SSLError):  # it wants more, or wants none of it
        server.do_handshake()
    return outgoing.read()


def test_what_a_server_agrees_to_is_read() -> None:
    assert read_answer(HELLO) == AGREED


def test_a_hello_may_end_without_extensions_and_not_before() -> None:
    """RFC 5246 section 7.4.1.3: they are there where bytes follow the compression method."""
    assert read_answer(_hello(HELLO[9:-2])) == AGREED
    with pytest.raises(FormatError):
        read_answer(_hello(HELLO[9:-3]))


def _hello(body: bytes) -> bytes:
    message = b"\x02" + len(body).to_bytes(3) + body
    return b"\x16\x03\x03" + len(message).to_bytes(2) + message


@pytest.mark.parametrize(
    ("offer", "ciphers", "version"),
    [
        (Offer.TLS_1_3, "DEFAULT", "TLSv1.3"),
        (Offer.TLS_1_2, "DEFAULT", "TLSv1.2"),
        (Offer.ECDHE_CBC, "DEFAULT", "TLSv1.2"),
        (Offer.WEAK, "eNULL", "TLSv1.2"),
        (Offer.ANONYMOUS, "aNULL", "TLSv1.2"),
    ],
)
def test_a_library_takes_each_offer_for_what_it_is(offer: Offer, ciphers: str, version: str) -> None:
    hello = read_answer(answered(offer, ciphers))
    assert isinstance(hello, ServerHello)
    assert hello.version == version
    assert hello.suite in SUITES[offer].values()


@pytest.mark.parametrize(
    ("offer", "alert"),
    [
        (Offer.TLS_1_1, "protocol_version"),
        (Offer.WEAK, "handshake_failure"),
        (Offer.ANONYMOUS, "handshake_failure"),
        (Offer.KEY_TRANSPORT, "handshake_failure"),
    ],
)
def test_a_library_refuses_what_it_does_not_have(offer: Offer, alert: str) -> None:
    """The key of the certificate is one of ECDSA, which transports nothing."""
    assert read_answer(answered(offer)) == TlsAlert(alert)


def test_a_server_that_goes_no_further_has_no_tls_1_3() -> None:
    said = read_answer(answered(Offer.TLS_1_3, newest=ssl.TLSVersion.TLSv1_2))
    assert said == TlsAlert("protocol_version")


@pytest.mark.parametrize("size", range(len(HELLO)))
def test_a_part_of_the_answer_is_no_answer(size: int) -> None:
    assert read_answer(HELLO[:size]) is None


def test_a_message_in_several_records_is_put_together() -> None:
    body = HELLO[5:]
    cut = b"".join(
        b"\x16\x03\x03" + len(part).to_bytes(2) + part for part in (body[:3], body[3:20], body[20:])
    )
    assert read_answer(cut) == AGREED


def test_a_warning_is_passed_over() -> None:
    assert read_answer(bytes.fromhex("1503030002 0170") + HELLO) == AGREED


def test_an_alert_or_a_suite_without_a_name_is_told_by_its_number() -> None:
    assert read_answer(bytes.fromhex("1503030002 02f0")) == TlsAlert("240")
    assert read_answer(HELLO.replace(b"\xc0\x2f", b"\xfe\xfe")) == ServerHello("TLSv1.2", "0xfefe")
    assert read_answer(HELLO.replace(b"\x28\x03\x03", b"\x28\x03\x09")) == ServerHello("0x0309", AGREED.suite)


@pytest.mark.parametrize(
    "said",
    [
        b"220 what would you like?\r\n",
        b"\x16\x02\x00\x00\x01\x02",
        b"\x17" + HELLO[1:],
        HELLO[:5] + b"\x0b" + HELLO[6:],
        bytes.fromhex("1603030005 0200000103"),
    ],
)
def test_what_is_no_answer_of_tls_is_refused(said: bytes) -> None:
    with pytest.raises(FormatError):
        read_answer(said)


def test_an_answer_has_an_end() -> None:
    record = b"\x14\x03\x03\x00\x01\x01"
    with pytest.raises(FormatError):
        read_answer(record * (SERVER_HELLO_BYTES_MAX // len(record) + 1))


@given(st.binary(max_size=200))
def test_whatever_comes_is_read_or_refused(data: bytes) -> None:
    for said in (data, HELLO[:43] + data):
        try:
            read_answer(said)
        except FormatError:
            continue


@pytest.mark.parametrize("offer", [one for one in Offer if one is not Offer.ANY])
def test_a_hello_offers_its_suites_and_names_the_server(offer: Offer) -> None:
    hello = client_hello(offer, NAME, CHANCE)
    suites = b"".join(number.to_bytes(2) for number in SUITES[offer])
    assert suites in hello
    assert NAME.encode() in hello
    assert NAME.encode() not in client_hello(offer, "", CHANCE)
    assert len(hello) == 5 + int.from_bytes(hello[3:5])


def test_a_message_behind_the_hello_in_its_record_is_no_part_of_it() -> None:
    """The length of this one, and what follows, would be the extension that names TLS 1.3."""
    alone = _hello(HELLO[9:-2])
    behind = b"\x0b\x00\x00\x2b\x00\x02\x03\x04" + bytes(39)
    both = alone[5:] + behind
    assert read_answer(b"\x16\x03\x03" + len(both).to_bytes(2) + both) == AGREED
    assert read_answer(alone + b"\x16\x03\x03" + len(behind).to_bytes(2) + behind) == AGREED
