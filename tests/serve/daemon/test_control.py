"""Commands over a socket file, of a daemon that knows two."""

import asyncio
import socket
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.formats.postfix.netstring import print_netstring
from mxproof.formats.postfix.socketmap import Request, SocketmapReply, Status
from mxproof.serve.daemon import control as module
from mxproof.serve.daemon.control import ControlServer, tell


async def _echo(key: str) -> SocketmapReply:
    return SocketmapReply(Status.OK, key)


async def _fail(key: str) -> SocketmapReply:
    return SocketmapReply(Status.TEMP, key)


def play(path: Path, scene: Callable[[str], Awaitable[None]]) -> None:
    async def run() -> None:
        server = await asyncio.start_unix_server(ControlServer({"echo": _echo, "fail": _fail}), path / "c")
        async with server:
            await scene(f"{path}/c")

    asyncio.run(run())


async def exchanged(path: str, data: bytes) -> bytes:
    """Return all that comes back for `data`."""
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(data)
    writer.write_eof()
    received = await reader.read()
    writer.close()
    return received


def test_a_command_is_carried_out_by_its_name(tmp_path: Path) -> None:
    async def scene(path: str) -> None:
        said = [
            await asyncio.to_thread(tell, path, Request(name, "a b")) for name in ("echo", "fail", "dance")
        ]
        assert said[:2] == [SocketmapReply(Status.OK, "a b"), SocketmapReply(Status.TEMP, "a b")]
        assert said[2].status is Status.PERM

    play(tmp_path, scene)


def test_several_commands_on_one_connection_are_carried_out_in_order(tmp_path: Path) -> None:
    async def scene(path: str) -> None:
        both = print_netstring(b"echo 1") + print_netstring(b"echo 2")
        assert await exchanged(path, both) == print_netstring(b"OK 1") + print_netstring(b"OK 2")

    play(tmp_path, scene)


@pytest.mark.parametrize(
    "data", [b"GET / HTTP/1.1\r\n", print_netstring(b"echo"), print_netstring(b"\xff x")]
)
def test_what_is_no_command_is_refused(tmp_path: Path, data: bytes) -> None:
    async def scene(path: str) -> None:
        assert b":PERM " in await exchanged(path, data)

    play(tmp_path, scene)


def test_whoever_says_nothing_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CONTROL_TIMEOUT_S", 0.05)

    async def scene(path: str) -> None:
        reader, writer = await asyncio.open_unix_connection(path)
        assert await reader.read() == b""
        writer.close()

    play(tmp_path, scene)


def test_of_thirty_three_at_once_the_last_is_not_listened_to(tmp_path: Path) -> None:
    async def scene(path: str) -> None:
        several = [await asyncio.open_unix_connection(path) for _ in range(32)]
        echo = print_netstring(b"echo 1")
        for reader, writer in several:
            writer.write(echo)
            assert await reader.readexactly(len(print_netstring(b"OK 1"))) == print_netstring(b"OK 1")
        said = b""
        with suppress(ConnectionError):  # of a connection that is closed with something in it
            said = await exchanged(path, echo)
        assert said == b""
        for _, one in several:
            one.close()

    play(tmp_path, scene)


def test_whoever_has_left_makes_room_however_its_connection_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "CONTROL_CONNECTIONS_MAX", 3)

    async def scene(path: str) -> None:
        echo = print_netstring(b"echo 1")
        for _ in range(3):
            assert await exchanged(path, echo) == print_netstring(b"OK 1")
            assert b":PERM " in await exchanged(path, b"GET /")
            assert await exchanged(path, echo[:5]) == b""
        assert await exchanged(path, echo) == print_netstring(b"OK 1")

    play(tmp_path, scene)


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ((b"", b"11:OK it ", b"is so,"), None),
        ((b"11:OK it ",), "the daemon hung up"),
        ((), "the daemon hung up"),
        ((b"GET /",), "netstring"),
    ],
    ids=["in pieces", "half of it", "nothing", "another protocol"],
)
def test_what_the_daemon_says_is_read_to_its_end(
    tmp_path: Path, sent: tuple[bytes, ...], words: str | None
) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(len(print_netstring(b"echo 1")))
        for data in sent:
            writer.write(data)
            await writer.drain()
        writer.close()

    async def scene() -> SocketmapReply:
        async with await asyncio.start_unix_server(serve, tmp_path / "c"):
            return await asyncio.to_thread(tell, f"{tmp_path}/c", Request("echo", "1"))

    if words is None:
        assert asyncio.run(scene()) == SocketmapReply(Status.OK, "it is so")
    else:
        with pytest.raises(ConfigError, match=words):
            asyncio.run(scene())


def test_telling_a_daemon_that_does_not_run_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no daemon listens there"):
        tell(f"{tmp_path}/control", Request("purge", "example.com"))


def test_a_connection_that_is_open_at_the_end_is_no_fault(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.socket(socket.AF_UNIX) as one:
        one.setblocking(False)

        async def scene(path: str) -> None:
            loop = asyncio.get_running_loop()
            await loop.sock_connect(one, path)
            await loop.sock_sendall(one, print_netstring(b"echo 1"))
            assert await loop.sock_recv(one, 100) == print_netstring(b"OK 1")

        play(tmp_path, scene)
    assert caplog.records == []
