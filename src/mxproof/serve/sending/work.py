"""Sending as the lasting work of a daemon: for as long as it is configured, with the settings as they are now."""

import asyncio
import random
from contextlib import closing
from datetime import UTC, datetime

from mxproof.serve.sending.counts import SendCounts
from mxproof.serve.sending.sender import ReportSender
from mxproof.serve.sending.settings import SendSettings
from mxproof.store.journal.journal import Journal


class SendWork:
    """Sends what is in the journal at `store`; nothing where `settings` are None."""

    def __init__(self, store: str, settings: SendSettings | None, counts: SendCounts) -> None:
        self._store = store
        self._settings = settings
        self._counts = counts
        self._changed = asyncio.Event()
        self._sender: ReportSender | None = None

    def change(self, settings: SendSettings | None) -> None:
        """Go on with other settings."""
        self._settings = settings
        if settings is not None and self._sender is not None:
            self._sender.settings = settings
        self._changed.set()

    async def run(self) -> None:
        """Send, as long as it is not cancelled."""
        while self._settings is None:
            self._changed.clear()
            await self._changed.wait()
        with (
            closing(Journal(self._store)) as journal,
            report_sender(journal, self._settings, self._counts) as made,
        ):
            self._sender = made
            await made.run(lambda: self._settings is not None)


def report_sender(journal: Journal, settings: SendSettings, counts: SendCounts) -> ReportSender:
    """Return what sends by the clock and the chance of this machine."""
    return ReportSender(journal, settings, counts, lambda: datetime.now(UTC), random.SystemRandom().random)
