"""Telling while somebody is being told: how many at once, when it is looked again, and what the end and an outage leave."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.judge.digest import Digest
from mxproof.judge.news import Weight
from mxproof.serve.watch import teller as module
from mxproof.serve.watch.channel import Channel, DigestTime
from mxproof.serve.watch.message import AlertMessage
from mxproof.serve.watch.metrics import DELIVERED, FAILED, WatchCounts
from mxproof.serve.watch.store_thread import WATCH_STORE_RETRY_S, Result
from mxproof.serve.watch.teller import LAST_TELLING_S, NOTICES_AT_ONCE, TOLD_LOOKED_EVERY_S, Teller
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import DueDigest, DueNotice, Moot, News, Wanting
from support_clock import at, passed_s, run
from support_new_store import new_store
from support_scenarios import AT
from support_watched_store import migration_news
from support_worker import DAY, HOUR, ONE, AtOnce, now, settings_of

NEWS = migration_news(AT)
SLOW = Channel("slow", ("/slow",), Weight.WARNING, 60.0)
QUICK = Channel("quick", ("/quick",), Weight.WARNING, 60.0)


class Noting(WatchJournal):
    """A store that notes when it was asked for notices, and is away for a time."""

    def __init__(self, journal: Journal) -> None:
        super().__init__(journal)
        self.asked: list[tuple[float, str, int]] = []
        self.settled_s: list[float] = []
        self.away_s = (0.0, 0.0)

    def claim_notices(
        self, channels: Sequence[str], now: datetime, until: datetime, notices_max: int
    ) -> list[DueNotice]:
        """Take what is due."""
        self.asked.append((round(passed_s(), 3), "".join(channels), notices_max))
        self._may_be_away()
        return super().claim_notices(channels, now, until, notices_max)

    def settle_notice(
        self, notice: DueNotice, now: datetime, failure: str = "", again_at: datetime | None = None
    ) -> None:
        """Note what became of one."""
        self._may_be_away()
        self.settled_s.append(round(passed_s(), 3))
        super().settle_notice(notice, now, failure, again_at)

    def settle_digest(self, digest: DueDigest, due_at: datetime, failure: str = "") -> None:
        """Note what became of a digest."""
        self._may_be_away()
        super().settle_digest(digest, due_at, failure)

    def _may_be_away(self) -> None:
        if self.away_s[0] <= passed_s() < self.away_s[1]:
            raise JournalError("away")


class Bench:
    """A teller over a store that is never waited for; a channel takes as long to be told, and fails, as a test says."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.journal = Journal(new_store(folder))
        self.store = Noting(self.journal)
        self.counts = WatchCounts()
        self.took_s = {"slow": 30.0, "quick": 0.0}
        self.fails: set[str] = set()
        self.begun: list[tuple[float, str, str]] = []
        self.stirred = asyncio.Event()
        self.settings = msgspec.structs.replace(settings_of(ONE), channels=(SLOW, QUICK))
        self.teller = Teller(self.settings, AtOnce(self.store, self.counts), self.counts, now, self.stirred)
        monkeypatch.setattr(module, "told", self._told)

    async def _told(self, channel: Channel, message: AlertMessage) -> str:
        self.begun.append((round(passed_s(), 3), channel.name, message.kind))
        await asyncio.sleep(self.took_s[channel.name])
        return "out of paper" if channel.name in self.fails else ""

    def has_news(self, *channels: str, until: datetime | None = None) -> None:
        """Have channels wait for news."""
        told = msgspec.json.encode(NEWS)
        wanting = tuple(Wanting(one, until) for one in channels)
        self.store.keep_news(ONE.domain, News(NEWS.kind, AT, NEWS.course, NEWS.weight, told, wanting), AT)

    def tells(self, for_s: float, meanwhile: Callable[[], Awaitable[None]] | None = None) -> float:
        """Tell for so many seconds, beside what happens `meanwhile`; return when it had ended."""

        async def scenario() -> float:
            telling = asyncio.create_task(self.teller.tell())
            if meanwhile is not None:
                await meanwhile()
            await at(for_s)
            telling.cancel()
            (ended,) = await asyncio.gather(telling, return_exceptions=True)
            assert isinstance(ended, asyncio.CancelledError), "no fault ended it before"
            return round(passed_s(), 3)

        return run(scenario(), patience_s=0)

    def told(self, name: str) -> list[float]:
        """Return when it was begun to tell a channel."""
        return [at_s for at_s, channel, _ in self.begun if channel == name]

    def due(self, *channels: str) -> list[tuple[str, int]]:
        """Return what waits for channels, however long, and how often it was tried."""
        claimed = WatchJournal(self.journal).claim_notices(channels, AT + 9 * DAY, AT + 9 * DAY, 9)
        return [(one.channel, one.tries) for one in claimed]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    made = Bench(tmp_path, monkeypatch)
    yield made
    made.journal.close()


