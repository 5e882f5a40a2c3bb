"""A sender test on a public host as its operator watches it: metrics, health, and files that cannot be written."""

import asyncio
import os
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path

import pytest

from mxproof.cli.exit import RunError
from mxproof.cli.serving_public import OBSERVED_FILE, RunWriter, monitoring_at, pages_at
from mxproof.cli.serving_public_metrics import PublicCounts
from mxproof.evidence import Transport
from mxproof.formats.errors import ConfigError
from mxproof.judge.senders.inference.observation import (
    SeenQuery,
    read_test,
)
from mxproof.lab.sendertest.public_serving import PublicServing
from mxproof.lab.sendertest.watching import Watching
from mxproof.net.asking import Peer
from mxproof.serve.daemon.config import UnixOptions
from mxproof.serve.daemon.listening import opened
from support_certificates import NOW
from support_long import EXHAUSTIVE
from support_public import RUNS, SITE, public_set

WITHIN_S = 60.0
CLIENT = "198.51.100.20"
QUERY = SeenQuery(NOW, CLIENT, "a.example", "MX", Transport.UDP)


def asked(counts: PublicCounts, path: str) -> tuple[int, str]:
    """Return what a client over loopback gets."""

    async def go() -> tuple[int, str]:
        with opened(Peer("127.0.0.1", 0), UnixOptions()) as one:
            port = one.getsockname()[1]
            async with pages_at(one, counts.page):
                return await asyncio.to_thread(_got, f"http://127.0.0.1:{port}{path}")

    return asyncio.run(go())


def _got(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=WITHIN_S) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_monitoring_gets_metrics_and_health_and_nothing_else() -> None:
    counts = PublicCounts((), {}, NOW)
    status, text = asked(counts, "/metrics")
    assert (status, text.startswith(counts.text()), "process_" in text) == (HTTPStatus.OK, True, True)
    assert asked(counts, "/health") == (HTTPStatus.OK, f"serving\nruns: 0\nuntil: {NOW:%Y-%m-%dT%H:%M:%SZ}\n")
    assert asked(counts, "/")[0] == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("text", ["", "127.0.0.1:9469", "unix:/run/sendertest", "inet:127.0.0.1:x"])
def test_monitoring_asks_at_an_address_and_a_port(text: str) -> None:
    with pytest.raises(ConfigError):
        monitoring_at(text)
    assert monitoring_at("inet:[::1]:9469") == Peer("::1", 9469)


@pytest.fixture
def writing(tmp_path: Path) -> tuple[RunWriter, Watching, Callable[[int], None]]:
    """Return who writes the file of one run into a folder, and a way to have it write elsewhere."""
    run = RUNS[0]
    one = public_set().runs[run]
    watching = one.run.watching(lambda: NOW, lambda line: None)
    held = {run: os.open(tmp_path, os.O_RDONLY | os.O_DIRECTORY)}
    serving = PublicServing(SITE, {run: one}, {run: watching}, lambda: NOW, {})
    return RunWriter(serving, held, tmp_path), watching, lambda folder: held.update({run: folder})


@EXHAUSTIVE
def test_what_cannot_be_written_is_told_and_written_later(
    writing: tuple[RunWriter, Watching, Callable[[int], None]],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    writer, watching, elsewhere = writing
    watching.query(QUERY)
    gone = tmp_path / "gone"
    gone.mkdir()
    there, nowhere = os.open(tmp_path, os.O_RDONLY), os.open(gone, os.O_RDONLY)
    gone.rmdir()
    elsewhere(nowhere)
    writer.write_some()
    page = writer.counts.page("/health")
    assert page is not None
    assert (page.status, page.text.splitlines()[0]) == (
        HTTPStatus.SERVICE_UNAVAILABLE,
        "not written: observed.json: was not written (No such file or directory)",
    )
    assert "tried again" in capsys.readouterr().err
    with pytest.raises(RunError):
        writer.write(last=True)
    elsewhere(there)
    writer.write_some()
    page = writer.counts.page("/health")
    assert (page is not None and page.status, writer.counts.failed) == (HTTPStatus.OK, 1)
    assert read_test((tmp_path / OBSERVED_FILE).read_bytes()).queries == (QUERY,)


@EXHAUSTIVE
def test_a_run_is_over_when_it_is_served_no_longer(
    writing: tuple[RunWriter, Watching, Callable[[int], None]],
) -> None:
    page = writing[0].counts.page("/health")
    assert page is not None
    assert page.text == f"serving\nruns: 1\nuntil: {NOW + timedelta(days=7):%Y-%m-%dT%H:%M:%SZ}\n"
