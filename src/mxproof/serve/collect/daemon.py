"""The daemon that collects from Postfix: made from its settings, run until a signal ends it, reloaded by another.

One thread drains the socket and another writes (`drain`, `writer`); this loop serves those who monitor and command, and sends reports
(`serve/sending`) where that is configured. At the end what waits in the kernel is drained and written. A reload takes over
retention, what is sent, and log; socket, bounds and store stay until a restart.
"""

import asyncio
import logging
import socket
import sys
from collections.abc import Callable, Sequence
from http import HTTPStatus

from mxproof import __version__
from mxproof.formats import ConfigError
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.formats.tlsrpt.returned import RETURNED_MAIL_BYTES_MAX
from mxproof.net.roots import roots_from, system_roots
from mxproof.serve.collect.drain import Drain
from mxproof.serve.collect.kernel_queue import QUEUE_WANTED, queue_setting
from mxproof.serve.collect.metrics import CollectCounts
from mxproof.serve.collect.probing import Prober
from mxproof.serve.collect.settings import CollectSettings
from mxproof.serve.collect.writer import Writer
from mxproof.serve.daemon.control import ControlServer
from mxproof.serve.daemon.listening import LISTEN_BACKLOG
from mxproof.serve.daemon.metrics import METRICS_MEDIA_TYPE
from mxproof.serve.daemon.pages import Page, PageServer
from mxproof.serve.daemon.process import process_text
from mxproof.serve.daemon.run import Life, Work, begin_log, run, set_log_level
from mxproof.serve.daemon.sockets import Listening, listening_apart, opened_sockets
from mxproof.serve.sending.returns import BounceWork
from mxproof.serve.sending.work import SendWork
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal

SWITCH_S = 0.0005
"""How long one thread may keep the interpreter from another that wants it: the one that drains must not wait long."""

_log = logging.getLogger("mxproof.collect")


