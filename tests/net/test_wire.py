"""The limits of one connection, and the end of a stream."""

import asyncio
import socket

import pytest

from mxproof.evidence import Outcome
from mxproof.net.asking import Asking, Peer
from mxproof.net.tls import TlsCutError, TlsError
from mxproof.net.wire import Wire, WireError, connected, outcome_of, secure
from support_clock import run
from support_stream import Do, Handler, certified, script, stream_server


def outcome(handler: Handler, bytes_max: int = 10_000, *, tls: bool = False) -> Outcome:
    """Read from `handler`'s server until it ends and return the outcome."""

    async def talk(peer: Peer) -> None:
        async with connected(peer, Asking(())) as connection:
            wire = Wire(connection, bytes_max)
            if tls:
                await secure(wire, "mx.example.com")
            while await wire.read():
                pass

    async def scenario() -> Outcome:
        async with stream_server(handler, certified() if tls else None) as peer:
            return (await outcome_of(talk(peer), 10))[0]

    return run(scenario())


def test_a_connection_receives_up_to_its_limit() -> None:
    assert outcome(script(bytes(10_000))) == Outcome.FOUND
    assert outcome(script(bytes(10_001))) == Outcome.OVERSIZE
    assert outcome(script(b"x", Do.FLOOD)) == Outcome.OVERSIZE


def test_the_limit_counts_the_handshake_too() -> None:
    assert outcome(script(b"x"), tls=True) == Outcome.FOUND
    assert outcome(script(b"x"), bytes_max=500, tls=True) == Outcome.OVERSIZE


def test_under_tls_an_orderly_end_is_told_from_a_cut() -> None:
    assert outcome(script(b"x"), tls=True) == Outcome.FOUND
    assert outcome(script(b"x", Do.END), tls=True) == Outcome.CLOSED


@pytest.mark.parametrize(
    ("error", "want"),
    [
        (ConnectionRefusedError(), Outcome.REFUSED),
        (ConnectionResetError(), Outcome.CLOSED),
        (BrokenPipeError(), Outcome.CLOSED),
        (OSError(101, "Network is unreachable"), Outcome.UNREACHABLE),
        (OSError(113, "No route to host"), Outcome.UNREACHABLE),
        (TimeoutError(110, "Connection timed out"), Outcome.TIMEOUT),
        (TlsError("no shared cipher"), Outcome.TLS_FAILED),
        (TlsCutError(), Outcome.CLOSED),
        (WireError(Outcome.OVERSIZE, "much"), Outcome.OVERSIZE),
    ],
)
def test_each_error_of_the_system_has_its_outcome(error: Exception, want: Outcome) -> None:
    async def talk() -> None:
        raise error

    got, detail = run(outcome_of(talk(), 10))
    assert got == want
    assert detail


def test_a_mistake_of_ours_is_no_outcome() -> None:
    async def talk() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        run(outcome_of(talk(), 10))


def test_a_socket_is_closed_when_its_talk_is_cancelled() -> None:
    opened: list[socket.socket] = []

    async def talk(peer: Peer, ready: asyncio.Event) -> None:
        async with connected(peer, Asking(())) as connection:
            opened.append(connection)
            ready.set()
            await Wire(connection).read()

    async def scenario() -> None:
        ready = asyncio.Event()
        async with stream_server(script(Do.HANG)) as peer:
            task = asyncio.create_task(talk(peer, ready))
            await ready.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    run(scenario())
    assert opened[0].fileno() == -1
