"""Rounds of refreshing: what is fetched again, what is left to end, what is let go, and how many at once."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from mxproof.formats.postfix.next_hop import NextHop
from mxproof.judge.decision import Held, expires_at
from mxproof.judge.senders.protection import Rules
from mxproof.mail.memory import Memory
from mxproof.net.asking import Asking
from mxproof.serve.policyd.answer_settings import AnswerSettings
from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.refresher import (
    UNUSED_S,
    Refresher,
)
from mxproof.store.destinations.destination import Destination, StoreError
from mxproof.store.destinations.memory import MemoryStore
from mxproof.store.destinations.write_behind import WriteBehind
from support_clock import run
from support_long import EXHAUSTIVE
from support_policyd import WITHIN_S, FakeTime, core, play, policy_world, site

DAY_S = 86_400.0
BODY = b"version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n"
LIFE_S = 604_800.0


def test_policies_are_refreshed_daily_without_mail() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            refresher = Refresher(made.answers, made.destinations, made.counts)
            await made.told()
            known = await made.destination()
            first = known.held.policy
            await made.destinations.safe("example.com")
            assert await refresher.go_round() == 0
            made.time.pass_(DAY_S + 1)
            assert await refresher.go_round() == 1
            destination = made.destinations.look("example.com")
            assert destination is not None
            assert first is not None
            assert destination.held.policy is not None
            assert destination.held.policy.fetched_at > first.fetched_at
            assert (one.fetches(), +made.counts.refreshes) == (2, {"done": 1})
            assert destination.asked_at == known.asked_at, "or what nobody writes to was refreshed for ever"

    play(scene())


def test_a_refresh_that_fails_is_told_and_keeps_the_policy(caplog: pytest.LogCaptureFixture) -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            refresher = Refresher(made.answers, made.destinations, made.counts)
            before = await made.told()
            await made.destinations.safe("example.com")
            one.hang()
            made.time.pass_(DAY_S + 1)
            await refresher.go_round()
            assert await made.told() == before
            assert +made.counts.refreshes == {"failed": 1}

    with caplog.at_level(logging.WARNING, "mxproof"):
        play(scene())
    assert any("sts-policy-fetch-error" in record.getMessage() for record in caplog.records)


def test_a_refresh_gives_way_to_a_look_up_that_mail_waits_for() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            refresher = Refresher(made.answers, made.destinations, made.counts)
            await made.told()
            await made.destinations.safe("example.com")
            made.time.pass_(DAY_S + 1)
            fetched = one.fetches()
            made.answers.mail_first.within_s = WITHIN_S
            with made.answers.mail_first.waited_for("other.example"):
                round_ = asyncio.create_task(refresher.go_round())
                await made.destinations.due_count(made.time.machine)
                assert (one.fetches(), made.answers.flights) == (fetched, 0)
            assert await round_ == 1
            assert one.fetches() == fetched + 1

    play(scene())


def test_a_refresh_waits_for_busy_look_ups_only_so_long() -> None:
    async def scene() -> None:
        async with site(policy_world()) as one, core(one.settings()) as made:
            refresher = Refresher(made.answers, made.destinations, made.counts)
            await made.told()
            await made.destinations.safe("example.com")
            made.time.pass_(DAY_S + 1)
            made.answers.mail_first.within_s = 0.01
            with made.answers.mail_first.waited_for("other.example"):
                assert await refresher.go_round() == 1
            assert +made.counts.refreshes == {"done": 1}

    play(scene())


Landing = Callable[[Destination], Destination]


class Flown(Answers):
    """Answers whose surveys end as a test says; `begun` names them in order, `open` counts those under way."""

    def __init__(self, destinations: WriteBehind, time: FakeTime, counts: Counts, landing: Landing) -> None:
        asked = AnswerSettings(Asking(resolvers=()), (), Rules(), grace_s=60.0, patience_s=1.0)
        super().__init__(destinations, asked, time.clockwork(), counts)
        self.begun: list[str] = []
        self.open = 0
        self.land_now = asyncio.Event()
        self.land_now.set()
        self._known = destinations
        self._landing = landing

    def fly(self, hop: NextHop, *, refresh: bool = False, look: object = None) -> asyncio.Task[Destination]:
        assert refresh, "what is refreshed is fetched again, however fresh it is"
        self.begun.append(str(hop))
        return asyncio.create_task(self._flown(str(hop)))

    async def _flown(self, key: str) -> Destination:
        self.open += 1
        await self.land_now.wait()
        self.open -= 1
        known = self._known.look(key)
        assert known is not None
        found = self._landing(known)
        self._known.keep(found)
        return found


class Rounds:
    """A refresher over a memory that holds what a test puts there."""

    def __init__(self, landing: Landing | None = None, store: MemoryStore | None = None) -> None:
        self.time = FakeTime()
        self.counts = Counts()
        self.destinations = WriteBehind(store, 9999)
        self.answers = Flown(self.destinations, self.time, self.counts, landing or self.fetched_again)
        self.refresher = Refresher(self.answers, self.destinations, self.counts)

    def fetched_again(self, known: Destination) -> Destination:
        """Return a destination after a fetch that succeeded now."""
        now = self.time.machine
        held = Held(Memory(BODY, now, "1"))
        return msgspec.structs.replace(known, held=held, refresh_at=now + timedelta(seconds=DAY_S))

    def put(self, key: str, *, age_s: float = DAY_S, unused_s: float = DAY_S) -> Destination:
        """Put a destination there that is due, with a policy of a week fetched so long ago."""
        now = self.time.machine
        made = Destination(
            key,
            Held(Memory(BODY, now - timedelta(seconds=age_s), "1")),
            asked_at=now - timedelta(seconds=unused_s),
            refresh_at=now,
        )
        self.destinations.keep(made)
        return made


@EXHAUSTIVE
def test_a_round_takes_the_most_overdue_and_tells_how_many_there_are() -> None:
    async def scene() -> None:
        made = Rounds()
        for number in range(520):
            made.put(f"d{number}.example")
        made.time.pass_(1)
        assert await made.refresher.go_round() == 500
        assert made.counts.gauges["policies_due"] == 520
        assert await made.refresher.go_round() == 20
        assert made.counts.gauges["policies_due"] == 20
        assert await made.refresher.go_round() == 0
        assert made.counts.gauges["policies_due"] == 0
        assert made.counts.refreshes == {"done": 520, "failed": 0, "error": 0}

    asyncio.run(scene())


def test_only_so_many_are_fetched_at_once_and_the_next_when_one_has_landed() -> None:
    async def scene() -> None:
        made = Rounds()
        for number in range(19):
            made.put(f"d{number}.example")
        made.answers.land_now.clear()
        going_round = asyncio.create_task(made.refresher.go_round())
        for _ in range(10):
            await asyncio.sleep(0)
        assert (made.answers.open, len(made.answers.begun)) == (8, 8)
        made.answers.land_now.set()
        assert await going_round == len(made.answers.begun) == 19

    asyncio.run(scene())


def test_who_waited_for_its_turn_gives_way_to_mail_that_has_come_meanwhile() -> None:
    async def scene() -> None:
        made = Rounds()
        for number in range(10):
            made.put(f"d{number}.example")
        made.answers.land_now.clear()
        going_round = asyncio.create_task(made.refresher.go_round())
        await asyncio.sleep(1)
        made.answers.mail_first.within_s = 600.0
        with made.answers.mail_first.waited_for("mail.example"):
            made.answers.land_now.set()
            await asyncio.sleep(60)
            assert (len(made.answers.begun), going_round.done()) == (8, False)
        assert await going_round == len(made.answers.begun) == 10

    run(scene(), patience_s=0.0)


@pytest.mark.parametrize(("due", "paused_s"), [(500, 0.0), (499, 60.0)])
def test_a_full_round_is_followed_by_the_next_at_once_and_any_other_after_a_pause(
    due: int, paused_s: float
) -> None:
    """A provider that was away for a day has more due than one round takes."""

    async def scene() -> None:
        made = Rounds()
        for number in range(due):
            made.put(f"d{number}.example")
        rounds: list[float] = []

        class Counted(Refresher):
            async def go_round(self) -> int:
                rounds.append(asyncio.get_running_loop().time())
                if len(rounds) > 1:
                    second.set()
                return await super().go_round()

        second = asyncio.Event()
        running = asyncio.create_task(Counted(made.answers, made.destinations, made.counts).run())
        await second.wait()
        running.cancel()
        assert (rounds[1] - rounds[0] >= 60.0) is (paused_s > 0)

    run(scene())


@pytest.mark.parametrize(
    ("landing", "outcome"),
    [
        ("fetched a second later", "done"),
        ("kept as it was", "failed"),
        ("fetched earlier, as another daemon found", "failed"),
        ("gone", "failed"),
    ],
)
def test_a_refresh_is_done_where_the_policy_is_newer_than_before(landing: str, outcome: str) -> None:
    def landed(known: Destination) -> Destination:
        before = known.held.policy
        assert before is not None
        second = timedelta(seconds=1)
        policy = {
            "fetched a second later": msgspec.structs.replace(before, fetched_at=before.fetched_at + second),
            "kept as it was": before,
            "fetched earlier, as another daemon found": msgspec.structs.replace(
                before, fetched_at=before.fetched_at - second
            ),
            "gone": None,
        }[landing]
        found.append(Held(policy))
        return msgspec.structs.replace(known, held=Held(policy))

    found: list[Held] = []

    async def scene() -> None:
        made = Rounds(landed)
        made.put("example.com")
        await made.refresher.go_round()
        assert (len(found), +made.counts.refreshes) == (1, {outcome: 1})

    asyncio.run(scene())


def test_one_survey_that_ends_in_a_fault_is_counted_and_holds_up_no_other() -> None:
    async def scene() -> None:
        def landed(known: Destination) -> Destination:
            if known.key == "b.example":
                raise ZeroDivisionError
            return made.fetched_again(known)

        made = Rounds(landed)
        for key in ("a.example", "b.example", "c.example"):
            made.put(key)
        assert await made.refresher.go_round() == 3
        assert made.counts.refreshes == {"done": 2, "failed": 0, "error": 1}

    asyncio.run(scene())


@pytest.mark.parametrize(
    ("age_s", "unused_s", "becomes"),
    [
        (DAY_S, UNUSED_S, "fetched"),
        (DAY_S, UNUSED_S + 1, "left to end"),
        (LIFE_S - 1, 0.0, "fetched"),
        (LIFE_S, 0.0, "looked at later"),
        (LIFE_S, UNUSED_S, "looked at later"),
        (LIFE_S, UNUSED_S + 1, "forgotten"),
    ],
)
def test_what_is_done_with_a_policy_that_is_due_depends_on_its_end_and_on_when_mail_went_there(
    age_s: float, unused_s: float, becomes: str
) -> None:
    async def scene() -> None:
        made = Rounds()
        before = made.put("example.com", age_s=age_s, unused_s=unused_s)
        now = made.time.machine
        await made.refresher.go_round()
        after = made.destinations.look("example.com")
        assert made.answers.begun == (["example.com"] if becomes == "fetched" else [])
        if becomes == "forgotten":
            assert after is None
            return
        assert after is not None
        assert after.asked_at == before.asked_at, "a refresh is no mail"
        if becomes == "fetched":
            return
        assert before.held.policy is not None
        end = expires_at(before.held.policy)
        assert after.held == before.held
        assert after.refresh_at == (end if becomes == "left to end" else now + timedelta(seconds=UNUSED_S))

    asyncio.run(scene())


def test_a_policy_that_is_left_to_end_is_forgotten_when_it_has_ended() -> None:
    """Else it would be refreshed for ever: each day one fetch for whoever wrote there once."""

    async def scene() -> None:
        made = Rounds()
        made.put("example.com", unused_s=UNUSED_S + 1)
        assert await made.refresher.go_round() == 1
        made.time.pass_(LIFE_S - DAY_S - 1)
        assert await made.refresher.go_round() == 0
        made.time.pass_(1)
        assert await made.refresher.go_round() == 1
        assert (made.answers.begun, made.destinations.look("example.com")) == ([], None)

    asyncio.run(scene())


def test_what_no_mail_can_go_to_is_never_fetched() -> None:
    """A store may hold a key that was written by another version, or by hand."""

    async def scene() -> None:
        made = Rounds()
        made.put("[192.0.2.1]")
        made.put(".example.com", unused_s=UNUSED_S + 1)
        assert await made.refresher.go_round() == 2
        assert made.answers.begun == []
        assert made.destinations.look(".example.com") is None
        kept = made.destinations.look("[192.0.2.1]")
        assert kept is not None
        assert kept.refresh_at == made.time.machine + timedelta(seconds=UNUSED_S)

    asyncio.run(scene())


def test_a_store_that_is_away_ends_no_round(caplog: pytest.LogCaptureFixture) -> None:
    class Away(MemoryStore):
        def delete(self, key: str) -> bool:
            raise StoreError("away")

    async def scene() -> None:
        store = Away(9)
        made = Rounds(store=store)
        over = made.put("over.example", age_s=LIFE_S, unused_s=UNUSED_S + 1)
        due = made.put("due.example")
        store.write([over, due])
        assert await made.refresher.go_round() == 2
        assert made.answers.begun == ["due.example"]
        await made.destinations.close()

    with caplog.at_level(logging.WARNING, "mxproof.policyd"):
        asyncio.run(scene())
    assert [record.getMessage() for record in caplog.records] == [
        "domain=over.example cannot be forgotten: away"
    ]
