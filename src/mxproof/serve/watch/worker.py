"""The work: take what is due, check it, and keep what came of it, with whom to tell of it.

    claim --> check --> settle --> finish (one transaction: check, standing, news, notices)

A domain that is taken belongs to this worker for LEASE_S. Where the store is away nothing is taken, and what was being checked
is kept when it is back, or checked again where that takes longer than the lease.
"""

import asyncio
import logging
import random
import secrets
import socket
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from mxproof.evidence.evidence import Evidence
from mxproof.evidence.parts import parts_of
from mxproof.judge.differing import JudgedEvidence, seen
from mxproof.judge.news import DomainNews, Weight, domain_news
from mxproof.judge.settling import Turn, looked
from mxproof.net.asker import Asker
from mxproof.serve.watch.alerting import AGAIN_FACTOR_MAX, AGAIN_S
from mxproof.serve.watch.metrics import WatchCounts
from mxproof.serve.watch.observing import observed
from mxproof.serve.watch.schedule import delay_max_s, is_turned_away, next_check
from mxproof.serve.watch.settings import WatchSettings
from mxproof.serve.watch.store_thread import WATCH_STORE_RETRY_S, StoreThread
from mxproof.serve.watch.teller import wanting_of
from mxproof.store.journal.arranging import KeptMaintenance
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import ClaimedDomain, DelayBounds, Finished, News, WatchedCheck
from mxproof.survey.check_set import DEFAULT_SETS, survey_of

LEASE_S = 300.0
"""More than a check can take, and the time in which the domains of a dead worker are taken over."""
WATCH_SWEEP_S = 3600.0
RIGHTED_EVERY_S = 60.0
"""How often is looked for what a clock that was wrong has left in the store."""
IDLE_MAX_S = 10.0
"""How long a worker that is idle does not look: another process may have arranged something, or have died with a domain in hand."""
DUE_AGAIN_S = 0.05
"""The least such time: what is due and cannot be had is in the hands of a transaction that ends."""

_DELAYS = DelayBounds(lease_s=LEASE_S, told_again_s=AGAIN_S * AGAIN_FACTOR_MAX, check_s=delay_max_s)

_log = logging.getLogger("mxproof.watch")

Result = TypeVar("Result")


