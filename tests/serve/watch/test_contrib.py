"""The files of contrib for the watch, and the metrics that the guide names."""

import re
import shlex
from pathlib import Path

import pytest

from keeping import ROOT
from mxproof.serve.watch.metrics import WatchCounts
from mxproof.serve.watch.settings import read_watch_settings
from mxproof.store.journal.watched import WatchedDomain, WatchRetention
from support_docs import misuses

CONTRIB = ROOT / "contrib"
GUIDE = ROOT / "docs" / "guides" / "watch-your-domains.md"


def test_the_configuration_is_right() -> None:
    _, settings = read_watch_settings(CONTRIB / "watch.toml")
    assert settings.domains == (WatchedDomain("example.com", 3600.0),)
    assert settings.store == "sqlite:/var/lib/mxproof/journal.db"
    assert settings.retention == WatchRetention()


def test_the_service_starts_the_daemon_with_that_file_and_is_held_in() -> None:
    lines = (CONTRIB / "mxproof-watch.service").read_text(encoding="utf-8").splitlines()
    unit = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    program, *arguments = shlex.split(unit["ExecStart"])
    assert (Path(program).name, misuses(arguments)) == ("mxproof", [])
    assert arguments == ["watch", "serve", "--config", "/etc/mxproof/watch.toml"]
    held = ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute")
    assert {unit[name] for name in held} == {"yes"}


def test_the_socket_is_handed_over_under_the_name_that_the_daemon_listens_for() -> None:
    lines = (CONTRIB / "mxproof-watch.socket").read_text(encoding="utf-8").splitlines()
    unit = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    assert (unit["ListenStream"], unit["FileDescriptorName"]) == ("127.0.0.1:8466", "web")


def test_the_guide_names_every_metric_and_no_other() -> None:
    told = set(re.findall(r"`(mxproof_watch_[a-z_]+)`", GUIDE.read_text(encoding="utf-8")))
    kept = set(re.findall(r"^# TYPE (\S+)", WatchCounts().text(), re.MULTILINE))
    assert told == kept


@pytest.mark.parametrize("name", ["prometheus-rules-watch.yml", "grafana-watch.json"])
def test_what_is_shipped_for_monitoring_asks_for_metrics_that_there_are(name: str) -> None:
    asked = set(re.findall(r"mxproof_watch_[a-z_]+", (CONTRIB / name).read_text(encoding="utf-8")))
    kept = set(re.findall(r"^(mxproof_watch_[a-z_]+)", WatchCounts().text(), re.MULTILINE))
    assert asked
    assert asked <= kept
