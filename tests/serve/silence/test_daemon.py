"""The daemon that follows a log: all that is new at each look, a pause between, and what fails tried again until it is stopped."""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

import pytest

from mxproof.rhythm.alarm import Alarm
from mxproof.serve.daemon.run import Life
from mxproof.serve.silence import daemon as module
from mxproof.serve.silence.daemon import FOLLOWED_AGAIN_S, catch_up
from mxproof.serve.silence.follower import Clocks, Follower, Telling
from mxproof.serve.silence.reports import ReportWatch
from mxproof.store.journal.error import JournalError
from support_clock import passed_s, run
from support_logged import said


class Following(Follower):
    """A log that is read in parts; it notes what is done with it, and when."""

    def __init__(self, *parts: int, tell: Exception | None = None) -> None:
        self.noted: list[str] = []
        self._parts = list(parts)
        self._tell = tell

    def step(self, clocks: Clocks) -> bool:
        """Read a part."""
        self.noted.append("step")
        self._parts[0] -= 1
        if self._parts[0]:
            return True
        self._parts.pop(0)
        return False

    def tell(self, tell: Telling, now: datetime) -> None:
        """Tell."""
        self.noted.append("tell")
        if self._tell is not None:
            raise self._tell


class Watching(ReportWatch):
    """Reports of which nobody has any; it notes that it was looked."""

    def __init__(self, noted: list[str]) -> None:
        self.noted = noted

    def look(self, now: datetime, tell: Callable[[Alarm], bool]) -> None:
        """Look."""
        self.noted.append("reports")


def nobody(_: Alarm) -> bool:
    raise AssertionError("nobody is told")


def test_all_parts_are_read_before_anybody_is_told_and_the_ends_come_last() -> None:
    log = Following(3)
    catch_up(log, Watching(log.noted), nobody, lambda: log.noted.append("ends"))
    assert log.noted == ["step", "step", "step", "tell", "reports", "ends"]


def test_what_fails_keeps_the_rest_of_a_look_back() -> None:
    log = Following(1, tell=JournalError("away"))
    with pytest.raises(JournalError):
        catch_up(log, Watching(log.noted), nobody, lambda: log.noted.append("ends"))
    assert log.noted == ["step", "tell"]


@pytest.mark.parametrize("error", [OSError("no file"), JournalError("away")], ids=["the log", "the journal"])
def test_what_fails_is_told_of_and_tried_again_after_a_pause_until_it_is_stopped(
    error: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    looked_s: list[float] = []
    fails = [True, False, True, False]

    async def at_once(self: object, _executor: None, _work: object, *_given: object) -> None:
        looked_s.append(passed_s())
        if fails.pop(0):
            raise error

    log = Following()

    async def scenario() -> None:
        monkeypatch.setattr(type(asyncio.get_running_loop()), "run_in_executor", at_once)
        life = Life(module._nothing, module._ignored)
        monkeypatch.setattr(module, "Life", lambda *_: life)
        following = asyncio.create_task(module._follow(log, Watching([]), nobody, lambda: None))
        await asyncio.sleep(3.5 * FOLLOWED_AGAIN_S)
        life.stop.set()
        await following
        assert passed_s() == 3.5 * FOLLOWED_AGAIN_S, "a pause ends with the daemon"

    run(scenario(), patience_s=0)
    assert looked_s == [number * FOLLOWED_AGAIN_S for number in range(4)]
    assert said(caplog, logging.ERROR) == [f"{error}; tried again in {FOLLOWED_AGAIN_S:g} s"] * 2
