"""What is left of a connection that is given up, lost or refused: no socket, nobody watching it, and the peer knows why."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
import uvloop

from mxproof.evidence import Outcome
from mxproof.net.asking import Asking, Peer
from mxproof.net.stream import Stream, StreamError, secure, way_to
from mxproof.net.tls import Tls, TlsError
from support_clock import run
from support_stream import closed_port, reset

EMPTY_HELLO = bytes.fromhex("160303 0004 02000000")
MUCH = bytes(8_000_000)
RESOLVER = Peer("2001:db8::53", 53)
both_loops = pytest.mark.parametrize("new_loop", [asyncio.new_event_loop, uvloop.new_event_loop])
NewLoop = Callable[[], asyncio.AbstractEventLoop]


@contextmanager
def listening() -> Iterator[tuple[socket.socket, Peer]]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server, Peer(*server.getsockname())


async def given_up(task: asyncio.Task[object]) -> None:
    """Cancel what has begun to wait."""
    for _ in range(3):
        await asyncio.sleep(0)
    assert not task.done()
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert task.cancelled()


def is_closed(stream: Stream) -> bool:
    try:
        return not stream.local_address
    except OSError:
        return True


@both_loops
def test_a_connection_that_is_given_up_before_it_is_there_is_closed(new_loop: NewLoop) -> None:
    async def scenario() -> bool:
        with listening() as (_, peer):
            stream = Stream(peer, Asking(()))
            assert not is_closed(stream)
            connecting = asyncio.create_task(stream.__aenter__())
            await asyncio.sleep(0)
            connecting.cancel()
            await asyncio.gather(connecting, return_exceptions=True)
            assert connecting.cancelled()
            return is_closed(stream)

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(scenario())


def test_a_connection_that_is_refused_is_closed() -> None:
    async def scenario() -> bool:
        stream = Stream(await closed_port(), Asking(()))
        with pytest.raises(ConnectionRefusedError):
            await stream.__aenter__()
        return is_closed(stream)

    assert run(scenario())


@both_loops
def test_after_a_wait_that_is_given_up_the_next_connection_has_the_file_for_itself(new_loop: NewLoop) -> None:
    """The system gives the number of a closed file to the next one, and whoever still watched it would be told of that."""

    async def scenario() -> list[bytes]:
        heard = []
        with listening() as (server, peer):
            for wait in (Stream.read, lambda stream: stream.write(MUCH)):
                async with asyncio.timeout(10):
                    async with Stream(peer, Asking(())) as stream:
                        with server.accept()[0]:
                            await given_up(asyncio.ensure_future(wait(stream)))
                    async with Stream(peer, Asking(())) as stream:
                        with server.accept()[0] as connection:
                            reading = asyncio.create_task(stream.read())
                            await asyncio.sleep(0)
                            connection.sendall(b"x")
                            heard.append(await reading)
        return heard

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(scenario()) == [b"x", b"x"]


@both_loops
def test_a_read_that_was_given_up_takes_nothing_from_the_next(new_loop: NewLoop) -> None:
    async def scenario() -> list[bytes]:
        with listening() as (server, peer):
            async with asyncio.timeout(10), Stream(peer, Asking(())) as stream:
                with server.accept()[0] as connection:
                    await given_up(asyncio.ensure_future(stream.read()))
                    connection.sendall(b"first")
                    for _ in range(3):
                        await asyncio.sleep(0)
                    heard = [await stream.read()]
                    reading = asyncio.create_task(stream.read())
                    await asyncio.sleep(0)
                    connection.sendall(b"second")
                    return [*heard, await reading]

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert runner.run(scenario()) == [b"first", b"second"]


@both_loops
def test_a_reset_while_something_is_waited_for_is_no_orderly_end(new_loop: NewLoop) -> None:
    async def scenario() -> None:
        with listening() as (server, peer):
            async with asyncio.timeout(10), Stream(peer, Asking(())) as stream:
                connection, _ = server.accept()
                reading = asyncio.create_task(stream.read())
                await asyncio.sleep(0)
                reset(connection)
                with pytest.raises(ConnectionResetError):
                    await reading

    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(scenario())


def test_a_handshake_that_fails_tells_the_peer_so_before_the_end() -> None:
    async def scenario() -> list[bytes]:
        loop = asyncio.get_running_loop()
        with listening() as (server, peer):
            async with asyncio.timeout(10), Stream(peer, Asking(())) as stream:
                with server.accept()[0] as connection:
                    connection.setblocking(False)
                    shaking = asyncio.create_task(secure(stream, "mx.example.com"))
                    said = [await loop.sock_recv(connection, 4096)]
                    connection.sendall(EMPTY_HELLO)
                    with pytest.raises(TlsError):
                        await shaking
                    stream.close()
                    return [*said, *[await loop.sock_recv(connection, 4096) for _ in range(2)]]

    hello, alert, end = run(scenario())
    assert (hello[0], alert[0], len(alert), end) == (22, 21, 7, b"")


class Lengthy(Tls):
    """A client whose first and only word is longer than all buffers on the way, and who then takes any answer for enough."""

    def __init__(self) -> None:
        super().__init__("mx.example.com")
        self._unsaid = MUCH
        self.heard = b""

    def shake_hands(self) -> bool:
        return bool(self.heard)

    def outgoing(self) -> bytes:
        said, self._unsaid = self._unsaid, b""
        return said

    def feed(self, data: bytes) -> None:
        self.heard += data

    def ended(self) -> bytes:
        return MUCH


async def received(connection: socket.socket, size: int) -> int:
    """Return how much came until it was so much or the end."""
    loop, count = asyncio.get_running_loop(), 0
    while count < size and (data := await loop.sock_recv(connection, 1024 * 1024)):
        count += len(data)
    return count


def test_what_tls_has_to_say_goes_out_whole_in_the_handshake_and_at_the_end() -> None:
    async def hear(connection: socket.socket) -> list[int]:
        first = await received(connection, len(MUCH))
        connection.sendall(b"done")
        return [first, await received(connection, 2 * len(MUCH))]

    async def scenario() -> tuple[bytes, list[int]]:
        with listening() as (server, peer):
            tls = Lengthy()
            async with asyncio.timeout(10), Stream(peer, Asking(())) as stream:
                with server.accept()[0] as connection:
                    connection.setblocking(False)
                    hearing = asyncio.create_task(hear(connection))
                    await stream.start_tls(tls)
                    await stream.end()
                    stream.close()
                    return tls.heard, await hearing

    assert run(scenario()) == (b"done", [len(MUCH), len(MUCH)])


def test_a_resolver_is_reached_over_a_family_in_which_no_host_is_asked() -> None:
    detour = Peer("127.0.0.1", 5353)
    asking = Asking((RESOLVER,), families=(4,))
    assert way_to(RESOLVER, asking) == RESOLVER
    assert way_to(RESOLVER, Asking((RESOLVER,), connect_to={RESOLVER: detour}, families=(4,))) == detour
    assert way_to(Peer("192.0.2.25", 25), asking) == Peer("192.0.2.25", 25)
    for other in (Peer("2001:db8::25", 25), Peer(RESOLVER.address, 25)):
        with pytest.raises(StreamError) as told:
            way_to(other, asking)
        assert told.value.outcome is Outcome.UNASKED
