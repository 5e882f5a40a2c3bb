"""A worker of the watch that is never waited for: it sees what a test shows it, by a clock that leaps, and keeps it at once."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from mxproof.evidence import Evidence
from mxproof.judge.news import Weight
from mxproof.net.asking import Asking, Peer
from mxproof.serve.watch.channel import Channel
from mxproof.serve.watch.metrics import WatchCounts
from mxproof.serve.watch.settings import WatchSettings
from mxproof.serve.watch.store_thread import Result, StoreThread
from mxproof.serve.watch.worker import Worker
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import (
    ClaimedDomain,
    DelayBounds,
    Finished,
    WatchedDomain,
    WatchRetention,
)
from support_clock import at, passed_s, run
from support_new_store import new_store
from support_scenarios import AT, seen

ONE, OTHER = WatchedDomain("example.com", 3600.0), WatchedDomain("example.net", 3600.0)
OFTEN = WatchedDomain("example.com", 12.0)
PAGER = Channel("pager", ("/bin/true",), Weight.WARNING, 60.0)
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)

Sees = Callable[[str], Awaitable[Evidence]]


def now() -> datetime:
    """Return the time by the clock of the loop."""
    return AT + timedelta(seconds=passed_s())


def sees(*scenarios: str, took_s: float = 0.0) -> Sees:
    """Return what sees one scenario after the other, and then always the last."""
    left = list(scenarios)

    async def look(domain: str) -> Evidence:
        evidence = seen(left.pop(0) if len(left) > 1 else left[0]).evidence
        await asyncio.sleep(took_s)
        later = now() - evidence.observed_at()
        return msgspec.structs.replace(evidence, domain=domain).with_answers(
            (question, msgspec.structs.replace(answer, at=answer.at + later))
            for question, answer in evidence.answers.items()
        )

    return look


def settings_of(*domains: WatchedDomain, jobs: int = 2) -> WatchSettings:
    """Return the settings of a watch over domains that tells a pager."""
    return WatchSettings(
        domains=domains,
        jobs=jobs,
        store="",
        retention=WatchRetention(),
        asking=Asking((Peer("127.0.0.1", 1),)),
        roots=(),
        channels=(PAGER,),
        zone=UTC,
    )


class AtOnce(StoreThread):
    """A store without a thread, so that whatever happens does so in an order."""

    async def does(self, work: Callable[[WatchJournal], Result]) -> Result:
        """Have work done."""
        return work(self._watch)


class Noting(WatchJournal):
    """A store that notes when it was asked for what is due, and for how much, and is away or busy for a time."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.claimed: list[tuple[float, int]] = []
        self.looked = 0
        self.busy_until_s = 0.0
        self.away_s: tuple[float, float] = (0.0, 0.0)
        self.finish_tried_s: list[float] = []
        self.portions: list[int] = []
        self.righted_s: list[float] = []

    def claim(self, worker: str, now: datetime, until: datetime, domains_max: int) -> list[ClaimedDomain]:
        """Take what is due."""
        self._may_be_away()
        self.claimed.append((round(passed_s(), 3), domains_max))
        if passed_s() < self.busy_until_s:
            return []
        return super().claim(worker, now, until, domains_max)

    def next_due(self) -> datetime | None:
        """Return when the next is due."""
        self.looked += 1
        self._may_be_away()
        return super().next_due()

    def bring_forward(self, now: datetime, bounds: DelayBounds) -> int:
        """Put right what a clock has left."""
        self.righted_s.append(round(passed_s(), 3))
        self._may_be_away()
        return super().bring_forward(now, bounds)

    def finish(self, claimed: ClaimedDomain, done: Finished, now: datetime) -> bool:
        """Keep a check."""
        self.finish_tried_s.append(passed_s())
        self._may_be_away()
        return super().finish(claimed, done, now)

    def give_back(self, claims: Sequence[ClaimedDomain], due_at: datetime | None = None) -> None:
        """Put back what was not checked."""
        self._may_be_away()
        super().give_back(claims, due_at)

    def sweep(self, retention: WatchRetention, now: datetime) -> int:
        """Take away a portion."""
        self._may_be_away()
        return self.portions.pop(0)

    def _may_be_away(self) -> None:
        begins, ends = self.away_s
        if begins <= passed_s() < ends:
            raise JournalError("away")


class Seeing(Worker):
    """A worker that sees what a test has it see."""

    look: Sees

    async def observed(self, domain: str) -> Evidence:
        """Return what is seen."""
        return await self.look(domain)


class Bench:
    """A worker with a store of its own that is never waited for."""

    def __init__(self, folder: Path, *domains: WatchedDomain, jobs: int = 2) -> None:
        self.journal = Journal(new_store(folder))
        self.kept = WatchJournal(self.journal)
        self.store = Noting(self.journal)
        self.counts = WatchCounts()
        self.settings = settings_of(*domains, jobs=jobs)
        self.stirred = asyncio.Event()
        self.has_news = 0
        self.worker = Seeing(
            self.settings, AtOnce(self.store, self.counts), self.counts, now, self._told, self.stirred
        )
        self.worker.look = sees("direct")
        self.kept.set_watched(domains, AT)

    def works(self, for_s: float, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        """Work for so many seconds, beside what happens `meanwhile`."""
        run(self._works(for_s, meanwhile), patience_s=0)

    async def _works(self, for_s: float, meanwhile: Callable[[], Awaitable[None]] | None) -> None:
        working = asyncio.create_task(self.worker.work())
        if meanwhile is not None:
            await meanwhile()
        await at(for_s)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    def _told(self) -> None:
        self.has_news += 1

    def asked_at(self) -> list[float]:
        """Return when the store was asked for what is due."""
        return [at_s for at_s, _ in self.store.claimed]

    def seen_at(self, domain: str) -> list[float]:
        """Return how many seconds after the beginning the checks of a domain were made."""
        checks = self.kept.checks(domain, AT, AT + 400 * DAY)
        return [(one.observed_at - AT).total_seconds() for one in reversed(checks)]
