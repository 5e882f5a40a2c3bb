"""Streams and signals: a reader that goes, a disk that is full, Ctrl-C, a machine that cannot ask."""

import os
import signal
import socket
import subprocess
from functools import partial
from pathlib import Path

import pytest

from mxproof.cli import evidence_source
from mxproof.cli.main import main
from mxproof.net.asking import system_resolvers
from support_cli import COMMAND, PATIENCE_S, one_line, started
from support_long import EXHAUSTIVE, some

LAB = ("collect", "example.com", "--lab", "incident")


@pytest.mark.parametrize("arguments", some([LAB, ("--help",)], 2))
def test_a_reader_that_has_gone_ends_it_silently(arguments: tuple[str, ...]) -> None:
    process = started(*arguments)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    said = process.stderr.read()
    process.stderr.close()
    assert (process.wait(PATIENCE_S), said) == (141, b"")


@EXHAUSTIVE
def test_a_reader_of_one_line_gets_it() -> None:
    command = " ".join([*COMMAND, *LAB])
    got = subprocess.run(["sh", "-c", f"{command} | head -1"], capture_output=True, check=False)
    assert (got.stdout, got.stderr) == (b'{"evidence_version":1,\n', b"")


@pytest.mark.parametrize("arguments", some([LAB, ("--help",), ("check", "--help")], 3))
def test_a_full_disk_is_told_in_one_line(arguments: tuple[str, ...]) -> None:
    with Path("/dev/full").open("wb") as full:
        got = subprocess.run([*COMMAND, *arguments], stdout=full, stderr=subprocess.PIPE, check=False)
    assert "stdout" in one_line(got.stderr)
    assert got.returncode == 2


@EXHAUSTIVE
def test_a_closed_stdout_is_told_in_one_line() -> None:
    command = " ".join([*COMMAND, *LAB])
    got = subprocess.run(["sh", "-c", f"{command} >&-"], capture_output=True, check=False)
    assert "stdout" in one_line(got.stderr)
    assert got.returncode == 2


def test_a_closed_stdin_is_told_in_one_line() -> None:
    command = " ".join([*COMMAND, "replay", "-"])
    got = subprocess.run(["sh", "-c", f"{command} <&-"], capture_output=True, check=False)
    assert "stdin" in one_line(got.stderr)
    assert (got.returncode, got.stdout) == (2, b"")


def test_ctrl_c_ends_everything_with_status_130_and_no_traceback() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        silent.settimeout(PATIENCE_S)
        resolver = f"127.0.0.1:{silent.getsockname()[1]}"
        process = started("collect", "example.com", "--resolver", resolver, "--timeout", "60")
        silent.recv(512)
        process.send_signal(signal.SIGINT)
        said = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, said[0]) == (130, b"")
    assert b"Traceback" not in said[1]
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_a_machine_without_a_resolver_says_so_with_status_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(
        evidence_source, "system_resolvers", partial(system_resolvers, tmp_path / "resolv.conf")
    )
    assert main(["collect", "example.com"]) == 3
    said = capsys.readouterr()
    assert "resolver" in one_line(said.err.encode())
    assert said.out == ""
