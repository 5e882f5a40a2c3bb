"""`mxproof scan` stopped: Ctrl-C ends it at once and leaves a scan that goes on; what cannot go on is said in a line."""

import json
import os
import signal
import subprocess
from pathlib import Path

from support_cli import COMMAND, ENVIRONMENT, PATIENCE_S, mxproof, one_line
from support_long import EXHAUSTIVE

DOMAINS_COUNT = 2000


@EXHAUSTIVE
def test_ctrl_c_ends_a_scan_that_goes_on_later(tmp_path: Path) -> None:
    folder = tmp_path / "scan"
    command = [*COMMAND, "scan", "rehearse", str(folder), "--domains", str(DOMAINS_COUNT), "--workers", "1"]
    environment = {**os.environ, **ENVIRONMENT}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, start_new_session=True
    ) as process:
        assert process.stderr is not None
        first = process.stderr.readline()  # a stage is done
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        output, rest = process.communicate(timeout=PATIENCE_S)
    assert b"domains" in first
    assert (process.returncode, output) == (130, b"")
    assert b"mxproof scan rehearse" in rest
    assert b"Traceback" not in rest
    again = mxproof("scan", "rehearse", str(folder), "--domains", str(DOMAINS_COUNT), "--workers", "1")
    assert again.returncode == 0
    counted = mxproof(
        *("scan", "query", str(folder), "--format", "json", "--sql"),
        "SELECT count(*) AS every, count(DISTINCT domain) AS each FROM domains",
    )
    assert json.loads(counted.stdout) == {"every": DOMAINS_COUNT, "each": DOMAINS_COUNT}


def test_a_scan_without_a_resolver_is_not_begun(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("example.com\n", encoding="utf-8")
    nobody = ("--resolver", "127.0.0.1:1", "--timeout", "1")
    got = mxproof("scan", "run", str(tmp_path / "scan"), "--file", str(tmp_path / "list"), *nobody)
    assert got.returncode == 1
    one_line(got.stderr)
    assert not (tmp_path / "scan" / "manifest.json").exists()


def test_who_has_opted_out_is_not_asked_about(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("example.com\nwww.out.example\n", encoding="utf-8")
    (tmp_path / "not").write_text("out.example\n", encoding="utf-8")
    folder = str(tmp_path / "scan")
    got = mxproof(
        *("scan", "run", folder, "--file", str(tmp_path / "list"), "--opt-out", str(tmp_path / "not")),
        *("--lab", "incident", "--workers", "1"),
    )
    assert got.returncode == 0
    assert b"1 opted out" in got.stderr
    listed = mxproof("scan", "query", folder, "--sql", "SELECT domain FROM domains", "--format", "json")
    assert json.loads(listed.stdout) == {"domain": "example.com"}
