"""Pages for monitoring over HTTP: one request a connection, few connections, and no patience with whoever says nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from http import HTTPStatus
from pathlib import Path

import pytest

from mxproof.serve.daemon.pages import PAGE_CONNECTIONS_MAX, PAGE_REQUEST_BYTES_MAX, Page, PageServer
from support_clock import run

HEALTH = Page(HTTPStatus.OK, "text/plain", "ja ✓\n")
Ask = Callable[[bytes], Awaitable[bytes]]


def pages(path: str) -> Page | None:
    return HEALTH if path == "/health" else None


@asynccontextmanager
async def served(folder: Path) -> AsyncIterator[Path]:
    """Serve one page on a socket file."""
    server = await asyncio.start_unix_server(PageServer(pages), folder / "http")
    async with server:
        yield folder / "http"


async def answered(path: Path, request: bytes) -> tuple[bytes, bytes]:
    """Send a request, and return head and body of the answer."""
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(request)
    answer = b""
    with contextlib.suppress(ConnectionResetError):  # by one that closes without reading
        answer = await reader.read()
    await closed(writer)
    head, _, body = answer.partition(b"\r\n\r\n")
    return head, body


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def asked(folder: Path, request: bytes) -> tuple[bytes, bytes]:
    async def scenario() -> tuple[bytes, bytes]:
        async with served(folder) as path:
            return await answered(path, request)

    return run(scenario())


def get(target: str, method: str = "GET") -> bytes:
    return f"{method} {target} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()


@pytest.mark.parametrize(
    ("request_", "status", "body"),
    [
        (get("/health"), b"200", "ja ✓\n".encode()),
        (get("/health?verbose=1"), b"200", "ja ✓\n".encode()),
        (get("/health", "HEAD"), b"200", b""),
        (get("/else"), b"404", b"no such page\n"),
        (get("/health", "POST"), b"405", b"GET was expected\n"),
    ],
    ids=["a page", "with a query", "its head", "no page", "no GET"],
)
def test_a_request_is_answered_and_the_connection_closed(
    tmp_path: Path, request_: bytes, status: bytes, body: bytes
) -> None:
    head, got = asked(tmp_path, request_)
    assert head.split()[1] == status
    assert got == body
    assert b"connection: close" in head.lower()
    said = "ja ✓\n".encode() if status == b"200" else body
    assert f"content-length: {len(said)}".encode() in head.lower()


@pytest.mark.parametrize(
    "request_",
    [b"HELO x\r\n\r\n", b"GET / HTTP/1.1\r\nX: " + b"x" * PAGE_REQUEST_BYTES_MAX, b""],
    ids=["no HTTP", "a head without an end", "silence"],
)
def test_what_is_no_request_gets_no_answer(tmp_path: Path, request_: bytes) -> None:
    assert asked(tmp_path, request_) == (b"", b"")


def test_so_many_are_served_at_once_and_whoever_comes_after_is_turned_away(tmp_path: Path) -> None:
    async def scenario() -> list[bytes]:
        async with served(tmp_path) as path:
            waiting = [await asyncio.open_unix_connection(path) for _ in range(PAGE_CONNECTIONS_MAX - 1)]
            first = await answered(path, get("/health"))
            waiting.append(await asyncio.open_unix_connection(path))
            second = await answered(path, get("/health"))
            for reader, _ in waiting:
                assert await reader.read() == b"", "whoever says nothing is not waited for"
            third = await answered(path, get("/health"))
            for _, writer in waiting:
                await closed(writer)
            return [one for _, one in (first, second, third)]

    whole = HEALTH.text.encode()
    assert run(scenario()) == [whole, b"", whole]
