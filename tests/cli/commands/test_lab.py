"""`mxproof lab`: the list, and a world that any client can be pointed at until it is told to end."""

import shlex
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mxproof.evidence import Kind, MxRecord, Outcome
from mxproof.evidence.codec import decode
from mxproof.lab.scenario import scenarios
from support_cli import PATIENCE_S, mxproof, one_line, started
from support_long import EXHAUSTIVE, some


@contextmanager
def lab_running(scenario: str) -> Iterator[tuple[subprocess.Popen[bytes], list[str]]]:
    """Yield the process that serves `scenario` and the lines it prints before it is ready."""
    with started("lab", "run", scenario) as process:
        try:
            assert process.stdout is not None
            lines: list[str] = []
            while not (lines and lines[-1].startswith("swaks ")):
                lines.append(process.stdout.readline().decode().rstrip("\n"))
                assert process.poll() is None
            yield process, lines
        finally:
            process.terminate()
            process.communicate(timeout=PATIENCE_S)


def check_words(lines: list[str]) -> list[str]:
    """Return the words of the printed `mxproof check` command behind its name."""
    start = next(at for at, line in enumerate(lines) if line.startswith("mxproof check "))
    stop = next(at for at, line in enumerate(lines) if at >= start and not line.endswith("\\")) + 1
    words = shlex.split(" ".join(line.removesuffix("\\") for line in lines[start:stop]))
    assert words[:2] == ["mxproof", "check"]
    return words[2:]


def test_the_list_names_every_scenario_in_lines_of_eighty_columns() -> None:
    got = mxproof("lab", "list")
    lines = got.stdout.decode().splitlines()
    assert (got.returncode, got.stderr) == (0, b"")
    assert [line.split()[0] for line in lines] == list(scenarios())
    assert max(map(len, lines)) <= 80


@EXHAUSTIVE
def test_a_running_lab_is_reached_by_the_options_it_prints() -> None:
    with lab_running("incident") as (_, lines):
        got = mxproof("collect", *check_words(lines))
    evidence = decode(got.stdout)
    _, mx = evidence.dns(Kind.MX, "example.com")
    assert mx is not None
    assert mx.records == (MxRecord(10, "mxi1.example.com"), MxRecord(20, "mxi2.example.com"))
    connections = {
        question.at: answer.outcome for question, answer in evidence.answers.items() if question.at
    }
    assert (len(connections), set(connections.values())) == (6, {Outcome.FOUND})
    assert evidence.vantage.validating


@EXHAUSTIVE
def test_an_old_policy_is_handed_to_the_check_in_a_file() -> None:
    with lab_running("old-policy-cached") as (_, lines):
        words = check_words(lines)
        body = Path(words[words.index("--cached-policy") + 1]).read_bytes()
    assert b"mx: old1.example.com\n" in body
    assert words[words.index("--cached-id") + 1] == "20251101T000000"


@EXHAUSTIVE
@pytest.mark.parametrize("number", some([signal.SIGINT, signal.SIGTERM, signal.SIGHUP], 3))
def test_a_signal_ends_the_lab_and_leaves_no_file(number: signal.Signals) -> None:
    with lab_running("incident") as (process, lines):
        words = check_words(lines)
        ca_file = Path(words[words.index("--ca-file") + 1])
        assert ca_file.read_bytes().startswith(b"-----BEGIN CERTIFICATE-----")
        process.send_signal(number)
        assert process.wait(PATIENCE_S) == 128 + number
        assert process.stderr is not None
        assert process.stderr.read() == b""
    assert not ca_file.parent.exists()


def test_without_a_command_the_group_is_one_line_and_status_2() -> None:
    got = mxproof("lab")
    assert one_line(got.stderr).endswith("see mxproof lab --help")
    assert (got.returncode, got.stdout) == (2, b"")


@pytest.mark.parametrize("command", ["list", "run"])
def test_each_command_has_help_and_an_example(command: str) -> None:
    got = mxproof("lab", command, "--help")
    assert f"Example: mxproof lab {command}" in got.stdout.decode()
    assert got.returncode == 0


@pytest.mark.parametrize("scenario", ["no-such-scenario", "/no/such/file.toml", "/"])
def test_an_unknown_scenario_is_one_line_and_status_2(scenario: str) -> None:
    got = mxproof("lab", "run", scenario)
    assert scenario in one_line(got.stderr)
    assert (got.returncode, got.stdout) == (2, b"")


def test_a_world_file_with_a_mistake_is_one_line_and_status_2(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("title = 'mine'\nstory = 's'\nexpect.text = 'e'\nhttp = 1\n")
    got = mxproof("lab", "run", str(path))
    assert "unknown field `http`" in one_line(got.stderr)
    assert got.returncode == 2
