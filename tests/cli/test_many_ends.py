"""Many domains in one call, and what may come in between: Ctrl-C, a full disk, a reader that goes, a list with mistakes."""

import json
import os
import pty
import resource
import signal
import subprocess
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, INTERRUPTED, PROBLEM, READER_GONE, UNKNOWN, USAGE
from mxproof.evidence.codec import decode
from mxproof.evidence.redaction import redacted
from support_cli import COMMAND, ENVIRONMENT, PATIENCE_S, mxproof, one_line, started
from support_long import EXHAUSTIVE, some

CASES = Path(__file__).parent.parent / "cases"
INCIDENT, FIXED = (str(CASES / f"{name}.evidence.json") for name in ("incident", "fixed"))
FORMS = ("text", "json", "html", "markdown", "csv", "junit", "nagios")
SMALL_BYTES = 512
PIPE_BYTES = 65_536


@EXHAUSTIVE
def test_ctrl_c_ends_a_replay_that_waits_for_a_file_and_writes_what_is_done(tmp_path: Path) -> None:
    never = tmp_path / "never"
    os.mkfifo(never)
    process = started("replay", FIXED, str(never), INCIDENT, "--format", "json")
    assert process.stdout is not None
    assert process.stderr is not None
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    rest, said = process.communicate(timeout=PATIENCE_S)
    assert (json.loads(first)["summary"]["outcome"], rest) == ("delivers", b"")
    assert process.returncode == INTERRUPTED
    assert "1 of 3" in one_line(said)


def test_brief_has_a_line_a_domain() -> None:
    lines = mxproof("replay", FIXED, INCIDENT, "--brief").stdout.decode().splitlines()
    assert [line.split()[2] for line in lines[2:]] == ["example.com", "example.com"]


def test_brief_contradicts_another_form_of_many_too() -> None:
    got = mxproof("replay", FIXED, INCIDENT, "--brief", "--format", "html")
    assert one_line(got.stderr)
    assert (got.returncode, got.stdout) == (USAGE, b"")


def test_what_is_nobodys_business_is_left_out_of_each_file(tmp_path: Path) -> None:
    folder = tmp_path / "evidence"
    got = mxproof(
        "check",
        "example.com",
        "example.net",
        "--lab",
        "incident",
        "--save",
        str(folder),
        "--redact",
        "--brief",
    )
    assert got.returncode == PROBLEM
    kept = {file.name: decode(file.read_bytes()) for file in folder.iterdir()}
    assert kept.keys() == {"example.com.json", "example.net.json"}
    assert [one for one in kept.values() if redacted(one) != one] == []


def test_redact_without_save_is_refused_for_many_too() -> None:
    got = mxproof("check", "example.com", "example.net", "--lab", "plain", "--redact")
    assert one_line(got.stderr)
    assert got.returncode == USAGE


@EXHAUSTIVE
def test_a_terminal_is_told_what_is_waited_for() -> None:
    terminal, end = pty.openpty()
    process = subprocess.Popen(
        [*COMMAND, "check", "--file", "-", "--lab", "plain", "--format", "json"],
        stdin=end,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        env={**os.environ, **ENVIRONMENT},
    )
    os.close(end)
    assert process.stderr is not None
    asked = process.stderr.readline()
    os.write(terminal, b"example.com\n\x04")
    wrote, said = process.communicate(timeout=PATIENCE_S)
    os.close(terminal)
    assert "stdin" in one_line(asked)
    assert (json.loads(wrote)["domain"], said, process.returncode) == ("example.com", b"", DONE)


def test_a_domain_is_checked_once_however_often_it_is_named() -> None:
    stdin = b"example.com\nEXAMPLE.com.\nexample.com # again\n"
    got = mxproof("check", "example.com", "--file", "-", "--lab", "plain", "--format", "json", stdin=stdin)
    assert [json.loads(line)["domain"] for line in got.stdout.splitlines()] == ["example.com"]


def test_all_that_is_no_domain_in_a_list_is_told_at_once() -> None:
    stdin = b"exa..mple\nexample.com\n-bad-.com\n" + b"..\n" * 20
    got = mxproof("check", "--file", "-", "--lab", "plain", stdin=stdin)
    line = one_line(got.stderr)
    assert [word for word in ("line 1", "exa..mple", "line 3", "line 4", "11 more") if word not in line] == []
    assert (got.returncode, got.stdout) == (USAGE, b"")


@pytest.mark.parametrize("form", some(FORMS, 7, "nagios"))
def test_a_disk_that_is_full_leaves_what_was_there(form: str, tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_text("yesterday")
    several = [INCIDENT] * (20 if form == "nagios" else 0)
    got = subprocess.run(
        [*COMMAND, "replay", FIXED, INCIDENT, *several, "--format", form, "--verbose", "--output", str(file)],
        capture_output=True,
        check=False,
        timeout=PATIENCE_S,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL_BYTES, SMALL_BYTES)),
    )  # fmt: skip
    said, status = (got.stdout, UNKNOWN) if form == "nagios" else (got.stderr, USAGE)
    assert str(file).encode() in said
    assert got.returncode == status
    assert (file.read_text(), [one.name for one in tmp_path.iterdir()]) == ("yesterday", ["report"])


@pytest.mark.parametrize("form", FORMS)
def test_a_device_that_is_full_is_told(form: str) -> None:
    got = mxproof("replay", FIXED, INCIDENT, "--format", form, "--output", "/dev/full")
    assert b"/dev/full" in (got.stdout if form == "nagios" else got.stderr)


def test_a_folder_that_is_missing_is_told_before_anything_is_read() -> None:
    got = mxproof("replay", FIXED, "/nowhere/evidence", "--output", "/nowhere/report")
    assert "/nowhere/report" in one_line(got.stderr)
    assert got.returncode == USAGE


@pytest.mark.parametrize("form", some(FORMS, 7))
def test_a_reader_that_has_gone_ends_it_without_a_word(form: str) -> None:
    several = [FIXED, INCIDENT] * 10 if form != "text" else [INCIDENT] * 20
    process = started("replay", *several, "--format", form, "--verbose")
    assert process.stdout is not None
    process.stdout.close()
    process.stdout = None
    _, said = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, said) == (READER_GONE, b"")
