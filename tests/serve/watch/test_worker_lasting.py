"""A worker over time and reloads: what it looks for now and then, and what it lets go of."""

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import ClassVar

import msgspec
import pytest

from mxproof.evidence import Evidence
from mxproof.net.asking import Asking, Peer
from mxproof.serve.watch import worker as module
from mxproof.serve.watch.store_thread import WATCH_STORE_RETRY_S
from mxproof.serve.watch.worker import IDLE_MAX_S, RIGHTED_EVERY_S, Worker
from mxproof.store.journal.watched import ClaimedDomain
from support_clock import at, passed_s
from support_scenarios import AT
from support_worker import ONE, OTHER, AtOnce, Bench, now, sees


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=passed_s))
    made = Bench(tmp_path)
    yield made
    made.worker.close()
    made.journal.close()


def test_what_a_wrong_clock_has_left_is_looked_for_each_minute(bench: Bench) -> None:
    bench.works(2 * RIGHTED_EVERY_S + 5)
    assert bench.store.righted_s == [0.0, RIGHTED_EVERY_S, 2 * RIGHTED_EVERY_S]


def test_where_the_store_is_away_it_is_looked_for_once_it_is_back(bench: Bench) -> None:
    bench.store.away_s = (0.0, 5.0)
    bench.works(RIGHTED_EVERY_S)
    assert bench.store.righted_s == [0.0, WATCH_STORE_RETRY_S + IDLE_MAX_S]


def test_domains_that_are_named_no_more_are_checked_no_more_and_new_ones_at_once(bench: Bench) -> None:
    bench.kept.set_watched([ONE], AT)
    bench.worker.look = sees("direct")

    async def renewed() -> None:
        await at(2)
        bench.stirred.clear()
        bench.worker.renew(msgspec.structs.replace(bench.settings, domains=(OTHER,)))
        await bench.worker.keep_domains()
        assert bench.stirred.is_set()

    bench.works(200, renewed)
    assert (bench.seen_at(ONE.domain), bench.seen_at(OTHER.domain)) == ([0.0], [2.0, 182.0])


class Sockets:
    """Stands for what asks; it notes what is let go of."""

    closed: ClassVar[list[Asking]] = []

    def __init__(self, asking: Asking) -> None:
        self.asking = asking

    def close(self) -> None:
        """Let go."""
        self.closed.append(self.asking)


def test_what_asked_before_is_let_go_of_only_where_something_else_asks_then(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[Asking] = []
    monkeypatch.setattr(Sockets, "closed", closed)
    monkeypatch.setattr(module, "Asker", Sockets)
    one, other = (Asking((Peer("127.0.0.1", port),)) for port in (1, 2))
    settings = msgspec.structs.replace(bench.settings, asking=one)
    worker = Worker(
        settings, AtOnce(bench.store, bench.counts), bench.counts, now, lambda: None, asyncio.Event()
    )
    worker.renew(msgspec.structs.replace(settings, jobs=9))
    assert (closed, worker.settings.jobs) == ([], 9)
    worker.renew(msgspec.structs.replace(settings, asking=other))
    assert closed == [one]
    worker.close()
    assert closed == [one, other]


@pytest.mark.parametrize("is_faulty", [False, True], ids=["the others end well", "one ends with a fault"])
def test_at_the_end_domains_are_given_back_only_once_their_checks_have_ended(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, *, is_faulty: bool
) -> None:
    """Whoever takes one over would else check it beside a check that is still asking."""
    happened: list[tuple[float, str]] = []
    give_back = bench.store.give_back

    async def slow_to_end(domain: str) -> Evidence:
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            await asyncio.sleep(3 if domain == ONE.domain else 1)
            happened.append((passed_s(), domain))
            if is_faulty and domain == OTHER.domain:
                raise ValueError("a fault") from None
            raise
        raise AssertionError("it was not ended")

    def noted(claims: Sequence[ClaimedDomain]) -> None:
        happened.append((passed_s(), " ".join(sorted(one.domain for one in claims))))
        give_back(claims)

    monkeypatch.setattr(bench.store, "give_back", noted)
    bench.kept.set_watched([ONE, OTHER], AT)
    bench.worker.look = slow_to_end
    bench.works(5)
    assert happened == [(6.0, OTHER.domain), (8.0, ONE.domain), (8.0, f"{ONE.domain} {OTHER.domain}")]
    assert [one.due_at for one in bench.kept.states()] == [AT, AT]
