"""The worker: when it looks what is due, what it keeps of a check, and what becomes of one that cannot be kept."""

import asyncio
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Evidence
from mxproof.judge.difference import Course
from mxproof.judge.news import DomainNews, Weight
from mxproof.judge.settling import TurnKind
from mxproof.judge.vocabulary import Verdict
from mxproof.net.asking import Asking, Peer
from mxproof.serve.watch.store_thread import WATCH_STORE_RETRY_S
from mxproof.serve.watch.worker import DUE_AGAIN_S, IDLE_MAX_S, LEASE_S, WATCH_SWEEP_S, Worker
from mxproof.store.journal.arranging import ArrangingJournal, KeptMaintenance
from mxproof.store.journal.watched import (
    WatchedDomain,
)
from support_clock import at, run
from support_scenarios import AT
from support_worker import DAY, HOUR, OFTEN, ONE, OTHER, SECOND, AtOnce, Bench, now, sees


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Callable[..., Bench]]:
    """Return what makes a bench that watches domains."""
    made: list[Bench] = []

    def make(*domains: WatchedDomain, jobs: int = 2) -> Bench:
        made.append(Bench(tmp_path, *domains, jobs=jobs))
        return made[-1]

    yield make
    for one in made:
        one.worker.close()
        one.journal.close()


def said(caplog: pytest.LogCaptureFixture, level: int = logging.INFO) -> list[str]:
    return [one.getMessage() for one in caplog.records if one.levelno >= level]


Benches = Callable[..., Bench]


def test_a_domain_that_is_due_is_checked_at_once_and_counted(bench: Benches) -> None:
    made = bench(ONE)
    made.works(1)
    (state,) = made.kept.states()
    assert state.newest is not None
    assert (state.newest.outcome, state.newest.observed_at) == (Verdict.DELIVERS, AT)
    assert +made.counts.checks == {Verdict.DELIVERS: 1}
    assert (made.counts.lost, made.counts.errors, made.counts.late_s) == (0, 0, 0.0)
    assert made.stirred.is_set()


def test_what_was_seen_once_is_looked_at_again_soon_and_what_holds_an_interval_later(bench: Benches) -> None:
    made = bench(ONE)
    made.works(181)
    assert made.seen_at("example.com") == [0.0, 180.0]
    (state,) = made.kept.states()
    assert 180.0 + 3600.0 * 0.9 <= (state.due_at - AT).total_seconds() <= 180.0 + 3600.0 * 1.1


def test_how_late_the_last_domain_was_begun_is_counted(bench: Benches) -> None:
    made = bench()
    made.kept.set_watched([ONE], AT - timedelta(seconds=90))
    made.works(1)
    assert made.counts.late_s == 90.0


def test_an_idle_worker_looks_now_and_then_what_others_have_arranged(bench: Benches) -> None:
    made = bench()
    made.works(25)
    assert made.store.claimed == [(0.0, 2), (IDLE_MAX_S, 2), (2 * IDLE_MAX_S, 2)]
    assert not made.stirred.is_set()


def test_a_worker_looks_again_when_the_next_is_due(bench: Benches) -> None:
    made = bench()
    made.kept.set_watched([ONE], AT + 3 * SECOND)
    made.works(4)
    assert made.asked_at()[:2] == [0.0, 3.0]
    assert made.seen_at("example.com") == [3.0]


def test_what_is_due_long_from_now_is_not_waited_for_without_looking(bench: Benches) -> None:
    made = bench()
    made.kept.set_watched([ONE], AT + HOUR)
    made.works(15)
    assert made.asked_at() == [0.0, IDLE_MAX_S]


def test_what_is_due_and_cannot_be_had_is_tried_again_after_a_moment(bench: Benches) -> None:
    made = bench(ONE)
    made.store.busy_until_s = 0.12
    made.works(0.2)
    assert made.asked_at()[:4] == [0.0, 0.05, 0.1, 0.15]
    assert made.seen_at("example.com") == [0.15]


def test_what_is_arranged_on_the_pages_is_checked_at_once_also_beside_a_check(bench: Benches) -> None:
    made = bench(ONE)
    made.worker.look = sees("direct", took_s=60.0)

    async def arranged() -> None:
        await asyncio.sleep(2)
        made.worker.renew(msgspec.structs.replace(made.settings, domains=(ONE, OTHER)))
        await made.worker.keep_domains()

    made.works(63, arranged)
    assert made.store.claimed[:3] == [(0.0, 2), (2.0, 1), (60.0, 1)]
    assert made.seen_at("example.net") == [62.0]


def test_what_becomes_due_beside_a_check_is_not_kept_waiting_for_its_end(bench: Benches) -> None:
    made = bench()
    made.kept.set_watched([ONE], AT)
    made.kept.set_watched([ONE, OTHER], AT + 3 * SECOND)
    made.worker.look = sees("direct", took_s=60.0)
    made.works(64)
    assert [made.seen_at(one.domain) for one in (ONE, OTHER)] == [[60.0], [63.0]]


