"""`kill -9` of workers and pages, at moments drawn from a seed: no check is lost or doubled, and nobody is told a lie.

Each life of a worker begins ten minutes later by its clock than the one before, so that the lease of whoever died is over.
"""

import http.client
import os
import random
import re
import signal
import socket
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from mxproof.store.journal.guest_bounds import GuestBounds
from mxproof.store.journal.guest_checks import GUEST_TRIES_MAX, GuestJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watched import KeptCheck
from real.bed.clock import away
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

LIVES = 4
WORKERS = 2
STEP_S = 600
SEED = int(os.environ.get("MXPROOF_SEED", "1"))
"""Of the moments; any other finds out as much."""
SOONEST = timedelta(seconds=10)
"""Two checks of a domain that are nearer to one another would be one that was made twice: the next is due in 15 s at least."""
PATIENCE_S = 0.3
_GUESTS = GuestBounds(waiting_max=100, an_hour_max=100, kept=timedelta(days=90))
_GUEST_CHECKED = re.compile(r"guest domain=(\S+) took_s=")


def _killed(one: Daemon) -> None:
    os.killpg(one.process.pid, signal.SIGKILL)
    one.process.wait(STOP_WITHIN_S)


def _life(watch: Watch, number: int, chance: random.Random) -> list[str]:
    """Run the workers until they are killed, and return what they said; the last life has one, which does all that is due."""
    is_last = number == LIVES - 1
    with ExitStack() as stack:
        workers = [
            stack.enter_context(watch.running(f"worker-{number}-{one}", before=away(number * STEP_S)))
            for one in range(1 if is_last else WORKERS)
        ]
        if is_last:
            await_every(workers[0], DOMAINS)
        else:
            await_checks(workers[0], chance.randint(1, 4))
            threading.Event().wait(chance.uniform(0, PATIENCE_S))
            for worker in workers:
                _killed(worker)
    return [worker.text() for worker in workers]


def _times(kept: Iterable[KeptCheck]) -> list[datetime]:
    return [one.observed_at for one in kept]


def test_of_workers_that_are_killed_no_check_is_lost_or_doubled(
    asked: Asked, store: str, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    watch = configured(tmp_path, asked, store, DOMAINS)
    said = Counter[str]()
    for number in range(LIVES):
        said += said_done(*_life(watch, number, chance))
    for domain, kept in watch.checks(DOMAINS).items():
        assert all(later - before >= SOONEST for before, later in pairwise(_times(kept)))
        # What was said was kept; of what was kept each worker may have died before it said so.
        assert said[domain] <= len(kept) <= said[domain] + WORKERS * LIVES
    assert watch.told == []


def test_workers_share_the_domains_and_each_is_checked_by_one(asked: Asked, tmp_path: Path) -> None:
    with folder_of("postgres") as made, postgresql(made):
        watch = configured(tmp_path, asked, url_in(made), DOMAINS, "jobs = 2\n")
        with ExitStack() as stack:
            workers = [stack.enter_context(watch.running(f"worker-{one}")) for one in range(3)]
            for worker in workers:
                await_checks(worker, 4)
        said = [said_done(worker.text()) for worker in workers]
        checks = watch.checks(DOMAINS)
    assert {domain: len(kept) for domain, kept in checks.items()} == dict(sum(said, Counter[str]()))
    for kept in checks.values():
        assert all(later - before >= SOONEST for before, later in pairwise(_times(kept)))


def test_of_workers_that_are_killed_no_check_of_a_guest_is_lost_or_doubled(
    asked: Asked, store: str, tmp_path: Path
) -> None:
    chance = random.Random(SEED)
    watch = configured(tmp_path, asked, store, DOMAINS[:1])
    with closing(Journal(store)) as journal:
        guests = GuestJournal(journal)
        now = datetime.now(UTC)
        for domain in DOMAINS:
            assert guests.ask(_link(domain), domain, now, _GUESTS) == _link(domain)
        said = Counter[str]()
        for number in range(GUEST_TRIES_MAX):
            said += Counter(_GUEST_CHECKED.findall(_guests_life(watch, number, chance)))
        # Some way ahead, as the last life was by its clock.
        now += timedelta(seconds=GUEST_TRIES_MAX * STEP_S)
        found = {domain: guests.check(_link(domain), now) for domain in DOMAINS}
        assert all(one is not None and one.done_at is not None and one.has_evidence for one in found.values())
        assert all(guests.evidence(_link(domain)) is not None for domain in DOMAINS)
    # Each was kept once: of what was kept a worker may have died before it said so, and nobody says it twice.
    assert set(said.values()) <= {1}
    assert watch.told == []


def _link(domain: str) -> str:
    return f"link-to-{domain}"


def _guests_life(watch: Watch, number: int, chance: random.Random) -> str:
    """Run a worker until it is killed within checks of guests, and return what it said; the last life does all that is left."""
    with watch.running(f"guests-{number}", before=away(number * STEP_S)) as worker:
        if number < GUEST_TRIES_MAX - 1:
            worker.await_line(_GUEST_CHECKED, WITHIN_S)
            threading.Event().wait(chance.uniform(0, PATIENCE_S))
            _killed(worker)
            return worker.text()
        with closing(Journal(watch.store)) as journal:
            left = [one for one in DOMAINS if _is_left(GuestJournal(journal), one)]
        for domain in left:
            worker.await_line(re.compile(rf"guest domain={re.escape(domain)} "), WITHIN_S)
    return worker.text()


def _is_left(guests: GuestJournal, domain: str) -> bool:
    found = guests.check(_link(domain), datetime.now(UTC))
    return found is not None and found.done_at is None


def test_pages_that_are_killed_are_there_again_and_checks_go_on_without_them(
    asked: Asked, store: str, tmp_path: Path
) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    web = f'[web]\nlisten = "unix:{pages}/web"\npublic_url = "https://watch.example"\n'
    watch, of_pages = (
        configured(tmp_path, asked, store, DOMAINS),
        configured(pages, asked, store, DOMAINS, web),
    )
    with watch.running("worker") as worker:
        for number in range(3):
            done = sum(said_done(worker.text()).values())
            with of_pages.running(f"pages-{number}", "--pages-only") as one:
                one.await_ready()
                assert _status(pages / "web", "/login") == http.client.OK
                assert _status(pages / "web", f"/domains/{DOMAINS[0]}") == http.client.SEE_OTHER
                _killed(one)
            await_checks(worker, done + 1)
    assert watch.told == []


def _status(path: Path, page: str) -> int:
    """Ask the pages behind a socket file for one, as a proxy does."""
    with socket.socket(socket.AF_UNIX) as proxy:
        proxy.settimeout(WITHIN_S)
        proxy.connect(str(path))
        proxy.sendall(f"GET {page} HTTP/1.1\r\nHost: watch.example\r\nConnection: close\r\n\r\n".encode())
        answered = http.client.HTTPResponse(proxy)
        answered.begin()
        return answered.status