def test_a_channel_that_hangs_has_so_many_under_way_and_keeps_nobody_else_waiting(bench: Bench) -> None:
    for _ in range(NOTICES_AT_ONCE + 1):
        bench.has_news("slow", "quick")
    bench.tells(59)
    assert bench.told("slow") == [0.0] * NOTICES_AT_ONCE + [30.0]
    assert bench.told("quick") == [0.0] * (NOTICES_AT_ONCE + 1)
    assert {room for _, name, room in bench.store.asked if name == "slow"} == {NOTICES_AT_ONCE, 1}


def test_the_room_of_a_channel_is_what_is_left_beside_what_is_under_way(bench: Bench) -> None:
    bench.has_news("slow")

    async def more() -> None:
        await at(1)
        for _ in range(NOTICES_AT_ONCE):
            bench.has_news("slow")
        bench.teller.has_news()

    bench.tells(29, more)
    assert bench.told("slow") == [0.0, 1.0]


def test_news_are_looked_for_at_once_when_there_are_some_and_else_now_and_then(bench: Bench) -> None:
    async def news() -> None:
        await at(2)
        bench.has_news("quick")
        bench.teller.has_news()
        await at(3)
        bench.has_news("quick")

    bench.tells(16, news)
    assert bench.told("quick") == [2.0, 2.0 + TOLD_LOOKED_EVERY_S]
    looked = [at_s for at_s, name, _ in bench.store.asked if name == "slow"]
    assert (looked[0], looked[-1]) == (0.0, 12.0)
    assert len(looked) <= 10, "it waits in between"


def test_what_has_to_wait_is_told_when_it_may_be(bench: Bench) -> None:
    bench.has_news("quick", until=AT + timedelta(seconds=12))
    bench.tells(20)
    assert bench.told("quick") == [15.0]


def test_at_the_end_what_was_begun_is_told_and_noted_and_nothing_more_begun(bench: Bench) -> None:
    bench.took_s["slow"] = LAST_TELLING_S - 1
    for _ in range(NOTICES_AT_ONCE + 1):
        bench.has_news("slow")
    assert bench.tells(0.5) == LAST_TELLING_S - 1
    assert +bench.counts.notices == {DELIVERED: NOTICES_AT_ONCE}
    assert bench.due("slow") == [("slow", 0)]


def test_at_the_end_who_hangs_is_not_waited_for_longer(bench: Bench) -> None:
    bench.took_s["slow"] = 59.0
    bench.has_news("slow")
    assert bench.tells(2) == 2 + LAST_TELLING_S
    assert (+bench.counts.notices, bench.due("slow")) == ({}, [("slow", 0)])


def test_what_was_told_while_the_store_is_away_is_noted_when_it_is_back_and_not_told_again(
    bench: Bench,
) -> None:
    bench.took_s["quick"] = 1.0
    bench.has_news("quick")
    bench.store.away_s = (0.5, 15.0)
    bench.tells(40)
    assert bench.told("quick") == [0.0]
    assert bench.store.settled_s == [1.0 + 2 * WATCH_STORE_RETRY_S]
    assert (+bench.counts.notices, bench.due("quick")) == ({DELIVERED: 1}, [])
    assert not bench.counts.store_down


def test_who_is_named_no_more_is_told_nothing_and_who_is_named_now_is(bench: Bench) -> None:
    bench.has_news("slow", "quick")
    bench.teller.settings = msgspec.structs.replace(bench.settings, channels=())

    async def renewed() -> None:
        await at(7)
        assert bench.begun == []
        bench.teller.settings = msgspec.structs.replace(bench.settings, channels=(QUICK,))

    bench.tells(11, renewed)
    assert [name for _, name, _ in bench.begun] == ["quick"]
    assert bench.due("slow", "quick") == [("slow", 0)]


def test_a_failure_is_tried_again_a_minute_later_and_each_time_later(bench: Bench) -> None:
    bench.fails = {"quick"}
    bench.has_news("quick")
    bench.tells(200)
    assert bench.told("quick") == [0.0, 60.0, 180.0]
    assert +bench.counts.notices == {FAILED: 3}


def test_a_digest_that_cannot_be_noted_is_sent_again_once_its_turn_is_over(bench: Bench) -> None:
    digest = msgspec.structs.replace(QUICK, digest=DigestTime(time(8), is_weekly=False))
    bench.teller.settings = msgspec.structs.replace(bench.settings, channels=(digest,))
    bench.store.set_digests({"quick": AT}, AT - DAY)
    bench.took_s["quick"] = 1.0
    bench.store.away_s = (0.5, 1.5)
    bench.tells(125)
    assert [(at_s, kind) for at_s, _, kind in bench.begun] == [(0.0, "digest"), (121.0, "digest")]
    assert bench.store.claim_digests(AT + HOUR / 2, AT + HOUR) == []