def test_where_as_many_are_under_way_as_may_be_only_the_end_of_one_makes_room(bench: Benches) -> None:
    made = bench(ONE, OTHER, jobs=1)
    made.worker.look = sees("direct", took_s=60.0)

    async def stirred() -> None:
        await asyncio.sleep(1)
        made.worker.stir()
        await asyncio.sleep(58)
        assert (made.store.claimed, made.store.looked) == ([(0.0, 1)], 0)

    made.works(61, stirred)
    assert made.store.claimed == [(0.0, 1), (60.0, 1)]


@pytest.mark.parametrize("jobs_then", [1, 2])
def test_where_fewer_may_be_under_way_than_are_only_the_end_of_enough_makes_room(
    bench: Benches, jobs_then: int
) -> None:
    """The configuration was changed meanwhile."""
    made = bench(ONE, OTHER, WatchedDomain("example.org", 3600.0), jobs=3)
    quick, slow = sees("direct", took_s=20.0), sees("direct", took_s=60.0)
    made.worker.look = lambda domain: (quick if domain == "example.com" else slow)(domain)

    async def fewer() -> None:
        await asyncio.sleep(1)
        made.worker.renew(msgspec.structs.replace(made.settings, jobs=jobs_then))

    made.works(59, fewer)
    assert (made.store.claimed, made.store.looked) == ([(0.0, 3)], 0)


