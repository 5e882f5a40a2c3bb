"""The handshake that judges nothing: which chain it records, and which names it can put in SNI."""

import ssl
from collections.abc import Callable
from contextlib import suppress

import pytest
from OpenSSL import SSL

from mxproof.evidence import TlsData
from mxproof.net.asking import Asking, Peer
from mxproof.net.stream import Stream, secure
from mxproof.net.tls import Tls, TlsError, fits_sni
from support_certificates import INTERMEDIATE, leaf
from support_clock import run
from support_stream import Do, certified, script, stream_server

SEGMENT_BYTES = 1220
"""What TCP carries at once over any way of IPv6."""


def handshake(server_name: str) -> tuple[TlsData, list[str | None]]:
    """Return what a handshake shows and the names the server heard in SNI."""
    context = certified(f"for-{len(server_name)}.example.com")
    names: list[str | None] = []

    def note(_connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        names.append(name)

    context.sni_callback = note

    async def talk(peer: Peer) -> TlsData:
        async with Stream(peer, Asking(())) as stream:
            return await secure(stream, server_name)

    async def scenario() -> TlsData:
        async with stream_server(script(Do.HANG), context) as peer:
            return await talk(peer)

    return run(scenario()), names


def test_the_chain_is_recorded_although_no_certificate_fits() -> None:
    data, names = handshake("mx.example.com")
    assert data.chain == (leaf(("for-14.example.com",)).der, INTERMEDIATE.der)
    assert names == ["mx.example.com"]


@pytest.mark.parametrize("name", ["_dmarc.example.com", "b\\195\\188cher.example", "x"])
def test_an_odd_name_is_put_in_sni_as_it_is(name: str) -> None:
    assert handshake(name)[1] == [name]


@pytest.mark.parametrize(
    "name",
    ["", ".", "192.0.2.1", "2001:db8::1", "mx.example.com.", "b\xfccher.example", "a" * 64, "a." * 128 + "a"],
)
def test_what_cannot_stand_in_sni_is_left_out(name: str) -> None:
    assert handshake(name)[1] == [None]


class Server:
    """The other end, in memory, of TLS 1.2, or of TLS 1.3 with `suites` of all."""

    def __init__(self, suites: bytes | None = None) -> None:
        own = leaf(("mx.example.com",))
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        if suites is None:
            context.set_max_proto_version(SSL.TLS1_2_VERSION)
        elif suites:
            context.set_tls13_ciphersuites(suites)
        context.use_certificate(own.certificate)
        context.use_privatekey(own.key)
        self.tls = SSL.Connection(context, None)
        self.tls.set_accept_state()

    def says(self, action: Callable[[], object], heard: bytes = b"") -> bytes:
        """Hear something, do something as far as that goes, and return what is said."""
        said = b""
        if heard:
            self.tls.bio_write(heard)
        with suppress(SSL.WantReadError):
            action()
        with suppress(SSL.WantReadError):
            while True:
                said += self.tls.bio_read(1000)
        return said


def both_ends(*, secret: bool = True, suites: bytes | None = None) -> tuple[Tls, Server]:
    """Return the ends of a connection with its handshake behind it."""
    client, server = Tls("mx.example.com", secret=secret), Server(suites)
    while not client.shake_hands():
        client.feed(server.says(server.tls.do_handshake, client.outgoing()))
    return client, server


def test_more_than_a_record_holds_is_written_whole() -> None:
    client, server = both_ends()
    heard = bytearray()

    def hear() -> None:
        while True:
            heard.extend(server.tls.recv(1000))

    server.says(hear, client.written(b"x" * 40_000) or b"")
    assert heard == b"x" * 40_000


def test_a_request_to_renegotiate_is_declined() -> None:
    client, server = both_ends()
    server.tls.renegotiate()
    client.feed(server.says(server.tls.do_handshake) + server.says(lambda: server.tls.send(b"early")))
    assert (client.read(), client.read()) == (b"early", None)
    assert client.written(b"late")


def test_a_peer_that_ends_tls_in_the_handshake_has_said_so() -> None:
    client = Tls("mx.example.com")
    client.feed(bytes.fromhex("15 0303 0002 01 00"))  # a close_notify alert
    with pytest.raises(TlsError, match="the peer ended TLS"):
        client.shake_hands()


@pytest.mark.parametrize("curve", ["prime256v1", "X25519", "secp384r1", "secp521r1", "X448"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_without_a_secret_every_usual_curve_of_a_server_is_known(curve: str, version: ssl.TLSVersion) -> None:
    context = certified("mx.example.com")
    context.maximum_version = version
    context.set_ecdh_curve(curve)

    async def scenario() -> TlsData:
        async with (
            stream_server(script(Do.HANG), context) as peer,
            Stream(peer, Asking(())) as stream,
        ):
            return await secure(stream, "mx.example.com", secret=False)

    assert run(scenario()).chain == (leaf(("mx.example.com",)).der, INTERMEDIATE.der)


@pytest.mark.parametrize(
    ("secret", "known", "want"),
    [
        (True, b"", "TLS_AES_256_GCM_SHA384"),
        (False, b"", "TLS_AES_128_GCM_SHA256"),
        (False, b"TLS_AES_256_GCM_SHA384", "TLS_AES_256_GCM_SHA384"),
        (False, b"TLS_CHACHA20_POLY1305_SHA256", "TLS_CHACHA20_POLY1305_SHA256"),
    ],
)
def test_without_a_secret_the_cheapest_suite_is_wished_for_and_every_other_known(
    secret: bool, known: bytes, want: str
) -> None:
    client, _ = both_ends(secret=secret, suites=known)
    assert client.seen().cipher == want


def test_without_a_secret_the_first_message_fits_into_a_segment() -> None:
    sizes = []
    for secret in (True, False):
        tls = Tls("mx.example.com", ("http/1.1",), secret=secret)
        tls.shake_hands()
        sizes.append(len(tls.outgoing()))
    with_one, without = sizes
    assert without < SEGMENT_BYTES < with_one


@pytest.mark.parametrize(
    ("labels", "fits"),
    [((63,), True), ((64,), False), ((63, 63, 63, 63), True), ((63, 63, 63, 62, 1), False), ((0, 3), False)],
    ids=["63 bytes", "64 bytes", "255 bytes", "256 bytes", "an empty label"],
)
@pytest.mark.parametrize("letter", ["a", "_", "A"])
def test_a_name_fits_sni_as_it_fits_dns(labels: tuple[int, ...], letter: str, *, fits: bool) -> None:
    """Also one that no host should have, and some do."""
    assert fits_sni(".".join(letter * size for size in labels)) is fits
