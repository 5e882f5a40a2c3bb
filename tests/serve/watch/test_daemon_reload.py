"""The watch begun and reloaded: what waits for the store, what other settings change, and what a mistake leaves as it was."""

import asyncio
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from http import HTTPStatus
from pathlib import Path

import msgspec
import pytest

from mxproof.formats import ConfigError
from mxproof.judge.news import Weight
from mxproof.net.asking import Asking, Peer
from mxproof.serve.daemon.clock import Clockwork
from mxproof.serve.daemon.config import UnixOptions, UnixPath
from mxproof.serve.watch import daemon as module
from mxproof.serve.watch.channel import Channel, DigestTime
from mxproof.serve.watch.daemon import WatchDaemon
from mxproof.serve.watch.hours import Maintenance
from mxproof.serve.watch.message import AlertMessage
from mxproof.serve.watch.settings import WatchSettings
from mxproof.serve.watch.store_thread import WATCH_STORE_RETRY_S
from mxproof.serve.web.pages.arranging import SetMaintenance
from mxproof.serve.web.pages.setup import ToldChannel
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import WatchedDomain, WatchRetention
from support_clock import at, passed_s, run
from support_logged import said
from support_new_store import new_store
from support_scenarios import AT
from support_worker import DAY, HOUR, ONE, OTHER, AtOnce, now, settings_of

MAIL = Channel("mail", (), Weight.ALARM, 60.0, urls=("mailto://example.org",))
DIGESTS = Channel("digests", ("/bin/true", "-v"), None, 60.0, digest=DigestTime(time(8), is_weekly=False))


class Clock(Clockwork):
    """A clock that goes by that of the loop, and notes from which moment it was begun."""

    begun_from: list[datetime | None]

    def now(self) -> datetime:
        """Return the time."""
        return now()

    def begin(self, newest: datetime | None) -> None:
        """Begin."""
        self.begun_from.append(newest)


class Pages:
    """Pages that are renewed, or have a mistake."""

    renewed = 0
    error: Exception | None = None

    def renew(self) -> None:
        """Take over what is in files."""
        self.renewed += 1
        if self.error is not None:
            raise self.error


