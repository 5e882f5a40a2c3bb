"""`mxproof publish rollout` and `remove` as commands, in a mail world of the lab."""

from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE
from mxproof.publish.rollout import RolloutReason
from mxproof.publish.rollout_told import ToldRollout
from mxproof.publish.told import PublishedDomain
from support_cli import mxproof, one_line
from support_long import EXHAUSTIVE

LAB = ("--lab", "ns-clean")


@pytest.fixture
def config(tmp_path: Path) -> str:
    """Return a configuration by which records are printed for whoever keeps the zone."""
    (tmp_path / "policies").mkdir()
    file = tmp_path / "publish.toml"
    file.write_text(
        f'folder = "{tmp_path}/policies"\n[publication]\nstore = "sqlite:{tmp_path}/journal.db"\nwait_s = 0\n'
    )
    return str(file)


@pytest.fixture
def policy(tmp_path: Path) -> str:
    file = tmp_path / "mta-sts.txt"
    file.write_text("version: STSv1\nmode: enforce\nmx: mx1.example.com\nmax_age: 604800\n")
    return str(file)


def told(stdout: bytes) -> ToldRollout:
    return msgspec.json.decode(stdout, type=ToldRollout)


@EXHAUSTIVE
def test_it_begins_in_testing_whatever_the_policy_says_and_is_shown_by_status(
    config: str, policy: str, tmp_path: Path
) -> None:
    options = ("--config", config, "--format", "json", *LAB)
    run = mxproof("publish", "rollout", "example.com", "--policy", policy, *options)
    begun = told(run.stdout)
    assert (run.returncode, begun.stage, begun.since) == (UNKNOWN, "testing", None)
    assert begun.reason is RolloutReason.UNPUBLISHED
    assert b"mode: testing" in (tmp_path / "policies" / "example.com.txt").read_bytes()
    status = mxproof("publish", "status", "example.com", *options)
    shown = msgspec.json.decode(status.stdout, type=PublishedDomain)
    assert shown.rollout is not None
    assert shown.rollout.stage == "testing"
    paused = mxproof("publish", "rollout", "example.com", "--pause", *options)
    assert (paused.returncode, told(paused.stdout).paused) == (DONE, True)


def test_a_dry_run_keeps_nothing(config: str, policy: str, tmp_path: Path) -> None:
    options = ("--config", config, *LAB)
    run = mxproof("publish", "rollout", "example.com", "--policy", policy, "--dry-run", *options)
    assert run.returncode == DONE
    assert list((tmp_path / "policies").iterdir()) == []
    assert mxproof("publish", "rollout", *options).returncode == DONE


def test_without_a_policy_there_is_nothing_to_begin_with(config: str) -> None:
    run = mxproof("publish", "rollout", "example.com", "--config", config, *LAB)
    assert run.returncode == PROBLEM


def test_what_was_never_published_cannot_be_removed(config: str) -> None:
    run = mxproof("publish", "remove", "example.com", "--config", config, "--format", "json", *LAB)
    assert (run.returncode, told(run.stdout).said != "") == (PROBLEM, True)


def test_an_act_needs_its_domain(config: str) -> None:
    run = mxproof("publish", "rollout", "--back", "--config", config, *LAB)
    assert run.returncode == USAGE
    assert one_line(run.stderr)
