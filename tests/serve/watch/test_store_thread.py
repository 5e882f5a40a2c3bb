"""The store as the loop uses it: what has to be kept is tried until the store is back, and whether it is away is known."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mxproof.serve.watch.metrics import WatchCounts
from mxproof.serve.watch.store_thread import StoreThread
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from support_clock import run


def failing(times: int) -> Callable[[WatchJournal], str]:
    """Return work that fails so many times and is then done."""
    left = [times]

    def work(_: WatchJournal) -> str:
        if left[0]:
            left[0] -= 1
            raise JournalError("away")
        return "done"

    return work


def tried(folder: Path, work: Callable[[WatchJournal], str], is_time: Callable[[], bool]) -> tuple[str, bool]:
    """Have work done with a new store, and return what it returned and whether the store counts as away."""
    counts = WatchCounts()
    store = StoreThread(WatchJournal(Journal(f"sqlite:{folder}/journal.db")), counts)
    try:
        return run(store.does_until(work, is_time)), counts.store_down
    finally:
        store.close()


def test_what_has_to_be_kept_is_kept_when_the_store_is_back(tmp_path: Path) -> None:
    assert tried(tmp_path, failing(7), lambda: True) == ("done", False)


def test_when_its_time_is_over_it_is_given_up(tmp_path: Path) -> None:
    with pytest.raises(JournalError):
        tried(tmp_path, failing(1), lambda: False)


def test_each_outage_is_told_of_once_and_so_is_its_end_also_where_nobody_waits_for_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    counts = WatchCounts()
    store = StoreThread(WatchJournal(Journal(f"sqlite:{tmp_path}/journal.db")), counts)
    stands = []

    async def scenario() -> None:
        for times, waits in ((0, True), (2, True), (1, False), (2, True), (0, True)):
            try:
                await store.does_until(failing(times), lambda: waits)  # noqa: B023 - it is awaited at once
            except JournalError:
                assert not waits
            stands.append(counts.store_down)

    run(scenario())
    store.close()
    away, back = "store: away; nothing is checked until it is back", "store: back"
    assert [one.getMessage() for one in caplog.records] == [away, back, away, back]
    assert stands == [False, False, True, False, False]
