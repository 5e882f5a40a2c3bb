"""What guests ask for while checks are under way: how many are made at once, what is made next, and what is left at the end."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from mxproof.evidence import Evidence
from mxproof.evidence.parts import Parts
from mxproof.serve.watch.guest_work import GUESTS_AT_ONCE, GuestWork
from mxproof.serve.watch.metrics import DONE, LOST, WatchCounts
from mxproof.serve.watch.store_thread import WATCH_STORE_RETRY_S
from mxproof.serve.watch.worker import IDLE_MAX_S, LEASE_S, WATCH_SWEEP_S
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.guest_bounds import GuestBounds
from mxproof.store.journal.guest_checks import GUEST_TRIES_MAX, ClaimedGuestCheck, GuestJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from support_clock import at, passed_s, run
from support_logged import said
from support_new_store import new_store
from support_scenarios import AT
from support_worker import AtOnce, now, sees

BOUNDS = GuestBounds(waiting_max=9, an_hour_max=9, kept=timedelta(days=1))
DOMAINS = ("a.example", "b.example", "c.example", "d.example")


class Noting(GuestJournal):
    """What is kept of the checks of guests; it notes how much is asked for, and is away for a time."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.looked_s: list[float] = []
        self.claimed: list[tuple[float, int]] = []
        self.portions: list[int] = []
        self.away_s = (0.0, 0.0)

    def is_waiting(self, now: datetime, lease: timedelta) -> bool:
        """Tell whether something waits."""
        self.looked_s.append(round(passed_s(), 3))
        self._may_be_away()
        return super().is_waiting(now, lease)

    def claim(self, worker: str, now: datetime, lease: timedelta, checks_max: int) -> list[ClaimedGuestCheck]:
        """Take what waits."""
        self.claimed.append((round(passed_s(), 3), checks_max))
        return super().claim(worker, now, lease, checks_max)

    def finish(self, claimed: ClaimedGuestCheck, parts: Parts, now: datetime) -> bool:
        """Keep what was seen."""
        self._may_be_away()
        return super().finish(claimed, parts, now)

    def give_back(self, claims: Sequence[ClaimedGuestCheck]) -> None:
        """Put back what was not made."""
        self._may_be_away()
        super().give_back(claims)

    def sweep(self, now: datetime) -> int:
        """Take away a portion."""
        self._may_be_away()
        return self.portions.pop(0)

    def _may_be_away(self) -> None:
        if self.away_s[0] <= passed_s() < self.away_s[1]:
            raise JournalError("away")


class Bench:
    """This work over a store that is never waited for; a check takes a minute unless a test says otherwise."""

    def __init__(self, folder: Path) -> None:
        self.journal = Journal(new_store(folder))
        self.guests = Noting(self.journal)
        self.counts = WatchCounts()
        self.stirred = asyncio.Event()
        self.look: Callable[[str], Awaitable[Evidence]] = sees("direct", took_s=60.0)
        self.work = self._started()

    def _started(self) -> GuestWork:
        """Return the work of a process that has just been started."""
        store = AtOnce(WatchJournal(self.journal), self.counts)
        return GuestWork("one", self._observed, self.guests, store, self.counts, now, self.stirred)

    async def _observed(self, domain: str) -> Evidence:
        return await self.look(domain)

    def ask(self, *domains: str) -> None:
        """Ask as guests do, one after the other; a link is the domain."""
        for number, one in enumerate(domains):
            self.guests.ask(one, one, AT + timedelta(seconds=number - 100), BOUNDS)

    def works(self, for_s: float, meanwhile: Callable[[], Awaitable[None]] | None = None) -> None:
        """Work for so many seconds, beside what happens `meanwhile`, as a process that is then ended."""
        self.work = self._started()

        async def scenario() -> None:
            working = asyncio.create_task(self.work.work())
            if meanwhile is not None:
                await meanwhile()
            await at(for_s)
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

        run(scenario(), patience_s=0)

    def done_s(self) -> dict[str, float]:
        """Return how many seconds after the beginning each check was done."""
        checks = {one: self.guests.check(one, AT) for one in DOMAINS}
        return {
            one: round((check.done_at - AT).total_seconds(), 3)
            for one, check in checks.items()
            if check is not None and check.done_at is not None
        }

    def waiting(self) -> list[str]:
        """Return what is in nobody's hands."""
        claims = GuestJournal(self.journal).claim("other", AT, timedelta(seconds=LEASE_S), 9)
        return [one.link for one in claims]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.journal.close()