def test_a_fault_of_telling_is_no_silence(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever keeps this work going counts it and begins it again."""

    async def broken(_channel: Channel, _message: AlertMessage) -> str:
        await asyncio.sleep(1)
        raise ValueError("a fault")

    monkeypatch.setattr(module, "told", broken)
    bench.has_news("quick")

    async def scenario() -> None:
        with pytest.raises(ValueError, match="a fault"):
            await asyncio.wait_for(bench.teller.tell(), 30)

    run(scenario(), patience_s=0)
    assert (+bench.counts.notices, bench.due("quick")) == ({}, [("quick", 0)])


def test_what_is_told_no_more_is_noted_with_its_reason_and_tells_nobody(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures: list[tuple[str, datetime | None]] = []

    def settle(_notice: DueNotice, _now: datetime, failure: str, again_at: datetime | None) -> None:
        failures.append((failure, again_at))

    monkeypatch.setattr(bench.store, "settle_notice", settle)
    bench.has_news("quick", until=AT)
    bench.store.acknowledge(None, [NEWS.weight], "ada", AT)
    bench.tells(1)
    assert (failures, bench.begun) == ([("not told: acknowledged", None)], [])
    assert +bench.counts.notices == {Moot.ACKNOWLEDGED: 1}


def with_digest(bench: Bench, *, at_hour: int = 8) -> None:
    """Have a digest of the channel due that is quick, beside one that takes long."""
    daily = DigestTime(time(at_hour), is_weekly=False)
    digests = msgspec.structs.replace(QUICK, digest=daily, timeout_s=1.0)
    bench.teller.settings = msgspec.structs.replace(bench.settings, channels=(SLOW, digests))
    bench.store.set_digests({"quick": AT}, AT - DAY)


def spans_of_digests(monkeypatch: pytest.MonkeyPatch) -> list[tuple[datetime, datetime]]:
    """Return a list that takes the time of which each digest tells."""
    spans: list[tuple[datetime, datetime]] = []

    def made(_watch: WatchJournal, since: datetime, until: datetime) -> Digest:
        spans.append((since, until))
        return Digest(1, since, until, 0, (), (), 0)

    monkeypatch.setattr(module, "digest_of", made)
    return spans


def test_a_digest_tells_of_the_time_up_to_when_it_was_due(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = spans_of_digests(monkeypatch)
    with_digest(bench)
    (due,) = bench.store.claim_digests(AT, AT)
    bench.tells(1)
    assert spans == [(due.since, due.until)]
    assert [kind for _, _, kind in bench.begun] == ["digest"]
    assert bench.stirred.is_set()


def test_a_digest_that_is_being_sent_is_in_these_hands_for_as_long_as_the_slowest_may_take(
    bench: Bench,
) -> None:
    with_digest(bench)
    bench.took_s["quick"] = 50.0
    claimed: list[int] = []

    async def others() -> None:
        for at_s in (1.0, 2 * SLOW.timeout_s - 80):
            await at(at_s)
            claimed.append(len(WatchJournal(bench.journal).claim_digests(now(), now())))

    bench.tells(60, others)
    assert claimed == [0, 0]
    assert bench.told("quick") == [0.0]


def test_a_digest_of_who_wants_none_any_more_is_not_sent(bench: Bench) -> None:
    with_digest(bench)
    bench.teller.settings = bench.settings
    bench.tells(1)
    assert (bench.begun, +bench.counts.digests) == ([], {})


def test_a_digest_that_failed_is_tried_again_later_and_later_and_what_it_said_is_kept(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def settle(digest: DueDigest, due_at: datetime, failure: str) -> None:
        said.append(failure)
        WatchJournal(bench.journal).settle_digest(digest, due_at, failure)

    monkeypatch.setattr(bench.store, "settle_digest", settle)
    monkeypatch.setattr(module, "TOLD_LOOKED_EVERY_S", 20.0)
    with_digest(bench, at_hour=(AT.hour + 12) % 24)
    bench.fails = {"quick"}

    async def back() -> None:
        await at(100)
        bench.fails.clear()

    bench.tells(185, back)
    assert bench.told("quick") == [0.0, 60.0, 180.0]
    assert said == ["out of paper"] * 2 + [""]
    assert +bench.counts.digests == {FAILED: 2, DELIVERED: 1}


class Slow(AtOnce):
    """A store whose answers come later than it was asked."""

    async def does(self, work: Callable[[WatchJournal], Result]) -> Result:
        """Have work done."""
        done = work(self._watch)
        await asyncio.sleep(3)
        return done


def test_what_happens_after_a_digest_was_taken_is_told_in_the_next(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    spans = spans_of_digests(monkeypatch)
    with_digest(bench)
    bench.took_s["quick"] = 20.0
    bench.teller = Teller(
        bench.teller.settings, Slow(bench.store, bench.counts), bench.counts, now, bench.stirred
    )
    bench.tells(40)
    assert spans == [(AT - DAY, AT)]
    assert bench.told("quick") == [6.0]
    ((since, until),) = [
        (one.since, one.until) for one in bench.store.claim_digests(AT + 2 * DAY, AT + 3 * DAY)
    ]
    assert (since, until) == (AT, AT + 2 * DAY)
