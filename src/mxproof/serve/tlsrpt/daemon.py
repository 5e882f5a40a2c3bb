"""The daemon that takes TLS reports in: made from its settings, run until a signal ends it, reloaded by another.

Whatever comes is kept by one thread, one piece after the other, and answered then; a folder of IMAP is read in between. At the
end there are no new connections, and what is under way is answered, at most REPORT_STOP_S. A reload takes over domains,
retention, resolvers, the folder, certificate and log; listeners and store stay until a restart.
"""

import asyncio
import logging
import socket
import ssl
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path

from mxproof import __version__
from mxproof.evidence.question import Question
from mxproof.formats import ConfigError
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.formats.tlsrpt.found import REPORT_MESSAGE_BYTES_MAX
from mxproof.mail.report_signature import Keys
from mxproof.net.imap import ImapError
from mxproof.serve.daemon.control import ControlServer
from mxproof.serve.daemon.listening import LISTEN_BACKLOG
from mxproof.serve.daemon.lmtp import LmtpServer
from mxproof.serve.daemon.metrics import METRICS_MEDIA_TYPE
from mxproof.serve.daemon.pages import Page, PageServer
from mxproof.serve.daemon.process import process_text
from mxproof.serve.daemon.run import Life, begin_log, run, set_log_level
from mxproof.serve.daemon.sockets import Listening, listening_apart, opened_sockets
from mxproof.serve.tlsrpt.folder import IMAP_WAY, read_folder
from mxproof.serve.tlsrpt.intake import CameIn, Intake, Taken
from mxproof.serve.tlsrpt.keys import KeyAsker
from mxproof.serve.tlsrpt.lmtp import report_reply
from mxproof.serve.tlsrpt.metrics import NOT_KEPT, ReportCounts
from mxproof.serve.tlsrpt.post import PostServer
from mxproof.serve.tlsrpt.settings import ReportSettings
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal

REPORT_STOP_S = 10.0
REPORT_SWEEP_S = 3600.0
_UNDER_WAY_MAX = 40

_log = logging.getLogger("mxproof.tlsrpt")


