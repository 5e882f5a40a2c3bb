"""A connection that can go over to TLS: lines, bodies and ends as they come, and what a client shows in a handshake."""

import asyncio
import os
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar, cast

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from mxproof.judge.senders.inference.observation import SeenTls
from mxproof.lab.sendertest.stream import (
    FAILURE_CHARACTERS_MAX,
    HANDSHAKE_BYTES_MAX,
    STREAM_LINE_BYTES_MAX,
    WatchedStream,
    named_context,
)
from support_certificates import leaf

NAME = "mx1.control.sendertest.example"
ENDED_WITHIN_S = 60
T = TypeVar("T")


def _said(*pieces: bytes, then: Callable[[WatchedStream], Awaitable[T]]) -> T:
    """Return what `then` makes of a connection in the clear over which these pieces come, and then its end."""

    async def go() -> T:
        reader = asyncio.StreamReader()
        for piece in pieces:
            reader.feed_data(piece)
        reader.feed_eof()
        return await then(_unanswered(reader))

    return asyncio.run(go())


def _unanswered(reader: asyncio.StreamReader) -> WatchedStream:
    """Return a stream to which nothing is ever written."""
    return WatchedStream(reader, cast("asyncio.StreamWriter", None))


def _lines(number: int) -> Callable[[WatchedStream], Awaitable[list[bytes]]]:
    async def then(stream: WatchedStream) -> list[bytes]:
        return [await stream.line() for _ in range(number)]

    return then


def test_lines_come_one_by_one_with_their_ends_and_the_last_as_it_is() -> None:
    assert _said(b"EHLO x\r\nMAIL\nRC", b"PT", then=_lines(4)) == [b"EHLO x\r\n", b"MAIL\n", b"RCPT", b""]


def test_a_line_without_an_end_is_given_up_at_its_bound() -> None:
    long = b"x" * STREAM_LINE_BYTES_MAX
    assert _said(long + b"y\n", then=_lines(2)) == [long + b"y\n", b""]
    assert _said(long, then=_lines(1)) == [long]

    async def slowly() -> bytes:
        reader = asyncio.StreamReader()
        reader.feed_data(long)
        return await _unanswered(reader).line()

    assert asyncio.run(asyncio.wait_for(slowly(), ENDED_WITHIN_S)) == long, "no more is waited for"


def test_a_body_has_its_size_and_what_follows_stays() -> None:
    async def then(stream: WatchedStream) -> list[bytes]:
        return [await stream.line(), await stream.body(3), await stream.body(0), await stream.body(9)]

    assert _said(b"POST\r\nabcdef", then=then) == [b"POST\r\n", b"abc", b"", b"def"]


def test_a_connection_in_the_clear_gives_so_many_bytes_or_says_that_it_ended() -> None:
    async def then(stream: WatchedStream) -> bytes:
        first = await stream.exactly(2)
        with pytest.raises(EOFError):
            await stream.exactly(2)
        return first

    assert _said(b"abc", then=then) == b"ab"


def test_a_client_that_goes_away_is_told_from_one_that_stays() -> None:
    async def goes(stream: WatchedStream) -> bool:
        return await stream.ends_within(ENDED_WITHIN_S)

    assert _said(b"something more", then=goes) is True

    async def stays() -> bool:
        reader = asyncio.StreamReader()
        reader.feed_data(b"something more")
        return await _unanswered(reader).ends_within(0.01)

    async def breaks() -> bool:
        reader = asyncio.StreamReader()
        reader.set_exception(ConnectionResetError())
        return await _unanswered(reader).ends_within(ENDED_WITHIN_S)

    assert asyncio.run(stays()) is False
    assert asyncio.run(breaks()) is True


def _context(folder: Path, name: str) -> ssl.SSLContext:
    """Return a server's side with a certificate for `name`."""
    made, pem = leaf((name,)), folder / f"{name}.pem"
    key = made.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    pem.write_bytes(key + made.certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context


def _client(*, verifies: bool = False) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if not verifies:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[object]]


def _served(
    serve: Callable[[WatchedStream], Awaitable[T]], client: Callable[[str, int], Awaitable[object]]
) -> tuple[T, WatchedStream]:
    """Have a client meet a stream over a socket of loopback; return what `serve` came to, and the stream."""

    async def go() -> tuple[T, WatchedStream]:
        met: asyncio.Future[tuple[asyncio.Future[T], WatchedStream]] = (
            asyncio.get_running_loop().create_future()
        )

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            stream = WatchedStream(reader, writer)
            serving = asyncio.ensure_future(serve(stream))
            await asyncio.wait([serving])
            writer.close()
            met.set_result((serving, stream))

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server:
            host, port = server.sockets[0].getsockname()
            await client(host, port)
            serving, stream = await asyncio.wait_for(met, ENDED_WITHIN_S)
            return await serving, stream

    return asyncio.run(go())


def _met(
    serve: Callable[[WatchedStream], Awaitable[T]],
    talk: Talk,
    secured: ssl.SSLContext | None = None,
    name: str | None = None,
) -> tuple[T, WatchedStream]:
    """Have a client talk to a stream, in the clear or under TLS from the beginning."""

    async def client(host: str, port: int) -> None:
        reader, writer = await asyncio.open_connection(host, port, ssl=secured, server_hostname=name)
        await talk(reader, writer)
        writer.close()

    return _served(serve, client)


