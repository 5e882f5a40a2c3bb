"""Debian's libtlsrpt tells the collector, which is killed: what was written stays, nothing is counted twice, and a loss is seen."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support_collect import met
from support_libtlsrpt import QUEUE_FULL, Attempt, Libtlsrpt, library_path

KILLS = 4
SENT, MORE = 500, 300
NO_SOCKET = 13002

pytestmark = pytest.mark.skipif(library_path() is None, reason="run tools/install-postfix310")


@contextmanager
def collectd(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run the daemon, yield it once it is ready, and end it."""
    config = folder / "collect.toml"
    config.write_text(
        f'log = "debug"\n[collect]\nlisten = "unix:{folder}/tlsrpt"\n[store]\nurl = "sqlite:{folder}/journal.db"\n'
    )
    command = [sys.executable, "-m", "mxproof", "tlsrpt", "collectd", "--config", str(config)]
    with subprocess.Popen(command, stderr=subprocess.PIPE) as process:
        assert process.stderr is not None
        assert any(b" ready " in line for line in iter(process.stderr.readline, b""))
        yield process
        process.terminate()


def written(process: subprocess.Popen[bytes], attempts: int) -> None:
    """Return once the daemon has said that it wrote so many."""
    assert process.stderr is not None
    while attempts > 0:
        found = re.search(rb"written attempts=(\d+)", process.stderr.readline())
        attempts -= int(found[1]) if found is not None else 0


def test_what_was_written_survives_a_kill_and_is_counted_once(tmp_path: Path) -> None:
    safe, most = 0, 0
    for turn in range(KILLS):
        with collectd(tmp_path) as process:
            client = Libtlsrpt(f"{tmp_path}/tlsrpt", blocking=True)
            for _ in range(SENT):
                assert client.send(Attempt(b"example.com")) == 0
            written(process, SENT)
            for _ in range(MORE * turn // KILLS):
                assert client.send(Attempt(b"example.com")) == 0
            os.kill(process.pid, signal.SIGKILL)
            client.close()
        kept = sum(met(tmp_path)["example.com"])
        assert safe + SENT <= kept <= most + SENT + MORE * turn // KILLS
        safe, most = kept, kept


def test_the_end_loses_nothing(tmp_path: Path) -> None:
    with collectd(tmp_path):
        client = Libtlsrpt(f"{tmp_path}/tlsrpt", blocking=True)
        for number in range(SENT):
            assert client.send(Attempt(b"example.com", 0 if number % 5 else 202)) == 0
        client.close()
    assert met(tmp_path) == {"example.com": (SENT - SENT // 5, SENT // 5)}


def test_libtlsrpt_says_what_is_lost(tmp_path: Path) -> None:
    with collectd(tmp_path) as process:
        client = Libtlsrpt(f"{tmp_path}/tlsrpt", blocking=False)
        os.kill(process.pid, signal.SIGSTOP)
        said = [client.send(Attempt(b"example.com")) for _ in range(1000)]
        os.kill(process.pid, signal.SIGCONT)
        client.close()
    assert {*said} == {0, QUEUE_FULL}
    assert met(tmp_path) == {"example.com": (said.count(0), 0)}


def test_libtlsrpt_says_that_nobody_is_there(tmp_path: Path) -> None:
    client = Libtlsrpt(f"{tmp_path}/tlsrpt", blocking=False)
    assert client.send(Attempt(b"example.com")) == NO_SOCKET
    client.close()
