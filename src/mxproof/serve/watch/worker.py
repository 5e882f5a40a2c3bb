"""The work: take what is due, check it, keep what came of it, and tell whoever wants to know.

    claim --> check --> settle --> finish (one transaction: check, standing, news, notices)
                                      |
                            claim_notices --> told --> settle_notice

A domain that is taken belongs to this worker for LEASE_S. Where the store is away nothing is taken, and what was being checked
is checked again when it is back.
"""

import asyncio
import logging
import random
import secrets
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import TypeVar

import msgspec

from mxproof.evidence import Evidence
from mxproof.evidence.parts import parts_of
from mxproof.judge.differing import JudgedEvidence, seen
from mxproof.judge.news import DomainNews, Weight, domain_news
from mxproof.judge.settling import Turn, settle, sight
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.collect import collect
from mxproof.serve.watch.alerting import told, tried_again_at
from mxproof.serve.watch.metrics import DELIVERED, FAILED, GIVEN_UP, WatchCounts
from mxproof.serve.watch.schedule import is_turned_away, next_check
from mxproof.serve.watch.settings import WatchSettings
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import ClaimedDomain, DueNotice, Finished, News, WatchedCheck
from mxproof.survey.check_set import DEFAULT_SETS, survey_of

LEASE_S = 300.0
"""More than a check can take, and the time in which the domains of a dead worker are taken over."""
LOOKED_EVERY_S = 5.0
"""How often is looked whether something is due that another worker may have left."""
WATCH_STORE_RETRY_S = 10.0
NOTICES_AT_ONCE = 8
WATCH_SWEEP_S = 3600.0

_log = logging.getLogger("mxproof.watch")

Result = TypeVar("Result")


