"""Reports by POST: what each request is answered with, and that nothing is taken that is too much."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from mxproof.explain.tlsrpt.counted import counted
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.formats.tlsrpt.unpacking import PACKED_BYTES_MAX
from mxproof.serve.tlsrpt.intake import CameIn, Taken
from mxproof.serve.tlsrpt.post import HEARD_OUT_S, POST_CONNECTIONS_MAX, PostServer
from mxproof.store.journal.arrival import Kept, Refusal
from mxproof.store.journal.error import JournalError
from support_clock import run
from support_tlsrpt_days import written

REPORT = counted(next(iter(reports_in(written()))), lambda _: True)


class Intake:
    """Takes pieces, keeps them, and says what a test wants of them."""

    def __init__(self, *kept: Kept, refusal: Refusal | None = None, is_away: bool = False) -> None:
        self.taken: list[CameIn] = []
        self._became = Taken("post", tuple((REPORT, one) for one in kept), refusal)
        self._is_away = is_away

    async def take(self, piece: CameIn) -> Taken:
        """Take a piece."""
        self.taken.append(piece)
        if self._is_away:
            raise JournalError("away")
        return self._became


@asynccontextmanager
async def served(folder: Path, intake: Intake) -> AsyncIterator[Path]:
    """Serve on a socket file."""
    async with await asyncio.start_unix_server(PostServer(intake.take), folder / "https"):
        yield folder / "https"


async def answered(path: Path, request: bytes) -> bytes:
    """Send a request, and return the answer."""
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(request)
    answer = await reader.read()
    await closed(writer)
    return answer


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def posted(body: bytes, *fields: str, method: str = "POST") -> bytes:
    """Return a request; its length is that of the body unless the fields say it."""
    has_length = any("transfer-encoding" in one.lower() or "content-length" in one.lower() for one in fields)
    length = () if has_length else (f"Content-Length: {len(body)}",)
    head = "\r\n".join((f"{method} /v1 HTTP/1.1", "Host: example.com", *length, *fields))
    return f"{head}\r\n\r\n".encode() + body


def asked(folder: Path, intake: Intake, request: bytes) -> tuple[str, bytes]:
    """Return the status and the whole of the answer."""

    async def scenario() -> bytes:
        async with served(folder, intake) as path:
            return await answered(path, request)

    answer = run(scenario())
    return answer[9:12].decode(), answer


@pytest.mark.parametrize(
    ("intake", "status"),
    [
        (Intake(Kept.NEW), "201"),
        (Intake(Kept.REPLACED), "201"),
        (Intake(Kept.KNOWN), "200"),
        (Intake(Kept.KNOWN, Kept.NEW), "201"),
        (Intake(Kept.KNOWN, refusal=Refusal("report-old", "old")), "200"),
        (Intake(refusal=Refusal("report-old", "old")), "422"),
        (Intake(), "400"),
    ],
    ids=["new", "in place of another", "known", "one is new", "known and refused", "refused", "no report"],
)
def test_what_became_of_a_report_is_its_status(tmp_path: Path, intake: Intake, status: str) -> None:
    assert asked(tmp_path, intake, posted(b"a report"))[0] == status
    assert [(one.data, one.way) for one in intake.taken] == [(b"a report", "https")]


def test_while_the_journal_is_away_it_is_to_be_tried_again(tmp_path: Path) -> None:
    status, answer = asked(tmp_path, Intake(is_away=True), posted(b"a report"))
    assert status == "503"
    assert b"\r\nretry-after: 300\r\n" in answer.lower()


def test_a_get_is_told_what_is_expected(tmp_path: Path) -> None:
    intake = Intake(Kept.NEW)
    status, answer = asked(tmp_path, intake, posted(b"", method="GET"))
    assert (status, b"\r\nallow: post\r\n" in answer.lower(), intake.taken) == ("405", True, [])
    assert b"retry-after" not in answer.lower()


def test_a_body_in_pieces_is_one_report_and_a_hundred_is_said_to_whoever_waits_for_it(tmp_path: Path) -> None:
    chunked = posted(
        b"4\r\na re\r\n4\r\nport\r\n0\r\n\r\n", "Transfer-Encoding: chunked", "Expect: 100-continue"
    )
    head, _, body = chunked.partition(b"\r\n\r\n")

    async def scenario(intake: Intake) -> tuple[bytes, bytes]:
        async with served(tmp_path, intake) as path:
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(head + b"\r\n\r\n")
            go_on = await reader.readuntil(b"\r\n\r\n")
            writer.write(body)
            answer = await reader.read()
            await closed(writer)
            return go_on, answer

    intake = Intake(Kept.NEW)
    go_on, answer = run(scenario(intake))
    assert (go_on[:12], answer[:12]) == (b"HTTP/1.1 100", b"HTTP/1.1 201")
    assert [one.data for one in intake.taken] == [b"a report"]


@pytest.mark.parametrize("is_said", [True, False], ids=["as its head says", "as is seen"])
@pytest.mark.parametrize(("more", "status"), [(0, "201"), (1, "413")])
def test_a_report_of_so_many_bytes_is_taken_and_no_longer_one(
    tmp_path: Path, more: int, status: str, *, is_said: bool
) -> None:
    body = b"x" * (PACKED_BYTES_MAX + more)
    whole = posted(b"" if more else body, f"Content-Length: {len(body)}")
    if not is_said:
        pieces = [body[at : at + 2**20] for at in range(0, len(body), 2**20)]
        chunks = b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in pieces)
        whole = posted(chunks + b"0\r\n\r\n", "Transfer-Encoding: chunked")
    intake = Intake(Kept.NEW)
    assert asked(tmp_path, intake, whole)[0] == status
    assert [len(one.data) for one in intake.taken] == ([len(body)] if status == "201" else [])


@pytest.mark.parametrize(
    "request_",
    [b"HELO x\r\n\r\n", b"", posted(b"short", "Content-Length: 9")],
    ids=["no HTTP", "silence", "half"],
)
def test_what_does_not_come_whole_is_not_waited_for(tmp_path: Path, request_: bytes) -> None:
    intake = Intake(Kept.NEW)
    assert asked(tmp_path, intake, request_) == ("", b"")
    assert intake.taken == []


@pytest.mark.parametrize("over", ["too long", "no POST"])
def test_who_is_still_sending_gets_the_answer_all_the_same(tmp_path: Path, over: str) -> None:
    """A large body is more than fits into what a socket takes at once, so that it is sent while the answer comes."""
    method = "POST" if over == "too long" else "PUT"
    body = b"x" * (PACKED_BYTES_MAX + 1)

    async def scenario(intake: Intake) -> tuple[bytes, bool]:
        async with served(tmp_path, intake) as path:
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(posted(body, method=method))
            await writer.drain()
            writer.close()
            answer = await reader.read()
            await writer.wait_closed()
            return answer[9:12], bool(intake.taken)

    assert run(scenario(Intake(Kept.NEW))) == (b"413" if over == "too long" else b"405", False)


@pytest.mark.parametrize("silent", [True, False], ids=["silence", "flood"])
def test_who_never_ends_is_not_heard_for_long(tmp_path: Path, *, silent: bool) -> None:
    async def scenario() -> tuple[bytes, float]:
        async with served(tmp_path, Intake()) as path:
            began = asyncio.get_running_loop().time()
            reader, writer = await asyncio.open_unix_connection(path)
            writer.write(posted(b"", "Content-Length: 999999999"))
            answer = await reader.read()
            with contextlib.suppress(OSError):
                while not silent or not reader.at_eof():
                    writer.write(bytes(2**20))
                    await writer.drain()
            lasted = asyncio.get_running_loop().time() - began
            await closed(writer)
            return answer[9:12], lasted

    status, lasted = run(scenario())
    assert (status, lasted <= 2 * HEARD_OUT_S) == (b"413", True)


def test_so_many_are_heard_at_once_and_the_next_is_to_come_again(tmp_path: Path) -> None:
    async def scenario(intake: Intake) -> list[bytes]:
        async with served(tmp_path, intake) as path:
            held = [await asyncio.open_unix_connection(path) for _ in range(POST_CONNECTIONS_MAX - 1)]
            first = await answered(path, posted(b"a"))
            held.append(await asyncio.open_unix_connection(path))
            second = await answered(path, posted(b"b"))
            for reader, writer in held:
                assert await reader.read() == b""
                await closed(writer)
            third = await answered(path, posted(b"c"))
            return [one[9:12] for one in (first, second, third)]

    intake = Intake(Kept.NEW)
    assert run(scenario(intake)) == [b"201", b"503", b"201"]
    assert [one.data for one in intake.taken] == [b"a", b"c"]
