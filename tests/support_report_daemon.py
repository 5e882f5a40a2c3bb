"""The daemon that takes TLS reports in, for tests: run in this loop, and asked as a mail server and a sender ask."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import msgspec

from mxproof.explain.tlsrpt.period import PeriodCounts
from mxproof.net.imap_folder import ImapFolder
from mxproof.serve.daemon.config import AdminOptions
from mxproof.serve.tlsrpt.config import JournalOptions, KeyOptions, ListenOptions, ReportConfig
from mxproof.serve.tlsrpt.daemon import ReportDaemon
from mxproof.serve.tlsrpt.settings import FolderSettings, report_settings
from mxproof.store.journal.journal import Journal
from support_journal import EVER

WITHIN_S = 60
NOBODY = ("127.0.0.1:9",)
FOLDER_EVERY_S = 60.0
FOLDER = FolderSettings(
    mailbox=ImapFolder("127.0.0.1", 993, "tlsrpt", "INBOX"),
    password_file=Path("/none"),
    every_s=FOLDER_EVERY_S,
)


def config_in(folder: Path, resolvers: tuple[str, ...] = NOBODY) -> ReportConfig:
    """Return the configuration of a daemon with its sockets and its store in `folder`."""
    return ReportConfig(
        domains=("example.com",),
        listen=ListenOptions(lmtp=(f"unix:{folder}/lmtp",), https=(f"unix:{folder}/https",)),
        store=JournalOptions(url=f"sqlite:{folder}/journal.db"),
        dns=KeyOptions(resolvers=resolvers, timeout_s=2.0),
        admin=AdminOptions(http=f"unix:{folder}/http"),
    )


@asynccontextmanager
async def report_daemon(
    config: ReportConfig, later: ReportConfig | None = None
) -> AsyncIterator[ReportDaemon]:
    """Run a daemon in this loop; `later` is what it reads when it is reloaded."""
    made = ReportDaemon(report_settings(config), lambda: report_settings(later or config))
    serving = asyncio.create_task(made.run())
    ready = asyncio.create_task(made.life.ready.wait())
    await asyncio.wait({serving, ready}, return_when=asyncio.FIRST_COMPLETED)
    if serving.done():
        ready.cancel()
        await serving
    try:
        yield made
    finally:
        made.life.stop.set()
        async with asyncio.timeout(WITHIN_S):
            await serving


async def lmtp(
    folder: Path, message: bytes, recipients: int = 1, sender: str = "tls@sender.example"
) -> list[str]:
    """Hand a message over, and return the code of each answer: to each recipient, and to the data."""
    reader, writer = await asyncio.open_unix_connection(str(folder / "lmtp"))
    codes = []

    async def reply() -> str:
        async with asyncio.timeout(WITHIN_S):
            while (line := await reader.readline())[3:4] == b"-":
                pass
        return line[:3].decode()

    await reply()
    for command in ("LHLO localhost", f"MAIL FROM:<{sender}>"):
        writer.write(f"{command}\r\n".encode())
        assert await reply() == "250"
    for number in range(recipients):
        writer.write(f"RCPT TO:<r{number}@example.com>\r\n".encode())
        codes.append(await reply())
    writer.write(b"DATA\r\n")
    assert await reply() == "354"
    writer.write(message.replace(b"\r\n.", b"\r\n..") + b"\r\n.\r\n")
    codes.append(await reply())
    writer.close()
    return codes


async def http(
    folder: Path,
    body: bytes,
    head: str = "POST /tlsrpt HTTP/1.1",
    where: str = "https",
    length: int | None = None,
) -> tuple[int, bytes]:
    """Send a request, and return the status and the body of the answer; `length` is said in place of that of `body`."""
    reader, writer = await asyncio.open_unix_connection(str(folder / where))
    said = len(body) if length is None else length
    writer.write(f"{head}\r\nHost: example.com\r\nContent-Length: {said}\r\n\r\n".encode() + body)
    async with asyncio.timeout(WITHIN_S):
        answer = await reader.read()
    writer.close()
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2]


def kept(folder: Path) -> PeriodCounts:
    """Return what the store of the daemon has of all time."""
    journal = Journal(f"sqlite:{folder}/journal.db")
    found = journal.counts(EVER)
    journal.close()
    return found


def with_listen(config: ReportConfig, **fields: object) -> ReportConfig:
    """Return a configuration that listens elsewhere."""
    return msgspec.structs.replace(config, listen=msgspec.structs.replace(config.listen, **fields))
