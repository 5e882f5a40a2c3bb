"""A server of IMAP on loopback that keeps one folder, and says to some commands what a test has it say instead."""

import asyncio
import base64
import re
import ssl
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from types import MappingProxyType

import msgspec

from mxproof.lab.ca import Authority, issue, make_ca
from mxproof.lab.tls import server_context
from mxproof.net.imap_folder import ImapFolder
from support_stream import stream_server

USER, PASSWORD = "tlsrpt@example.com", "a secret"
HOST = "127.0.0.1"
END = b"<end>"
"""Where the server ends the connection in the middle of what it says."""
_DONE = b"{tag} OK done\r\n"
_SET = re.compile(r"(?:UID )?(?P<set>[\d,:]+) (?P<rest>.*)")
_PART = re.compile(r"BODY\.PEEK\[\](?:<0\.(?P<bytes>\d+)>)?")


class Served(msgspec.Struct, frozen=True):
    """A folder as the server has it: messages by number, and what it says to a command in place of the truth.

    A command is named by its word (`EXAMINE`, `UID FETCH`; empty for the greeting); `{tag}` in what is said is that of the command.
    What is in `first` is said to the first such command of a connection alone.
    """

    messages: Mapping[int, bytes] = MappingProxyType({})
    validity: int = 7
    capabilities: str = "IMAP4rev1 AUTH=PLAIN MOVE UIDPLUS"
    instead: Mapping[str, bytes] = MappingProxyType({})
    first: Mapping[str, bytes] = MappingProxyType({})


class Reached(msgspec.Struct, frozen=True):
    """Where a served folder is, the commands that came, and what users logged in with; `ended` while there is no connection."""

    folder: ImapFolder
    heard: list[str]
    credentials: list[bytes]
    ended: asyncio.Event


@cache
def authority() -> Authority:
    """Return the authority that the server has its certificate from, valid now: a client looks at the clock."""
    return make_ca(datetime.now(UTC))


@cache
def _context() -> ssl.SSLContext:
    now = datetime.now(UTC)
    return server_context(
        issue(authority(), [HOST], not_before=now - timedelta(days=1), not_after=now + timedelta(days=2))
    )


@asynccontextmanager
async def imap_server(
    served: Callable[[], Served], name: str = "INBOX", *, starttls: bool = False
) -> AsyncIterator[Reached]:
    """Serve what `served` returns when a client connects."""
    heard: list[str] = []
    credentials: list[bytes] = []
    ended = asyncio.Event()
    ended.set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.clear()
        try:
            await converse(reader, writer)
        finally:
            ended.set()

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        one = served()
        first = dict(one.first)
        if await _say(writer, one.instead.get("", b"* OK ready\r\n"), ""):
            return
        while line := (await reader.readline()).decode().rstrip("\r\n"):
            tag, _, command = line.partition(" ")
            heard.append(command)
            words = command.split()
            word = " ".join(words[: 2 if words[:1] == ["UID"] else 1])
            if word == "AUTHENTICATE" and word not in one.instead:
                await _say(writer, b"+ \r\n", tag)
                credentials.append(base64.b64decode(await reader.readline()))
            said = first.pop(word, b"") or one.instead.get(word) or _truth(one, word, command)
            if await _say(writer, said, tag):
                return
            if word == "STARTTLS" and said == _DONE:
                await writer.start_tls(_context())

    async with stream_server(connection, None if starttls else _context()) as peer:
        yield Reached(ImapFolder(HOST, peer.port, USER, name, starttls), heard, credentials, ended)


async def _say(writer: asyncio.StreamWriter, said: bytes, tag: str) -> bool:
    """Say it; tell whether the connection ends there."""
    before, end, _ = said.replace(b"{tag}", tag.encode()).partition(END)
    writer.write(before)
    await writer.drain()
    return bool(end)


def _truth(one: Served, word: str, command: str) -> bytes:
    done = _DONE
    match word:
        case "CAPABILITY":
            return f"* CAPABILITY {one.capabilities}\r\n".encode() + done
        case "EXAMINE" | "SELECT":
            following = max(one.messages, default=0) + 1
            return (
                f"* {len(one.messages)} EXISTS\r\n* OK [UIDVALIDITY {one.validity}] numbers\r\n"
                f"* OK [UIDNEXT {following}] next\r\n"
            ).encode() + done
        case "UID SEARCH":
            found = " ".join(map(str, _numbers(one, command.removeprefix("UID SEARCH "))))
            return f"* SEARCH {found}\r\n".encode() + done
        case "UID FETCH":
            return _fetched(one, command.removeprefix("UID FETCH ")) + done
        case "LOGOUT":
            return b"* BYE see you\r\n" + done + END
    return done


def _numbers(one: Served, text: str) -> list[int]:
    found = _SET.match(f"{text} ")
    assert found is not None
    ranges = [part.partition(":") for part in found["set"].split(",")]
    return [
        number
        for number in sorted(one.messages)
        if any(int(first) <= number <= int(last or first) for first, _, last in ranges)
    ]


def _fetched(one: Served, text: str) -> bytes:
    part = _PART.search(text)
    said = b""
    for place, number in enumerate(_numbers(one, text), 1):
        data = one.messages[number]
        if part is None:
            said += f"* {place} FETCH (UID {number} RFC822.SIZE {len(data)})\r\n".encode()
        else:
            piece = data[: int(part["bytes"] or len(data))]
            said += f"* {place} FETCH (UID {number} BODY[] {{{len(piece)}}}\r\n".encode() + piece + b")\r\n"
    return said
