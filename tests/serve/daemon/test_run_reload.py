"""Reloads that come together, go wrong or end in a fault, and what the service manager hears of each."""

import asyncio
import os
import signal
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from mxproof.formats import ConfigError
from mxproof.serve.daemon.run import BEGUN_AGAIN_S, Life
from support_clock import at, passed_s, run

READY, RELOADING, STOPPING = "READY=1", "RELOADING=1", "STOPPING=1"


class One:
    """A daemon whose reloads take a second each; `course` is what happened, `fails` what the next ones end in."""

    def __init__(self) -> None:
        self.course: list[str] = []
        self.fails: list[Exception] = []
        self.faults = 0
        self.life = Life(self.renew, self.fault)

    async def renew(self) -> None:
        self.course.append(f"begun {passed_s():g}")
        await asyncio.sleep(1)
        if self.fails:
            raise self.fails.pop(0)
        self.course.append(f"done {passed_s():g}")

    def fault(self) -> None:
        self.faults += 1


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[str]]]:
    """Return what tells the first word of all that the service manager heard since the last time."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.setblocking(False)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))

        def since() -> list[str]:
            words = []
            while True:
                try:
                    words.append(manager.recv(4096).decode().split("\n")[0])
                except BlockingIOError:
                    return words

        yield since


def test_every_reload_ends_with_ready_also_one_that_is_refused(heard: Callable[[], list[str]]) -> None:
    async def scene() -> None:
        one = One()
        async with one.life.lasting():
            assert heard() == [READY]
            await one.life.reload()
            assert (heard(), one.life.reloaded.is_set()) == ([RELOADING, READY], True)
            one.life.reloaded.clear()
            one.fails = [ConfigError("of the test")]
            await one.life.reload()
            assert (heard(), one.life.reloaded.is_set()) == ([RELOADING, READY], True)
            one.life.stop.set()
            await one.life.until_stopped()
            assert heard() == [STOPPING]
        assert one.course == ["begun 0", "done 1", "begun 1"]

    run(scene())


def test_what_is_wanted_during_a_reload_is_done_once_more_after_it() -> None:
    async def scene() -> None:
        one = One()
        async with one.life.lasting():
            os.kill(os.getpid(), signal.SIGHUP)
            await at(0.5)
            for _ in range(3):
                os.kill(os.getpid(), signal.SIGHUP)
            await at(5)
        assert one.course == ["begun 0", "done 1", "begun 1", "done 2"]

    run(scene())


def test_of_two_reloads_at_once_the_second_begins_when_the_first_has_ended() -> None:
    async def scene() -> None:
        one = One()
        one.fails = [ConfigError("of the test")]
        await asyncio.gather(one.life.reload(), one.life.reload(), one.life.reload())
        assert one.course == ["begun 0", "begun 1", "done 2", "begun 2", "done 3"]

    run(scene())


def test_a_reload_that_is_left_lets_the_next_one_begin() -> None:
    async def scene() -> None:
        one = One()
        leaving = asyncio.create_task(one.life.reload())
        await at(0.5)
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
        await one.life.reload()
        assert one.course == ["begun 0", "begun 0.5", "done 1.5"]

    run(scene())


def test_after_a_fault_in_a_reload_signals_are_heard_again() -> None:
    async def scene() -> None:
        one = One()
        one.fails = [RuntimeError("of the test")]
        async with one.life.lasting():
            os.kill(os.getpid(), signal.SIGHUP)
            await at(2)
            assert (one.faults, one.course) == (1, ["begun 0"])
            os.kill(os.getpid(), signal.SIGHUP)
            await at(BEGUN_AGAIN_S + 5)
        begun_s = 1 + BEGUN_AGAIN_S
        assert one.course == ["begun 0", f"begun {begun_s:g}", f"done {begun_s + 1:g}"]
        assert one.faults == 1

    run(scene())


def test_one_work_that_ends_or_fails_ends_no_other() -> None:
    async def scene() -> None:
        one, done = One(), list[str]()

        async def ends() -> None:
            done.append(f"ends {passed_s():g}")

        async def fails() -> None:
            done.append(f"fails {passed_s():g}")
            await asyncio.sleep(1)
            raise OSError("of the test")

        async def goes_on() -> None:
            while True:
                await asyncio.sleep(50)
                done.append(f"goes on {passed_s():g}")

        async with one.life.lasting(ends, fails, goes_on):
            await at(BEGUN_AGAIN_S + 42)
        assert done == ["ends 0", "fails 0", "goes on 50", f"fails {BEGUN_AGAIN_S + 1:g}", "goes on 100"]
        assert one.faults == 2
        await asyncio.sleep(BEGUN_AGAIN_S * 2)
        assert len(done) == 5, "at the end everything ends"

    run(scene())


def test_what_ends_the_block_ends_the_lasting_work_too() -> None:
    async def scene() -> None:
        one, ended = One(), asyncio.Event()

        async def work() -> None:
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        async def block() -> None:
            async with one.life.lasting(work):
                await asyncio.sleep(0)
                raise ValueError("of the test")

        with pytest.raises(ValueError, match="of the test"):
            await block()
        assert ended.is_set()

    run(scene())
