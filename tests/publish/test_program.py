"""A program that has files read anew: run once, and told of where it does not end well."""

from pathlib import Path

import pytest

from mxproof.publish.keeper import KeeperError
from mxproof.publish.program import have_done


def sh(script: str) -> tuple[str, ...]:
    return "/bin/sh", "-c", script


def test_it_is_run_with_its_arguments_and_no_program_is_nothing(tmp_path: Path) -> None:
    have_done((), "reload")
    have_done((*sh('echo "$1" > "$0"'), f"{tmp_path}/done", "an argument"), "reload")
    assert (tmp_path / "done").read_text() == "an argument\n"


@pytest.mark.parametrize(
    ("program", "words"),
    [
        (sh("exit 3"), "status 3: "),
        (sh("echo out; exit 1"), "status 1: out"),
        (sh("echo out; echo err >&2; exit 1"), "status 1: err"),
        (("/nowhere/reload", "now"), "reload: /nowhere/reload now: No such file or directory"),
    ],
)
def test_where_it_does_not_end_well_what_it_said_is_told(program: tuple[str, ...], words: str) -> None:
    with pytest.raises(KeeperError, match=words) as caught:
        have_done(program, "reload")
    assert str(caught.value).startswith(f"reload: {program[0]}")
    assert str(caught.value).isprintable()
