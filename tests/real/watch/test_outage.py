"""The store away and the clock elsewhere: what was checked is kept, nobody is told a lie, and all is well again without help."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from real.bed.clock import away, faked
from real.bed.process import STOP_WITHIN_S, Daemon
from real.store.servers import folder_of, postgresql
from real.watch.processes import (
    DOMAINS,
    WITHIN_S,
    Asked,
    Watch,
    await_checks,
    await_every,
    configured,
    said_done,
    url_in,
)

AWAY_S = 60.0
YEAR_S = 366 * 86_400
JUMPS = ("+1h", "-1h", "+366d", "-366d")
DISK_BYTES = 4 * 2**20
FEW = DOMAINS[:3]
AWAY = re.compile(r"ERROR store: .*; nothing is checked until it is back")
BACK = re.compile(r"WARNING store: back")


def _well_again(watch: Watch, worker: Daemon) -> None:
    """Expect that the worker checks every domain after it found the store again, and that each check is there once."""
    worker.await_line(BACK, WITHIN_S)
    for domain in DOMAINS:
        worker.await_line(
            re.compile(rf"store: back.*domain={re.escape(domain)} outcome=", re.DOTALL), WITHIN_S
        )


def _all_is_kept(watch: Watch, log: str, unsaid_max: int = 0) -> None:
    """Expect that every check that was said is kept once; `unsaid_max` of each domain may be kept beside."""
    said, checks = said_done(log), watch.checks(DOMAINS)
    for domain, kept in checks.items():
        assert said[domain] <= len(kept) <= said[domain] + unsaid_max
        times = [one.observed_at for one in kept]
        assert all(later - before >= timedelta(seconds=10) for before, later in pairwise(times))
    assert watch.told == []


def test_a_database_that_is_killed_and_away_for_a_minute(asked: Asked, tmp_path: Path) -> None:
    with folder_of("postgres") as made:
        watch = configured(tmp_path, asked, url_in(made), DOMAINS)
        with ExitStack() as stack:
            with postgresql(made) as server:
                worker = stack.enter_context(watch.running("worker"))
                await_checks(worker, 4)
                os.killpg(server.process.pid, signal.SIGKILL)
                server.process.wait(STOP_WITHIN_S)
            worker.await_line(AWAY, WITHIN_S)
            with pytest.raises(TimeoutError):
                worker.await_line(BACK, AWAY_S)
            stack.enter_context(postgresql(made))
            _well_again(watch, worker)
            os.killpg(worker.process.pid, signal.SIGTERM)
            worker.process.wait(STOP_WITHIN_S)
            # A database that is killed may have kept a check and not have said so any more.
            _all_is_kept(watch, worker.text(), unsaid_max=1)
    assert worker.process.returncode == 0


def test_a_disk_that_is_full_for_a_while(asked: Asked, tmp_path: Path) -> None:
    """The store is alone on a small disk, which only its worker sees."""
    disk = tmp_path / "disk"
    disk.mkdir()
    watch = configured(tmp_path, asked, f"sqlite:{disk}/journal.db", DOMAINS)
    mounted = f'mount -t tmpfs -o size={DISK_BYTES} none {disk} && exec "$@"'
    with watch.running("worker", before=("unshare", "--mount", "sh", "-c", mounted, "sh")) as worker:
        await_checks(worker, 4)
        seen = Path(f"/proc/{worker.process.pid}/root{disk}")
        filler = seen / "filler"
        _fill(filler)
        worker.await_line(AWAY, WITHIN_S)
        filler.unlink()
        _well_again(watch, worker)
        for one in seen.glob("journal.db*"):
            (tmp_path / one.name).write_bytes(one.read_bytes())
    assert worker.process.returncode == 0
    assert "fault of mxproof" not in worker.text()
    copied = Watch(tmp_path, f"sqlite:{tmp_path}/journal.db")
    said = said_done(worker.text())
    assert all(0 < len(kept) <= said[domain] for domain, kept in copied.checks(DOMAINS).items())
    assert watch.told == []


def _fill(file: Path) -> None:
    """Write until no byte more fits."""
    with file.open("wb", buffering=0) as out:
        for size in (2**16, 1):
            try:
                while True:
                    out.write(bytes(size))
            except OSError:
                pass


def test_a_clock_that_jumps_makes_no_check_early_late_or_wrong(asked: Asked, tmp_path: Path) -> None:
    """Were the clock believed, a year ahead would end every certificate, and a year behind would put off every check.

    Each jump has a worker of its own, and all wait for their next checks together.
    """
    began = datetime.now(UTC)
    with ExitStack() as stack:
        jumped = [stack.enter_context(_jumped(asked, tmp_path, jump)) for jump in JUMPS]
        for _, worker in jumped:
            for domain in FEW:  # seen twice, as what counts is
                again = re.compile(rf"(?:domain={re.escape(domain)} outcome=.*){{2}}", re.DOTALL)
                worker.await_line(again, WITHIN_S)
    ended = datetime.now(UTC)
    for watch, worker in jumped:
        kept = watch.checks(FEW)
        assert all(began <= one.observed_at <= ended for checks in kept.values() for one in checks)
        _all_is_kept(watch, worker.text())


@contextmanager
def _jumped(asked: Asked, folder: Path, jump: str) -> Iterator[tuple[Watch, Daemon]]:
    """Run a worker whose clock has jumped after its start, and that has noticed."""
    own = folder / jump
    own.mkdir()
    watch = configured(own, asked, f"sqlite:{own}/journal.db", FEW)
    offset = own / "time"
    offset.write_text("+0")
    with watch.running("worker", before=faked(offset)) as worker:
        worker.await_ready()
        offset.write_text(jump)
        worker.await_line(re.compile(r"WARNING clock: the machine's clock is [-+]\d+ s away"), WITHIN_S)
        yield watch, worker


def test_what_a_life_under_a_clock_a_year_ahead_left_is_due_at_once_when_it_is_right(
    asked: Asked, store: str, tmp_path: Path
) -> None:
    """It was killed before it saw anything twice."""
    watch = configured(tmp_path, asked, store, DOMAINS)
    with watch.running("ahead", before=away(YEAR_S)) as worker:
        await_checks(worker, 3)
        os.killpg(worker.process.pid, signal.SIGKILL)
        worker.process.wait(STOP_WITHIN_S)
    with watch.running("right") as worker:
        worker.await_line(re.compile("were due later than they can be"), WITHIN_S)
        await_every(worker, DOMAINS)
    assert watch.told == []
