"""The daemon and what is under way: how much at once, whoever hangs up, a fault, an outage, and the end."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from mxproof.explain.tlsrpt.counted import counted
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.serve.tlsrpt import daemon as module
from mxproof.serve.tlsrpt.daemon import REPORT_STOP_S, ReportDaemon
from mxproof.serve.tlsrpt.intake import CameIn, Intake, Taken
from mxproof.serve.tlsrpt.metrics import NOT_KEPT
from mxproof.serve.tlsrpt.settings import FolderSettings, report_settings
from mxproof.store.journal.arrival import Kept
from mxproof.store.journal.error import JournalError
from support_clock import at, passed_s, run
from support_logged import said
from support_new_store import new_store
from support_report_daemon import FOLDER, config_in, with_listen
from support_tlsrpt_days import written

AT_ONCE = 40
REPORT = counted(next(iter(reports_in(written()))), lambda _: True)
LMTP, POSTED = CameIn(b"one", "message", "lmtp"), CameIn(b"two", "post", "https")


class Slow(Intake):
    """An intake that takes as long, and fails, as a test says."""

    took_s = 0.0
    fails: Exception | None = None

    async def take(self, pieces: Sequence[CameIn]) -> list[Taken]:
        """Take pieces in."""
        await asyncio.sleep(self.took_s)
        if self.fails is not None:
            raise self.fails
        return [Taken(one.name, ((REPORT, Kept.NEW),)) for one in pieces]


class Bench:
    """A daemon that listens nowhere and has a folder in which nothing is."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        new_store(folder)
        monkeypatch.setattr(module, "Intake", Slow)
        monkeypatch.setattr(module, "read_folder", self._nothing)
        config = with_listen(config_in(folder), lmtp=(), https=())
        self.settings = msgspec.structs.replace(report_settings(config), http=None, folder=FOLDER)
        self.daemon = ReportDaemon(self.settings, lambda: self.settings)
        assert isinstance(self.daemon._intake, Slow)
        self.intake = self.daemon._intake

    async def _nothing(self, _settings: FolderSettings, _intake: Intake, _: Callable[[Taken], None]) -> None:
        """Read a folder in which nothing is."""

    def pieces(self) -> dict[tuple[str, str], int]:
        """Return what is counted of pieces."""
        return dict(+self.daemon._counts.pieces)

    def begin(self, *pieces: CameIn) -> list[asyncio.Task[Taken]]:
        """Have pieces come in at once."""
        return [asyncio.create_task(self.daemon._take(one)) for one in pieces]


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    made = Bench(tmp_path, monkeypatch)
    yield made
    made.intake.close()
    made.daemon._journal.close()


async def became(begun: Sequence[asyncio.Task[Taken]]) -> list[str]:
    """Return how each piece ended: kept, or why not."""
    found = await asyncio.gather(*begun, return_exceptions=True)
    return [str(one) if isinstance(one, BaseException) else one.reports[0][1] for one in found]


def test_so_many_are_kept_at_once_and_the_next_once_some_are_done(bench: Bench) -> None:
    bench.intake.took_s = 5.0

    async def scenario() -> list[list[str]]:
        first = bench.begin(*[LMTP] * AT_ONCE)
        await at(1)
        beyond = await became(bench.begin(POSTED))
        done = await became(first)
        return [beyond, done, await became(bench.begin(*[POSTED] * AT_ONCE))]

    beyond, *done = run(scenario(), patience_s=0)
    assert (beyond, done) == (["too much at once"], [[Kept.NEW] * AT_ONCE] * 2)
    assert bench.pieces() == {("lmtp", Kept.NEW): AT_ONCE, ("https", Kept.NEW): AT_ONCE}


def test_what_fails_leaves_its_place_to_the_next(bench: Bench) -> None:
    bench.intake.fails = JournalError("away")

    async def scenario() -> list[str]:
        assert await became(bench.begin(*[LMTP] * AT_ONCE)) == ["away"] * AT_ONCE
        bench.intake.fails = None
        return await became(bench.begin(POSTED))

    assert run(scenario(), patience_s=0) == [Kept.NEW]


def test_what_came_whole_is_kept_and_counted_though_whoever_sent_it_hangs_up(bench: Bench) -> None:
    bench.intake.took_s = 5.0

    async def scenario() -> None:
        (begun,) = bench.begin(POSTED)
        await at(1)
        begun.cancel()
        (ended,) = await asyncio.gather(begun, return_exceptions=True)
        assert (isinstance(ended, asyncio.CancelledError), passed_s()) == (True, 1.0)
        await at(6)

    run(scenario(), patience_s=0)
    assert bench.pieces() == {("https", Kept.NEW): 1}
    assert bench.daemon._counts.reports[REPORT.found.authenticated] == 1


def test_a_fault_is_counted_and_the_report_comes_again_while_the_store_is_there(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.intake.fails = ValueError("a fault")

    async def scenario() -> list[str]:
        return await became(bench.begin(LMTP))

    assert run(scenario(), patience_s=0) == ["fault of mxproof"]
    counts = bench.daemon._counts
    assert (counts.errors, counts.gauges["store_down"], bench.pieces()) == (1, 0.0, {})
    assert said(caplog) == ["fault of mxproof; the report comes again"]


def test_an_outage_is_said_once_and_counted_by_way_until_a_report_is_kept(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    standings: list[float] = []

    async def scenario() -> None:
        for away in (True, True, False, False, True):
            bench.intake.fails = JournalError("away") if away else None
            await became(bench.begin(LMTP if len(standings) % 2 else POSTED))
            standings.append(bench.daemon._counts.gauges["store_down"])

    run(scenario(), patience_s=0)
    assert standings == [1, 1, 0, 0, 1]
    assert bench.pieces() == {
        ("https", NOT_KEPT): 2,
        ("lmtp", NOT_KEPT): 1,
        ("https", Kept.NEW): 1,
        ("lmtp", Kept.NEW): 1,
    }
    away = "store: away; reports are not acknowledged, and come again"
    assert said(caplog) == [away, "store: back", away]
    assert bench.daemon._counts.errors == 0


@pytest.mark.parametrize(
    ("took_s", "ended_s", "kept"),
    [(0.0, 1.0, 1), (REPORT_STOP_S, 1 + REPORT_STOP_S - 0.5, 1), (60.0, 1 + REPORT_STOP_S, 0)],
    ids=["done", "in time", "too late"],
)
def test_what_is_under_way_at_the_end_is_waited_for_and_not_for_long(
    bench: Bench, took_s: float, ended_s: float, kept: int
) -> None:
    bench.intake.took_s = took_s

    async def scenario() -> float:
        serving = asyncio.create_task(bench.daemon.run())
        await bench.daemon.life.ready.wait()
        began_s = passed_s()
        await asyncio.sleep(0.5)
        bench.begin(LMTP)
        await asyncio.sleep(0.5)
        bench.daemon.life.stop.set()
        await serving
        return passed_s() - began_s

    assert run(scenario(), patience_s=0) == ended_s
    assert bench.daemon._counts.pieces["lmtp", Kept.NEW] == kept
