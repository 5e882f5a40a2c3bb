"""Telling: whoever wants to know is told of news when they are due, and gets a digest when it is time.

claim_notices --> moot? --> told --> settle_notice        claim_digests --> digest_of --> told --> settle_digest

Each channel has NOTICES_AT_ONCE under way and no more, so that one that hangs keeps nobody waiting but itself.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

from mxproof.judge.news import DomainNews
from mxproof.serve.watch.alerting import told, tried_again_at
from mxproof.serve.watch.channel import Channel
from mxproof.serve.watch.digesting import digest_of
from mxproof.serve.watch.hours import Maintenance
from mxproof.serve.watch.message import digest_message, news_message
from mxproof.serve.watch.metrics import DELIVERED, FAILED, GIVEN_UP, WatchCounts
from mxproof.serve.watch.settings import WatchSettings
from mxproof.serve.watch.store_thread import StoreThread
from mxproof.store.journal.arranging import KeptMaintenance
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import DueDigest, DueNotice, Wanting

TOLD_LOOKED_EVERY_S = 5.0
"""How often is looked whether something is due that had to wait, or that another worker may have left."""
NOTICES_AT_ONCE = 2
LAST_TELLING_S = 10.0

_log = logging.getLogger("mxproof.watch")


class Teller:
    """What tells; `stirred` is set whenever something of it was kept in the store."""

    def __init__(
        self,
        settings: WatchSettings,
        store: StoreThread,
        counts: WatchCounts,
        now: Callable[[], datetime],
        stirred: asyncio.Event,
    ) -> None:
        self.settings = settings
        self._store = store
        self._counts = counts
        self._now = now
        self._stirred = stirred
        self._wanted = asyncio.Event()
        self._under_way: dict[asyncio.Task[None], str] = {}

    def has_news(self) -> None:
        """Look at once what is to be told."""
        self._wanted.set()

    async def keep_digests(self) -> None:
        """Have digests made for the channels of the settings, and for no others; raises JournalError."""
        now, zone = self._now(), self.settings.zone
        due = {
            one.name: one.digest.next(now, zone) for one in self.settings.channels if one.digest is not None
        }
        await self._store.does(lambda watch: watch.set_digests(due, now))

    async def tell(self) -> None:
        """Tell, as long as it is not cancelled."""
        try:
            while True:
                self._wanted.clear()
                if not await self._begun():
                    await self._waited()
        finally:
            await self._ended()

    async def _begun(self) -> bool:
        """Begin to tell what is due; return whether there was anything."""
        for task in [one for one in self._under_way if one.done()]:
            del self._under_way[task]
            task.result()
        notices, digests = await self._due()
        for notice in notices:
            self._under_way[asyncio.create_task(self._tell(notice))] = notice.channel
        for digest in digests:
            self._under_way[asyncio.create_task(self._tell_digest(digest))] = digest.channel
        return bool(notices or digests)

    async def _waited(self) -> None:
        """Wait until there may be something to tell: news came, or somebody was told who can be told of more."""
        wanted = asyncio.create_task(self._wanted.wait())
        try:
            await asyncio.wait(
                {wanted, *self._under_way},
                timeout=TOLD_LOOKED_EVERY_S,
                return_when=asyncio.FIRST_COMPLETED,
            )
        finally:
            wanted.cancel()

    async def _ended(self) -> None:
        """Leave what was begun LAST_TELLING_S, so that nobody is told twice of it."""
        tasks = list(self._under_way)
        if not tasks:
            return
        _, late = await asyncio.wait(tasks, timeout=LAST_TELLING_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _due(self) -> tuple[list[DueNotice], list[DueDigest]]:
        now, channels = self._now(), self.settings.channels
        if not channels:
            return [], []
        busy = Counter(self._under_way.values())
        rooms = [
            (one, NOTICES_AT_ONCE - busy[one.name]) for one in channels if busy[one.name] < NOTICES_AT_ONCE
        ]
        longest = now + timedelta(seconds=2 * max(one.timeout_s for one in channels))

        def claimed(watch: WatchJournal) -> tuple[list[DueNotice], list[DueDigest]]:
            notices: list[DueNotice] = []
            for one, room in rooms:
                until = now + timedelta(seconds=2 * one.timeout_s)
                notices += watch.claim_notices([one.name], now, until, room)
            return notices, watch.claim_digests(now, longest)

        try:
            return await self._store.does(claimed)
        except JournalError as error:
            self._store.is_down(error)
            return [], []

    async def _tell(self, notice: DueNotice) -> None:
        channel = self._channel(notice.channel)
        if channel is None:
            return
        again_at = None
        if notice.moot is not None:
            failure, became = f"not told: {notice.moot}", str(notice.moot)
        else:
            failure = await told(channel, news_message(notice.news))
            again_at = tried_again_at(self._now(), notice.tries + 1) if failure else None
            became = DELIVERED if not failure else FAILED if again_at is not None else GIVEN_UP
            if failure:
                _log.error("alert=%s domain=%s %s: %s", notice.channel, notice.news.domain, became, failure)
        self._counts.notices[became] += 1
        # While this try is in these hands; after that somebody is told once more rather than never.
        until = self._now() + timedelta(seconds=channel.timeout_s)
        with contextlib.suppress(JournalError):
            await self._store.does_until(
                lambda watch: watch.settle_notice(notice, self._now(), failure, again_at),
                lambda: self._now() < until,
            )
        self._stirred.set()

    async def _tell_digest(self, digest: DueDigest) -> None:
        channel = self._channel(digest.channel)
        if channel is None or channel.digest is None:
            return
        try:
            made = await self._store.does(lambda watch: digest_of(watch, digest.since, digest.until))
            failure = await told(channel, digest_message(made))
            now = self._now()
            next_at = channel.digest.next(now, self.settings.zone)
            again_at = tried_again_at(now, digest.tries + 1) if failure else None
            became = DELIVERED if not failure else FAILED if again_at is not None else GIVEN_UP
            self._counts.digests[became] += 1
            if failure:
                _log.error("alert=%s digest %s: %s", digest.channel, became, failure)
            due_at = min(again_at or next_at, next_at)
            await self._store.does(lambda watch: watch.settle_digest(digest, due_at, failure))
        except JournalError as error:
            self._store.is_down(error)
        self._stirred.set()

    def _channel(self, name: str) -> Channel | None:
        return next((one for one in self.settings.channels if one.name == name), None)


def wanting_of(
    news: DomainNews, settings: WatchSettings, arranged: Sequence[KeptMaintenance], now: datetime
) -> Iterator[Wanting]:
    """Yield the channels that have to be told of news, and until when each has to wait; `arranged` is what the pages say."""
    maintenance = (
        *settings.maintenance,
        *(Maintenance(frozenset(one.domains), one.begins, one.ends) for one in arranged),
    )
    for one in settings.channels:
        if one.wants(news.weight):
            until = one.held_until(news.domain, news.weight, now, maintenance, settings.zone)
            yield Wanting(one.name, until)
