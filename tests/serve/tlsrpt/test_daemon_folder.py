"""The daemon and a folder of IMAP: what is read counts, and whether folder and store are away is known until they are back."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from mxproof.explain.tlsrpt.counted import counted
from mxproof.formats.errors import ConfigError
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.net.imap import ImapError
from mxproof.serve.tlsrpt import daemon as module
from mxproof.serve.tlsrpt.daemon import ReportDaemon
from mxproof.serve.tlsrpt.folder import IMAP_WAY
from mxproof.serve.tlsrpt.intake import Intake, Taken
from mxproof.serve.tlsrpt.settings import FolderSettings, report_settings
from mxproof.store.journal.arrival import Kept
from mxproof.store.journal.error import JournalError
from support_clock import at, run
from support_logged import said
from support_report_daemon import FOLDER, FOLDER_EVERY_S, config_in, with_listen
from support_tlsrpt_days import written

NEW = Taken("message 1", ((counted(next(iter(reports_in(written()))), lambda _: True), Kept.NEW),))
GONE, AWAY = ImapError("gone"), JournalError("away")

Look = Exception | Taken | None


class Bench:
    """A daemon that has nothing but a folder, which a test shows it look by look."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        config = with_listen(config_in(folder), lmtp=(), https=())
        self.settings = msgspec.structs.replace(report_settings(config), http=None, folder=FOLDER)
        self.daemon = ReportDaemon(self.settings, lambda: self.settings)
        self.looks: list[Look] = []
        monkeypatch.setattr(module, "read_folder", self._read)

    async def _read(self, _settings: FolderSettings, _intake: Intake, hear: Callable[[Taken], None]) -> None:
        look = self.looks.pop(0)
        if isinstance(look, Taken):
            hear(look)
        elif look is not None:
            raise look

    def stands(self, *looks: Look) -> list[tuple[float, float]]:
        """Return whether folder and store were away behind each look."""
        self.looks = list(looks)
        standings: list[tuple[float, float]] = []

        async def scenario() -> None:
            reading = asyncio.create_task(self.daemon._read_folder())
            for number in range(len(looks)):
                await at((number + 0.5) * FOLDER_EVERY_S)
                gauges = self.daemon._counts.gauges
                standings.append((gauges["folder_down"], gauges["store_down"]))
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

        run(scenario(), patience_s=0)
        assert self.looks == []
        return standings


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    return Bench(tmp_path, monkeypatch)


def told_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return what was said of the folder and of the store."""
    return [one for one in said(caplog) if one.startswith(("imap: ", "store: "))]


def test_a_folder_that_cannot_be_read_is_told_of_once_until_it_is_back(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    looks = (GONE, ConfigError("no password"), None, GONE)
    assert bench.stands(*looks) == [(1, 0), (1, 0), (0, 0), (1, 0)]
    assert told_of(caplog) == ["imap: gone; it is tried again", "imap: back", "imap: gone; it is tried again"]
    assert bench.daemon._counts.errors == 0


def test_a_store_that_was_away_for_one_look_is_back_with_the_next(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing comes another way that would tell so."""
    assert bench.stands(AWAY, AWAY, None, AWAY) == [(0, 1), (0, 1), (0, 0), (0, 1)]
    away = "store: away; reports are not acknowledged, and come again"
    assert told_of(caplog) == [away, "store: back", away]


def test_a_folder_that_cannot_be_read_says_nothing_of_the_store(bench: Bench) -> None:
    assert bench.stands(AWAY, GONE, None) == [(0, 1), (1, 1), (0, 0)]


def test_what_is_read_in_the_folder_is_counted_as_of_its_way(bench: Bench) -> None:
    bench.stands(NEW, msgspec.structs.replace(NEW, reports=()))
    counts = bench.daemon._counts
    assert {key: count for key, count in counts.pieces.items() if count} == {
        (IMAP_WAY, Kept.NEW): 1,
        (IMAP_WAY, "other"): 1,
    }
