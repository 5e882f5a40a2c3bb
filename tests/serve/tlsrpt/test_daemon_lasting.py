"""The daemon through the hours and through reloads: what is done again and again, and what other settings change."""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from mxproof.evidence import Kind, Question
from mxproof.formats.errors import ConfigError
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.net.asking import Asking, Peer
from mxproof.serve.tlsrpt import daemon as module
from mxproof.serve.tlsrpt.daemon import REPORT_SWEEP_S, ReportDaemon
from mxproof.serve.tlsrpt.intake import Intake
from mxproof.serve.tlsrpt.keys import KeyAsker
from mxproof.serve.tlsrpt.settings import ReportSettings, report_settings
from mxproof.serve.tlsrpt.wanted import WantedDomains
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.retention import Retention, Swept
from support_clock import at, passed_s, run
from support_logged import said
from support_report_daemon import FOLDER, config_in, with_listen

AWAY = JournalError("away")


class Sweeping(Intake):
    """An intake that notes when it verified again and swept, and has the portions that a test gives it."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]  # handed on as they come
        self.noted: list[tuple[float, str]] = []
        self.portions: list[int | Exception] = []

    async def verify_again(self, tried_before: datetime) -> Mapping[Authenticated, int]:
        """Verify again."""
        self.noted.append((passed_s(), "verified"))
        return {}

    async def sweep(self) -> Swept:
        """Take away a portion."""
        self.noted.append((passed_s(), "swept"))
        portion = self.portions.pop(0)
        if isinstance(portion, Exception):
            raise portion
        return Swept(*[portion] * len(Swept._fields))


class Asker(KeyAsker):
    """An asker that notes that it was closed."""

    def __init__(self, asking: Asking | None) -> None:
        super().__init__(asking)
        self.asks = asking
        self.is_closed = False

    def close(self) -> None:
        """Close."""
        self.is_closed = True


class Bench:
    """A daemon that is not run, and the settings that it reads next."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(module, "Intake", Sweeping)
        monkeypatch.setattr(module, "KeyAsker", Asker)
        self.levels: list[str] = []
        monkeypatch.setattr(module, "set_log_level", self.levels.append)
        self.settings = report_settings(with_listen(config_in(folder), https=()))
        self.daemon = ReportDaemon(self.settings, lambda: self.settings)
        assert isinstance(self.daemon._intake, Sweeping)
        self.intake = self.daemon._intake

    def reload(self, **fields: object) -> None:
        """Read settings in which these are other."""
        self.settings = msgspec.structs.replace(self.settings, **fields)
        run(self.daemon._renew(), patience_s=0)

    def asker(self) -> Asker:
        """Return who asks for keys."""
        asker = self.daemon._asker
        assert isinstance(asker, Asker)
        return asker


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    made = Bench(tmp_path, monkeypatch)
    yield made
    made.intake.close()
    made.daemon._journal.close()


def test_each_hour_signatures_are_verified_again_and_all_portions_swept(bench: Bench) -> None:
    bench.intake.portions = [5, 5, 0, AWAY, 1, 0]
    standings: list[float] = []

    async def scenario() -> None:
        sweeping = asyncio.create_task(bench.daemon._sweep())
        for hours in range(3):
            await at((hours + 0.5) * REPORT_SWEEP_S)
            standings.append(bench.daemon._counts.gauges["store_down"])
        sweeping.cancel()
        await asyncio.gather(sweeping, return_exceptions=True)

    run(scenario(), patience_s=0)
    hours = (["verified", "swept", "swept", "swept"], ["verified", "swept"], ["verified", "swept", "swept"])
    assert bench.intake.noted == [
        (number * REPORT_SWEEP_S, word) for number, words in enumerate(hours) for word in words
    ]
    assert standings == [0, 1, 0]


def test_a_reload_takes_over_whose_reports_how_long_how_is_asked_the_folder_and_the_log(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    first = bench.asker()
    asking = Asking((Peer("192.0.2.1", 53),), trust_ad=False)
    domains, retention = WantedDomains(frozenset({"example.net"})), Retention(1, 2, 3)
    bench.reload(domains=domains, retention=retention, asking=asking, folder=FOLDER, log="debug")
    assert (bench.intake.domains, bench.intake.retention) == (domains, retention)
    assert (bench.asker().asks, bench.asker().is_closed, first.is_closed) == (asking, False, True)
    assert (bench.daemon._settings, bench.levels) == (bench.settings, ["debug"])
    assert said(caplog) == []


def test_after_a_reload_the_intake_asks_who_asks_now(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Asking | None] = []

    async def keys(self: Asker, _: object) -> dict[Question, object]:
        asked.append(self.asks)
        return {}

    monkeypatch.setattr(Asker, "keys", keys)
    asking = Asking((Peer("192.0.2.1", 53),), trust_ad=False)
    before = bench.settings.asking

    async def ask() -> None:
        await bench.intake._ask([Question(Kind.TXT, "s1._domainkey.example.com")])

    run(ask(), patience_s=0)
    bench.reload(asking=asking)
    run(ask(), patience_s=0)
    assert asked == [before, asking]


def test_where_is_asked_as_before_the_answers_that_stand_are_kept(bench: Bench) -> None:
    first = bench.asker()
    bench.reload(log="debug")
    assert (bench.asker() is first, first.is_closed) == (True, False)


@pytest.mark.parametrize("lasting", ["lmtp", "https", "store", "http", "control"])
def test_what_lasts_until_a_restart_is_told_of_and_the_rest_taken_over(
    bench: Bench, lasting: str, caplog: pytest.LogCaptureFixture
) -> None:
    bench.reload(**{lasting: ("other",)}, domains=WantedDomains(any=True))
    assert said(caplog) == ["reload: changes of listen, store.url and admin need a restart"]
    assert bench.intake.domains == WantedDomains(any=True)
    bench.reload()
    assert len(said(caplog)) == 1, "it is told once"


def test_a_certificate_that_cannot_be_read_leaves_all_as_it_was(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded: list[tuple[Path, Path]] = []
    files = (Path("/cert.pem"), Path("/key.pem"))

    def load(_context: object, certificate: tuple[Path, Path]) -> None:
        loaded.append(certificate)
        if certificate != files:
            raise ConfigError("no certificate")

    def state() -> tuple[ReportSettings, WantedDomains, Retention, Asker]:
        return bench.daemon._settings, bench.intake.domains, bench.intake.retention, bench.asker()

    monkeypatch.setattr(module, "_load", load)
    bench.reload(certificate=files)
    assert loaded == [], "what is served without TLS needs none"
    bench.daemon._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    bench.reload(certificate=files)
    before = state()
    with pytest.raises(ConfigError):
        bench.reload(certificate=files[::-1], domains=WantedDomains(any=True), asking=None, log="error")
    assert (loaded, state()) == ([files, files[::-1]], before)
    assert bench.levels == ["info", "info"]
