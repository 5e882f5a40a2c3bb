"""The files of contrib: the configuration is right, the units start what exists and hold it in."""

import json
import re
import shlex
from pathlib import Path

from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.daemon.process import process_text
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.settings import read_settings
from mxproof.serve.policyd.store import StoreKind, StorePlace
from support_docs import misuses

CONTRIB = Path(__file__).resolve().parents[3] / "contrib"


def unit(name: str) -> dict[str, list[str]]:
    """Return the settings of a unit file, each with its values in order."""
    found: dict[str, list[str]] = {}
    for line in (CONTRIB / name).read_text(encoding="utf-8").splitlines():
        key, equals, value = line.partition("=")
        if equals and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def test_the_configuration_is_right_and_keeps_policies() -> None:
    _, settings = read_settings(CONTRIB / "policyd.toml")
    assert settings.trust_ad
    assert settings.store == StorePlace(StoreKind.SQLITE, "/var/lib/mxproof/policyd.db")
    assert settings.control == UnixPath("/run/mxproof/policyd.ctl")


def test_the_service_starts_the_daemon_with_that_file_and_tells_it_to_reload() -> None:
    service = unit("mxproof-policyd.service")
    program, *arguments = shlex.split(service["ExecStart"][0])
    assert Path(program).name == "mxproof"
    assert misuses(arguments) == []
    assert arguments == ["policyd", "--config", "/etc/mxproof/policyd.toml"]
    assert (service["Type"], service["ExecReload"]) == (["notify"], ["/bin/kill -HUP $MAINPID"])
    assert service["StateDirectory"] == service["RuntimeDirectory"] == ["mxproof"]


def test_the_service_is_started_again_however_often_it_ends() -> None:
    service = unit("mxproof-policyd.service")
    assert (service["Restart"], service["StartLimitIntervalSec"]) == (["always"], ["0"])


def test_the_service_is_held_in() -> None:
    service = unit("mxproof-policyd.service")
    wanted = ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute")
    assert {name: service[name] for name in wanted} == {name: ["yes"] for name in wanted}
    assert (service["ProtectSystem"], service["CapabilityBoundingSet"]) == (["strict"], [""])


def test_the_socket_unit_listens_where_the_configuration_does() -> None:
    sockets = unit("mxproof-policyd.socket")
    _, settings = read_settings(CONTRIB / "policyd.toml")
    assert sockets["ListenStream"] == [str(one) for one in settings.listen]
    assert sockets["FileDescriptorName"] == ["listen"]


def test_every_alert_asks_for_a_series_that_the_daemon_has() -> None:
    text = Counts().text() + process_text()
    known = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    rules = (CONTRIB / "prometheus-rules.yml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\bmxproof_policyd_[a-z_]+", "\n".join(re.findall(r"expr: (.*)", rules))))
    assert asked != set()
    assert asked - known == set()


def test_every_query_of_the_board_asks_for_a_series_that_the_daemon_has() -> None:
    text = Counts().text() + process_text()
    types = dict(line.split()[2:] for line in text.splitlines() if line.startswith("# TYPE"))
    known = {name for name, kind in types.items() if kind != "histogram"}
    known |= {f"{name}_bucket" for name, kind in types.items() if kind == "histogram"}
    board = json.loads((CONTRIB / "grafana-policyd.json").read_text(encoding="utf-8"))
    queries = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked = {name for query in queries for name in re.findall(r"\b(?:mxproof|process)_[a-z_]+", query)}
    assert len(queries) == len(set(queries)) > 0
    assert asked - known == set()


def test_the_service_may_ask_the_kernel_for_its_clock_and_not_set_it() -> None:
    service = unit("mxproof-policyd.service")
    assert "ProtectClock" not in service
    assert service["SystemCallFilter"][-1].split() == ["adjtimex", "clock_adjtime"]
    assert service["CapabilityBoundingSet"] == [""]
