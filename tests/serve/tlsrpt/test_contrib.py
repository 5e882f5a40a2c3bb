"""The files of contrib for TLS reports, and the metrics that the guide names."""

import re
import shlex
from pathlib import Path

from keeping import ROOT
from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.tlsrpt.metrics import ReportCounts
from mxproof.serve.tlsrpt.settings import read_report_settings
from support_docs import misuses

CONTRIB = ROOT / "contrib"
GUIDE = ROOT / "docs" / "guides" / "take-tls-reports-in.md"


def test_the_configuration_is_right() -> None:
    _, settings = read_report_settings(CONTRIB / "tlsrpt.toml")
    assert settings.lmtp == (UnixPath("/run/mxproof-tlsrpt/lmtp"),)
    assert settings.store == "sqlite:/var/lib/mxproof/journal.db"
    assert settings.domains.serves("example.com")


def test_the_service_starts_the_daemon_with_that_file_and_is_held_in() -> None:
    lines = (CONTRIB / "mxproof-tlsrpt.service").read_text(encoding="utf-8").splitlines()
    unit = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    program, *arguments = shlex.split(unit["ExecStart"])
    assert (Path(program).name, misuses(arguments)) == ("mxproof", [])
    assert arguments == ["tlsrpt", "receive", "--config", "/etc/mxproof/tlsrpt.toml"]
    assert (unit["StateDirectory"], unit["RuntimeDirectory"]) == ("mxproof", "mxproof-tlsrpt")
    held = ("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "MemoryDenyWriteExecute")
    assert {unit[name] for name in held} == {"yes"}


def test_the_guide_names_every_metric_and_no_other() -> None:
    told = set(re.findall(r"`(mxproof_tlsrpt_[a-z_]+)`", GUIDE.read_text(encoding="utf-8")))
    kept = set(re.findall(r"^# TYPE (\S+)", ReportCounts().text(), re.MULTILINE))
    assert told == kept
