"""`mxproof scan` stopped: Ctrl-C ends it at once and leaves a scan that goes on; what cannot go on is said in a line."""

import json
import os
import re
import shlex
import signal
import subprocess
from pathlib import Path

from support_cli import COMMAND, ENVIRONMENT, PATIENCE_S, mxproof, one_line
from support_long import EXHAUSTIVE

DOMAINS_COUNT = 2000


def stopped(*arguments: str) -> list[str]:
    """Run `mxproof scan`, send Ctrl-C once a stage is done, and return the arguments that it says go on with it."""
    environment = {**os.environ, **ENVIRONMENT}
    with subprocess.Popen(
        [*COMMAND, "scan", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stderr is not None
        said = b""
        while b" of " not in said:
            said = process.stderr.readline()
            assert said, "a stage is told"
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        output, rest = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, output) == (130, b"")
    assert b"Traceback" not in rest
    named = re.findall(r"`mxproof (.+)` goes on", rest.decode())
    assert len(named) == 1
    return shlex.split(named[0])


def counted(folder: Path) -> object:
    sql = "SELECT count(*) AS every, count(DISTINCT domain) AS each FROM domains"
    return json.loads(mxproof("scan", "query", str(folder), "--format", "json", "--sql", sql).stdout)


@EXHAUSTIVE
def test_ctrl_c_ends_a_scan_that_goes_on_later(tmp_path: Path) -> None:
    folder = tmp_path / "scan"
    again = stopped("rehearse", str(folder), "--domains", str(DOMAINS_COUNT), "--workers", "1")
    assert mxproof(*again).returncode == 0
    assert counted(folder) == {"every": DOMAINS_COUNT, "each": DOMAINS_COUNT}


@EXHAUSTIVE
def test_a_scan_of_a_lab_goes_on_in_that_lab_as_it_was_begun(tmp_path: Path) -> None:
    listed, folder = tmp_path / "list", tmp_path / "a scan"
    listed.write_text("".join(f"d{number}.example.com\n" for number in range(DOMAINS_COUNT)))
    again = stopped(
        *("run", str(folder), "--file", str(listed), "--lab", "incident", "--workers", "1"),
        *("--queries", "7", "--contact", "https://example.com/scan"),
    )
    assert again == ["scan", "run", str(folder), "--lab", "incident"]
    (unfinished,) = mxproof("scan", "query", str(folder), "adoption").stderr.decode().splitlines()
    assert f"`{shlex.join(['mxproof', *again])}` goes on" in unfinished
    assert mxproof(*again).returncode == 0
    assert counted(folder) == {"every": DOMAINS_COUNT, "each": DOMAINS_COUNT}
    asking = json.loads((folder / "manifest.json").read_bytes())["asking"]
    assert (asking["resolver_window"], asking["contact"]) == (7, "https://example.com/scan")


def test_a_scan_without_a_resolver_is_not_begun(tmp_path: Path) -> None:
    (tmp_path / "list").write_text("example.com\n", encoding="utf-8")
    nobody = ("--resolver", "127.0.0.1:1", "--timeout", "1")
    got = mxproof("scan", "run", str(tmp_path / "scan"), "--file", str(tmp_path / "list"), *nobody)
    assert got.returncode == 1
    one_line(got.stderr)
    assert not (tmp_path / "scan" / "manifest.json").exists()
