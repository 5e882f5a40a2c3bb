"""Reports out of a folder of IMAP: each message is read once, in order, and what is noted as read is safe before.

| a message | in a folder that is only read | with `move_to` |
|---|---|---|
| has a report, kept, known or refused | stays | is moved once it is safe |
| has none | stays | stays |

How far the folder was read is noted behind each batch. Should this end in between, some messages are read again, and none
counts twice. Where the server numbers a folder anew it is read from its beginning.
"""

import asyncio
import threading
from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from mxproof.formats.tlsrpt.found import REPORT_MESSAGE_BYTES_MAX
from mxproof.net.imap import ImapMessage, OpenFolder
from mxproof.net.roots import roots_from, system_roots
from mxproof.serve.daemon.password import password_from
from mxproof.serve.tlsrpt.intake import CameIn, Intake, Taken
from mxproof.serve.tlsrpt.settings import FolderSettings
from mxproof.store.journal.arrival import ReadUpTo, Refusal

IMAP_WAY: Final = "imap"

Result = TypeVar("Result")


async def read_folder(settings: FolderSettings, intake: Intake, hear: Callable[[Taken], None]) -> None:
    """Take in what is new in a folder, and tell `hear` what became of each message.

    Raises ImapError where the folder cannot be read, JournalError where a message cannot be kept, and ConfigError where there
    is no password; what came before is kept and noted.
    """
    folder = await _apart(lambda: _opened(settings))
    try:
        name = settings.mailbox.name
        before = await intake.read_up_to(name)
        after = before.uid if before is not None and before.validity == folder.validity else 0
        numbers = await _apart(lambda: folder.numbers(after))
        batches = folder.messages(numbers, REPORT_MESSAGE_BYTES_MAX)
        while batch := await _apart(lambda: next(batches, None)):
            became = await intake.take([_piece(name, one) for one in batch])
            for one in became:
                hear(one)
            await intake.mark_read(name, ReadUpTo(folder.validity, batch[-1].uid))
            if settings.move_to:
                done = _with_reports(batch, became)
                await _apart(lambda: folder.move(done, settings.move_to))  # noqa: B023 - it is awaited at once
        await _apart(folder.close)
    finally:
        folder.abort()


def _opened(settings: FolderSettings) -> OpenFolder:
    password = password_from(settings.password_file, settings.password_command)
    roots = roots_from(settings.roots) if settings.roots is not None else system_roots()
    return OpenFolder(settings.mailbox, password, roots, moves=bool(settings.move_to))


def _piece(name: str, message: ImapMessage) -> CameIn:
    refusal = None
    if message.cut:
        refusal = Refusal("report-too-long", f"a message longer than {REPORT_MESSAGE_BYTES_MAX} bytes")
    return CameIn(message.data, f"{name}, message {message.uid}", IMAP_WAY, refusal=refusal)


def _with_reports(batch: Sequence[ImapMessage], became: Sequence[Taken]) -> list[int]:
    return [
        message.uid
        for message, taken in zip(batch, became, strict=True)
        if taken.reports or taken.refusal is not None
    ]


async def _apart(act: Callable[[], Result]) -> Result:
    """Return what `act` returns, from a thread that nobody waits for at the end: what it waits for may be a server."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Result] = loop.create_future()

    def told(result: Result | None, error: BaseException | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(result)  # type: ignore[arg-type]  # without an error it is one

    def go() -> None:
        result, error = None, None
        try:
            result = act()
        except BaseException as raised:  # noqa: BLE001 - handed on to whoever waits
            error = raised
        if not loop.is_closed():
            loop.call_soon_threadsafe(told, result, error)

    threading.Thread(target=go, name="imap", daemon=True).start()
    return await future
