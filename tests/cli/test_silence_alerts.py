"""Silences as news of the watch: told once, with quiet hours, and their end."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.silence_alerts import SilenceAlerts
from mxproof.cli.silence_notice import FoundSilence
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import parse_domain
from mxproof.judge.news import DomainNews, Weight
from mxproof.judge.settling import TurnKind
from mxproof.judge.silence import Silence
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.serve.watch.config import AlertOptions, WatchConfig, WatchStoreOptions
from mxproof.serve.watch.message import news_message
from mxproof.serve.watch.settings import WatchSettings, watch_settings
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import DueNotice, Moot

DOMAIN = parse_domain("example.com")
NOW = datetime.now(UTC).replace(microsecond=0)
ALWAYS_QUIET = AlertOptions(
    name="pager", command=("/bin/true",), quiet=("00:00-24:00",), despite_quiet="nothing"
)


def alarm(kind: AlarmKind = AlarmKind.SENDER, sender: str = "Microsoft") -> Alarm:
    return Alarm(kind, sender, NOW - timedelta(hours=9), NOW, 21.5, 1e-5)


def found(kind: AlarmKind = AlarmKind.SENDER, sender: str = "Microsoft") -> FoundSilence:
    return FoundSilence(Silence(alarm(kind, sender), unchecked="no resolver answers"))


class Told:
    """A store, the alerts of its watch, and what these have to tell."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:{folder / 'watch.db'}"
        self.journal = Journal(self.url)
        self.watch = WatchJournal(self.journal)
        self.alert = AlertOptions(name="pager", command=("/bin/true",))
        self.is_wrong = False
        self.alerts = SilenceAlerts(self.settings, self.journal, DOMAIN, "/var/log/mail.log")

    def settings(self) -> WatchSettings:
        if self.is_wrong:
            raise ConfigError("wrong")
        config = WatchConfig(store=WatchStoreOptions(url=self.url), alert=(self.alert,), time_zone="UTC")
        return watch_settings(config)

    def news(self) -> list[DomainNews]:
        return [msgspec.json.decode(one.told, type=DomainNews) for one in reversed(self.watch.news())]

    def due(self, days: int = 0) -> list[DueNotice]:
        at = datetime.now(UTC) + timedelta(days=days)
        return self.watch.claim_notices(["pager"], at, at + timedelta(hours=1), 10)


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    made = Told(tmp_path)
    yield made
    made.journal.close()


def test_a_silence_is_told_once_and_its_end_once(told: Told) -> None:
    assert told.alerts.tell(found())
    assert told.alerts.tell(found())
    told.alerts.end(lambda _: True)
    assert [one.kind for one in told.news()] == [TurnKind.SILENT]
    told.alerts.end(lambda _: False)
    told.alerts.end(lambda _: False)
    assert [(one.kind, one.weight) for one in told.news()] == [
        (TurnKind.SILENT, Weight.ALARM),
        (TurnKind.HEARD, Weight.GOOD),
    ]
    (due,) = told.due()
    assert due.moot is None
    assert "no resolver answers" in news_message(due.news).text


@pytest.mark.parametrize(
    ("kind", "sender", "weight"),
    [
        (AlarmKind.EVERYTHING, "", Weight.ALARM),
        (AlarmKind.REPORTS, "", Weight.WARNING),
        (AlarmKind.REPORTER, "google.com", Weight.WARNING),
    ],
)
def test_whoever_is_silent_has_words_and_a_weight(
    told: Told, kind: AlarmKind, sender: str, weight: Weight
) -> None:
    told.alerts.tell(found(kind, sender))
    (due,) = told.due()
    message = news_message(due.news)
    assert (message.weight, message.domain) == (weight, DOMAIN.name)
    assert sender in message.title
    assert len(message.text.splitlines()) > 2


def test_what_is_over_before_quiet_hours_end_is_not_told(told: Told) -> None:
    told.alert = ALWAYS_QUIET
    told.alerts.tell(found())
    assert told.due() == []
    told.alerts.end(lambda _: False)
    (due,) = told.due(days=30)
    assert due.moot is Moot.OUTDATED


def test_the_alerts_are_those_of_the_configuration_as_it_is_now(told: Told) -> None:
    told.alert = AlertOptions(name="pager", command=("/bin/true",), least="nothing", digest="daily")
    told.alerts.tell(found())
    assert told.due() == []
    told.alert = AlertOptions(name="pager", command=("/bin/true",))
    told.alerts.tell(found(sender="Google"))
    assert len(told.due()) == 1
    told.is_wrong = True
    told.alerts.tell(found(sender="Yahoo"))
    assert len(told.due()) == 1, "those before count on"


def test_a_store_that_is_away_is_no_end_and_is_told_later(told: Told, tmp_path: Path) -> None:
    gone = SilenceAlerts(told.settings, Journal(f"sqlite:{tmp_path}/missing/x.db"), DOMAIN, "log")
    assert not gone.tell(found())
    gone.end(lambda _: False)


def test_another_follower_does_not_end_what_it_does_not_hear_of(told: Told) -> None:
    told.alerts.tell(found())
    SilenceAlerts(told.settings, told.journal, DOMAIN, "/var/log/other.log").end(lambda _: False)
    assert [one.kind for one in told.news()] == [TurnKind.SILENT]


def test_it_is_said_where_no_watch_takes_what_is_due(told: Told, caplog: pytest.LogCaptureFixture) -> None:
    told.alerts.tell(found())
    (due,) = told.watch.claim_notices(["pager"], NOW + timedelta(hours=1), NOW - timedelta(hours=1), 10)
    assert due.moot is None
    told.alerts.end(lambda _: True)
    told.alerts.end(lambda _: True)
    assert len([one for one in caplog.records if one.levelname == "WARNING"]) == 1
