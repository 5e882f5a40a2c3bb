"""The policy daemon: made from its settings, run until a signal ends it, reloaded by another.

At the end there are no new connections; open questions are answered, at most STOP_S; what is learnt is written. A
reload reads the configuration again; listeners and store stay as they are until a restart.
"""

import asyncio
import logging
import socket
from collections.abc import Callable, Mapping
from http import HTTPStatus

import msgspec

from mxproof import __version__
from mxproof.formats import ConfigError
from mxproof.formats.postfix.next_hop import next_hop
from mxproof.formats.postfix.socketmap import SocketmapReply, Status, failed
from mxproof.serve.daemon.clock import Clockwork
from mxproof.serve.daemon.control import ControlServer
from mxproof.serve.daemon.kernel_time import Synchronised
from mxproof.serve.daemon.listening import CONNECTIONS_ACCEPTED_MAX, LISTEN_BACKLOG, connections_allowed
from mxproof.serve.daemon.metrics import METRICS_MEDIA_TYPE
from mxproof.serve.daemon.pages import Page, PageServer
from mxproof.serve.daemon.process import process_text
from mxproof.serve.daemon.run import Life, begin_log, run, set_log_level
from mxproof.serve.daemon.sockets import Listening, listening_apart, opened_sockets
from mxproof.serve.policyd.answer_settings import answer_settings
from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.connection import Connections
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.refresher import Refresher
from mxproof.serve.policyd.reply_cache import ReplyCache
from mxproof.serve.policyd.requests import Requests
from mxproof.serve.policyd.settings import Settings
from mxproof.serve.policyd.state import DaemonState, health_text, state_reply, unwritten_reply
from mxproof.serve.policyd.store import store_at
from mxproof.serve.policyd.telling import Telling
from mxproof.serve.policyd.trust import Belief, believed, unseen
from mxproof.serve.policyd.upkeep import Upkeep
from mxproof.store.destinations.destination import StoreError
from mxproof.store.destinations.write_behind import WriteBehind

STOP_S = 10.0
SWEEP_S = 60.0
FIRST_LOOK_S = 0.1
"""How long the start waits for the resolvers: what is remembered can be answered without them."""
BELIEF_RETRY_S = 30.0
LOOK_AGAIN_S = 600.0
"""How often resolvers are looked at that were seen to validate: they may be set up anew and then do not."""
TELL_S = 1.0
READY_PER_DOMAIN = 2
"""Spellings and maps of one destination that have a reply ready."""

_log = logging.getLogger("mxproof.policyd")


