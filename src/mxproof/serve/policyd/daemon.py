"""The policy daemon: made from a configuration, run until a signal ends it, reloaded by another.

| signal | what follows |
|---|---|
| SIGTERM, SIGINT | no new connections; open questions are answered, at most STOP_S; what is learnt is written |
| SIGHUP | the configuration is read again; listeners and store stay as they are until a restart |
"""

import asyncio
import importlib.util
import logging
import os
import signal
import sys
from collections.abc import Callable, Coroutine
from http import HTTPStatus

import msgspec

from mxproof import __version__
from mxproof.formats import ConfigError
from mxproof.formats.postfix.next_hop import next_hop
from mxproof.formats.postfix.socketmap import Request, SocketmapReply, Status, failed
from mxproof.serve.daemon import notify
from mxproof.serve.daemon.listening import BACKLOG, CONNECTIONS_MAX, FILES_WANTED, connections_allowed
from mxproof.serve.daemon.logs import log_to
from mxproof.serve.daemon.pages import Page, PageServer
from mxproof.serve.policyd.answers import Answers, Clockwork
from mxproof.serve.policyd.config import Config, overrides
from mxproof.serve.policyd.connection import Wires
from mxproof.serve.policyd.control import Controller
from mxproof.serve.policyd.metrics import Meter
from mxproof.serve.policyd.opening import store_of
from mxproof.serve.policyd.refresher import Refresher
from mxproof.serve.policyd.reply_cache import Hot
from mxproof.serve.policyd.requests import Requests
from mxproof.serve.policyd.settings import asking_of, terms_of
from mxproof.serve.policyd.sockets import Sockets, sockets_of
from mxproof.serve.policyd.trust import Belief, believed
from mxproof.store.destinations.entry import StoreError
from mxproof.store.destinations.write_behind import Keeper

STOP_S = 10.0
SWEEP_S = 60.0
FIRST_LOOK_S = 0.1
"""How long the start waits for the resolvers: what is remembered can be answered without them."""
BELIEF_RETRY_S = 30.0
LOOK_AGAIN_S = 600.0
"""How often resolvers are looked at that were seen to validate: they may be set up anew and then do not."""
HOT_PER_DOMAIN = 2
"""Spellings and maps of one destination that have a reply ready."""

_log = logging.getLogger("mxproof.policyd")


