"""The files of contrib for what collects from Postfix, and the metrics that the guide names."""

import re
import shlex
from pathlib import Path

from keeping import ROOT
from mxproof.serve.collect.metrics import CollectCounts
from mxproof.serve.collect.settings import read_collect_settings
from mxproof.serve.daemon.config import UnixPath
from support_docs import misuses

CONTRIB = ROOT / "contrib"
GUIDE = ROOT / "docs" / "guides" / "tls-reports-from-postfix.md"
SOCKET = "/var/spool/postfix/mxproof/tlsrpt"


def unit(name: str) -> dict[str, str]:
    lines = (CONTRIB / name).read_text(encoding="utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def test_the_configuration_is_right() -> None:
    _, settings = read_collect_settings(CONTRIB / "collect.toml")
    assert settings.listen == UnixPath(SOCKET)
    assert settings.store == "sqlite:/var/lib/mxproof/journal.db"
    assert settings.probing is None


def test_the_service_starts_the_daemon_with_that_file_and_is_held_in() -> None:
    service = unit("mxproof-collect.service")
    program, *arguments = shlex.split(service["ExecStart"])
    assert (Path(program).name, misuses(arguments)) == ("mxproof", [])
    assert arguments == ["tlsrpt", "collectd", "--config", "/etc/mxproof/collect.toml"]
    held = ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute")
    assert {service[name] for name in held} == {"yes"}


def test_the_socket_is_where_postfix_and_the_guide_have_it() -> None:
    made = unit("mxproof-collect.socket")
    assert (made["ListenDatagram"], made["FileDescriptorName"]) == (SOCKET, "tlsrpt")
    told = GUIDE.read_text(encoding="utf-8")
    assert f"unix:{SOCKET}" in told
    assert f"smtp_tlsrpt_socket_name={SOCKET.removeprefix('/var/spool/postfix/')}" in told


def test_the_guide_names_no_metric_that_is_not_there() -> None:
    told = set(re.findall(r"`(mxproof_collect_[a-z_]+)`", GUIDE.read_text(encoding="utf-8")))
    kept = set(re.findall(r"^# TYPE (\S+)", CollectCounts().text(), re.MULTILINE))
    assert told
    assert told <= kept
