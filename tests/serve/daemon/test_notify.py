"""What the service manager is told, on the socket that it names."""

import asyncio
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from mxproof.serve.daemon import notify
from support_clock import run


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """Return the end of the service manager."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.bind(str(tmp_path / "notify"))
        one.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        yield one


def heard(manager: socket.socket) -> list[str]:
    """Return what it was told."""
    told = []
    while True:
        try:
            told.append(manager.recv(4096).decode())
        except BlockingIOError:
            return told


def test_it_is_told_when_requests_are_answered_when_no_more_and_when_the_configuration_is_read_again(
    manager: socket.socket,
) -> None:
    notify.ready()
    notify.reloading()
    notify.stopping()
    ready, reloading, stopping = heard(manager)
    assert (ready, stopping) == ("READY=1", "STOPPING=1")
    word, _, moment = reloading.partition("\nMONOTONIC_USEC=")
    assert word == "RELOADING=1"
    assert moment.isdigit()


def test_an_abstract_socket_is_told_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    name = f"mxproof-test{tmp_path}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as one:
        one.bind(f"\0{name}")
        one.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        notify.ready()
        assert heard(one) == ["READY=1"]


def test_without_one_nobody_is_told_and_one_that_is_gone_is_told_of(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    notify.ready()
    assert caplog.records == []
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    notify.ready()
    assert [one.levelname for one in caplog.records] == ["WARNING"]


async def alive_for(seconds: float) -> None:
    """Say that the loop turns, for so long."""
    try:
        async with asyncio.timeout(seconds):
            await notify.stay_alive()
    except TimeoutError:
        pass


def test_the_watchdog_hears_of_it_twice_in_its_time(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    run(alive_for(40.0))
    assert heard(manager) == ["WATCHDOG=1"] * 3


@pytest.mark.parametrize("text", ["", "0", "soon"])
def test_without_a_watchdog_nothing_is_said(
    manager: socket.socket, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", text)
    asyncio.run(notify.stay_alive())
    assert heard(manager) == []