def test_so_many_are_made_at_once_and_each_that_ends_makes_room_for_the_next_who_asked(bench: Bench) -> None:
    bench.ask(*DOMAINS)
    quick, slow = sees("direct", took_s=5.0), sees("direct", took_s=7.0)
    bench.look = lambda domain: (quick if domain == "a.example" else slow)(domain)
    bench.works(20)
    assert GUESTS_AT_ONCE == 2
    assert bench.guests.claimed == [(0.0, 2), (5.0, 1), (7.0, 1)]
    assert bench.done_s() == {"a.example": 5.0, "b.example": 7.0, "c.example": 12.0, "d.example": 14.0}
    assert +bench.counts.guests == {DONE: 4}
    assert bench.stirred.is_set()


def test_with_no_room_nobody_looks_however_often_somebody_asks(bench: Bench) -> None:
    bench.ask(*DOMAINS[:3])

    async def asks() -> None:
        for at_s in (1, 2, 3):
            await at(at_s)
            bench.work.stir()

    bench.works(59, asks)
    assert bench.guests.looked_s == [0.0]


def test_it_is_looked_at_once_when_somebody_asks_and_else_now_and_then(bench: Bench) -> None:
    async def asks() -> None:
        await at(3)
        bench.ask("a.example")
        bench.work.stir()
        await at(4)
        bench.ask("b.example")

    bench.look = sees("direct")
    bench.works(3 + IDLE_MAX_S + 1, asks)
    assert bench.guests.looked_s == [0.0, 3.0, 3.0, 3.0 + IDLE_MAX_S, 3.0 + IDLE_MAX_S]
    assert bench.done_s() == {"a.example": 3.0, "b.example": 3.0 + IDLE_MAX_S}


def test_what_was_begun_at_the_end_waits_again_and_counts_as_no_try(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.ask(*DOMAINS[:3])
    for _ in range(GUEST_TRIES_MAX + 1):
        bench.works(1)
    assert bench.waiting() == ["a.example", "b.example", "c.example"]
    assert (+bench.counts.guests, bench.counts.errors, said(caplog)) == ({}, 0, [])


def test_where_the_store_is_away_at_the_end_the_lease_is_waited_for(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.ask("a.example")
    bench.guests.away_s = (1.0, 9.0)
    bench.works(2)
    assert bench.waiting() == []
    assert said(caplog) == ["store: away; nothing is checked until it is back"]


def test_a_store_that_is_away_is_asked_again_and_what_was_seen_is_kept_when_it_is_back(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.ask("a.example")
    bench.guests.away_s = (0.0, 5.0)

    async def away_again() -> None:
        await at(30)
        bench.guests.away_s = (30.0, 85.0)

    bench.works(95, away_again)
    began_s = WATCH_STORE_RETRY_S + IDLE_MAX_S
    assert bench.guests.looked_s[:2] == [0.0, began_s]
    assert bench.done_s() == {"a.example": began_s + 60.0 + WATCH_STORE_RETRY_S}
    assert not bench.counts.store_down
    assert said(caplog)[-1] == "store: back"


def test_a_check_that_another_has_taken_over_is_lost_and_stays_with_the_other(bench: Bench) -> None:
    bench.ask("a.example", "b.example")
    bench.look = sees("direct", took_s=LEASE_S + 5)

    async def taken_over() -> None:
        await at(LEASE_S + 1)
        other = GuestJournal(bench.journal)
        (claim,) = other.claim("other", now(), timedelta(seconds=LEASE_S), 1)
        assert claim.link == "a.example"

    bench.works(LEASE_S + 6, taken_over)
    assert +bench.counts.guests == {LOST: 1, DONE: 1}
    assert bench.done_s() == {"b.example": LEASE_S + 5}


def test_a_fault_is_counted_and_makes_room(bench: Bench, caplog: pytest.LogCaptureFixture) -> None:
    bench.ask(*DOMAINS)
    well = sees("direct")

    async def broken(domain: str) -> Evidence:
        if domain in ("a.example", "b.example"):
            raise ValueError("a fault")
        return await well(domain)

    bench.look = broken
    bench.works(1)
    assert bench.done_s() == {"c.example": 0.0, "d.example": 0.0}
    assert (bench.counts.errors, +bench.counts.guests) == (2, {DONE: 2})
    assert said(caplog) == ["fault of mxproof; the check of a guest is made again"] * 2


def test_what_is_kept_no_longer_is_taken_away_each_hour_until_none_is_left(bench: Bench) -> None:
    bench.guests.portions, bench.guests.away_s = [200, 7, 0, 1, 0], (WATCH_SWEEP_S - 1, WATCH_SWEEP_S + 1)

    async def sweeps() -> list[int]:
        sweeping = asyncio.create_task(bench.work.sweep())
        left = []
        for at_s in (1, WATCH_SWEEP_S + 2, 2 * WATCH_SWEEP_S + 1):
            await at(at_s)
            left.append(len(bench.guests.portions))
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)
        return left

    assert run(sweeps(), patience_s=0) == [2, 2, 0]
    assert bench.counts.store_down
