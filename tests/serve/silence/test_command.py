"""An alarm told by a command: what it is given, and what its end means."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.serve.silence.command import told_by

SINCE = datetime(2026, 3, 2, 5, tzinfo=UTC)
ALARM = Alarm(AlarmKind.SENDER, "Microsoft", SINCE, SINCE.replace(hour=9), 12.5, 1e-4)


def command(folder: Path, *lines: str) -> Path:
    """Return a command of these lines of shell, which runs in no folder in particular."""
    made = folder / "tell"
    made.write_text("\n".join(("#!/bin/sh", f"cd {folder}", *lines, "")), encoding="utf-8")
    made.chmod(0o700)
    return made


def test_a_command_reads_the_notice_and_has_the_facts_in_its_environment(tmp_path: Path) -> None:
    writing = command(tmp_path, "cat > notice", "env > environment")
    assert told_by(writing, ALARM, "Microsoft is silent.\n")
    assert (tmp_path / "notice").read_text(encoding="utf-8") == "Microsoft is silent.\n"
    lines = (tmp_path / "environment").read_text(encoding="utf-8").splitlines()
    facts = dict(one.split("=", 1) for one in lines if one.startswith("MXPROOF_"))
    assert "Microsoft" in facts.pop("MXPROOF_SUBJECT")
    assert facts == {
        "MXPROOF_KIND": "sender",
        "MXPROOF_SENDER": "Microsoft",
        "MXPROOF_SILENT_SINCE": "2026-03-02T05:00:00+00:00",
    }
    assert any(one.startswith("PATH=") for one in lines), "it finds its programs as the daemon does"


@pytest.mark.parametrize("end", ["exit 1", "kill -TERM $$"])
def test_nobody_was_told_by_a_command_that_fails(tmp_path: Path, end: str) -> None:
    assert not told_by(command(tmp_path, end), ALARM, "")


def test_nobody_was_told_by_a_command_that_is_not_there(tmp_path: Path) -> None:
    assert not told_by(tmp_path / "tell", ALARM, "")
