"""By which ways the silence of a sender is told, and what is warned of before it is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast

import pytest

from mxproof.cli.exit import RunError
from mxproof.cli.following import Ways
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.silence_alerts import SilenceAlerts
from mxproof.cli.silence_notice import FoundSilence
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import parse_domain
from mxproof.judge.silence import Silence
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.serve.silence.mail import AlarmMail
from mxproof.serve.watch.config import AlertOptions, WatchConfig
from mxproof.serve.watch.settings import WatchSettings, watch_settings

NOW = datetime(2026, 11, 3, tzinfo=UTC)
FOUND = FoundSilence(Silence(Alarm(AlarmKind.SENDER, "Microsoft", NOW - timedelta(hours=9), NOW, 21.5, 1e-5)))
DOMAIN = parse_domain("example.com")
MAIL = cast("AlarmMail", object())
NOBODY_ASKED = cast("AskingOptions", object())


@dataclass
class Told:
    """What each way was told, and which of them succeed."""

    succeeding: frozenset[str] = frozenset()
    by: list[str] = field(default_factory=list)

    def way(self, name: str) -> Callable[..., bool]:
        def tell(*_told: object) -> bool:
            self.by.append(name)
            return name in self.succeeding

        return tell

    def alerts(self) -> SilenceAlerts:
        alerts = type("Alerts", (), {"tell": lambda _, found: self.way("alerts")(found)})()
        return cast("SilenceAlerts", alerts)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    made = Told()
    monkeypatch.setattr("mxproof.cli.following.told_by", made.way("command"))
    monkeypatch.setattr("mxproof.cli.following.told_by_mail", made.way("mail"))
    return made


def test_where_no_way_is_named_a_silence_is_printed(told: Told, capsys: pytest.CaptureFixture[str]) -> None:
    assert Ways().tell(FOUND, "Microsoft is silent\n", None) is True
    assert (capsys.readouterr().out, told.by) == ("Microsoft is silent\n", [])


@pytest.mark.parametrize(
    "succeeding",
    [(), ("alerts",), ("command",), ("mail",), ("alerts", "command", "mail")],
    ids="+".join,
)
def test_every_way_is_tried_and_one_that_succeeds_is_enough(
    told: Told, capsys: pytest.CaptureFixture[str], succeeding: tuple[str, ...]
) -> None:
    told.succeeding = frozenset(succeeding)
    ways = Ways(command=Path("ring"), mail=MAIL)
    assert ways.tell(FOUND, "said", told.alerts()) is bool(succeeding)
    assert told.by == ["alerts", "command", "mail"]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("ways", "alerts", "by"),
    [
        (Ways(command=Path("ring")), False, ["command"]),
        (Ways(mail=MAIL), False, ["mail"]),
        (Ways(), True, ["alerts"]),
    ],
    ids=["command", "mail", "alerts"],
)
def test_no_way_is_tried_that_was_not_named(told: Told, ways: Ways, alerts: bool, by: list[str]) -> None:
    assert ways.tell(FOUND, "said", told.alerts() if alerts else None) is False
    assert told.by == by


def _settings(*alerts: AlertOptions, domain: str = "example.com") -> WatchSettings:
    return watch_settings(WatchConfig(alert=alerts, domains=(domain,), time_zone="UTC"))


PAGER = AlertOptions(name="pager", command=("/bin/true",))


def _warned(settings: Callable[[], WatchSettings], capsys: pytest.CaptureFixture[str]) -> str:
    Ways(alerts=settings).warn(DOMAIN, NOBODY_ASKED)
    return capsys.readouterr().err


def test_alerts_of_a_watch_that_has_the_domain_and_tells_of_alarms_need_no_warning(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert _warned(lambda: _settings(PAGER), capsys) == ""


def test_that_the_watch_does_not_have_the_domain_is_warned_of(capsys: pytest.CaptureFixture[str]) -> None:
    said = _warned(lambda: _settings(PAGER, domain="example.org"), capsys)
    assert (
        said
        == "mxproof: warning: example.com is not among the domains of the watch; its pages do not show it\n"
    )


def test_alerts_of_which_none_is_told_of_alarms_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(RunError, match=r"no \[\[alert\]\] of this configuration is told of alarms"):
        _warned(_settings, capsys)


def test_a_configuration_of_the_watch_that_is_wrong_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    def wrong() -> WatchSettings:
        raise ConfigError("watch.toml: wrong")

    with pytest.raises(RunError, match=r"watch\.toml: wrong"):
        _warned(wrong, capsys)