class Bench:
    """A watch that is not run, over a store that is never waited for, and the settings that it reads next."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, *, pages_only: bool = False) -> None:
        Clock.begun_from = []
        self.levels: list[str] = []
        monkeypatch.setattr(module, "set_log_level", self.levels.append)
        monkeypatch.setattr(module, "StoreThread", AtOnce)
        monkeypatch.setattr(module, "Clockwork", Clock)
        self.settings = msgspec.structs.replace(settings_of(ONE), store=new_store(folder))
        self.daemon = WatchDaemon(self.settings, lambda: self.settings, pages_only=pages_only)
        self.pages = Pages()
        monkeypatch.setattr(self.daemon, "_pages", self.pages)
        self.journal = Journal(self.settings.store)
        self.store = WatchJournal(self.journal)

    def reload(self, **fields: object) -> None:
        """Read settings in which these are other."""
        self.settings = msgspec.structs.replace(self.settings, **fields)
        run(self.daemon._renew(), patience_s=0)

    def used(self) -> list[WatchSettings]:
        """Return the settings that are gone by in each place."""
        return [self.daemon._settings, self.daemon.worker.settings, self.daemon.teller.settings]

    def domains(self) -> list[str]:
        return sorted(one.domain for one in self.store.states())

    def close(self) -> None:
        self.daemon.worker.close()
        self.daemon._store.close()
        self.daemon._journal.close()
        self.journal.close()


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    made = Bench(tmp_path, monkeypatch)
    yield made
    made.close()


@pytest.fixture
def pages_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    made = Bench(tmp_path, monkeypatch, pages_only=True)
    yield made
    made.close()


def test_a_reload_is_taken_over_by_all_that_goes_by_settings(bench: Bench) -> None:
    bench.reload(domains=(OTHER,), channels=(DIGESTS,), log="debug")
    assert bench.used() == [bench.settings] * 3
    assert (bench.domains(), bench.levels, bench.pages.renewed) == ([OTHER.domain], ["debug"], 1)
    (digest,) = bench.store.claim_digests(AT + DAY, AT + 2 * DAY)
    assert digest.channel == "digests"
    assert bench.daemon.stirred.is_set()


def test_what_is_new_at_a_reload_is_looked_at_at_once_and_the_store_is_known_to_be_there(
    bench: Bench,
) -> None:
    bench.daemon._store.is_down(JournalError("away"))
    bench.reload(domains=(ONE, OTHER))
    assert bench.daemon.worker._woken.is_set()
    assert not bench.daemon._counts.store_down


def test_pages_with_a_mistake_leave_all_as_it_was(bench: Bench) -> None:
    before = bench.settings
    bench.reload()
    bench.pages.error = ConfigError("web.certificate")
    with pytest.raises(ConfigError):
        bench.reload(domains=(OTHER,), channels=(), log="error")
    assert bench.used() == [before] * 3
    assert (bench.domains(), bench.levels) == ([ONE.domain], ["info"])


def test_a_process_of_pages_alone_takes_over_settings_and_leaves_domains_and_digests(
    pages_alone: Bench,
) -> None:
    pages_alone.store.set_watched([OTHER], AT)
    pages_alone.store.set_digests({"other": AT}, AT - DAY)
    pages_alone.reload(channels=(DIGESTS,), log="debug")
    assert pages_alone.daemon._settings == pages_alone.settings
    assert (pages_alone.domains(), pages_alone.levels) == ([OTHER.domain], ["debug"])
    assert [one.channel for one in pages_alone.store.claim_digests(AT + DAY, AT + 2 * DAY)] == ["other"]


@pytest.mark.parametrize(
    "lasting",
    [
        {"store": "sqlite:other.db"},
        {"http": UnixPath("/other")},
        {"control": UnixPath("/other")},
        {"unix": UnixOptions(mode="0600")},
    ],
    ids=["store", "http", "control", "unix"],
)
def test_what_lasts_until_a_restart_is_told_of_once(
    bench: Bench, lasting: dict[str, object], caplog: pytest.LogCaptureFixture
) -> None:
    bench.reload(**lasting, domains=(OTHER,))
    assert said(caplog) == ["reload: changes of store.url, web and admin need a restart"]
    assert bench.domains() == [OTHER.domain]
    bench.reload()
    assert len(said(caplog)) == 1


def test_alarms_that_go_by_mail_alone_are_warned_of_at_each_reload_as_it_is_then(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    bench.reload(channels=(MAIL,), domains=(WatchedDomain("example.org", 3600.0),))
    (warning,) = said(caplog)
    assert "by mail only to example.org" in warning
    bench.reload(channels=(MAIL, *settings_of().channels))
    assert said(caplog) == [warning]


def test_the_pages_show_how_it_is_set_up_now(bench: Bench) -> None:
    window = Maintenance(frozenset({"b.example", "a.example"}), AT, AT + HOUR)
    urls = msgspec.structs.replace(MAIL, name="two", urls=MAIL.urls * 2)
    bench.reload(
        domains=(ONE, WatchedDomain("example.net", 60.0)),
        channels=(MAIL, DIGESTS, urls),
        retention=WatchRetention(1, 2, 3),
        maintenance=(window,),
    )
    found = bench.daemon._setup()
    assert list(found.intervals_s) == [3600.0, 60.0]
    assert list(found.channels) == [
        ToldChannel("mail", Weight.ALARM, "apprise, one URL"),
        ToldChannel("digests", None, "/bin/true -v"),
        ToldChannel("two", Weight.ALARM, "apprise, 2 URLs"),
    ]
    assert (found.evidence_days, found.daily_days, found.history_days) == (1, 2, 3)
    assert list(found.maintenance) == [SetMaintenance(("a.example", "b.example"), AT, AT + HOUR)]


def test_an_alert_is_tried_by_its_name_as_it_is_now(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    tried: list[tuple[Channel, str]] = []

    async def told(channel: Channel, message: AlertMessage) -> str:
        tried.append((channel, message.kind))
        return "out of paper"

    monkeypatch.setattr(module, "told", told)

    def tries(name: str) -> str:
        return run(bench.daemon._try_alert(name), patience_s=0)

    assert tries("digests") == "nobody is told under this name"
    bench.reload(channels=(MAIL, DIGESTS))
    assert tries("digests") == "out of paper"
    assert tries("pager") == "nobody is told under this name"
    assert tried == [(DIGESTS, "test")]


def test_what_is_arranged_on_the_pages_is_looked_at_by_both_who_check(bench: Bench) -> None:
    bench.daemon._stir()
    assert (bench.daemon.worker._woken.is_set(), bench.daemon.guests._woken.is_set()) == (True, True)


def test_nothing_is_begun_before_the_store_knows_the_domains_and_the_time_goes_on_from_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fails = [True, True, False]
    begun: list[tuple[str, float]] = []
    newest = AT + timedelta(minutes=5)

    def moment(_watch: WatchJournal) -> datetime:
        if fails.pop(0):
            raise JournalError("away")
        return newest

    def noting(name: str) -> object:
        async def work() -> None:
            begun.append((name, passed_s()))

        return work

    daemon = bench.daemon
    monkeypatch.setattr(WatchJournal, "newest_moment", moment)
    monkeypatch.setattr(daemon.worker, "work", noting("checks"))
    monkeypatch.setattr(daemon.guests, "work", noting("guests"))
    monkeypatch.setattr(daemon.teller, "tell", noting("tells"))

    async def health() -> bool:
        page = daemon._page("/health")
        assert page is not None
        return page.status is HTTPStatus.OK

    async def scenario() -> list[bool]:
        works = (daemon._keep_domains, daemon._work, daemon._work_for_guests, daemon._tell)
        tasks = [asyncio.create_task(one()) for one in works]
        await at(WATCH_STORE_RETRY_S + 1)
        away = await health()
        await asyncio.gather(*tasks)
        return [away, await health()]

    assert run(scenario(), patience_s=0) == [False, True]
    begins_s = 2 * WATCH_STORE_RETRY_S
    assert sorted(begun) == [("checks", begins_s), ("guests", begins_s), ("tells", begins_s)]
    assert Clock.begun_from == [newest]
    assert bench.domains() == [ONE.domain]
    assert said(caplog) == ["store: away; nothing is checked until it is back", "store: back"]


def test_who_serves_pages_alone_looks_after_the_store_and_stirs_them(
    pages_alone: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    fails = [False, True, True, False]
    daemon = pages_alone.daemon

    def next_due(_watch: WatchJournal) -> None:
        if fails.pop(0):
            raise JournalError("away")

    monkeypatch.setattr(WatchJournal, "next_due", next_due)
    standings: list[tuple[bool, bool]] = []

    async def scenario() -> None:
        (work,) = daemon._works
        looking = asyncio.create_task(work())
        for number in range(4):
            await at((number + 0.5) * WATCH_STORE_RETRY_S)
            standings.append((daemon._counts.store_down, daemon.stirred.is_set()))
            daemon.stirred.clear()
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)

    run(scenario(), patience_s=0)
    assert standings == [(False, True), (True, True), (True, True), (False, True)]
    assert said(caplog) == ["store: away; nothing is checked until it is back", "store: back"]


def test_how_is_asked_is_taken_over(bench: Bench) -> None:
    asking = Asking((Peer("192.0.2.1", 53),))
    bench.reload(asking=asking)
    assert bench.daemon.worker._asker.asking == asking