class ReportDaemon:
    """Everything that runs; `read` returns the settings as they are when the daemon is reloaded."""

    def __init__(
        self,
        settings: ReportSettings,
        read: Callable[[], ReportSettings],
        lines_lost: Callable[[], int] = lambda: 0,
    ) -> None:
        self._settings = settings
        self._read = read
        self._lines_lost = lines_lost
        self._counts = ReportCounts()
        self.life = Life(self._renew, self._counts.fault)
        self._journal = Journal(settings.store)
        self._asker = KeyAsker(settings.asking)
        self._intake = Intake(self._journal, settings.domains, settings.retention, self._keys)
        self._under_way: set[asyncio.Task[Taken]] = set()
        self._lmtp = LmtpServer(report_reply(self._take), REPORT_MESSAGE_BYTES_MAX)
        self._post = PostServer(self._take)
        self._tls = _tls_context(settings)

    async def run(self) -> None:
        """Serve until told to stop."""
        settings = self._settings
        kinds = [
            Listening("lmtp", "listen.lmtp", settings.lmtp, settings.unix),
            Listening("https", "listen.https", settings.https, settings.unix),
        ]
        kinds.sort(key=lambda one: not one.listeners)
        apart = listening_apart(settings.http, settings.control, settings.unix)
        with opened_sockets(*kinds, *apart, needed=settings.folder is None) as sockets, self._asker:
            await self._open_journal()
            servers = await self._serve(sockets)
            async with self.life.lasting(self._sweep, self._read_folder):
                _log.info("ready version=%s", __version__)
                if settings.asking is None:
                    _log.warning("signatures are not verified: %s", settings.unasked)
                await self.life.until_stopped()
                for server in servers:
                    server.close()
                if self._under_way:
                    await asyncio.wait(self._under_way, timeout=REPORT_STOP_S)
        self._intake.close()
        self._journal.close()

    async def _serve(self, sockets: Mapping[str, list[socket.socket]]) -> list[asyncio.Server]:
        loop = asyncio.get_running_loop()
        pages = PageServer(self._page)
        control = ControlServer({"reload": self._reload})
        servers = [
            await loop.create_server(self._lmtp, sock=one, backlog=LISTEN_BACKLOG) for one in sockets["lmtp"]
        ]
        servers += [
            await asyncio.start_server(self._post, sock=one, ssl=self._tls) for one in sockets["https"]
        ]
        servers += [await asyncio.start_server(pages, sock=one) for one in sockets["http"]]
        servers += [await asyncio.start_server(control, sock=one) for one in sockets["control"]]
        return servers

    async def _open_journal(self) -> None:
        """Bring the journal up to date; one that is away now may be there when the first report comes."""
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._journal.open)
        except JournalError as error:
            self._is_down(error)

    async def _take(self, piece: CameIn) -> Taken:
        """Keep one piece, also where whoever sent it hangs up meanwhile; raises JournalError where it is not safe."""
        if len(self._under_way) >= _UNDER_WAY_MAX:
            raise JournalError("too much at once")
        task = asyncio.create_task(self._kept(piece))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def _kept(self, piece: CameIn) -> Taken:
        try:
            (taken,) = await self._intake.take([piece])
        except JournalError as error:
            self._counts.pieces[piece.way, NOT_KEPT] += 1
            self._is_down(error)
            raise
        except Exception:  # noqa: BLE001 - the record boundary; whoever sent it sends it again
            self._counts.fault()
            _log.exception("fault of mxproof; the report comes again")
            raise JournalError("fault of mxproof") from None
        self._is_up()
        self._counts.taken(piece.way, taken, datetime.now(UTC).timestamp())
        _tell(piece.way, taken)
        return taken

    def _is_down(self, error: JournalError) -> None:
        if not self._counts.gauges["store_down"]:
            _log.error("store: %s; reports are not acknowledged, and come again", error)
        self._counts.gauges["store_down"] = 1.0

    def _is_up(self) -> None:
        if self._counts.gauges["store_down"]:
            _log.warning("store: back")
        self._counts.gauges["store_down"] = 0.0

    async def _keys(self, questions: Iterable[Question]) -> Keys:
        return await self._asker.keys(questions)

    async def _sweep(self) -> None:
        """Now and then verify what could not be verified, and take away what is kept no longer."""
        while True:
            try:
                await self._intake.verify_again(datetime.now(UTC))
                more = True
                while more:
                    more = any(await self._intake.sweep())
                self._is_up()
            except JournalError as error:
                self._is_down(error)
            await asyncio.sleep(REPORT_SWEEP_S)

    async def _read_folder(self) -> None:
        """Look into the folder of IMAP now and then, where there is one."""
        while True:
            folder = self._settings.folder
            if folder is not None:
                try:
                    await read_folder(folder, self._intake, self._read_in_folder)
                except JournalError as error:
                    self._is_down(error)
                except (ImapError, ConfigError) as error:
                    if not self._counts.gauges["folder_down"]:
                        _log.error("imap: %s; it is tried again", error)
                    self._counts.gauges["folder_down"] = 1.0
                else:
                    if self._counts.gauges["folder_down"]:
                        _log.warning("imap: back")
                    self._counts.gauges["folder_down"] = 0.0
                    self._is_up()
            await asyncio.sleep(folder.every_s if folder is not None else REPORT_SWEEP_S)

    def _read_in_folder(self, taken: Taken) -> None:
        self._counts.taken(IMAP_WAY, taken, datetime.now(UTC).timestamp())
        _tell(IMAP_WAY, taken)

    async def _renew(self) -> None:
        """Take over the settings as they are now; raises ConfigError, and changes nothing, where they are wrong."""
        settings, before = self._read(), self._settings
        if self._tls is not None and settings.certificate is not None:
            _load(self._tls, settings.certificate)
        if _lasting_report_parts(settings) != _lasting_report_parts(before):
            _log.warning("reload: changes of listen, store.url and admin need a restart")
        self._settings = settings
        self._intake.domains, self._intake.retention = settings.domains, settings.retention
        if settings.asking != before.asking:
            old, self._asker = self._asker, KeyAsker(settings.asking)
            old.close()
        set_log_level(settings.log)

    async def _reload(self, _key: str) -> SocketmapReply:
        """Do as on SIGHUP."""
        await self.life.reload()
        return SocketmapReply(Status.OK, "reloaded")

    def _page(self, path: str) -> Page | None:
        gauges = self._counts.gauges
        gauges["connections_open"] = self._lmtp.open + self._post.open
        self._counts.lines_lost = self._lines_lost()
        match path:
            case "/metrics":
                return Page(HTTPStatus.OK, METRICS_MEDIA_TYPE, self._counts.text() + process_text())
            case "/health":
                down = bool(gauges["store_down"])
                status = HTTPStatus.SERVICE_UNAVAILABLE if down else HTTPStatus.OK
                return Page(status, "text/plain", f"answering\nstore: {'down' if down else 'up'}\n")
            case _:
                return None


def _tell(way: str, taken: Taken) -> None:
    for report, kept in taken.reports:
        _log.info(
            "way=%s submitter=%s domain=%s authenticated=%s %s",
            way,
            report.submitter or "-",
            report.domains[0].domain,
            report.found.authenticated,
            kept,
        )
    if taken.refusal is not None:
        _log.warning("way=%s refused and kept aside: %s", way, taken.refusal.reason)


def _tls_context(settings: ReportSettings) -> ssl.SSLContext | None:
    if settings.certificate is None:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    _load(context, settings.certificate)
    return context


def _load(context: ssl.SSLContext, certificate: tuple[Path, Path]) -> None:
    """Take the certificate and its key from their files; raises ConfigError where they are none."""
    try:
        context.load_cert_chain(*certificate)
    except (OSError, ssl.SSLError) as error:
        raise ConfigError(f"listen.certificate: {certificate[0]}: {error.strerror or error}") from None


def _lasting_report_parts(settings: ReportSettings) -> tuple[object, ...]:
    """Return what a running daemon cannot change."""
    return settings.lmtp, settings.https, settings.store, settings.http, settings.control


def serve_reports(settings: ReportSettings, read: Callable[[], ReportSettings]) -> None:
    """Run the daemon in this process; `read` returns the settings as they are when the daemon is reloaded."""
    log = begin_log(settings.log)

    async def main() -> None:
        await ReportDaemon(settings, read, lambda: log.lost).run()

    run(main)
