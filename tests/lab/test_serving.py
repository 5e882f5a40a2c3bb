"""The sockets of a lab end together, a client's faults harm nobody, and the lab's own mistakes are raised."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from contextlib import closing
from typing import TypeVar

import pytest

from mxproof.lab import serving as serving_module
from mxproof.lab.serving import (
    LAB_RECEIVED_BYTES_MAX,
    LOOPBACK,
    SESSION_S_MAX,
    Datagram,
    Endpoint,
    Handler,
    Serving,
    bound_pair,
    reset,
)
from support_clock import run
from support_lab import careless
from support_stream import certified

T = TypeVar("T")


def served(scenario: Callable[[Serving], Coroutine[None, None, T]]) -> T:
    """Return what a scenario comes to in a lab that is closed behind it."""

    async def whole() -> T:
        lab = Serving()
        try:
            return await scenario(lab)
        finally:
            await lab.close()

    return run(whole())


async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(await reader.readline())


async def hang(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(10 * SESSION_S_MAX)


def raising(error: Exception) -> Handler:
    async def handler(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        raise error

    return handler


async def answer_to(endpoint: Endpoint, line: bytes = b"hello\n") -> bytes:
    """Say a line, and return all that comes until the connection ends."""
    reader, writer = await asyncio.open_connection(*endpoint)
    writer.write(line)
    try:
        return await reader.read()
    finally:
        writer.close()


def test_each_connection_is_served_by_itself_on_loopback() -> None:
    async def scenario(lab: Serving) -> tuple[str, tuple[bytes, bytes]]:
        endpoint = lab.listen(echo)
        first, second = await asyncio.gather(answer_to(endpoint, b"a\n"), answer_to(endpoint, b"b\n"))
        return endpoint[0], (first, second)

    assert served(scenario) == (LOOPBACK, (b"a\n", b"b\n"))


def test_a_server_under_tls_speaks_it_from_the_first_byte() -> None:
    async def scenario(lab: Serving) -> bytes:
        endpoint = lab.listen(echo, certified())
        reader, writer = await asyncio.open_connection(*endpoint, ssl=careless())
        writer.write(b"hello\n")
        got = await reader.read()
        writer.close()
        return got

    assert served(scenario) == b"hello\n"


@pytest.mark.parametrize(
    "error", [ConnectionResetError("gone"), EOFError(), TimeoutError(), ValueError("a line too long")]
)
def test_what_a_client_does_wrong_ends_its_connection_and_nothing_else(error: Exception) -> None:
    async def scenario(lab: Serving) -> tuple[bytes, bytes]:
        bad, good = lab.listen(raising(error)), lab.listen(echo)
        return await answer_to(bad, b""), await answer_to(good)

    assert served(scenario) == (b"", b"hello\n")


def test_a_line_without_end_is_a_fault_of_the_client() -> None:
    async def scenario(lab: Serving) -> bytes:
        endpoint = lab.listen(echo)
        try:
            return await answer_to(endpoint, b"x" * (LAB_RECEIVED_BYTES_MAX + 1) + b"\n")
        except ConnectionResetError:
            return b""

    assert served(scenario) == b""


def test_the_first_mistake_of_the_lab_itself_is_raised_when_it_closes() -> None:
    async def scenario(lab: Serving) -> None:
        for error in (LookupError("first"), LookupError("second")):
            assert await answer_to(lab.listen(raising(error)), b"") == b""

    with pytest.raises(LookupError, match=r"^first$"):
        served(scenario)


def test_closing_ends_every_connection_and_frees_every_port() -> None:
    ended: list[str] = []

    async def waiting(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        try:
            await reader.read()
        finally:
            ended.append("connection")

    async def working() -> None:
        try:
            await asyncio.sleep(10 * SESSION_S_MAX)
        finally:
            ended.append("work")

    async def scenario() -> None:
        lab = Serving()
        endpoint = lab.listen(waiting)
        lab.spawn(working())
        reader, writer = await asyncio.open_connection(*endpoint)
        await asyncio.sleep(0.1)
        await lab.close()
        assert sorted(ended) == ["connection", "work"]
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*endpoint)
        with closing(writer):
            assert await reader.read() == b""

    run(scenario())


def test_a_connection_lasts_no_longer_than_a_session_may() -> None:
    async def scenario(lab: Serving) -> float:
        endpoint = lab.listen(hang)
        began = asyncio.get_running_loop().time()
        await answer_to(endpoint)
        return asyncio.get_running_loop().time() - began

    assert SESSION_S_MAX <= served(scenario) < SESSION_S_MAX + 1


def test_no_more_connections_are_taken_than_so_many_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_module, "LAB_CONNECTIONS_MAX", 2)

    async def scenario(lab: Serving) -> tuple[bytes, bytes, bytes]:
        endpoint = lab.listen(echo)
        kept = [await asyncio.open_connection(*endpoint) for _ in range(2)]
        await asyncio.sleep(0.1)
        try:
            refused = await answer_to(endpoint)
        except ConnectionResetError:
            refused = b""
        reader, writer = kept[0]
        writer.write(b"still\n")
        still = await reader.read()
        for _, one in kept:
            one.close()
        await asyncio.sleep(0.1)
        return refused, still, await answer_to(endpoint)

    assert served(scenario) == (b"", b"still\n", b"hello\n")


def test_in_the_clear_a_client_may_end_its_half_and_still_be_answered() -> None:
    async def late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard = await reader.read()
        await asyncio.sleep(1)
        writer.write(heard)

    async def scenario(lab: Serving) -> bytes:
        reader, writer = await asyncio.open_connection(*lab.listen(late))
        writer.write(b"hello")
        writer.write_eof()
        got = await reader.read()
        writer.close()
        return got

    assert served(scenario) == b"hello"


def test_a_connection_that_is_reset_ends_so() -> None:
    async def scenario(lab: Serving) -> None:
        with pytest.raises(ConnectionResetError):
            await answer_to(lab.listen(reset))

    served(scenario)


def test_a_port_may_refuse_every_connection() -> None:
    async def scenario(lab: Serving) -> None:
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*lab.refuse())

    served(scenario)


def test_a_port_may_never_answer() -> None:
    async def scenario(lab: Serving) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await answer_to(lab.swallow())

    served(scenario)


def asked_over_udp(
    receive: Callable[[bytes], Awaitable[Sequence[Datagram]]], count: int
) -> tuple[int, list[tuple[bytes, int]]]:
    """Return the port that a datagram was sent to, and so many that came in answer with their ports."""

    async def scenario(lab: Serving) -> tuple[int, list[tuple[bytes, int]]]:
        stream, datagrams = bound_pair()
        stream.close()
        endpoint: Endpoint = datagrams.getsockname()
        await lab.listen_datagrams(receive, datagrams)
        loop = asyncio.get_running_loop()
        with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as client:
            client.setblocking(False)
            client.bind((LOOPBACK, 0))
            await loop.sock_sendto(client, b"hello", endpoint)
            got = [await loop.sock_recvfrom(client, 100) for _ in range(count)]
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(1):
                    await loop.sock_recv(client, 100)
        return endpoint[1], [(data, source[1]) for data, source in got]

    return served(scenario)


def test_each_datagram_is_answered_from_where_it_came_to_or_from_another_port() -> None:
    async def receive(data: bytes) -> Sequence[Datagram]:
        return Datagram(data + b"1"), Datagram(data + b"2", other_source=True)

    port, got = asked_over_udp(receive, 2)
    by_text = dict(got)
    assert by_text[b"hello1"] == port
    assert by_text.keys() == {b"hello1", b"hello2"}
    assert by_text[b"hello2"] != port


def test_a_datagram_may_have_no_answer() -> None:
    async def receive(_data: bytes) -> Sequence[Datagram]:
        return ()

    assert asked_over_udp(receive, 0)[1] == []


def test_a_pair_of_sockets_has_one_port() -> None:
    stream, datagrams = bound_pair()
    with closing(stream), closing(datagrams):
        assert stream.getsockname() == datagrams.getsockname()
        assert (stream.type, datagrams.type) == (socket.SOCK_STREAM, socket.SOCK_DGRAM)


def test_where_no_port_is_free_for_both_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving_module, "_BIND_ATTEMPTS_MAX", 0)
    with pytest.raises(OSError, match="no loopback port free"):
        bound_pair()