class CollectDaemon:
    """Everything that runs; `read` returns the settings as they are when the daemon is reloaded.

    `beside` is lasting work of others in this process.
    """

    def __init__(
        self,
        settings: CollectSettings,
        read: Callable[[], CollectSettings],
        lines_lost: Callable[[], int] = lambda: 0,
        beside: tuple[Work, ...] = (),
    ) -> None:
        self._settings = settings
        self._read = read
        self._lines_lost = lines_lost
        self._beside = beside
        self.counts = CollectCounts()
        self.life = Life(self._renew, self.counts.fault)
        self._journal = Journal(settings.store)
        self._sending = SendWork(settings.store, settings.send, self.counts.sending)
        self._prober: Prober | None = None
        self._bounces: BounceWork | None = None

    async def run(self) -> None:
        """Serve until told to stop."""
        settings = self._settings
        clients = Listening(
            "tlsrpt", "collect.listen", (settings.listen,), settings.unix, kind=socket.SOCK_DGRAM
        )
        back = () if settings.send is None or settings.send.bounces is None else (settings.send.bounces,)
        bounces = Listening("bounces", "send.bounces", back, settings.unix)
        apart = listening_apart(settings.http, settings.control, settings.unix)
        with opened_sockets(clients, bounces, *apart) as sockets:
            if len(sockets["tlsrpt"]) != 1:
                raise ConfigError("collect.listen: the service manager hands over more than one socket")
            self._drain = Drain(sockets["tlsrpt"][0])
            self._writer = Writer(
                self._drain.take,
                MetJournal(self._journal),
                self.counts,
                settings.domains_max,
                settings.keep_days,
            )
            await self._open_journal()
            self._drain.start()
            self._tell_of_queue()
            self._writer.start()
            pages, control = PageServer(self._page), ControlServer({"reload": self._reload})
            servers = [await asyncio.start_server(pages, sock=one) for one in sockets["http"]]
            servers += [await asyncio.start_server(control, sock=one) for one in sockets["control"]]
            servers += await self._bounce_servers(sockets["bounces"])
            try:
                async with self.life.lasting(self._sending.run, *self._beside, *self._probing()):
                    _log.info("ready version=%s", __version__)
                    await self.life.until_stopped()
                    for server in servers:
                        server.close()
            finally:
                await asyncio.get_running_loop().run_in_executor(None, self._end)
                if self._prober is not None:
                    self._prober.close()
                if self._bounces is not None:
                    self._bounces.close()
        self._journal.close()

    async def _bounce_servers(self, sockets: Sequence[socket.socket]) -> list[asyncio.Server]:
        """Listen for what the mail server sends back, where that is wanted."""
        if not sockets:
            return []
        from mxproof.serve.daemon.lmtp import LmtpServer  # noqa: PLC0415 - loads a library that few need here

        self._bounces = BounceWork(self._settings.store, self.counts.sending)
        protocol = LmtpServer(self._bounces.answer, RETURNED_MAIL_BYTES_MAX)
        loop = asyncio.get_running_loop()
        return [await loop.create_server(protocol, sock=one, backlog=LISTEN_BACKLOG) for one in sockets]

    def _probing(self) -> tuple[Work, ...]:
        """Return the work that probes domains in mode testing, where that is wanted; raises ConfigError without authorities."""
        settings = self._settings
        if settings.probing is None:
            return ()
        roots = system_roots() if settings.roots is None else roots_from(settings.roots)
        self._prober = Prober(self._writer.standing, settings.probing, roots)
        return (self._prober.run,)

    def _end(self) -> None:
        self._drain.stop()
        self._writer.stop()

    async def _open_journal(self) -> None:
        """Bring the journal up to date; one that is away now may be there later."""
        try:
            await asyncio.get_running_loop().run_in_executor(None, self._journal.open)
        except JournalError as error:
            _log.error("store: %s", error)

    def _tell_of_queue(self) -> None:
        """Say loudly where Postfix will lose what it sends; a socket that may not be filled has what the setting says now."""
        measured = self._drain.queue
        queue = queue_setting() if measured is None else measured
        self.counts.queue = queue or 0
        if queue is None:
            _log.warning("socket: how many datagrams the kernel lets wait is not known")
        elif queue < QUEUE_WANTED:
            _log.warning(
                "socket: the kernel lets %d datagrams wait, and Postfix loses what comes beyond; set "
                "net.unix.max_dgram_qlen to %d (sysctl) and have the socket made anew",
                queue,
                QUEUE_WANTED,
            )

    async def _renew(self) -> None:
        """Take over the settings as they are now; raises ConfigError, and changes nothing, where they are wrong."""
        settings, before = self._read(), self._settings
        if _lasting_parts(settings) != _lasting_parts(before):
            _log.warning(
                "reload: changes of listen, domains_max, testing, probe, send.bounces, unix, store.url and admin need a restart"
            )
        self._settings = settings
        self._writer.keep_days = settings.keep_days
        self._sending.change(settings.send)
        set_log_level(settings.log)

    async def _reload(self, _key: str) -> SocketmapReply:
        """Do as on SIGHUP."""
        await self.life.reload()
        return SocketmapReply(Status.OK, "reloaded")

    def _page(self, path: str) -> Page | None:
        counts, drain = self.counts, self._drain
        counts.received, counts.lost = drain.received, drain.lost
        counts.fullest = (
            min(drain.fullest, counts.queue + 1) if 0 < counts.queue < QUEUE_WANTED else drain.fullest
        )
        counts.lines_lost = self._lines_lost()
        counts.probes = 0 if self._prober is None else self._prober.probes
        match path:
            case "/metrics":
                return Page(HTTPStatus.OK, METRICS_MEDIA_TYPE, counts.text() + process_text())
            case "/health":
                well = drain.fault is None and not counts.store_down
                status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
                says = f"socket: {'drained' if drain.fault is None else 'broken'}\n"
                return Page(status, "text/plain", f"{says}store: {'down' if counts.store_down else 'up'}\n")
            case _:
                return None


def _lasting_parts(settings: CollectSettings) -> tuple[object, ...]:
    """Return what a running daemon cannot change."""
    return (
        settings.listen,
        settings.domains_max,
        settings.unix,
        settings.store,
        settings.http,
        settings.control,
        settings.probing,
        settings.roots,
        None if settings.send is None else settings.send.bounces,
    )


def serve_collect(
    settings: CollectSettings, read: Callable[[], CollectSettings], beside: tuple[Work, ...] = ()
) -> None:
    """Run the daemon in this process; `read` returns the settings as they are when the daemon is reloaded."""
    log = begin_log(settings.log)
    sys.setswitchinterval(SWITCH_S)

    async def main() -> None:
        await CollectDaemon(settings, read, lambda: log.lost, beside).run()

    run(main)