class Daemon:
    """Everything that runs; `read` returns the settings as they are when the daemon is reloaded."""

    def __init__(
        self,
        settings: Settings,
        read: Callable[[], Settings],
        connections_max: int = CONNECTIONS_ACCEPTED_MAX,
        lines_lost: Callable[[], int] = lambda: 0,
    ) -> None:
        self._settings = settings
        self._read = read
        self._counts = Counts()
        self.life = Life(self._renew, self._counts.fault)
        self._replies = ReplyCache(READY_PER_DOMAIN * settings.domains_max)
        self._destinations = WriteBehind(store_at(settings.store), settings.domains_max)
        self._seen = unseen(trust_ad=settings.trust_ad)
        self._look_at_s = 0.0
        self._clock = Clockwork()
        self._lines_lost = lines_lost
        self._answers = Answers(
            self._destinations, answer_settings(settings, self._seen.belief), self._clock, self._counts
        )
        self._telling = (
            None
            if settings.collector is None
            else Telling(settings.collector.path, lambda: self._clock.now().timestamp())
        )
        self._requests = Requests(self._answers, settings.overrides, self._counts, self._telling)
        self._connections = Connections(self._requests, self._replies, self._counts, connections_max)

    async def run(self) -> None:
        """Serve until told to stop."""
        settings = self._settings
        clients = Listening("listen", "listen", settings.listen, settings.unix)
        apart = listening_apart(settings.http, settings.control, settings.unix)
        with opened_sockets(clients, *apart) as sockets:
            await self._destinations.open()
            self._clock.begin(self._destinations.newest())
            first_look = asyncio.create_task(self._look_at_resolvers(settings))
            await asyncio.wait({first_look}, timeout=FIRST_LOOK_S)
            servers = await self._serve(sockets)
            self._reloaded("done")
            refresher = Refresher(self._answers, self._destinations, self._counts)
            upkeep = Upkeep(self._answers, self._destinations, self._counts, self._replies.clear)
            works = (
                refresher.run,
                self._look_after,
                self._tell_collector,
                upkeep.hear_of_purges,
                upkeep.sweep,
                upkeep.count,
            )
            async with self.life.lasting(*works):
                belief = self._seen.belief
                _log.info("ready version=%s domains=%d dane=%s", __version__, len(self._destinations), belief)
                await self.life.until_stopped()
                for server in servers:
                    server.close()
                await self._connections.stop(STOP_S)
            first_look.cancel()
            await asyncio.gather(first_look, return_exceptions=True)
            await self._answers.land(STOP_S)
            if self._telling is not None:
                self._telling.close()
            await self._destinations.close()

    async def _serve(self, sockets: Mapping[str, list[socket.socket]]) -> list[asyncio.Server]:
        loop = asyncio.get_running_loop()
        servers = [
            await loop.create_server(self._connections, sock=one, backlog=LISTEN_BACKLOG)
            for one in sockets["listen"]
        ]
        pages = PageServer(self._page)
        control = ControlServer(
            {
                "purge": self._purge,
                "reload": self._reload,
                "state": self._tell_state,
                "unwritten": self._tell_unwritten,
            }
        )
        servers += [await asyncio.start_server(pages, sock=one) for one in sockets["http"]]
        servers += [await asyncio.start_server(control, sock=one) for one in sockets["control"]]
        return servers

    async def _renew(self) -> None:
        """Take over the settings as they are now; raises ConfigError, and changes nothing, where they are wrong."""
        try:
            settings, before = self._read(), self._settings
            seen = self._seen if _same_resolvers(settings, before) else unseen(trust_ad=settings.trust_ad)
            for_answers = answer_settings(settings, seen.belief)
        except ConfigError:
            self._reloaded("refused")
            raise
        if _lasting_parts(settings) != _lasting_parts(before):
            _log.warning("reload: changes of listen, collector, store and admin need a restart")
        self._settings, self._seen = settings, seen
        self._answers.settings = for_answers
        self._answers.look_anew()
        set_log_level(settings.log)
        self._requests.overrides = settings.overrides
        self._replies.clear()
        self._reloaded("done")
        await self._look_at_resolvers(settings)
        self._replies.clear()

    def _reloaded(self, outcome: str) -> None:
        """Note when the settings were taken over, at the start too, or that they were wrong."""
        self._counts.gauges["last_reload_successful"] = outcome == "done"
        if outcome == "done":
            self._counts.gauges["last_reload_timestamp_seconds"] = self._answers.now().timestamp()
        self._counts.reloads[outcome] += self.life.ready.is_set()

    async def _look_at_resolvers(self, settings: Settings) -> None:
        """Find out whether anything can be asked under `settings`, and DANE be had, and say loudly where it cannot."""
        seen = await believed(settings.asking, trust_ad=settings.trust_ad)
        if settings is not self._settings:
            return  # they were renewed meanwhile, and the resolvers looked at by whoever did that
        asking = msgspec.structs.replace(self._answers.settings.asking, trust_ad=seen.belief.trust_ad)
        self._answers.settings = msgspec.structs.replace(self._answers.settings, asking=asking)
        before, self._seen = self._seen, seen
        if seen.because != before.because:
            say = _log.info if seen.belief is Belief.VALIDATING else _log.warning
            say("dane=%s: %s", seen.belief, seen.because)
        settled = seen.belief is Belief.VALIDATING or not (settings.trust_ad or seen.silent)
        again_s = LOOK_AGAIN_S if settled else BELIEF_RETRY_S
        self._look_at_s = asyncio.get_running_loop().time() + again_s

    async def _look_after(self) -> None:
        """Look after connections and resolvers now and then."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP_S if self._seen.belief is Belief.VALIDATING else BELIEF_RETRY_S)
            self._connections.hang_up_idle(loop.time())
            self._answers.now()
            if loop.time() >= self._look_at_s:
                await self._look_at_resolvers(self._settings)

    async def _tell_collector(self) -> None:
        """Send what waits for the collector of TLS reports, where there is one."""
        while self._telling is not None:
            self._telling.send()
            await asyncio.sleep(TELL_S)

    def _page(self, path: str) -> Page | None:
        match path:
            case "/metrics":
                self._gauge()
                return Page(HTTPStatus.OK, METRICS_MEDIA_TYPE, self._counts.text() + process_text())
            case "/health":
                return Page(HTTPStatus.OK, "text/plain", health_text(self._state()))
            case _:
                return None

    def _gauge(self) -> None:
        """Bring up to date what is only known by looking."""
        counts, destinations, clock = self._counts, self._destinations, self._clock.state
        counts.store_failures = destinations.failures
        counts.clock_jumps = self._clock.jumps
        counts.lines_lost = self._lines_lost()
        counts.gauges |= {
            "clock_away_seconds": 0.0 if clock.away_since_s is None else clock.away_by_s,
            "clock_synchronised": clock.synchronised is Synchronised.YES,
            "dane_possible": self._seen.belief is Belief.VALIDATING,
            "domains": len(destinations),
            "evidence_held": self._answers.evidence_held,
            "flights": self._answers.flights,
            "ready_replies": len(self._replies),
            "resolver_silent": self._seen.silent,
            "store_down": destinations.down,
            "store_failures": destinations.failures,
            "store_waiting": destinations.waiting,
        }

    def _state(self) -> DaemonState:
        now = self._answers.now()
        return DaemonState(
            now=now,
            clock=self._clock.state.says(),
            clock_away=self._clock.state.away_since_s is not None,
            dane=self._seen.belief,
            resolver=self._seen.because,
            resolver_silent=self._seen.silent,
            store_down=self._destinations.down,
            unwritten=self._destinations.waiting,
            lines_lost=self._lines_lost(),
        )

    async def _tell_state(self, _key: str) -> SocketmapReply:
        return state_reply(self._state())

    async def _tell_unwritten(self, after: str) -> SocketmapReply:
        return unwritten_reply(self._destinations.unwritten(), after)

    async def _reload(self, _key: str) -> SocketmapReply:
        """Do as on SIGHUP."""
        await self.life.reload()
        return SocketmapReply(Status.OK, "reloaded")

    async def _purge(self, key: str) -> SocketmapReply:
        """Forget what is known of a destination, in memory and in the store."""
        hop = next_hop(key)
        if hop is None:
            return failed(Status.PERM, f"{key}: a domain, or a host in brackets, was expected")
        self._replies.clear()
        self._answers.forget(str(hop))
        try:
            known = await self._destinations.purge(str(hop), self._answers.now())
        except StoreError as error:
            return failed(Status.TEMP, f"{hop}: forgotten here, but not in the store: {error}")
        self._answers.forget(str(hop))
        self._replies.clear()
        _log.info("domain=%s purged known=%s", hop, known)
        return SocketmapReply(Status.OK, f"{hop}: forgotten" if known else f"{hop}: was not known")


def _same_resolvers(one: Settings, other: Settings) -> bool:
    """Tell whether what was seen of the resolvers of one holds for the other."""
    return (one.asking.resolvers, one.trust_ad) == (other.asking.resolvers, other.trust_ad)


def _lasting_parts(settings: Settings) -> tuple[object, ...]:
    """Return what a running daemon cannot change."""
    return settings.listen, settings.collector, settings.store, settings.http, settings.control


def serve(settings: Settings, read: Callable[[], Settings]) -> None:
    """Run the daemon in this process; `read` returns the settings as they are when the daemon is reloaded."""
    log = begin_log(settings.log)
    connections_max = connections_allowed()

    async def main() -> None:
        await Daemon(settings, read, connections_max, lambda: log.lost).run()

    run(main)
