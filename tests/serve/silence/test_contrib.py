"""The service of contrib that follows a log."""

import shlex
import tomllib
from pathlib import Path

from keeping import ROOT
from support_docs import misuses


def test_the_service_follows_a_log_that_it_may_read() -> None:
    lines = (ROOT / "contrib" / "mxproof-silence.service").read_text(encoding="utf-8").splitlines()
    unit = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    program, *arguments = shlex.split(unit["ExecStart"])
    assert (Path(program).name, misuses(arguments)) == ("mxproof", [])
    assert arguments[:3] == ["watch", "follow", "/var/log/mail.log"]
    assert "adm" in unit["SupplementaryGroups"].split()
    assert (unit["StateDirectory"], unit["ProtectSystem"]) == ("mxproof", "strict")


def test_the_service_listens_to_the_reports_that_the_other_one_keeps() -> None:
    contrib = ROOT / "contrib"
    kept = tomllib.loads((contrib / "tlsrpt.toml").read_text(encoding="utf-8"))["store"]["url"]
    assert f" --store {kept} " in (contrib / "mxproof-silence.service").read_text(encoding="utf-8")
