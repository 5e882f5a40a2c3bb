"""The life of a daemon that does nothing but what every daemon does."""

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from mxproof.formats import ConfigError
from mxproof.serve.daemon import run as module
from mxproof.serve.daemon.run import Life

WITHIN_S = 10.0


class One:
    """A daemon that counts what becomes of it."""

    def __init__(self) -> None:
        self.renewed = 0
        self.faults = 0
        self.wrong = False
        self.life = Life(self.renew, self.fault)

    async def renew(self) -> None:
        if self.wrong:
            raise ConfigError("of the test")
        self.renewed += 1

    def fault(self) -> None:
        self.faults += 1


def test_lasting_work_begins_again_after_a_fault_and_ends_with_the_daemon(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "BEGUN_AGAIN_S", 0.0)

    async def scene() -> None:
        one, begun, ended = One(), asyncio.Event(), asyncio.Event()
        times = iter(range(2))

        async def work() -> None:
            if next(times) == 0:
                raise RuntimeError("of the test")
            begun.set()
            try:
                await asyncio.Event().wait()
            finally:
                ended.set()

        async with asyncio.timeout(WITHIN_S):
            async with one.life.lasting(work):
                assert one.life.ready.is_set()
                await begun.wait()
            assert (one.faults, ended.is_set()) == (1, True)

    asyncio.run(scene())


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it(number: signal.Signals) -> None:
    async def scene() -> None:
        one = One()
        async with asyncio.timeout(WITHIN_S), one.life.lasting():
            os.kill(os.getpid(), number)
            await one.life.until_stopped()

    asyncio.run(scene())


def test_another_signal_has_it_read_its_configuration_and_a_wrong_one_does_not_end_it() -> None:
    async def scene() -> None:
        one = One()
        async with asyncio.timeout(WITHIN_S), one.life.lasting():
            for wrong, renewed in ((False, 1), (True, 1), (False, 2)):
                one.wrong = wrong
                one.life.reloaded.clear()
                os.kill(os.getpid(), signal.SIGHUP)
                await one.life.reloaded.wait()
                assert one.renewed == renewed

    asyncio.run(scene())


def test_a_reload_asked_for_before_anybody_hears_it_ends_nothing() -> None:
    code = (
        "import os, signal\n"
        "from mxproof.serve.daemon.run import run\n"
        "async def main() -> None:\n"
        "    os.kill(os.getpid(), signal.SIGHUP)\n"
        "    print('goes on')\n"
        "run(main)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, b"goes on\n")
