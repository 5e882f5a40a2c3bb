"""What of the answers is written to the store, and when: all that a restart has to know, and nothing more than once an hour."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta

import msgspec
import pytest

from mxproof.judge.decision import Decision, Failure, Held
from mxproof.judge.senders.protection import Protection
from mxproof.store.destinations.destination import Destination
from mxproof.store.destinations.memory import MemoryStore
from support_policyd import Core, FakeTime, Site, core, hop, play, policy_world, site

GRACE_S = 61.0
HOUR_S = 3600.0
DAY_S = 86_400.0
LAB_TTL_S = 300.0
SECURE = "OK secure match=mx1.example.com servername=hostname"


class Noting(MemoryStore):
    """A store that notes all that is written."""

    def __init__(self) -> None:
        super().__init__(9)
        self.written: list[Destination] = []

    def write(self, destinations: Sequence[Destination]) -> None:
        self.written += destinations
        super().write(destinations)


class Scene:
    """Answers in front of a site, over a store that notes, at a time that is set by hand."""

    def __init__(self, one: Site, made: Core, store: Noting) -> None:
        self.one = one
        self.made = made
        self.store = store
        self.began = made.time.machine

    async def anew(self) -> Destination:
        """Have everything found out anew once the grace is over, and return what is held then."""
        self.made.time.pass_(GRACE_S)
        self.made.answers.look_anew()
        return await self.made.destination()

    async def written(self) -> list[Destination]:
        """Return what was written since this was asked last."""
        await self.made.destinations.safe("example.com")
        found, self.store.written = self.store.written, []
        return found


@asynccontextmanager
async def on_the_hour(**changes: object) -> AsyncIterator[Scene]:
    """Run a scene that begins at a full hour."""
    store, time = Noting(), FakeTime()
    time.machine = time.machine.replace(minute=0, second=0, microsecond=0)
    async with site(policy_world()) as one, core(one.settings(**changes), store, time) as made:
        yield Scene(one, made, store)


def decided(destination: Destination) -> Decision:
    """Return the decision of a destination, which it has."""
    assert destination.held.decision is not None
    return destination.held.decision


def test_a_decision_that_is_renewed_is_written_again_with_the_next_hour() -> None:
    async def scene() -> None:
        async with on_the_hour() as at:
            first = await at.made.destination()
            assert await at.written() == [first]
            for _ in range(9):
                at.made.time.pass_(GRACE_S)
                last = await at.made.destination()
            assert (await at.written(), at.made.destinations.look("example.com")) == ([], last)
            assert last.asked_at == at.began + timedelta(seconds=9 * GRACE_S)
            at.made.time.pass_(HOUR_S)
            next_hour = await at.made.destination()
            assert await at.written() == [next_hour]
            at.made.time.pass_(GRACE_S)
            await at.made.destination()
            assert await at.written() == []

    play(scene())


def test_what_is_found_out_anew_and_is_as_before_is_written_again_with_the_next_hour() -> None:
    async def scene() -> None:
        async with on_the_hour() as at:
            first = await at.made.destination()
            assert await at.written() == [first]
            again = await at.anew()
            assert at.made.counts.rechecks == {"same": 0, "changed": 0}, "nothing was renewed"
            assert decided(again).at == again.asked_at == at.began + timedelta(seconds=GRACE_S)
            assert (await at.written(), at.made.destinations.look("example.com")) == ([], again)
            at.made.time.pass_(HOUR_S)
            next_hour = await at.anew()
            assert await at.written() == [next_hour]

    play(scene())


def test_another_decision_on_the_same_policy_is_written_at_once() -> None:
    async def scene() -> None:
        async with on_the_hour() as at:
            first = await at.made.destination()
            await at.written()
            at.one.dns.silent = True
            without_dns = await at.anew()
            assert (decided(without_dns).kept, without_dns.held.policy) == (True, first.held.policy)
            assert await at.written() == [without_dns]
            at.one.dns.silent = False
            back = await at.anew()
            assert decided(back) == msgspec.structs.replace(decided(first), at=back.asked_at)
            assert await at.written() == [back]

    play(scene())


def test_a_policy_that_was_fetched_again_is_written_though_it_says_the_same() -> None:
    async def scene() -> None:
        async with on_the_hour() as at:
            first = await at.made.destination()
            at.made.time.pass_(DAY_S + 60)
            fetched_again = await at.made.answers.fly(hop("example.com"), refresh=True)
            assert fetched_again.asked_at == first.asked_at, "nobody has asked"
            assert fetched_again.held.policy is not None
            assert fetched_again.held.policy.fetched_at == at.began + timedelta(seconds=DAY_S + 60)
            assert fetched_again.refresh_at == at.began + timedelta(seconds=2 * DAY_S + 60)
            assert await at.written() == [first, fetched_again]

    play(scene())


def test_a_failure_that_happens_again_is_written_and_puts_the_next_attempt_off() -> None:
    async def scene() -> None:
        async with on_the_hour() as at:
            await at.made.destination()
            await at.written()
            at.one.hang()
            at.made.time.pass_(DAY_S)
            tries: list[tuple[int, timedelta]] = []
            for wait_s in (60, 301, 601):
                at.made.time.pass_(wait_s)
                failed = await at.made.answers.fly(hop("example.com"), refresh=True)
                assert await at.written() == [failed]
                assert isinstance(failed.held.failure, Failure)
                assert failed.refresh_at is not None
                tries.append((failed.held.failure.times, failed.refresh_at - failed.held.failure.at))
            assert tries == [(number, timedelta(seconds=300 * 2 ** (number - 1))) for number in (1, 2, 3)]

    play(scene())


def test_a_new_id_that_leads_to_no_policy_leaves_the_day_on_which_the_held_one_is_fetched_again() -> None:
    async def scene() -> None:
        async with on_the_hour() as at:
            first = await at.made.destination()
            await at.written()
            at.one.dns.rewritten = (b"id=1;", b"id=2;")
            at.one.hang()
            failed = await at.anew()
            assert failed.held.policy == first.held.policy
            assert failed.held.failure is not None
            assert failed.refresh_at == first.refresh_at == at.began + timedelta(seconds=DAY_S)
            assert await at.written() == [failed]

    play(scene())


@pytest.mark.parametrize("off", [None, timedelta(days=30), timedelta(days=-30)])
def test_a_store_that_has_another_time_of_refreshing_is_put_right(off: timedelta | None) -> None:
    async def scene() -> None:
        async with on_the_hour() as at:
            right = await at.made.destination()
            assert right.refresh_at is not None
            wrong = msgspec.structs.replace(right, refresh_at=None if off is None else right.refresh_at + off)
            at.made.destinations.keep(wrong)
            await at.written()
            found = await at.anew()
            assert found.refresh_at == right.refresh_at
            assert await at.written() == [found]

    play(scene())


def test_of_a_destination_whose_decision_is_unknown_everything_is_written() -> None:
    async def scene() -> None:
        async with on_the_hour() as at:
            known = await at.made.destination()
            at.made.destinations.keep(msgspec.structs.replace(known, held=Held(known.held.policy)))
            await at.written()
            found = await at.made.destination()
            assert (decided(found).protection, found.held.policy) == (Protection.STS, known.held.policy)
            assert await at.written() == [found]

    play(scene())
