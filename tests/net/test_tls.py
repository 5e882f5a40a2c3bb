"""The handshake that judges nothing: which chain it records, and which names it can put in SNI."""

import ssl

import pytest

from mxproof.evidence import TlsData
from mxproof.net.asking import Asking, Peer
from mxproof.net.wire import Wire, secure
from support_certificates import INTERMEDIATE, leaf
from support_clock import run
from support_stream import Do, certified, script, stream_server


def handshake(server_name: str) -> tuple[TlsData, list[str | None]]:
    """Return what a handshake shows and the names the server heard in SNI."""
    context = certified(f"for-{len(server_name)}.example.com")
    names: list[str | None] = []

    def note(_connection: ssl.SSLObject, name: str | None, _context: ssl.SSLContext) -> None:
        names.append(name)

    context.sni_callback = note

    async def talk(peer: Peer) -> TlsData:
        async with Wire(peer, Asking(())) as wire:
            return await secure(wire, server_name)

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
    "name", ["", ".", "mx.example.com.", "b\xfccher.example", "a" * 64, "a." * 128 + "a"]
)
def test_what_cannot_stand_in_sni_is_left_out(name: str) -> None:
    assert handshake(name)[1] == [None]
