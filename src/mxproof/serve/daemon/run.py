"""The life of a daemon: its lasting work, its signals, its word to the service manager.

| signal | what follows |
|---|---|
| SIGTERM, SIGINT | `until_stopped` returns; the daemon ends what it has begun |
| SIGHUP | the configuration is read again; one that is wrong changes nothing. Before the daemon is ready: nothing |
"""

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager

from mxproof.formats import ConfigError
from mxproof.net.loop import quick_loop_factory
from mxproof.serve.daemon import notify
from mxproof.serve.daemon.config import LogLevel
from mxproof.serve.daemon.logs import Log, log_to

COLLECTED_EVERY = 20_000
"""Objects that come to be before garbage is looked for: a look-up makes some thousand, and hardly any lead back to
themselves."""
BEGUN_AGAIN_S = 60.0
"""How long after a fault lasting work is begun again."""

Work = Callable[[], Coroutine[None, None, None]]

_log = logging.getLogger("mxproof.daemon")


class Life:
    """One life, until `stop` is set; `ready` once the daemon answers, `reloaded` after each reload.

    `renew` reads the configuration again and takes it over; `fault` is told of each fault of this program.
    """

    def __init__(self, renew: Callable[[], Awaitable[None]], fault: Callable[[], None]) -> None:
        self.ready = asyncio.Event()
        self.reloaded = asyncio.Event()
        self.stop = asyncio.Event()
        self._renew = renew
        self._fault = fault
        self._reload_wanted = asyncio.Event()
        self._one_reload = asyncio.Lock()

    @asynccontextmanager
    async def lasting(self, *works: Work) -> AsyncIterator[None]:
        """Do `works` and hear signals, say that the daemon is ready, and end `works` at the end."""
        every = (*works, self._reloads, notify.stay_alive)
        tasks = [asyncio.create_task(self.go_on(work)) for work in every]
        self._handle_signals()
        notify.ready()
        self.ready.set()
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def until_stopped(self) -> None:
        """Wait for the end and tell of it."""
        await self.stop.wait()
        notify.stopping()
        _log.info("stopping")

    async def go_on(self, work: Work) -> None:
        """Do `work`, which ends by itself only where nobody wants it, and begin it again after a fault."""
        while True:
            try:
                await work()
            except Exception:  # noqa: BLE001 - the top of a task; answers go on without it meanwhile
                self._fault()
                _log.exception("fault of mxproof; begun again in %g s", BEGUN_AGAIN_S)
                await asyncio.sleep(BEGUN_AGAIN_S)
            else:
                return

    async def reload(self) -> None:
        """Read the configuration again, after any that is being read; one that is wrong changes nothing."""
        async with self._one_reload:
            notify.reloading()
            try:
                await self._renew()
                _log.info("reload: done")
            except ConfigError as error:
                _log.error("reload: %s; going on with what was", error)
            notify.ready()
            self.reloaded.set()

    async def _reloads(self) -> None:
        """Reload when told to; what is told meanwhile is told once."""
        while True:
            await self._reload_wanted.wait()
            self._reload_wanted.clear()
            await self.reload()

    def _handle_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop.set)
        loop.add_signal_handler(signal.SIGHUP, self._reload_wanted.set)


def begin_log(level: LogLevel) -> Log:
    """Write the log of this process to standard error, and return it."""
    log = log_to(sys.stderr, os.environ)
    # No line says which thread or process it is from, and to find that out takes a third of making a record.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    setattr(logging, "_srcfile", None)  # noqa: B010 - as the documentation says; nor does any say where in the program it is from
    logging.basicConfig(handlers=[log], level=logging.WARNING)
    set_log_level(level)
    return log


def set_log_level(level: LogLevel) -> None:
    """Let through what the configuration wants to see."""
    logging.getLogger("mxproof").setLevel(level.upper())


def run(main: Work) -> None:
    """Run a daemon in this process, on the loop of uvloop where that is installed.

    SIGHUP ends nothing before the daemon hears it: the configuration that it would have read again was just read.
    """
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    gc.set_threshold(COLLECTED_EVERY)
    with asyncio.Runner(loop_factory=quick_loop_factory()) as runner:
        runner.run(main())
