"""The pages over real sockets: TLS of our own, a certificate that is renewed, clients that are slow, and the end."""

import asyncio
import contextlib
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from mxproof.formats import ConfigError
from mxproof.net.asking import Peer
from mxproof.serve.web.server import WebServer
from mxproof.serve.web.settings import WebSettings
from support_pem import authorities, issued, key_pem, pem

WITHIN_S = 60
HELLO = PlainTextResponse("hello")
REQUEST = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


@contextlib.asynccontextmanager
async def served(
    app: ASGIApp, certificate: tuple[Path, Path] | None = None
) -> AsyncIterator[tuple[WebServer, int]]:
    """Serve an application on a port of this machine, and end it."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setblocking(False)
    port = listening.getsockname()[1]
    server = WebServer(app, WebSettings(listen=Peer("127.0.0.1", port), certificate=certificate))
    running = asyncio.create_task(server.run([listening]))
    try:
        yield server, port
    finally:
        server.stop()
        async with asyncio.timeout(WITHIN_S):
            await running


async def asked(port: int, request: bytes, tls: ssl.SSLContext | None = None) -> bytes:
    """Send a request and return all that is answered until the end of the connection."""
    async with asyncio.timeout(WITHIN_S):
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=tls, server_hostname="localhost" if tls else None
        )
        writer.write(request)
        found = await reader.read()
        writer.close()
        return found


def _files(folder: Path, number: int) -> tuple[Path, Path]:
    """Write a certificate of this machine and its key into files, in the place of those before."""
    made = issued("localhost", f"number{number}.example")
    chain, key = folder / "chain.pem", folder / "key.pem"
    chain.write_bytes(pem(made))
    key.write_bytes(key_pem(made))
    return chain, key


def _trusting() -> ssl.SSLContext:
    return ssl.create_default_context(cadata=authorities()[0].root_pem().decode())


async def _names(port: int) -> set[str]:
    """Return the names in the certificate that is shown."""
    async with asyncio.timeout(WITHIN_S):
        _, writer = await asyncio.open_connection(
            "127.0.0.1", port, ssl=_trusting(), server_hostname="localhost"
        )
        shown = writer.get_extra_info("ssl_object").getpeercert()
        writer.close()
        return {name for _, name in shown["subjectAltName"]}


def test_a_certificate_of_our_own_is_shown_and_one_that_was_renewed_after_a_reload(tmp_path: Path) -> None:
    async def run() -> None:
        async with served(HELLO, _files(tmp_path, 1)) as (server, port):
            assert (await asked(port, REQUEST, _trusting())).endswith(b"hello")
            assert await _names(port) == {"localhost", "number1.example"}
            _files(tmp_path, 2)
            server.renew()
            assert await _names(port) == {"localhost", "number2.example"}
            (tmp_path / "key.pem").write_bytes(b"no key")
            with pytest.raises(ConfigError):
                server.renew()
            assert await _names(port) == {"localhost", "number2.example"}

    asyncio.run(run())


def test_a_client_that_never_ends_its_request_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxproof.serve.web.server.REQUEST_S", 0.2)

    async def run() -> None:
        async with served(HELLO) as (_, port):
            with contextlib.suppress(ConnectionResetError):
                assert await asked(port, b"GET / HTTP/1.1\r\nHost: ") == b""

    asyncio.run(run())


@pytest.mark.parametrize(
    "request_text",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + 40_000 * b"x",
    ],
)
def test_what_is_no_request_is_refused(request_text: bytes) -> None:
    async def run() -> None:
        async with served(HELLO) as (_, port):
            assert (await asked(port, request_text)).startswith(b"HTTP/1.1 400 ")

    asyncio.run(run())


def test_no_answer_says_which_software_it_is_from() -> None:
    async def run() -> None:
        async with served(HELLO) as (_, port):
            assert b"uvicorn" not in (await asked(port, REQUEST)).lower()

    asyncio.run(run())


def test_the_end_waits_for_what_is_being_answered() -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        begun.set()
        await go_on.wait()
        await HELLO(scope, receive, send)

    async def run() -> None:
        async with served(slow) as (server, port):
            answer = asyncio.create_task(asked(port, REQUEST))
            await begun.wait()
            server.stop()
            go_on.set()
            assert (await answer).endswith(b"hello")

    asyncio.run(run())


async def answered(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ask once more on a connection that stays open."""
    writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 ")


def test_each_answer_gives_the_next_request_its_whole_time_and_the_end_of_a_connection_leaves_no_deadline(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("mxproof.serve.web.server.REQUEST_S", 1234.5)
    deadlines: list[tuple[asyncio.TimerHandle, Callable[[], object]]] = []

    def open_deadlines() -> list[bool]:
        return [not handle.cancelled() for handle, _ in deadlines]

    async def run() -> None:
        loop = asyncio.get_running_loop()
        call_later = loop.call_later

        def noted(delay: float, callback: Callable[..., object], *arguments: object) -> asyncio.TimerHandle:
            handle = call_later(delay, callback, *arguments)
            if delay == 1234.5:
                deadlines.append((handle, callback))
            return handle

        monkeypatch.setattr(loop, "call_later", noted)
        async with served(HELLO) as (_, port), asyncio.timeout(WITHIN_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            await answered(reader, writer)
            assert open_deadlines() == [False, True]
            await answered(reader, writer)
            assert open_deadlines() == [False, False, True]
            other, other_writer = await asyncio.open_connection("127.0.0.1", port)
            await answered(other, other_writer)
            assert open_deadlines() == [False, False, True, False, True]
            other_writer.write(b"GET / HTTP/1.1\r\nHost: ")
            await other_writer.drain()
            deadlines[4][1]()
            with contextlib.suppress(ConnectionResetError):
                assert await other.read() == b""
            other_writer.close()
            await answered(reader, writer)
            assert open_deadlines() == [False] * 5 + [True]
            writer.close()

    asyncio.run(run())
    assert open_deadlines() == [False] * 6
