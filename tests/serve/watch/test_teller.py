"""Telling: who is told of what is due, and what becomes of a notice and of a digest that was told, or was not."""

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest

from mxproof.judge.news import Weight
from mxproof.net.asking import Asking, Peer
from mxproof.serve.watch.alerting import GIVEN_UP_AFTER_TRIES
from mxproof.serve.watch.channel import Channel, DigestTime
from mxproof.serve.watch.hours import Maintenance
from mxproof.serve.watch.metrics import DELIVERED, FAILED, GIVEN_UP, WatchCounts
from mxproof.serve.watch.settings import WatchSettings
from mxproof.serve.watch.store_thread import StoreThread
from mxproof.serve.watch.teller import NOTICES_AT_ONCE, Teller, wanting_of
from mxproof.store.journal.arranging import KeptMaintenance
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import DueNotice, Moot, News, Wanting, WatchedDomain, WatchRetention
from support_clock import run
from support_watched_store import migration_news

NOW = datetime(2026, 3, 4, 9, tzinfo=UTC)
"""A Wednesday."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NEWS = migration_news(NOW)
TOLD = Channel("told", ("/bin/true",), Weight.WARNING, 60.0)
DEAF = Channel("deaf", ("/bin/false",), Weight.WARNING, 60.0)
DAILY = DigestTime(time(8), is_weekly=False)
NEXT_MORNING = datetime(2026, 3, 5, 8, tzinfo=UTC)


class Bench:
    """A teller over a store, with a clock that a test sets."""

    def __init__(self, folder: Path, *channels: Channel) -> None:
        self.now = NOW
        self.journal = Journal(f"sqlite:{folder}/journal.db")
        self.watch = WatchJournal(self.journal)
        self.counts = WatchCounts()
        self.settings = WatchSettings(
            domains=(WatchedDomain("example.com", 3600.0),),
            jobs=1,
            store="",
            retention=WatchRetention(),
            asking=Asking((Peer("127.0.0.1", 1),)),
            roots=(),
            channels=channels,
            zone=UTC,
        )

    def has_news(self, *wanting: Wanting) -> None:
        """Have channels wait for news."""
        told = msgspec.json.encode(NEWS)
        self.watch.keep_news(
            "example.com", News(NEWS.kind, NOW, NEWS.course, NEWS.weight, told, wanting), NOW
        )

    def tells(self, times: int = 1, meanwhile: Callable[[], None] = lambda: None) -> None:
        """Tell what is due until so much was kept of it; what is under way is then brought to its end."""
        asyncio.run(self._tells(times, meanwhile))

    async def _tells(self, times: int, meanwhile: Callable[[], None]) -> None:
        store, stirred = StoreThread(self.watch, self.counts), asyncio.Event()
        teller = Teller(self.settings, store, self.counts, lambda: self.now, stirred)
        telling = asyncio.create_task(teller.tell())
        await asyncio.to_thread(meanwhile)
        for _ in range(times):
            await stirred.wait()
            stirred.clear()
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        store.close()

    def due(self, at: datetime, *channels: str) -> list[int]:
        """Return how often each notice was tried that is due then."""
        return [one.tries for one in self.watch.claim_notices(channels, at, at, 9)]

    def digest_due(self, at: datetime) -> list[int]:
        """Return how often each digest was tried that is due then."""
        return [one.tries for one in self.watch.claim_digests(at, at)]

    def keep_digests(self, channels: tuple[Channel, ...]) -> None:
        """Have the digests of these channels made."""
        settings = msgspec.structs.replace(self.settings, channels=channels)
        store = StoreThread(self.watch, self.counts)
        asyncio.run(Teller(settings, store, self.counts, lambda: self.now, asyncio.Event()).keep_digests())
        store.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Return what makes a bench with channels."""
    made: list[Bench] = []

    def make(*channels: Channel) -> Bench:
        made.append(Bench(tmp_path, *channels))
        return made[-1]

    yield make
    for one in made:
        one.journal.close()


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]


def test_what_was_told_is_done(bench: Callable[..., Bench], caplog: pytest.LogCaptureFixture) -> None:
    made = bench(TOLD)
    made.has_news(Wanting("told"))
    made.tells()
    assert made.due(NOW + 9 * DAY, "told") == []
    assert +made.counts.notices == {DELIVERED: 1}
    assert errors(caplog) == []