def test_the_domains_of_a_worker_that_ends_are_due_at_once_and_no_fault(
    bench: Benches, caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(ONE)
    made.worker.look = sees("direct", took_s=60.0)
    made.works(5)
    assert made.kept.next_due() == AT
    assert made.kept.states()[0].newest is None
    assert (made.counts.errors, said(caplog)) == (0, [])


def test_where_the_store_is_away_at_the_end_that_is_said(
    bench: Benches, caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(ONE)
    made.worker.look = sees("direct", took_s=60.0)
    made.store.away_s = (4.0, 9.0)
    made.works(5)
    assert said(caplog) == ["store: away; nothing is checked until it is back"]


def test_a_fault_in_a_check_is_counted_and_the_domain_taken_again(
    bench: Benches, caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(ONE)

    async def broken(_: str) -> Evidence:
        raise ValueError("a fault")

    made.worker.look = broken
    made.works(LEASE_S + IDLE_MAX_S)
    assert made.counts.errors == 2
    assert said(caplog) == ["fault of mxproof; the domain is checked again"] * 2
    assert +made.counts.checks == {}


def test_a_server_that_turns_us_away_is_counted_until_it_talks_to_us_again(bench: Benches) -> None:
    made = bench(OFTEN)
    made.worker.look = sees("turned-away", "turned-away", "direct")
    counted: list[int] = []

    async def looked() -> None:
        for at_s in (10, 40, 85):
            await at(at_s)
            (domain,) = made.kept.claim("other", now() + 9 * DAY, now() + 9 * DAY, 1)
            counted.append(domain.turned_away)
            made.kept.give_back([domain], domain.due_at)

    made.works(86, looked)
    assert counted == [1, 2, 0]


def test_what_holds_is_told_once_it_was_seen_twice_and_what_becomes_of_it_with_its_cause(
    bench: Benches, caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(OFTEN)
    made.worker.look = sees("direct", "direct", "incident")

    async def looked() -> None:
        await at(2)
        assert (made.kept.news(), made.has_news) == ([], 0)
        await at(4)
        (first,) = made.kept.news()
        assert (first.kind, first.weight, first.at) == (TurnKind.FIRST, Weight.NOTE, AT + 3 * SECOND)
        assert (+made.counts.news, made.has_news) == ({Weight.NOTE: 1}, 1)

    caplog.set_level(logging.INFO)
    made.works(20, looked)
    changed, first = (msgspec.json.decode(one.told, type=DomainNews) for one in made.kept.news())
    assert (changed.kind, changed.course, changed.weight) == (TurnKind.CHANGED, Course.WORSE, Weight.ALARM)
    assert changed.troubled[0].id == "microsoft"
    assert changed.difference is not None
    assert (+made.counts.news, made.has_news) == ({Weight.NOTE: 1, Weight.ALARM: 1}, 2)
    assert [(one.levelname, one.getMessage()) for one in caplog.records] == [
        ("INFO", f"domain=example.com news=first weight=note {first.headline}"),
        ("WARNING", f"domain=example.com news=changed weight=alarm {changed.headline}"),
    ]
    (notice,) = made.kept.claim_notices(["pager"], AT + DAY, AT + DAY, 9)
    assert notice.news.kind is TurnKind.CHANGED


def test_in_a_time_of_maintenance_of_the_pages_nobody_is_told_before_its_end(bench: Benches) -> None:
    made = bench(ONE)
    made.worker.look = sees("incident")
    maintenance = KeptMaintenance(0, (ONE.domain,), AT - HOUR, AT + HOUR, "", "ada")
    ArrangingJournal(made.journal).begin_maintenance(maintenance)
    made.works(200)
    assert made.kept.claim_notices(["pager"], AT + HOUR - SECOND, AT + HOUR, 9) == []
    assert len(made.kept.claim_notices(["pager"], AT + HOUR, AT + HOUR, 9)) == 1


def test_a_check_is_kept_when_the_store_is_back_within_the_lease(
    bench: Benches, caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(ONE)
    made.worker.look = sees("direct", took_s=5.0)
    made.store.away_s = (4.0, 290.0)
    made.works(296)
    assert made.seen_at("example.com") == [5.0]
    assert +made.counts.checks == {Verdict.DELIVERS: 1}
    assert said(caplog) == ["store: away; nothing is checked until it is back", "store: back"]


def test_a_check_that_the_store_cannot_keep_within_the_lease_is_made_again(bench: Benches) -> None:
    """It is tried every ten seconds, and once more when the lease ends."""
    made = bench(ONE)
    made.store.away_s = (0.001, LEASE_S + 1)
    made.worker.look = sees("direct", took_s=10.0)
    made.works(LEASE_S + 40)
    *tried, again = made.store.finish_tried_s
    assert tried == [10.0 * number for number in range(1, 31)]
    assert made.seen_at("example.com") == [round(again, 3)]


def test_a_check_of_a_domain_that_another_has_taken_over_is_lost_and_counted(
    bench: Benches, caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(ONE, jobs=1)
    made.worker.look = sees("direct", took_s=LEASE_S + 5)

    async def taken_over() -> None:
        await at(LEASE_S + 1)
        (claimed,) = made.kept.claim("other", now(), now() + HOUR, 1)
        assert claimed.domain == "example.com"

    made.works(LEASE_S + 6, taken_over)
    assert (made.counts.lost, +made.counts.checks, made.has_news) == (1, {}, 0)
    assert (made.seen_at("example.com"), said(caplog)) == ([], [])


def test_a_store_that_is_away_is_asked_again_for_what_is_due(
    bench: Benches, caplog: pytest.LogCaptureFixture
) -> None:
    made = bench(ONE)
    made.store.away_s = (0.0, 5.0)
    made.works(11)
    assert made.seen_at("example.com") == [WATCH_STORE_RETRY_S + DUE_AGAIN_S]
    assert not made.counts.store_down
    assert said(caplog) == ["store: away; nothing is checked until it is back", "store: back"]


def test_what_a_clock_ahead_has_put_off_is_due_now_and_the_log_says_so(
    bench: Benches, caplog: pytest.LogCaptureFixture
) -> None:
    made = bench()
    made.kept.set_watched([ONE, OTHER], AT + 400 * DAY)
    made.works(1)
    assert [made.seen_at(one.domain) for one in (ONE, OTHER)] == [[0.0], [0.0]]
    assert said(caplog) == ["clock: 2 domains were due later than they can be; they are due now"]


def test_what_is_kept_no_longer_is_taken_away_each_hour_until_none_is_left(bench: Benches) -> None:
    made = bench()
    made.store.portions = [500, 7, 0, 1, 0]

    async def sweeps() -> list[int]:
        sweeping = asyncio.create_task(made.worker.sweep())
        left = []
        for at_s in (1, WATCH_SWEEP_S - 1, WATCH_SWEEP_S + 1):
            await at(at_s)
            left.append(len(made.store.portions))
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)
        return left

    assert run(sweeps(), patience_s=0) == [2, 2, 0]


def test_where_the_store_is_away_it_is_swept_an_hour_later(bench: Benches) -> None:
    made = bench()
    made.store.portions, made.store.away_s = [0], (0.0, 1.0)

    async def sweeps() -> None:
        sweeping = asyncio.create_task(made.worker.sweep())
        await at(WATCH_SWEEP_S + 1)
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)

    run(sweeps(), patience_s=0)
    assert (made.store.portions, made.counts.store_down) == ([], True)


def test_a_worker_whose_settings_name_another_resolver_asks_that_one(bench: Benches) -> None:
    """Neither answers."""
    made = bench()
    with silent() as one, silent() as other:
        before = asking(one)
        settings = msgspec.structs.replace(made.settings, asking=before)
        worker = Worker(
            settings, AtOnce(made.store, made.counts), made.counts, now, lambda: None, asyncio.Event()
        )

        async def asked() -> tuple[str, ...]:
            return (await worker.observed("example.com")).vantage.resolvers

        async def asks() -> list[tuple[str, ...]]:
            first = await asked()
            worker.renew(msgspec.structs.replace(settings, jobs=9))
            same = await asked()
            worker.renew(msgspec.structs.replace(settings, asking=asking(other)))
            then = await asked()
            worker.close()
            return [first, same, then]

        assert run(asks(), patience_s=0) == [named(one), named(one), named(other)]


def silent() -> closing[socket.socket]:
    """Return a resolver that says nothing."""
    held = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    held.bind(("127.0.0.1", 0))
    return closing(held)


def asking(resolver: socket.socket) -> Asking:
    return Asking((Peer(*resolver.getsockname()),), timeout_s=1.0, trust_ad=False)


def named(resolver: socket.socket) -> tuple[str, ...]:
    return (str(Peer(*resolver.getsockname())),)
