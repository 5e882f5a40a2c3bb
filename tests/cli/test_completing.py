"""What a shell offers when Tab is pressed: by the words typed so far, and through the script for bash."""

import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from keeping import ROOT
from mxproof.cli.program import COMPLETION, NAME, program
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.judge.catalogue import CATALOGUE
from mxproof.judge.senders import SENDERS
from mxproof.lab.scenario import scenarios
from mxproof.store.destinations.sqlite import sqlite_store
from support_long import EXHAUSTIVE
from support_store import destination

SCRIPTS = ROOT / "contrib" / "completion"


def offered(*words: str) -> list[str]:
    """Return what is offered for the last of `words`."""
    found = ShellComplete(program, {}, NAME, COMPLETION).get_completions(list(words[:-1]), words[-1])
    return [one.value for one in found]


def test_commands_are_offered() -> None:
    assert offered("ch") == ["check"]
    assert offered("policyd", "qu") == ["query"]


def test_scenarios_are_offered_to_the_lab_and_to_every_command_that_asks_one() -> None:
    known = [name for name in scenarios() if name.startswith("incid")]
    assert known
    assert offered("lab", "run", "incid") == known
    assert offered("check", "example.com", "--lab", "incid") == known


def test_every_code_of_a_finding_is_offered() -> None:
    assert sorted(offered("finding", "")) == sorted(map(str, CATALOGUE))
    assert offered("finding", "mx-alia") == ["mx-alias"]


def test_codes_of_repairs_are_offered() -> None:
    assert offered("tlsrpt", "repair", "") == [str(one) for one in Repair]


@pytest.mark.parametrize("words", [("plan", "--sender"), ("deliver-test", "--as")])
def test_senders_are_offered(words: tuple[str, ...]) -> None:
    assert offered(*words, "") == [one.id for one in SENDERS]


def test_destinations_in_the_store_of_the_policy_daemon_are_offered(tmp_path: Path) -> None:
    with closing(sqlite_store(tmp_path / "policyd.db")) as store:
        store.write([destination("example.com"), destination("example.net"), destination("other.example")])
    config = tmp_path / "policyd.toml"
    config.write_text(f'[store]\nurl = "sqlite:{tmp_path}/policyd.db"\n')
    assert sorted(offered("policyd", "--config", str(config), "query", "exa")) == [
        "example.com",
        "example.net",
    ]


def test_nothing_is_offered_and_nothing_said_where_there_is_no_store_or_a_wrong_configuration(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "policyd.toml"
    config.write_text(f'[store]\nurl = "sqlite:{tmp_path}/none.db"\n')
    assert offered("policyd", "--config", str(config), "purge", "") == []
    config.write_text("stores = 1\n")
    assert offered("policyd", "--config", str(config), "purge", "") == []
    assert capfd.readouterr() == ("", "")


def test_domains_of_the_configuration_are_offered_to_the_status_of_the_watch(tmp_path: Path) -> None:
    config = tmp_path / "watch.toml"
    config.write_text('domains = ["example.com"]\n[[domain]]\nnames = ["example.net", "other.example"]\n')
    assert offered("watch", "status", "--config", str(config), "example") == ["example.com", "example.net"]


@EXHAUSTIVE
def test_bash_offers_what_the_program_says(tmp_path: Path) -> None:
    command = tmp_path / "mxproof"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m mxproof "$@"\n')
    command.chmod(0o755)
    script = (
        f'source "{SCRIPTS / "mxproof.bash"}"; COMP_WORDS=(mxproof lab run incid); COMP_CWORD=3;'
        ' _mxproof mxproof; printf "%s\\n" "${COMPREPLY[@]}"'
    )
    environment = os.environ | {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
    done = subprocess.run(
        ["bash", "--norc", "-c", script], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == [name for name in scenarios() if name.startswith("incid")]
    assert done.stderr == ""
