"""Mail by LMTP: one recipient a transaction, few connections, and each message answered by whoever takes it."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mxproof.serve.daemon.lmtp import LMTP_CONNECTIONS_MAX, LMTP_LINE_BYTES_MAX, LmtpServer
from support_clock import run

MESSAGE_BYTES_MAX = 2 * LMTP_LINE_BYTES_MAX


class Taker:
    """Answers messages, and keeps them with their senders."""

    def __init__(self) -> None:
        self.taken: list[tuple[bytes, str]] = []

    async def answer(self, data: bytes, sender: str) -> str:
        """Keep a message."""
        self.taken.append((data, sender))
        return "250 2.0.0 Kept"


@asynccontextmanager
async def served(folder: Path, taker: Taker) -> AsyncIterator[Path]:
    """Serve on a socket file."""
    made = LmtpServer(taker.answer, MESSAGE_BYTES_MAX)
    async with await asyncio.get_running_loop().create_unix_server(made, folder / "lmtp"):
        yield folder / "lmtp"


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def reply(reader: asyncio.StreamReader) -> str:
    """Return the code of a reply, empty where there is none."""
    while (line := await reader.readline())[3:4] == b"-":
        pass
    return line[:3].decode()


async def said(path: Path, *lines: bytes) -> list[str]:
    """Say LHLO and then lines, and return the code of the reply to each of these."""
    reader, writer = await asyncio.open_unix_connection(path, limit=2**22)
    codes = [await reply(reader)]
    for line in (b"LHLO localhost", *lines):
        writer.write(line + b"\r\n")
        codes.append(await reply(reader))
    await closed(writer)
    return codes[2:]


def dialogue(folder: Path, *lines: bytes) -> tuple[list[str], list[tuple[bytes, str]]]:
    taker = Taker()

    async def scenario() -> list[str]:
        async with served(folder, taker) as path:
            return await said(path, *lines)

    return run(scenario()), taker.taken


def test_a_message_is_answered_by_whoever_takes_it_and_has_one_recipient(tmp_path: Path) -> None:
    codes, taken = dialogue(
        tmp_path,
        b"MAIL FROM:<tls@sender.example>",
        b"RCPT TO:<a@example.com>",
        b"RCPT TO:<b@example.com>",
        b"DATA",
        b"Subject: x\r\n\r\nbody\r\n.",
    )
    assert codes == ["250", "250", "452", "354", "250"]
    assert taken == [(b"Subject: x\r\n\r\nbody\r\n", "tls@sender.example")]


def test_a_bounce_has_no_sender(tmp_path: Path) -> None:
    _, taken = dialogue(tmp_path, b"MAIL FROM:<>", b"RCPT TO:<a@example.com>", b"DATA", b"x\r\n.")
    assert taken == [(b"x\r\n", "")]


@pytest.mark.parametrize(
    ("body", "is_taken"),
    [
        (b"x" * (LMTP_LINE_BYTES_MAX - 2), True),
        (b"x" * (LMTP_LINE_BYTES_MAX + 1), False),
        ((b"x" * 1022 + b"\r\n") * (MESSAGE_BYTES_MAX // 1024 + 1), False),
    ],
    ids=["a long line", "a line that is too long", "a message that is too long"],
)
def test_reports_are_lines_that_nobody_broke_and_have_a_bound(
    tmp_path: Path, body: bytes, *, is_taken: bool
) -> None:
    codes, taken = dialogue(tmp_path, b"MAIL FROM:<>", b"RCPT TO:<a@example.com>", b"DATA", body + b"\r\n.")
    assert (codes[-1] == "250", len(taken)) == (is_taken, is_taken)


def test_so_many_are_heard_at_once_and_whoever_comes_after_is_turned_away(tmp_path: Path) -> None:
    async def scenario() -> list[str]:
        async with served(tmp_path, Taker()) as path:
            held = []
            for _ in range(LMTP_CONNECTIONS_MAX):
                held.append(await asyncio.open_unix_connection(path))
                assert await reply(held[-1][0]) == "220"
            reader, writer = await asyncio.open_unix_connection(path)
            beyond = await reply(reader)
            for _, one in (held.pop(), (reader, writer)):
                await closed(one)
            await asyncio.sleep(1)  # by a clock that leaps once nothing happens any more
            reader, writer = await asyncio.open_unix_connection(path)
            again = await reply(reader)
            for _, one in (*held, (reader, writer)):
                await closed(one)
            return [beyond, again]

    assert run(scenario()) == ["", "220"]