class Worker:
    """One worker of possibly many on one store. `has_news` is called when there are some to tell, `stirred` is set whenever something of it was kept in the store."""

    def __init__(
        self,
        settings: WatchSettings,
        store: StoreThread,
        counts: WatchCounts,
        now: Callable[[], datetime],
        has_news: Callable[[], None],
        stirred: asyncio.Event,
    ) -> None:
        self.settings = settings
        self.stirred = stirred
        self.name = f"{socket.gethostname()}-{secrets.token_hex(4)}"
        self._store = store
        self._counts = counts
        self._now = now
        self._asker = Asker(settings.asking)
        self._wanted = survey_of(DEFAULT_SETS)
        self._under_way: dict[asyncio.Task[None], ClaimedDomain] = {}
        self._righted_s = -RIGHTED_EVERY_S
        self._has_news = has_news
        self._woken = asyncio.Event()

    def close(self) -> None:
        """Let go of sockets."""
        self._asker.close()

    def renew(self, settings: WatchSettings) -> None:
        """Go on with other settings."""
        if settings.asking != self.settings.asking:
            old, self._asker = self._asker, Asker(settings.asking)
            old.close()
        self.settings = settings

    async def keep_domains(self) -> None:
        """Have the domains of the settings watched, and no others; raises JournalError."""
        await self._store.does(lambda watch: watch.set_watched(self.settings.domains, self._now()))
        self.stirred.set()
        self.stir()

    async def observed(self, domain: str) -> Evidence:
        """Ask all about a domain."""
        return await observed(domain, self._asker, self._wanted, self.settings.roots, self._now)

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
                await self._waited(full=len(claims) >= room)
        finally:
            await self._give_back()

    async def sweep(self) -> None:
        """Take away what is kept no longer, now and then."""
        while True:
            try:
                while await self._store.does(lambda watch: watch.sweep(self.settings.retention, self._now())):
                    pass
            except JournalError as error:
                self._store.is_down(error)
            await asyncio.sleep(WATCH_SWEEP_S)

    async def _claimed(self, room: int) -> list[ClaimedDomain]:
        now = self._now()
        until = now + timedelta(seconds=LEASE_S)
        try:
            await self._right_times(now)
            claims = await self._store.does(lambda watch: watch.claim(self.name, now, until, room))
        except JournalError as error:
            self._store.is_down(error)
            await asyncio.sleep(WATCH_STORE_RETRY_S)
            return []
        self._store.is_up()
        if claims:
            self._counts.late_s = (now - claims[-1].due_at).total_seconds()
            self.stirred.set()
        return claims

    async def _right_times(self, now: datetime) -> None:
        """Have due now, now and then, what a clock that was wrong put off; raises JournalError."""
        if time.monotonic() - self._righted_s < RIGHTED_EVERY_S:
            return
        late = await self._store.does(lambda watch: watch.bring_forward(now, _DELAYS))
        self._righted_s = time.monotonic()
        if late:
            _log.warning("clock: %d domains were due later than they can be; they are due now", late)

    def stir(self) -> None:
        """Look at once whether something is due."""
        self._woken.set()

    async def _waited(self, *, full: bool) -> None:
        """Wait until there may be something to do: a check is done, the next domain is due, or something was arranged.

        Where as many are under way as may be, only the end of one makes room.
        """
        woken = asyncio.create_task(self._woken.wait())
        waited_for: list[asyncio.Task[Any]] = [*self._under_way]
        if not full or not waited_for:
            waited_for.append(woken)
        timeout_s = None if full and self._under_way else await self._idle_s()
        try:
            await asyncio.wait(waited_for, timeout=timeout_s, return_when=asyncio.FIRST_COMPLETED)
        finally:
            woken.cancel()
        self._woken.clear()

    async def _idle_s(self) -> float:
        """Return for how long nothing is due, as far as this worker can know: others arrange things as well, and die."""
        try:
            due_at = await self._store.does(lambda watch: watch.next_due())
        except JournalError as error:
            self._store.is_down(error)
            return DUE_AGAIN_S  # what takes the next waits for the store
        if due_at is None:
            return IDLE_MAX_S
        due_s = (due_at - self._now()).total_seconds()
        return min(max(due_s, DUE_AGAIN_S), IDLE_MAX_S)

    def _is_done(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        if not task.cancelled() and (error := task.exception()) is not None:
            self._counts.fault()
            _log.error("fault of mxproof; the domain is checked again", exc_info=error)

    async def _check(self, claim: ClaimedDomain) -> None:
        """Check one domain and keep what came of it."""
        began_s = time.monotonic()
        evidence = await self.observed(claim.domain)
        took_s = time.monotonic() - began_s
        look = looked(claim.held, evidence)
        judged, step = look.judged, look.step
        turned_away = claim.turned_away + 1 if is_turned_away(evidence) else 0
        now = self._now()
        try:
            news = await self._worded(claim, step.turn, judged) if step.turn is not None else None
            arranged = await self._arranged(claim, now) if news is not None else []
        except JournalError:
            return
        report = judged.report
        done = Finished(
            check=WatchedCheck(
                observed_at=report.observed_at,
                took_s=took_s,
                outcome=report.summary.outcome,
                headline=report.summary.headline,
                outcomes={one.id: one.outcome for one in report.senders},
                parts=parts_of(evidence),
                memories=look.memories,
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
            news=None if news is None else self._kept(news, arranged),
        )
        try:
            kept = await self._in_time(claim, lambda watch: watch.finish(claim, done, self._now()))
        except JournalError:
            return
        self.stirred.set()
        self._count(claim.domain, kept=kept, took_s=took_s, outcome=done.check.outcome, news=news)

    async def _worded(self, claim: ClaimedDomain, turn: Turn, judged: JudgedEvidence) -> DomainNews:
        """Return the news; raises JournalError, as without what held before they would be told too loudly."""
        settled = None
        if claim.settled is not None:
            number = claim.settled
            before = await self._in_time(claim, lambda watch: watch.evidence(number))
            settled = seen(before.evidence, memories=before.memories) if before is not None else None
        return domain_news(turn, settled, judged)

    async def _in_time(self, claim: ClaimedDomain, work: Callable[[WatchJournal], Result]) -> Result:
        """Have `work` done while the domain is in these hands, however often the store is away; raises JournalError after that."""
        return await self._store.does_until(work, lambda: self._now() < claim.leased_until)

    async def _arranged(self, claim: ClaimedDomain, now: datetime) -> list[KeptMaintenance]:
        """Return the times of maintenance of the pages; raises JournalError, as without them people would be woken."""
        return await self._in_time(claim, lambda watch: watch.maintenance(now))

    def _kept(self, news: DomainNews, arranged: Sequence[KeptMaintenance]) -> News:
        """Return the news as they are kept, with who has to be told and when."""
        wanting = tuple(wanting_of(news, self.settings, arranged, self._now()))
        return News(news.kind, news.since, news.course, news.weight, msgspec.json.encode(news), wanting)

    def _count(
        self, domain: str, *, kept: bool, took_s: float, outcome: str, news: DomainNews | None
    ) -> None:
        if not kept:
            self._counts.lost += 1
            return
        _log.debug("domain=%s outcome=%s took_s=%.2f", domain, outcome, took_s)
        self._counts.checks[outcome] += 1
        self._counts.taken.add(took_s)
        if news is None:
            return
        self._counts.news[news.weight] += 1
        level = logging.WARNING if news.weight in (Weight.ALARM, Weight.WARNING) else logging.INFO
        _log.log(level, "domain=%s news=%s weight=%s %s", news.domain, news.kind, news.weight, news.headline)
        self._has_news()

    async def _give_back(self) -> None:
        """End what is under way, and give it back so that it is due at once for whoever works next."""
        claims = list(self._under_way.values())
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            await self._store.does(lambda watch: watch.give_back(claims))
        except JournalError as error:
            self._store.is_down(error)
