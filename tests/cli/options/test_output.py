"""What stdout and stderr are decides how they are written to: terminals, pipes, encodings, colour, progress."""

import os
import pty
import subprocess
from pathlib import Path

import pytest

from support_cli import (
    COMMAND,
    PATIENCE_S,
    in_own_process,
    mxproof,
    on_terminal,
    until_the_other_end_is_closed,
)
from support_long import EXHAUSTIVE, some

CHECK = ("check", "example.com", "--lab", "incident")
ESCAPE = b"\x1b["


def _process_on_a_terminal(*arguments: str) -> bytes:
    """Run `mxproof` as a process with stdout and stderr on one terminal and return what came out there."""
    ours, theirs = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "80"}
    running = subprocess.Popen(
        [*COMMAND, *arguments], stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs, env=environment
    )
    os.close(theirs)
    shown = until_the_other_end_is_closed(ours)
    os.close(ours)
    running.wait(PATIENCE_S)
    return shown


def test_a_hyphen_is_stdout_for_what_is_printed_and_no_file_for_what_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    got = mxproof(*CHECK, "--brief", "--output", "-")
    assert b"REFUSED" in got.stdout
    kept = mxproof(*CHECK, "--save", "-")
    assert (kept.returncode, kept.stdout) == (2, b"")
    assert list(tmp_path.iterdir()) == []


def test_a_pipe_gets_80_columns_and_no_colour() -> None:
    shown = mxproof(*CHECK, env={"COLUMNS": "200"}).stdout.decode()
    assert "\x1b" not in shown
    assert max(map(len, shown.splitlines())) <= 80


@pytest.mark.parametrize(("columns", "want"), [(40, 60), (100, 100), (200, 120)])
def test_a_terminal_gets_its_own_width_within_reason(columns: int, want: int) -> None:
    shown = on_terminal(*CHECK, columns=columns, env={"NO_COLOR": "1", "TERM": "dumb"}).decode()
    widest = max(map(len, shown.splitlines()))
    assert want - 12 < widest <= want


def test_a_terminal_gets_colour_and_progress() -> None:
    shown = _process_on_a_terminal(*CHECK)
    assert b"\x1b[1;31m" in shown
    assert b"\r\x1b[K" in shown


def test_no_color_is_honoured() -> None:
    shown = on_terminal("replay", "-", env={"NO_COLOR": "1"})
    assert ESCAPE not in shown
    shown = on_terminal(*CHECK, env={"NO_COLOR": "1"})
    assert b"\x1b[1;31m" not in shown


def test_a_dumb_terminal_gets_no_escape_at_all() -> None:
    assert ESCAPE not in on_terminal(*CHECK, env={"TERM": "dumb"})


def test_progress_is_not_for_pipes() -> None:
    assert mxproof(*CHECK).stderr == b""


@EXHAUSTIVE
@pytest.mark.parametrize("encoding", some(["ascii", "latin-1"], 2))
def test_an_encoding_without_the_signs_gets_ascii(encoding: str) -> None:
    shown = in_own_process(*CHECK, env={"PYTHONIOENCODING": encoding}).stdout
    assert shown.isascii()
    assert b"x REFUSED" in shown


def test_the_page_of_a_finding_is_markdown_in_a_pipe_and_laid_out_on_a_terminal() -> None:
    piped = mxproof("finding", "mx-alias").stdout
    shown = on_terminal("finding", "mx-alias", env={"NO_COLOR": "1"})
    assert piped.startswith(b"# mx-alias")
    assert shown.startswith(b"mx-alias")
    assert b"```" not in shown


def test_control_characters_from_outside_reach_no_stream(tmp_path: Path) -> None:
    hostile = "\\u001b]0;owned\\u0007\\u009b31m\\u202e"
    evidence = mxproof("collect", "example.com", "--lab", "incident").stdout.decode()
    changed = (
        evidence.replace('"target":"smol.example.com', f'"target":"smol{hostile}.example.com')
        .replace('"host":"', f'"host":"{hostile}')
        .replace('"name":"smol.example.com"}]', f'"name":"{hostile}"}}]')
        .replace('"validating_because":"', f'"validating_because":"{hostile}')
    )
    assert changed.count(hostile) >= 4
    path = tmp_path / "evidence.json"
    path.write_text(changed)
    for options in ((), ("--verbose",), ("--format", "json")):
        got = mxproof("replay", str(path), *options)
        assert (got.returncode, got.stderr) in ((1, b""), (0, b""), (3, b""))
        assert got.stdout.decode().replace("\n", "").isprintable()


def test_the_help_speaks_of_other_forms_only_where_there_are_some() -> None:
    told = "or one of the other forms"
    assert told in " ".join(mxproof("check", "--help").stdout.decode().split())
    assert told not in " ".join(mxproof("watch", "silence", "--help").stdout.decode().split())
