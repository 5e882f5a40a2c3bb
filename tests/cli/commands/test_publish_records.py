"""`mxproof publish apply` and its like as commands, in a mail world of the lab."""

from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE
from mxproof.publish.result import PublicationEnd
from mxproof.publish.told import PublishedDomain, ToldPublication
from support_cli import mxproof, one_line

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
    file.write_text("version: STSv1\nmode: testing\nmx: mx1.example.com\nmax_age: 86400\n")
    return str(file)


def test_a_domain_that_nothing_is_published_of_is_said_to_be_one(config: str) -> None:
    run = mxproof("publish", "status", "example.com", "--config", config, "--format", "json", *LAB)
    shown = msgspec.json.decode(run.stdout, type=PublishedDomain)
    assert (run.returncode, shown.published_at, shown.open_since) == (UNKNOWN, None, None)
    assert {(one.transport, one.shows) for one in shown.shown} == {("udp", "no record"), ("tcp", "no record")}


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(
    tmp_path: Path, config: str, policy: str
) -> None:
    options = ("--config", config, "--policy", policy, "--dry-run", "--format", "json")
    run = mxproof("publish", "apply", "example.com", *options, *LAB)
    told = msgspec.json.decode(run.stdout, type=ToldPublication)
    assert (run.returncode, told.end) == (DONE, PublicationEnd.PLANNED)
    assert [str(step) for step in told.steps] == ["policy", "id"]
    assert list((tmp_path / "policies").iterdir()) == []


def test_records_are_printed_for_whoever_keeps_the_zone(tmp_path: Path, config: str, policy: str) -> None:
    with Path(config).open("a") as file:
        file.write('[records]\npolicy_host = "sts.example.net"\n')
    run = mxproof("publish", "apply", "example.com", "--config", config, "--policy", policy, *LAB)
    assert run.returncode == UNKNOWN
    assert b"mta-sts.example.com. 300 CNAME sts.example.net.\n" in run.stdout
    assert list((tmp_path / "policies").iterdir()) == []


def test_without_a_policy_there_is_nothing_to_publish(config: str) -> None:
    run = mxproof("publish", "apply", "example.com", "--config", config, *LAB)
    assert run.returncode == PROBLEM


@pytest.mark.parametrize(
    "lines",
    [
        'kind = "bind"',
        'kind = "powerdns"',
        'kind = "rfc2136"\nprimary = "ns.example.com"',
        'kind = "octodns"',
        'reports = ["tlsrpt@example.com"]',
        'policy_host = "no host"',
        "ttl = 300",
    ],
)
def test_a_configuration_that_is_wrong_is_refused_by_its_key(config: str, policy: str, lines: str) -> None:
    with Path(config).open("a") as file:
        file.write(f"[records]\n{lines}\n")
    run = mxproof("publish", "apply", "example.com", "--config", config, "--policy", policy, *LAB)
    assert (run.returncode, run.stdout) == (USAGE, b"")
    assert "records" in one_line(run.stderr)


def test_a_reason_without_words_is_none(config: str) -> None:
    run = mxproof("publish", "apply", "example.com", "--config", config, "--force", " ", *LAB)
    assert run.returncode == USAGE


def test_nothing_that_is_unfinished_is_nothing_to_do(config: str) -> None:
    run = mxproof("publish", "resume", "--config", config)
    assert (run.returncode, run.stdout) == (DONE, b"")
