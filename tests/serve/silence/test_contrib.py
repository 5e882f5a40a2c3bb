"""The service of contrib that follows a log."""

import shlex
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