class Worker:
    """One worker of possibly many on one store; `stirred` is set whenever something of it was kept in the store."""

    def __init__(
        self,
        settings: WatchSettings,
        watch: WatchJournal,
        counts: WatchCounts,
        now: Callable[[], datetime],
    ) -> None:
        self.settings = settings
        self.stirred = asyncio.Event()
        self.name = f"{socket.gethostname()}-{secrets.token_hex(4)}"
        self._watch = watch
        self._counts = counts
        self._now = now
        self._asker = Asker(settings.asking)
        self._wanted = survey_of(DEFAULT_SETS)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._under_way: dict[asyncio.Task[None], ClaimedDomain] = {}
        self._news = asyncio.Event()

    def close(self) -> None:
        """Let go of sockets and of the thread that writes."""
        self._asker.close()
        self._thread.shutdown(wait=True)

    def renew(self, settings: WatchSettings) -> None:
        """Go on with other settings."""
        if settings.asking != self.settings.asking:
            old, self._asker = self._asker, Asker(settings.asking)
            old.close()
        self.settings = settings

    async def keep_domains(self) -> None:
        """Have the domains of the settings watched, and no others; raises JournalError."""
        await self._stored(lambda: self._watch.set_watched(self.settings.domains, self._now()))
        self.stirred.set()

    async def work(self) -> None:
        """Check what is due, as long as it is not cancelled; what is under way then is given back."""
        try:
            while True:
                room = self.settings.jobs - len(self._under_way)
                claims = await self._claimed(room) if room > 0 else []
                for claim in claims:
                    task = asyncio.create_task(self._check(claim))
                    self._under_way[task] = claim
                    task.add_done_callback(self._is_done)
                await self._waited(full=not room or len(claims) == room)
        finally:
            await self._give_back()

    async def tell(self) -> None:
        """Tell whoever wants to know, as long as it is not cancelled."""
        while True:
            self._news.clear()
            notices = await self._due_notices()
            if notices:
                await asyncio.gather(*map(self._tell, notices))
                continue
            try:
                async with asyncio.timeout(LOOKED_EVERY_S):
                    await self._news.wait()
            except TimeoutError:
                pass

    async def sweep(self) -> None:
        """Take away what is kept no longer, now and then."""
        while True:
            try:
                while await self._stored(lambda: self._watch.sweep(self.settings.retention, self._now())):
                    pass
            except JournalError as error:
                self._is_down(error)
            await asyncio.sleep(WATCH_SWEEP_S)

    async def _claimed(self, room: int) -> list[ClaimedDomain]:
        now = self._now()
        until = now + timedelta(seconds=LEASE_S)
        try:
            claims = await self._stored(lambda: self._watch.claim(self.name, now, until, room))
        except JournalError as error:
            self._is_down(error)
            await asyncio.sleep(WATCH_STORE_RETRY_S)
            return []
        if self._counts.store_down:
            _log.warning("store: back")
            self._counts.store_down = False
        if claims:
            self._counts.late_s = (now - claims[-1].due_at).total_seconds()
            self.stirred.set()
        return claims

    async def _waited(self, *, full: bool) -> None:
        """Wait until there may be something to do: a check is done, or it is time to look again."""
        if self._under_way:
            await asyncio.wait(
                self._under_way, timeout=None if full else 1.0, return_when=asyncio.FIRST_COMPLETED
            )
        else:
            await asyncio.sleep(1.0)

    def _is_done(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._counts.fault()
            _log.error("fault of mxproof; the domain is checked again", exc_info=error)

    async def _check(self, claim: ClaimedDomain) -> None:
        """Check one domain and keep what came of it."""
        began_s = time.monotonic()
        start = Evidence(claim.domain)
        asked = await collect(claim.domain, self._asker, self._wanted, evidence=start)
        evidence = with_anchors(asked, self.settings.roots)
        took_s = time.monotonic() - began_s
        judged = seen(evidence)
        step = settle(claim.held, sight(judged), judged.now)
        turned_away = claim.turned_away + 1 if is_turned_away(evidence) else 0
        now = self._now()
        news = await self._worded(claim, step.turn, judged) if step.turn is not None else None
        report = judged.report
        done = Finished(
            check=WatchedCheck(
                observed_at=report.observed_at,
                took_s=took_s,
                outcome=report.summary.outcome,
                headline=report.summary.headline,
                outcomes={one.id: one.outcome for one in report.senders},
                parts=parts_of(evidence),
            ),
            held=step.held,
            adopts=step.adopts,
            due_at=next_check(
                now,
                claim.interval_s,
                soon=step.soon,
                turned_away=turned_away,
                chance=random.random(),  # noqa: S311 - when a domain is checked is no secret
            ),
            turned_away=turned_away,
            news=None if news is None else self._kept(news),
        )
        try:
            kept = await self._stored(lambda: self._watch.finish(claim, done, self._now()))
        except JournalError as error:
            self._is_down(error)
            return
        self.stirred.set()
        self._count(kept=kept, took_s=took_s, outcome=done.check.outcome, news=news)

    async def _worded(self, claim: ClaimedDomain, turn: Turn, judged: JudgedEvidence) -> DomainNews:
        settled = None
        if claim.settled is not None:
            number = claim.settled
            try:
                before = await self._stored(lambda: self._watch.evidence(number))
            except JournalError as error:
                self._is_down(error)
                before = None
            settled = seen(before) if before is not None else None
        return domain_news(turn, settled, judged)

    def _kept(self, news: DomainNews) -> News:
        wanting = tuple(one.name for one in self.settings.channels if one.wants(news.weight))
        return News(news.kind, news.since, news.course, news.weight, msgspec.json.encode(news), wanting)

    def _count(self, *, kept: bool, took_s: float, outcome: str, news: DomainNews | None) -> None:
        if not kept:
            self._counts.lost += 1
            return
        self._counts.checks[outcome] += 1
        self._counts.taken.add(took_s)
        if news is None:
            return
        self._counts.news[news.weight] += 1
        level = logging.WARNING if news.weight in (Weight.ALARM, Weight.WARNING) else logging.INFO
        _log.log(level, "domain=%s news=%s weight=%s %s", news.domain, news.kind, news.weight, news.headline)
        self._news.set()

    async def _due_notices(self) -> list[DueNotice]:
        now = self._now()
        names = [one.name for one in self.settings.channels]
        if not names:
            return []
        longest_s = max(one.timeout_s for one in self.settings.channels)
        until = now + timedelta(seconds=2 * longest_s)
        try:
            return await self._stored(lambda: self._watch.claim_notices(names, now, until, NOTICES_AT_ONCE))
        except JournalError as error:
            self._is_down(error)
            return []

    async def _tell(self, notice: DueNotice) -> None:
        channel = next((one for one in self.settings.channels if one.name == notice.channel), None)
        if channel is None:
            return
        failure = await told(channel, notice)
        again_at = tried_again_at(self._now(), notice.tries + 1) if failure else None
        became = DELIVERED if not failure else FAILED if again_at is not None else GIVEN_UP
        self._counts.notices[became] += 1
        if failure:
            _log.error("alert=%s domain=%s %s: %s", notice.channel, notice.news.domain, became, failure)
        try:
            await self._stored(lambda: self._watch.settle_notice(notice, self._now(), failure, again_at))
        except JournalError as error:
            self._is_down(error)
        self.stirred.set()

    async def _give_back(self) -> None:
        """End what is under way, and give it back so that it is due at once for whoever works next."""
        claims = list(self._under_way.values())
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._stored(lambda: self._watch.give_back(claims))
        except JournalError as error:
            self._is_down(error)

    async def _stored(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)

    def _is_down(self, error: JournalError) -> None:
        if not self._counts.store_down:
            _log.error("store: %s; nothing is checked until it is back", error)
        self._counts.store_down = True
