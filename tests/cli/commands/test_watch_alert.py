"""`mxproof watch alert`: each alert tried by itself, and what somebody takes care of."""

import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE
from support_cli import mxproof, one_line
from support_watched_store import watched_store

NOW = datetime.now(UTC)


def config(folder: Path, *alerts: tuple[str, str]) -> str:
    """Write a configuration with alerts by their names, each a program of Python."""
    file = folder / "watch.toml"
    sections = (
        f'[[alert]]\nname = "{name}"\ncommand = ["{sys.executable}", "-c", "{program}"]\nquiet = [\'00:00-24:00\']\n'
        for name, program in alerts
    )
    file.write_text("".join(sections), encoding="utf-8")
    return str(file)


def test_each_alert_says_whether_it_was_told(tmp_path: Path) -> None:
    file = config(tmp_path, ("good", "pass"), ("bad", "import sys; sys.exit('out of paper')"))
    done = mxproof("watch", "alert", "test", "--config", file)
    assert done.returncode == PROBLEM
    good, bad = done.stdout.decode().splitlines()
    assert good == "good: told"
    assert "out of paper" in bad


def test_one_alert_is_tried_by_its_name(tmp_path: Path) -> None:
    file = config(tmp_path, ("good", "pass"), ("bad", "raise SystemExit(1)"))
    done = mxproof("watch", "alert", "test", "good", "--config", file)
    assert (done.returncode, done.stdout) == (DONE, b"good: told\n")


def test_a_mistyped_alert_is_no_alert(tmp_path: Path) -> None:
    done = mxproof("watch", "alert", "test", "pagre", "--config", config(tmp_path, ("pager", "pass")))
    assert done.returncode == USAGE
    assert "pager" in one_line(done.stderr)


def test_without_alerts_there_is_nothing_to_try(tmp_path: Path) -> None:
    assert mxproof("watch", "alert", "test", "--config", config(tmp_path)).returncode == UNKNOWN


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Make a store with an alarm of example.com in it."""
    return watched_store(tmp_path, NOW)


def test_an_alarm_is_acknowledged_once(store: str) -> None:
    done = mxproof("watch", "alert", "acknowledge", "--store", store)
    assert done.returncode == DONE
    assert "example.com" in done.stdout.decode()
    assert mxproof("watch", "alert", "acknowledge", "--store", store).returncode == UNKNOWN


def test_that_of_another_domain_stays(store: str) -> None:
    assert mxproof("watch", "alert", "acknowledge", "example.net", "--store", store).returncode == UNKNOWN
    assert mxproof("watch", "alert", "acknowledge", "example.com", "--store", store).returncode == DONE
