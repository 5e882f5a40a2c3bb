"""The event loop can watch a socket wherever it runs."""

import asyncio
import socket
from collections.abc import Callable, Coroutine

import pytest

from mxproof.net.loop import loop_factory, run, run_quickly


def test_windows_has_a_loop_that_selects() -> None:
    assert loop_factory("win32") is asyncio.SelectorEventLoop


@pytest.mark.parametrize("platform", ["linux", "darwin", "freebsd14"])
def test_other_platforms_have_their_own(platform: str) -> None:
    assert loop_factory(platform) is None


@pytest.mark.parametrize("runs", [run, run_quickly])
def test_a_socket_is_watched(runs: Callable[[Coroutine[object, object, str]], str]) -> None:
    async def scenario() -> str:
        here, there = socket.socketpair()
        with here, there:
            readable = asyncio.Event()
            loop = asyncio.get_running_loop()
            loop.add_reader(here, readable.set)
            there.send(b"x")
            await readable.wait()
            loop.remove_reader(here)
        return "heard"

    assert runs(scenario()) == "heard"


def test_what_is_raised_comes_out() -> None:
    async def scenario() -> None:
        raise KeyError("ours")

    with pytest.raises(KeyError):
        run(scenario())