def test_what_failed_is_due_again_in_a_minute_and_the_log_says_why(
    bench: Callable[..., Bench], caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(DEAF)
    made.has_news(Wanting("deaf"))
    made.tells()
    assert made.due(NOW + MINUTE - timedelta(seconds=1), "deaf") == []
    assert made.due(NOW + MINUTE, "deaf") == [1]
    assert +made.counts.notices == {FAILED: 1}
    assert errors(caplog) == ["alert=deaf domain=example.com failed: /bin/false: exit status 1"]


def test_what_fails_for_the_last_time_is_given_up(bench: Callable[..., Bench]) -> None:
    made = bench(DEAF)
    made.has_news(Wanting("deaf"))
    for _ in range(GIVEN_UP_AFTER_TRIES - 1):
        (notice,) = made.watch.claim_notices(["deaf"], NOW, NOW, 1)
        made.watch.settle_notice(notice, NOW, "no", NOW)
    made.tells()
    assert +made.counts.notices == {GIVEN_UP: 1}
    assert made.due(NOW + 9 * DAY, "deaf") == []


def test_nobody_is_told_of_what_somebody_takes_care_of(
    bench: Callable[..., Bench], caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(DEAF)
    made.has_news(Wanting("deaf", NOW))
    made.watch.acknowledge(None, [NEWS.weight], "ada", NOW)
    made.tells()
    assert +made.counts.notices == {Moot.ACKNOWLEDGED: 1}
    assert made.due(NOW + 9 * DAY, "deaf") == []
    assert errors(caplog) == []


def test_a_channel_has_so_many_under_way_and_no_more_and_the_others_are_told(
    bench: Callable[..., Bench], tmp_path: Path
) -> None:
    """Each says in a pipe that it began; the slow ones end when something can be read from another pipe."""
    begun, told, go_on = (tmp_path / name for name in ("begun", "told", "go-on"))
    for pipe in (begun, told, go_on):
        os.mkfifo(pipe)
    slow = Channel("slow", ("/bin/sh", "-c", f"echo >>{begun}; read x <{go_on}"), Weight.WARNING, 600.0)
    quick = Channel("quick", ("/bin/sh", "-c", f"echo >>{told}"), Weight.WARNING, 600.0)
    made, waiting = bench(slow, quick), list[int]()
    for _ in range(NOTICES_AT_ONCE + 2):
        made.has_news(Wanting("slow"), Wanting("quick"))

    def meanwhile() -> None:
        heard(told, NOTICES_AT_ONCE + 2)  # the last of them are begun when it was looked again
        heard(begun, NOTICES_AT_ONCE)
        waiting.extend(made.due(NOW, "slow"))
        os.write(ends, b"\n" * NOTICES_AT_ONCE)

    ends = os.open(go_on, os.O_RDWR)
    made.tells(0, meanwhile)
    os.close(ends)
    assert waiting == [0, 0]


def heard(pipe: Path, times: int) -> None:
    """Wait until so many bytes came through a pipe."""
    both = os.open(pipe, os.O_RDWR)  # so that it does not end with the first who writes
    while times:
        times -= len(os.read(both, times))
    os.close(both)


class Away(WatchJournal):
    """A store that is away, and tells when it was asked so often."""

    left = 3
    asked: Callable[[], object]

    def claim_notices(self, *_: object) -> list[DueNotice]:
        """Fail."""
        self.left -= 1
        if not self.left:
            self.asked()
        raise JournalError("away")


def test_a_store_that_is_away_is_told_of_once_and_asked_again(
    bench: Callable[..., Bench], caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(TOLD)
    away = Away(made.journal)

    async def tells() -> None:
        asked, loop = asyncio.Event(), asyncio.get_running_loop()
        away.asked = partial(loop.call_soon_threadsafe, asked.set)
        store = StoreThread(away, made.counts)
        telling = asyncio.create_task(
            Teller(made.settings, store, made.counts, lambda: NOW, asyncio.Event()).tell()
        )
        await asked.wait()
        telling.cancel()
        await asyncio.gather(telling, return_exceptions=True)
        store.close()

    run(tells())
    assert made.counts.store_down
    assert errors(caplog) == ["store: away; nothing is checked until it is back"]


def test_digests_are_kept_for_the_channels_that_want_one_and_for_no_others(
    bench: Callable[..., Bench],
) -> None:
    made = bench()
    made.keep_digests((TOLD, msgspec.structs.replace(DEAF, digest=DAILY)))
    assert made.watch.claim_digests(NEXT_MORNING - timedelta(seconds=1), NEXT_MORNING) == []
    assert [one.channel for one in made.watch.claim_digests(NEXT_MORNING, NEXT_MORNING)] == ["deaf"]
    made.keep_digests((TOLD, DEAF))
    assert made.watch.claim_digests(NOW + 9 * DAY, NOW) == []


@pytest.mark.parametrize(
    ("channel", "tries", "next_at", "tries_then", "became"),
    [
        (TOLD, 0, NEXT_MORNING, 0, DELIVERED),
        (TOLD, 3, NEXT_MORNING, 0, DELIVERED),
        (DEAF, 0, NOW + MINUTE, 1, FAILED),
        (DEAF, 3, NOW + 8 * MINUTE, 4, FAILED),
        (DEAF, GIVEN_UP_AFTER_TRIES - 1, NEXT_MORNING, GIVEN_UP_AFTER_TRIES, GIVEN_UP),
    ],
    ids=["sent", "sent at the fourth try", "failed", "failed again", "given up"],
)
def test_a_digest_that_was_sent_is_due_when_the_next_is_and_one_that_failed_is_tried_again_before(
    bench: Callable[..., Bench], channel: Channel, tries: int, next_at: datetime, tries_then: int, became: str
) -> None:
    made = bench(msgspec.structs.replace(channel, digest=DAILY))
    made.watch.set_digests({channel.name: NOW - HOUR}, NOW - DAY)
    for _ in range(tries):
        (digest,) = made.watch.claim_digests(NOW, NOW)
        made.watch.settle_digest(digest, NOW, "no")
    made.tells()
    assert +made.counts.digests == {became: 1}
    assert made.digest_due(next_at - timedelta(seconds=1)) == []
    assert made.digest_due(next_at) == [tries_then]


def test_another_try_of_a_digest_never_waits_longer_than_the_next_digest(
    bench: Callable[..., Bench], caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(msgspec.structs.replace(DEAF, digest=DAILY))
    made.now = NEXT_MORNING - timedelta(seconds=30)
    made.watch.set_digests({"deaf": NOW}, NOW - DAY)
    made.tells()
    assert made.digest_due(NEXT_MORNING) == [1]
    assert errors(caplog) == ["alert=deaf digest failed: /bin/false: exit status 1"]


def wanting(
    *channels: Channel, arranged: tuple[KeptMaintenance, ...] = (), maintenance: tuple[Maintenance, ...] = ()
) -> list[Wanting]:
    """Return who has to be told of the news of a migration."""
    settings = msgspec.structs.replace(
        WatchSettings(
            domains=(),
            jobs=1,
            store="",
            retention=WatchRetention(),
            asking=Asking((Peer("127.0.0.1", 1),)),
            roots=(),
            zone=UTC,
        ),
        channels=channels,
        maintenance=maintenance,
    )
    return list(wanting_of(NEWS, settings, arranged, NOW))


def test_who_wants_news_as_loud_as_these_has_to_be_told() -> None:
    assert NEWS.weight is Weight.ALARM
    digests_only = msgspec.structs.replace(TOLD, name="digests", least=None, digest=DAILY)
    assert wanting(digests_only, TOLD, DEAF) == [Wanting("told"), Wanting("deaf")]


@pytest.mark.parametrize("is_arranged", [True, False], ids=["on the pages", "in the configuration"])
def test_in_a_time_of_maintenance_of_the_domain_it_is_told_at_its_end(*, is_arranged: bool) -> None:
    def until(domain: str) -> list[Wanting]:
        begins, ends = NOW - HOUR, NOW + HOUR
        if is_arranged:
            return wanting(TOLD, arranged=(KeptMaintenance(1, (domain,), begins, ends, "", "ada"),))
        return wanting(TOLD, maintenance=(Maintenance(frozenset({domain}), begins, ends),))

    assert until(NEWS.domain) == [Wanting("told", NOW + HOUR)]
    assert until("other.example") == [Wanting("told")]