def _met_at_once(
    serve: Callable[[WatchedStream], Awaitable[T]], context: ssl.SSLContext, behind: bytes = b""
) -> tuple[T, WatchedStream]:
    """Have a client make a handshake that says why where it fails, and send bytes in the clear behind one that does not."""

    def talk(host: str, port: int) -> None:
        with (
            socket.create_connection((host, port), ENDED_WITHIN_S) as plain,
            suppress(ssl.SSLError),
            context.wrap_socket(plain, server_hostname=NAME) as secured,
        ):
            os.write(secured.fileno(), behind)
            secured.read()

    return _served(serve, lambda host, port: asyncio.to_thread(talk, host, port))


async def _nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


def _secured(context: ssl.SSLContext) -> Callable[[WatchedStream], Awaitable[bool]]:
    return lambda stream: stream.start_tls(context)


@pytest.mark.parametrize(("name", "noted"), [(NAME.upper(), NAME), ("", "")], ids=["name", "none"])
def test_of_a_handshake_the_name_in_sni_and_the_version_are_known(
    tmp_path: Path, name: str, noted: str
) -> None:
    serve = _secured(named_context(_context(tmp_path, NAME)))
    came, stream = _met(serve, _nothing, _client(), name)
    assert (came, stream.tls) == (True, SeenTls(noted, "TLSv1.3"))


def test_a_context_that_notes_no_names_makes_handshakes_all_the_same(tmp_path: Path) -> None:
    came, stream = _met(_secured(_context(tmp_path, NAME)), _nothing, _client(), NAME)
    assert (came, stream.tls) == (True, SeenTls("", "TLSv1.3"))


@pytest.mark.parametrize("name", [NAME, "other.example"])
def test_the_certificate_goes_by_the_name_in_sni(tmp_path: Path, name: str) -> None:
    shown: list[bytes] = []

    async def look(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        shown.append(writer.get_extra_info("ssl_object").getpeercert(binary_form=True))

    own, other = _context(tmp_path, NAME), _context(tmp_path, "default.example")
    _met(_secured(named_context(other, {NAME: own})), look, _client(), name)
    assert shown == [leaf((NAME if name == NAME else "default.example",)).der]


def test_why_a_client_breaks_off_a_handshake_is_told_in_its_words(tmp_path: Path) -> None:
    serve = _secured(named_context(_context(tmp_path, NAME)))
    came, stream = _met_at_once(serve, _client(verifies=True))
    assert (came, stream.tls) == (False, SeenTls(NAME, "", "tlsv1 alert unknown ca"))


def test_what_breaks_tls_after_the_handshake_is_the_end_and_is_noted(tmp_path: Path) -> None:
    context = named_context(_context(tmp_path, NAME))

    async def serve(stream: WatchedStream) -> tuple[bool, bytes]:
        return await stream.start_tls(context), await stream.line()

    told, stream = _met_at_once(serve, _client(), b"NOOP\r\n")
    assert told == (True, b"")
    assert stream.tls is not None
    assert (stream.tls.server_name, stream.tls.version) == (NAME, "TLSv1.3")
    assert stream.tls.failure


def test_a_client_that_goes_away_in_the_handshake_is_said_to() -> None:
    async def leave(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\x16\x03\x01")

    came, stream = _met(_secured(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)), leave)
    assert (came, stream.tls) == (False, SeenTls("", "", "the client went away"))


def test_a_handshake_of_too_many_bytes_is_given_up() -> None:
    record = b"\x16\x03\x01\x40\x00" + b"\x01\x00\xff\xff" + bytes(0x4000 - 4)

    async def flood(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in range(2 * HANDSHAKE_BYTES_MAX // len(record)):
            writer.write(record)
        await reader.read()

    came, stream = _met(_secured(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)), flood)
    assert came is False
    assert stream.tls is not None
    assert stream.tls.failure


def test_what_was_said_before_a_handshake_counts_no_more(tmp_path: Path) -> None:
    """RFC 3207 section 4.2: what a client says in the clear behind STARTTLS is dropped."""
    context = named_context(_context(tmp_path, NAME))

    async def serve(stream: WatchedStream) -> list[bytes]:
        first = await stream.line()
        await stream.write(b"220\r\n")
        await stream.start_tls(context)
        return [first, await stream.line()]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"STARTTLS\r\nRSET\r\n")
        await reader.readline()
        await writer.start_tls(_client(), server_hostname=NAME)
        writer.write(b"NOOP\r\n")
        await writer.drain()

    lines, _ = _met(serve, talk)
    assert lines == [b"STARTTLS\r\n", b"NOOP\r\n"]


def test_under_tls_lines_and_replies_go_as_in_the_clear(tmp_path: Path) -> None:
    context = named_context(_context(tmp_path, NAME))
    heard: list[bytes] = []

    async def serve(stream: WatchedStream) -> tuple[bytes, bytes, bool]:
        await stream.start_tls(context)
        line, body = await stream.line(), await stream.body(5)
        await stream.write(b"250 " + line)
        return line, body, await stream.ends_within(ENDED_WITHIN_S)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NOOP\r\nhello")
        heard.append(await reader.readline())

    (line, body, ended), _ = _met(serve, talk, _client(), NAME)
    assert (line, body, ended, heard) == (b"NOOP\r\n", b"hello", True, [b"250 NOOP\r\n"])


def test_the_beginning_of_a_handshake_can_be_heard_without_an_answer() -> None:
    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")

    heard, stream = _met(lambda stream: stream.hello(), talk)
    assert (heard, stream.tls) == (b"hello", None)


def test_why_a_handshake_failed_is_told_in_a_word_or_two() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"NOOP\r\n" + bytes(100))
        await reader.read()

    _, stream = _met(_secured(ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)), talk)
    assert stream.tls is not None
    assert 0 < len(stream.tls.failure) <= FAILURE_CHARACTERS_MAX
    assert stream.tls.failure == stream.tls.failure.lower().replace("_", " ") != "unknown"
