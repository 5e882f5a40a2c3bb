"""What the daemon does now and then: hear of purges of others, forget what nobody asks for, count policies."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Failure, Held, expires_at
from mxproof.judge.senders.protection import Rules
from mxproof.mail.memory import Memory
from mxproof.net.asking import Asking, Peer
from mxproof.serve.policyd.answer_settings import AnswerSettings
from mxproof.serve.policyd.upkeep import UNASKED_S, Upkeep
from mxproof.store.destinations.destination import Destination
from mxproof.store.destinations.memory import MemoryStore
from support_clock import at, passed_s, run
from support_policyd import Core, FakeTime, core, play, policy_world, site

DAY_S = 86_400.0
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SETTINGS = AnswerSettings(Asking((Peer("127.0.0.1", 1),), trust_ad=True), (), Rules(), 60.0, 2.0)


class Shared(MemoryStore):
    """A store that other daemons write to as well."""

    shared = True


def set_at(now: datetime) -> FakeTime:
    time = FakeTime()
    time.machine = now
    return time


def upkeep_of(made: Core, purged: Callable[[], None] = lambda: None) -> Upkeep:
    return Upkeep(made.answers, made.destinations, made.counts, purged)


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records]


def test_a_purge_of_one_daemon_reaches_the_others_and_no_memory_brings_the_policy_back() -> None:
    async def scene() -> None:
        store, time = Shared(9), FakeTime()
        async with site(policy_world()) as one:
            settings = one.settings()
            async with core(settings, store, time) as first, core(settings, store, time) as second:
                other = upkeep_of(second)
                await first.told()
                assert await first.destinations.safe("example.com")
                await second.told()
                await other.take_purges()
                time.pass_(1)
                one.hang()
                await first.destinations.purge("example.com", first.answers.now())
                await other.take_purges()
                assert second.destinations.look("example.com") is None
                assert store.read("example.com") is None
                assert await second.told() == "NOTFOUND"

    play(scene())


def test_what_was_learnt_after_a_purge_stays() -> None:
    async def scene() -> None:
        store, time = Shared(9), FakeTime()
        async with site(policy_world()) as one, core(one.settings(), store, time) as made:
            upkeep = upkeep_of(made)
            await upkeep.take_purges()
            store.purge("example.com", time.machine)
            time.pass_(1)
            await made.told()
            assert await made.destinations.safe("example.com")
            await upkeep.take_purges()
            assert made.destinations.look("example.com") is not None
            assert store.read("example.com") is not None

    play(scene())


def test_a_destination_without_a_policy_leaves_when_nobody_asks_any_more() -> None:
    async def scene() -> None:
        store, time = MemoryStore(99), FakeTime()
        async with site(policy_world()) as one, core(one.settings(), store, time) as made:
            upkeep = upkeep_of(made)
            await made.told()
            await made.told("without.example")
            await made.destinations.safe("without.example")
            assert await upkeep.sweep_once() == 0
            time.pass_(UNASKED_S + 3601)
            assert await upkeep.sweep_once() == 1
            assert {one.key for one in store.load(9)} == {"example.com"}
            assert made.destinations.look("without.example") is None

    play(scene())


def test_policies_are_counted_by_mode_and_those_that_fail_by_their_end() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            upkeep = upkeep_of(made)
            await made.told()
            await upkeep.count_once()
            assert made.counts.modes == {"enforce": 1, "testing": 0, "none": 0}
            assert made.counts.gauges["policies_failing"] == 0
            one.hang()
            made.time.pass_(2 * DAY_S)
            await made.told()
            await upkeep.count_once()
            held = (await made.destination()).held
            assert held.policy is not None
            soonest = made.counts.gauges["policies_failing_soonest_end_timestamp_seconds"]
            assert (made.counts.gauges["policies_failing"], soonest) == (
                1,
                expires_at(held.policy).timestamp(),
            )

    play(scene())


def test_a_purge_of_another_daemon_is_told_and_logged_once(caplog: pytest.LogCaptureFixture) -> None:
    told: list[bool] = []

    async def scene() -> None:
        store, time = Shared(9), set_at(NOW)
        async with core(SETTINGS, store, time) as made:
            upkeep = upkeep_of(made, lambda: told.append(True))
            await upkeep.take_purges()
            assert told == []
            time.pass_(1)
            store.purge("example.com", time.machine)
            await upkeep.take_purges()
            await upkeep.take_purges()

    caplog.set_level("INFO")
    asyncio.run(scene())
    assert told == [True]
    assert said(caplog) == ["domain=example.com purged by another daemon of this store"]


def test_what_is_forgotten_is_logged_and_nothing_where_there_is_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scene() -> list[int]:
        store = MemoryStore(9)
        store.write(
            [Destination(key, Held(), NOW - timedelta(days=99)) for key in ("a.example", "b.example")]
        )
        async with core(SETTINGS, store, set_at(NOW)) as made:
            return [await upkeep_of(made).sweep_once() for _ in range(2)]

    caplog.set_level("INFO")
    assert asyncio.run(scene()) == [2, 0]
    assert said(caplog) == ["store: 2 destinations without a policy, asked for by nobody, are forgotten"]


class Noting(Upkeep):
    """Upkeep that notes when it does what."""

    def begin(self) -> None:
        """Note from now on."""
        self.done: dict[str, list[float]] = {"purges": [], "sweep": [], "count": []}

    async def take_purges(self) -> None:
        """Note it."""
        self.done["purges"].append(passed_s())

    async def sweep_once(self) -> int:
        """Note it."""
        self.done["sweep"].append(passed_s())
        return 0

    async def count_once(self) -> None:
        """Note it."""
        self.done["count"].append(passed_s())


@pytest.mark.parametrize(
    ("what", "lasting", "times"),
    [
        ("purges", Upkeep.hear_of_purges, [0.0, 5.0, 10.0]),
        ("sweep", Upkeep.sweep, [3600.0, 7200.0]),
        ("count", Upkeep.count, [0.0, 900.0, 1800.0]),
    ],
)
def test_each_is_done_at_its_times_for_ever(
    what: str, lasting: Callable[[Upkeep], Awaitable[None]], times: list[float]
) -> None:
    async def scene() -> list[float]:
        async with core(SETTINGS) as made:
            upkeep = Noting(made.answers, made.destinations, made.counts, lambda: None)
            upkeep.begin()
            task = asyncio.ensure_future(lasting(upkeep))
            await at(times[-1] + 1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            return upkeep.done[what]

    assert run(scene()) == times


def policy(mode: str, ended_s: float = -3600.0) -> Memory:
    """Return a policy that ended so many seconds ago."""
    text = f"version: STSv1\r\nmode: {mode}\r\nmx: mx.example.com\r\nmax_age: 86400\r\n".encode()
    return Memory(text, NOW - timedelta(seconds=86_400 + ended_s), "1")


FAILED = Failure(NOW, ResultType.STS_POLICY_FETCH_ERROR, "")


def counted(*held: Held) -> tuple[dict[str, int], float, float]:
    """Return the policies by mode, how many cannot be refreshed, and when the first of these ends."""

    async def scene() -> tuple[dict[str, int], float, float]:
        async with core(SETTINGS, MemoryStore(999), set_at(NOW)) as made:
            for number, one in enumerate(held):
                made.destinations.keep(Destination(f"d{number}.example", one, NOW))
            await upkeep_of(made).count_once()
            gauges = made.counts.gauges
            ends_s = gauges["policies_failing_soonest_end_timestamp_seconds"]
            return dict(made.counts.modes), gauges["policies_failing"], ends_s

    return asyncio.run(scene())


def test_policies_that_are_in_force_are_counted_by_their_mode() -> None:
    no_policy = Memory(b"none", NOW + timedelta(days=1), "1")
    assert counted(
        Held(policy("enforce")),
        Held(policy("enforce", -0.001)),
        Held(policy("testing")),
        Held(policy("enforce", 0.0)),
        Held(None),
        Held(no_policy),
    ) == ({"enforce": 2, "testing": 1, "none": 0}, 0, 0)


def test_of_those_that_cannot_be_refreshed_the_first_end_is_told() -> None:
    assert counted(
        Held(policy("enforce", -7200.0), FAILED),
        Held(policy("enforce", -60.0), FAILED),
        Held(policy("testing", -30.0)),
        Held(policy("testing", 1.0), FAILED),
    ) == ({"enforce": 2, "testing": 1, "none": 0}, 2, NOW.timestamp() + 60.0)


def test_policies_are_counted_fifty_at_a_time_between_which_answers_go_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    turns: list[bool] = []

    async def scene() -> None:
        async with core(SETTINGS, MemoryStore(999), set_at(NOW)) as made:

            async def give_way(key: str = "") -> None:
                turns.append(True)

            for number in range(151):
                made.destinations.keep(Destination(f"d{number}.example", Held(), NOW))
            monkeypatch.setattr(made.answers.mail_first, "give_way", give_way)
            await upkeep_of(made).count_once()

    asyncio.run(scene())
    assert len(turns) == 4


def test_nothing_is_counted_before_all_is_in_memory_that_is_stored() -> None:
    async def scene() -> None:
        async with core(SETTINGS, MemoryStore(999), set_at(NOW)) as made:
            made.destinations.keep(Destination("a.example", Held(policy("enforce")), NOW))
            made.destinations.filled.clear()
            counting = asyncio.create_task(upkeep_of(made).count_once())
            await asyncio.sleep(1)
            assert (counting.done(), made.counts.modes["enforce"]) == (False, 0)
            made.destinations.keep(Destination("b.example", Held(policy("enforce")), NOW))
            made.destinations.filled.set()
            await counting
            assert made.counts.modes == {"enforce": 2, "testing": 0, "none": 0}

    run(scene())


def test_a_count_is_of_now_and_leaves_nothing_of_the_one_before() -> None:
    async def scene() -> None:
        async with core(SETTINGS, MemoryStore(999), set_at(NOW)) as made:
            upkeep, gauges = upkeep_of(made), made.counts.gauges
            for key, ended_s in (("a.example", -60.0), ("b.example", -120.0)):
                made.destinations.keep(Destination(key, Held(policy("enforce", ended_s), FAILED), NOW))
            seen = []
            for _ in range(3):
                await upkeep.count_once()
                seen.append(
                    (
                        made.counts.modes["enforce"],
                        gauges["policies_failing"],
                        gauges["policies_failing_soonest_end_timestamp_seconds"],
                    )
                )
                made.time.pass_(60)
            at_s = NOW.timestamp()
            assert seen == [(2, 2, at_s + 60), (1, 1, at_s + 120), (0, 0, 0)]

    run(scene())


def test_purges_of_several_destinations_are_told_once_and_what_was_held_of_each_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told: list[bool] = []
    forgotten: list[str] = []

    async def scene() -> None:
        store, time = Shared(9), set_at(NOW)
        async with core(SETTINGS, store, time) as made:
            upkeep = upkeep_of(made, lambda: told.append(len(forgotten) == 2))
            await upkeep.take_purges()
            monkeypatch.setattr(made.answers, "forget", forgotten.append)
            time.pass_(1)
            for key in ("a.example", "b.example"):
                store.purge(key, time.machine)
            await upkeep.take_purges()

    run(scene())
    assert (sorted(forgotten), told) == (["a.example", "b.example"], [True])
