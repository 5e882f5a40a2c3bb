"""The pages as a daemon runs them: beside its own work, over the same store, in this process or in one of their own."""

import contextlib
import logging
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from mxproof.serve.web.app import web_app
from mxproof.serve.web.door import Door
from mxproof.serve.web.pages.setup import SetUp
from mxproof.serve.web.server import WebServer
from mxproof.serve.web.settings import WebSettings
from mxproof.serve.web.site import Site
from mxproof.serve.web.store_reader import StoreReader
from mxproof.store.journal.error import JournalError

_log = logging.getLogger("mxproof.web")


class ServedPages:
    """The pages of one store; raises ConfigError where the certificate cannot be used."""

    def __init__(
        self,
        settings: WebSettings,
        store: str,
        *,
        now: Callable[[], datetime],
        setup: Callable[[], SetUp],
        try_alert: Callable[[str], Awaitable[str]],
        stir: Callable[[], None],
        fault: Callable[[], None],
    ) -> None:
        self._store = StoreReader(store)
        self._door = Door(self._store, settings.proxy, now)
        site = Site(
            settings=settings,
            store=self._store,
            door=self._door,
            now=now,
            setup=setup,
            try_alert=try_alert,
            stir=stir,
        )
        self._server = WebServer(web_app(site, fault), settings)

    async def run(self, sockets: Sequence[socket.socket]) -> None:
        """Serve on these sockets until told to stop."""
        if self._door.has_logins:
            await self._tell_of_nobody()
        await self._server.run(sockets)

    async def _tell_of_nobody(self) -> None:
        """Say in the log where nobody could log in yet."""
        with contextlib.suppress(JournalError):
            if not await self._store.read(self._store.access.accounts):
                _log.warning("web: nobody may log in yet; mxproof watch user add NAME --role admin")

    def stop(self) -> None:
        """Have `run` answer what it has begun, and return."""
        self._server.stop()

    def renew(self) -> None:
        """Show the certificate that is in the files now; raises ConfigError."""
        self._server.renew()

    def close(self) -> None:
        """Let go of threads and of the store."""
        self._door.close()
        self._store.close()
