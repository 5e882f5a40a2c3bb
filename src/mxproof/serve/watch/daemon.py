"""The daemon of the watch: made from its settings, run until a signal ends it, reloaded by another.

A reload takes over domains, intervals, retention, how is asked, alerts, log and what is in the files of the certificate; store
and listeners stay until a restart. The pages are loaded where they are wanted. At the end what is being checked is given back, so that it is due at once for whoever works next.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from http import HTTPStatus
from typing import TYPE_CHECKING

from mxproof import __version__
from mxproof.formats.postfix.socketmap import SocketmapReply, Status
from mxproof.serve.daemon.clock import Clockwork
from mxproof.serve.daemon.control import ControlServer
from mxproof.serve.daemon.metrics import METRICS_MEDIA_TYPE
from mxproof.serve.daemon.pages import Page, PageServer
from mxproof.serve.daemon.process import process_text
from mxproof.serve.daemon.run import Life, Work, begin_log, run, set_log_level
from mxproof.serve.daemon.sockets import Listening, listening_apart, opened_sockets
from mxproof.serve.watch.alerting import told
from mxproof.serve.watch.channel import Channel, mail_only
from mxproof.serve.watch.guest_work import GuestWork
from mxproof.serve.watch.message import alert_test_message
from mxproof.serve.watch.metrics import WatchCounts
from mxproof.serve.watch.settings import WatchSettings
from mxproof.serve.watch.store_thread import WATCH_STORE_RETRY_S, StoreThread
from mxproof.serve.watch.teller import Teller
from mxproof.serve.watch.worker import Worker
from mxproof.serve.web.pages.arranging import SetMaintenance
from mxproof.serve.web.pages.setup import SetUp, ToldChannel
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.guest_checks import GuestJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal

if TYPE_CHECKING:
    from mxproof.serve.web.served_pages import ServedPages

_log = logging.getLogger("mxproof.watch")


class WatchDaemon:
    """Everything that runs; `read` returns the settings as they are when the daemon is reloaded.

    With `pages_only` nothing is checked and nobody is told here: other processes do that, and the store has it all.
    """

    def __init__(
        self,
        settings: WatchSettings,
        read: Callable[[], WatchSettings],
        lines_lost: Callable[[], int] = lambda: 0,
        *,
        pages_only: bool = False,
    ) -> None:
        self._settings = settings
        self._read = read
        self._lines_lost = lines_lost
        of_worker = (
            self._keep_domains,
            self._work,
            self._work_for_guests,
            self._tell,
            self._sweep,
            self._sweep_for_guests,
        )
        self._works: tuple[Work, ...] = (self._look_after_store,) if pages_only else of_worker
        self._pages_only = pages_only
        self._counts = WatchCounts()
        self.life = Life(self._renew, self._counts.fault)
        self._journal = Journal(settings.store)
        self._clock = Clockwork()
        self.stirred = asyncio.Event()
        self._store = StoreThread(WatchJournal(self._journal), self._counts)
        now = self._clock.now
        self.teller = Teller(settings, self._store, self._counts, now, self.stirred)
        self.worker = Worker(settings, self._store, self._counts, now, self.teller.has_news, self.stirred)
        guests, worker = GuestJournal(self._journal), self.worker
        self.guests = GuestWork(
            worker.name, worker.observed, guests, self._store, self._counts, now, self.stirred
        )
        self._are_kept = asyncio.Event()
        self._pages = self._made_pages()

    async def run(self) -> None:
        """Watch until told to stop."""
        with ExitStack() as held:
            sockets = self._sockets(held)
            servers = await self._serve(sockets)
            serving = asyncio.create_task(self._serve_pages(sockets.get("web", [])))
            async with self.life.lasting(*self._works):
                self._warn()
                _log.info("ready version=%s domains=%d", __version__, len(self._settings.domains))
                await self.life.until_stopped()
                for server in servers:
                    server.close()
                if self._pages is not None:
                    self._pages.stop()
                await serving
        self.worker.close()
        self._store.close()
        self._journal.close()
        if self._pages is not None:
            self._pages.close()

    def _made_pages(self) -> "ServedPages | None":
        if self._settings.web is None:
            return None
        from mxproof.serve.web.served_pages import ServedPages  # noqa: PLC0415 - only where they are wanted

        return ServedPages(
            self._settings.web,
            self._settings.store,
            now=self._clock.now,
            setup=self._setup,
            try_alert=self._try_alert,
            stir=self._stir,
            fault=self._counts.fault,
        )

    def _stir(self) -> None:
        """Have looked at once what was arranged on the pages."""
        self.worker.stir()
        self.guests.stir()

    async def _serve_pages(self, sockets: list[socket.socket]) -> None:
        if self._pages is not None:
            await self._pages.run(sockets)

    def _setup(self) -> SetUp:
        """Return how the watch is set up now, as its pages show it."""
        settings, retention = self._settings, self._settings.retention
        return SetUp(
            intervals_s=[one.interval_s for one in settings.domains],
            channels=[ToldChannel(one.name, one.least, _way(one)) for one in settings.channels],
            evidence_days=retention.evidence_days,
            daily_days=retention.daily_days,
            history_days=retention.history_days,
            maintenance=[
                SetMaintenance(tuple(sorted(one.domains)), one.begins, one.ends)
                for one in settings.maintenance
            ],
        )

    async def _try_alert(self, name: str) -> str:
        """Have an alert tried; return why that failed, empty where it did not."""
        channel = next((one for one in self._settings.channels if one.name == name), None)
        if channel is None:
            return "nobody is told under this name"
        return await told(channel, alert_test_message(socket.gethostname()))

    def _sockets(self, held: ExitStack) -> Mapping[str, list[socket.socket]]:
        http, control = listening_apart(self._settings.http, self._settings.control, self._settings.unix)
        web = self._settings.web
        pages = Listening("web", "web.listen", () if web is None else (web.listen,), self._settings.unix)
        asked = [one for one in (pages, http, control) if one.listeners]
        return held.enter_context(opened_sockets(*asked)) if asked else {}

    async def _serve(self, sockets: Mapping[str, list[socket.socket]]) -> list[asyncio.Server]:
        pages = PageServer(self._page)
        control = ControlServer({"reload": self._reload})
        servers = [await asyncio.start_server(pages, sock=one) for one in sockets.get("http", ())]
        servers += [await asyncio.start_server(control, sock=one) for one in sockets.get("control", ())]
        return servers

    async def _keep_domains(self) -> None:
        """Tell the store which domains are watched, when it is there."""
        while True:
            try:
                self._clock.begin(await self._store.does(lambda watch: watch.newest_moment()))
                await self.worker.keep_domains()
                await self.teller.keep_digests()
            except JournalError as error:
                self._store.is_down(error)
                await asyncio.sleep(WATCH_STORE_RETRY_S)
            else:
                self._store.is_up()
                self._are_kept.set()
                return

    async def _work(self) -> None:
        await self._are_kept.wait()
        await self.worker.work()

    async def _work_for_guests(self) -> None:
        await self._are_kept.wait()
        await self.guests.work()

    async def _tell(self) -> None:
        await self._are_kept.wait()
        await self.teller.tell()

    async def _sweep(self) -> None:
        await self.worker.sweep()

    async def _sweep_for_guests(self) -> None:
        await self.guests.sweep()

    async def _look_after_store(self) -> None:
        """Know whether the store is there, where no worker does that uses it all the time."""
        while True:
            try:
                await self._store.does(lambda watch: watch.next_due())
            except JournalError as error:
                self._store.is_down(error)
            else:
                self._store.is_up()
            self.stirred.set()
            await asyncio.sleep(WATCH_STORE_RETRY_S)

    async def _renew(self) -> None:
        """Take over the settings as they are now; raises ConfigError, and changes nothing, where they are wrong."""
        settings, before = self._read(), self._settings
        if _lasting_parts(settings) != _lasting_parts(before):
            _log.warning("reload: changes of store.url, web and admin need a restart")
        if self._pages is not None:
            self._pages.renew()
        self._settings = settings
        self.worker.renew(settings)
        self.teller.settings = settings
        self._warn()
        if not self._pages_only:
            await self._keep_domains()
        set_log_level(settings.log)

    def _warn(self) -> None:
        """Say what is right by its rules and may not be wanted."""
        watched = (one.domain for one in self._settings.domains)
        if said := mail_only(self._settings.channels, watched):
            _log.warning("%s", said)

    async def _reload(self, _key: str) -> SocketmapReply:
        """Do as on SIGHUP."""
        await self.life.reload()
        return SocketmapReply(Status.OK, "reloaded")

    def metrics(self) -> str:
        """Return all that is counted, for Prometheus."""
        self._counts.lines_lost = self._lines_lost()
        return self._counts.text() + process_text()

    def _page(self, path: str) -> Page | None:
        match path:
            case "/metrics":
                return Page(HTTPStatus.OK, METRICS_MEDIA_TYPE, self.metrics())
            case "/health":
                down = self._counts.store_down
                status = HTTPStatus.SERVICE_UNAVAILABLE if down else HTTPStatus.OK
                doing = "pages only" if self._pages_only else "watching"
                return Page(status, "text/plain", f"{doing}\nstore: {'down' if down else 'up'}\n")
            case _:
                return None


def _way(channel: Channel) -> str:
    """Return by which way somebody is told; URLs hold what is secret, and are counted."""
    if channel.command:
        return " ".join(channel.command)
    return "apprise, one URL" if len(channel.urls) == 1 else f"apprise, {len(channel.urls)} URLs"


def _lasting_parts(one: WatchSettings) -> tuple[object, ...]:
    return one.store, one.web, one.http, one.control, one.unix


def serve_watch(
    settings: WatchSettings, read: Callable[[], WatchSettings], *, pages_only: bool = False
) -> None:
    """Run the daemon in this process; `read` returns the settings as they are when the daemon is reloaded."""
    log = begin_log(settings.log)

    async def main() -> None:
        await WatchDaemon(settings, read, lambda: log.lost, pages_only=pages_only).run()

    run(main)