class Daemon:
    """Everything that runs, until `stop` is set; `ready` when it answers, `reloaded` after each reload."""

    def __init__(
        self, config: Config, read: Callable[[], Config], connections_max: int = CONNECTIONS_MAX
    ) -> None:
        self.ready = asyncio.Event()
        self.reloaded = asyncio.Event()
        self.stop = asyncio.Event()
        self._config = config
        self._read = read
        self._meter = Meter()
        self._hot = Hot(HOT_PER_DOMAIN * config.answers.domains_max)
        self._keeper = Keeper(store_of(config), config.answers.domains_max)
        self._belief, self._because = Belief.UNKNOWN, ""
        self._look_at_s = 0.0
        self._reload_wanted = asyncio.Event()
        self._one_reload = asyncio.Lock()
        self._answers = Answers(self._keeper, terms_of(config, self._belief), Clockwork(), self._meter)
        self._requests = Requests(self._answers, overrides(config), self._meter)
        self._wires = Wires(self._requests, self._hot, self._meter, connections_max)
        self._tasks: list[asyncio.Task[None]] = []

    async def run(self) -> None:
        """Serve until told to stop."""
        with sockets_of(self._config) as sockets:
            await self._keeper.open()
            first_look = asyncio.create_task(self._look_at_resolvers(self._config))
            await asyncio.wait({first_look}, timeout=FIRST_LOOK_S)
            servers = await self._serve(sockets)
            refresher = Refresher(self._answers, self._keeper, self._meter)
            lasting = (refresher.run, self._sweep, self._reloads, notify.stay_alive)
            self._tasks = [first_look, *(asyncio.create_task(self._lasting(work)) for work in lasting)]
            self._handle_signals()
            notify.ready()
            self.ready.set()
            _log.info("ready version=%s domains=%d dane=%s", __version__, len(self._keeper), self._belief)
            await self.stop.wait()
            notify.stopping()
            await self._end(servers)

    async def _serve(self, sockets: Sockets) -> list[asyncio.Server]:
        loop = asyncio.get_running_loop()
        servers = [await loop.create_server(self._wires, sock=one, backlog=BACKLOG) for one in sockets.listen]
        servers += [await asyncio.start_server(PageServer(self._page), sock=one) for one in sockets.http]
        if sockets.control:
            control = Wires(Controller(self._command), Hot(1), Meter())
            servers += [await loop.create_server(control, sock=one) for one in sockets.control]
        return servers

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload_wanted.set)

    async def _end(self, servers: list[asyncio.Server]) -> None:
        _log.info("stopping")
        for server in servers:
            server.close()
        await self._wires.stop(STOP_S)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._answers.land(STOP_S)
        await self._keeper.close()

    async def _lasting(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        """Do `work`, which ends by itself only where nobody wants it, and begin it again after a fault."""
        while True:
            try:
                await work()
            except Exception:  # noqa: BLE001 - the top of a task; answers go on without it meanwhile
                self._meter.errors += 1
                _log.exception("fault of mxproof; begun again in %g s", SWEEP_S)
                await asyncio.sleep(SWEEP_S)
            else:
                return

    async def _reloads(self) -> None:
        """Reload when told to; what is told meanwhile is told once."""
        while True:
            await self._reload_wanted.wait()
            self._reload_wanted.clear()
            await self.reload()

    async def reload(self) -> None:
        """Read the configuration again, after any that is being read; one that is wrong changes nothing."""
        async with self._one_reload:
            notify.reloading()
            try:
                await self._renew(self._read())
                _log.info("reload: done")
            except ConfigError as error:
                _log.error("reload: %s; going on with what was", error)
            notify.ready()
            self.reloaded.set()

    async def _renew(self, config: Config) -> None:
        before = self._config
        if (config.listen, config.store, config.admin) != (before.listen, before.store, before.admin):
            _log.warning("reload: changes of listen, store and admin need a restart")
        renewed, terms_of_it = overrides(config), terms_of(config, self._belief)  # may raise ConfigError
        self._config = config
        self._answers.terms = terms_of_it
        set_log_level(config)
        self._requests.overrides = renewed
        self._hot.clear()
        await self._look_at_resolvers(config)
        self._hot.clear()

    async def _look_at_resolvers(self, config: Config) -> None:
        """Find out whether DANE can be had under `config`, and say loudly where it cannot."""
        belief, because = await believed(config, asking_of(config))
        if config is not self._config:
            return  # it was renewed meanwhile, and looked at by whoever did that
        terms = self._answers.terms
        asking = msgspec.structs.replace(terms.asking, trust_ad=belief.trust_ad)
        self._answers.terms = msgspec.structs.replace(terms, asking=asking)
        self._belief = belief
        if because != self._because:
            self._because = because
            say = _log.info if belief is Belief.VALIDATING else _log.warning
            say("dane=%s: %s", belief, because)
        again_s = LOOK_AGAIN_S if belief is Belief.VALIDATING else BELIEF_RETRY_S
        self._look_at_s = asyncio.get_running_loop().time() + again_s

    async def _sweep(self) -> None:
        """Look after connections and resolvers now and then."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_S if self._belief is Belief.VALIDATING else BELIEF_RETRY_S)
            self._wires.hang_up_idle(loop.time())
            self._answers.now()
            if self._config.dns.trust_ad and loop.time() >= self._look_at_s:
                await self._look_at_resolvers(self._config)

    def _page(self, path: str) -> Page | None:
        match path:
            case "/metrics":
                self._meter.gauges |= {
                    "domains": len(self._keeper),
                    "ready_replies": len(self._hot),
                    "store_waiting": self._keeper.waiting,
                    "store_failures": self._keeper.failures,
                    "store_down": self._keeper.down,
                    "dane_possible": self._belief is Belief.VALIDATING,
                }
                return Page(HTTPStatus.OK, "text/plain; version=0.0.4", self._meter.text())
            case "/health":
                words = [f"dane: {self._belief}", f"store: {'down' if self._keeper.down else 'up'}"]
                return Page(HTTPStatus.OK, "text/plain", "\n".join(["answering", *words]) + "\n")
            case _:
                return None

    async def _command(self, request: Request) -> SocketmapReply:
        match request.map:
            case "purge":
                return await self._purge(request.key)
            case "reload":
                await self.reload()
                return SocketmapReply(Status.OK, "reloaded")
            case _:
                return failed(Status.PERM, f"{request.map}: purge or reload was expected")

    async def _purge(self, key: str) -> SocketmapReply:
        hop = next_hop(key)
        if hop is None:
            return failed(Status.PERM, f"{key}: a domain, or a host in brackets, was expected")
        self._hot.clear()
        try:
            known = await self._keeper.forget(str(hop))
        except StoreError as error:
            return failed(Status.TEMP, f"{hop}: forgotten here, but not in the store: {error}")
        _log.info("domain=%s purged known=%s", hop, known)
        return SocketmapReply(Status.OK, f"{hop}: forgotten" if known else f"{hop}: was not known")


def set_log_level(config: Config) -> None:
    """Let through what the configuration wants to see."""
    logging.getLogger("mxproof").setLevel(config.log.upper())


def serve(config: Config, read: Callable[[], Config]) -> None:
    """Run the daemon in this process; `read` returns the configuration as it is when the daemon is reloaded."""
    logging.basicConfig(handlers=[log_to(sys.stderr, os.environ)], level=logging.WARNING)
    set_log_level(config)
    connections_max = connections_allowed()
    if connections_max < CONNECTIONS_MAX:
        _log.warning(
            "limit of open files (ulimit -n, LimitNOFILE=): leaves room for %d connections; %d files were wanted",
            connections_max,
            FILES_WANTED,
        )
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(config, read, connections_max))


async def _serve(config: Config, read: Callable[[], Config], connections_max: int) -> None:
    await Daemon(config, read, connections_max).run()


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the maker of uvloop's loop where that is installed."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = importlib.import_module("uvloop").new_event_loop
    return factory
