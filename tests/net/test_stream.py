"""The limits of one connection, and the end of a stream."""

import asyncio
import socket
from collections.abc import Callable

import pytest
import uvloop

from mxproof.evidence import Outcome
from mxproof.net.asking import Asking, Peer
from mxproof.net.stream import PROMPT_READS_MAX, Stream, StreamError, outcome_of, secure
from mxproof.net.tls import TLS_RECORD_BYTES_MAX, Tls, TlsCutError, TlsError
from support_clock import run
from support_stream import Do, Handler, certified, reset, script, stream_server


def outcome(handler: Handler, bytes_max: int = 10_000, *, tls: bool = False) -> Outcome:
    """Read from `handler`'s server until it ends and return the outcome."""

    async def talk(peer: Peer) -> None:
        async with Stream(peer, Asking(()), bytes_max) as stream:
            if tls:
                await secure(stream, "mx.example.com")
            while await stream.read():
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
        (StreamError(Outcome.OVERSIZE, "much"), Outcome.OVERSIZE),
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


def test_a_connection_is_closed_when_its_talk_is_cancelled() -> None:
    async def talk(peer: Peer) -> None:
        async with Stream(peer, Asking(())) as stream:
            await stream.read()

    async def scenario() -> None:
        begun, ended = asyncio.Event(), asyncio.Event()

        async def until_the_end(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
            begun.set()
            await reader.read()
            ended.set()

        async with stream_server(until_the_end) as peer:
            task = asyncio.create_task(talk(peer))
            await begun.wait()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            async with asyncio.timeout(10):
                await ended.wait()

    run(scenario())


def test_who_floods_us_does_not_keep_others_from_their_turn() -> None:
    async def tick(turns: list[int]) -> None:
        while True:
            turns.append(1)
            await asyncio.sleep(0)

    async def scenario() -> int:
        turns: list[int] = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            async with Stream(Peer(*server.getsockname()), Asking(())) as stream:
                connection, _ = server.accept()
                connection.setblocking(False)
                sent = connection.send(bytes(300_000))
                ticking = asyncio.create_task(tick(turns))
                received = 0
                while received < sent:
                    received += len(await stream.read())
                ticking.cancel()
                connection.close()
        return len(turns) - sent // TLS_RECORD_BYTES_MAX + PROMPT_READS_MAX

    assert run(scenario()) >= 0


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_what_came_before_a_reset_is_read_and_then_the_reset(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def scenario() -> bytes:
        with socket.create_server(("127.0.0.1", 0)) as server:
            async with asyncio.timeout(10), Stream(Peer(*server.getsockname()), Asking(())) as stream:
                connection, _ = server.accept()
                connection.sendall(b"x")
                reset(connection)
                said = await stream.read()
                with pytest.raises(ConnectionResetError):
                    await stream.read()
                return said

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(scenario()) == b"x"


@pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
def test_what_came_before_a_reset_is_read_also_where_the_reset_comes_while_connecting(
    new_loop: Callable[[], asyncio.AbstractEventLoop],
) -> None:
    async def scenario() -> list[bytes]:
        with socket.create_server(("127.0.0.1", 0)) as server:

            def turn_away() -> None:
                connection, _ = server.accept()
                connection.sendall(b"554 no\r\n")
                reset(connection)

            # Its turn comes when the stream has begun to connect and waits for the loop to tell how that went.
            asyncio.get_running_loop().call_soon(turn_away)
            async with asyncio.timeout(10), Stream(Peer(*server.getsockname()), Asking(())) as stream:
                return [await stream.read(), await stream.read()]

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(scenario()) == [b"554 no\r\n", b""]


def test_a_handshake_that_fails_says_why_although_the_peer_is_gone() -> None:
    async def scenario() -> None:
        with socket.create_server(("127.0.0.1", 0)) as server:
            async with Stream(Peer(*server.getsockname()), Asking(())) as stream:
                reset(server.accept()[0])
                tls = Tls("mx.example.com")
                tls.feed(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                with pytest.raises(TlsError):
                    await stream.start_tls(tls)

    run(scenario())


def test_what_comes_while_nobody_reads_waits_outside() -> None:
    async def scenario() -> list[bytes]:
        said = asyncio.Event()

        async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"first")
            await reader.readexactly(2)
            writer.write(b"second")
            said.set()
            await reader.readexactly(2)

        async with stream_server(speak) as peer, Stream(peer, Asking(())) as stream:
            heard = [await stream.read()]
            await stream.write(b"ok")
            await said.wait()
            for _ in range(3):  # turns of the loop in which the second word is there and nobody asks for it
                await asyncio.sleep(0)
            heard.append(await stream.read())
            await stream.write(b"ok")
            heard.append(await stream.read())
            return heard

    assert run(scenario()) == [b"first", b"second", b""]


def test_more_than_the_buffers_hold_is_sent_when_the_peer_reads() -> None:
    much = bytes(8_000_000)

    async def scenario() -> bytes:
        async def count(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b"%d" % len(await reader.readexactly(len(much))))

        async with stream_server(count) as peer, Stream(peer, Asking(())) as stream:
            await stream.write(much)
            return await stream.read()

    assert run(scenario()) == b"8000000"


def test_a_port_where_nobody_listens_is_refused() -> None:
    async def talk() -> None:
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            async with Stream(Peer(*bound.getsockname()), Asking(())):
                pass

    assert run(outcome_of(talk(), 10))[0] == Outcome.REFUSED
