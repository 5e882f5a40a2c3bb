"""The daemon that follows a log: steps until a signal ends it, with a pause where nothing is new."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from mxproof.serve.daemon.config import LogLevel
from mxproof.serve.daemon.kernel_time import running_s
from mxproof.serve.daemon.run import Life, begin_log, run
from mxproof.serve.silence.follower import Follower, Telling
from mxproof.serve.silence.reports import ReportWatch
from mxproof.store.journal.error import JournalError

FOLLOWED_AGAIN_S = 5.0

_log = logging.getLogger("mxproof.silence")


def clocks() -> tuple[float, float]:
    """Return the time in seconds since 1970, and for how many seconds this machine has run."""
    return datetime.now(UTC).timestamp(), running_s()


Looking = Callable[[], None]
"""What is done after each look at the log."""


def catch_up(follower: Follower, reports: ReportWatch, tell: Telling, then: Looking) -> None:
    """Count all that is new, keep it and tell of what it means; raises OSError and JournalError."""
    while follower.step(clocks):
        pass
    follower.tell(tell, datetime.now(UTC))
    reports.look(datetime.now(UTC), tell)
    then()


def follow(
    follower: Follower, reports: ReportWatch, tell: Telling, then: Looking, level: LogLevel = "info"
) -> None:
    """Follow until SIGTERM or SIGINT; what fails is tried again after a pause."""
    begin_log(level)
    run(lambda: _follow(follower, reports, tell, then))


async def _follow(follower: Follower, reports: ReportWatch, tell: Telling, then: Looking) -> None:
    life = Life(_nothing, _ignored)

    async def steps() -> None:
        while not life.stop.is_set():
            try:
                await asyncio.get_running_loop().run_in_executor(
                    None, catch_up, follower, reports, tell, then
                )
            except (OSError, JournalError) as error:
                _log.error("%s; tried again in %g s", error, FOLLOWED_AGAIN_S)
            await _pause(life.stop)

    async with life.lasting(steps):
        _log.info("following")
        await life.until_stopped()


async def _pause(stop: asyncio.Event) -> None:
    try:
        await asyncio.wait_for(stop.wait(), FOLLOWED_AGAIN_S)
    except TimeoutError:
        return


async def _nothing() -> None:
    """Take over nothing at a reload: all is said on the command line."""


def _ignored() -> None:
    """Count no faults; the log has them."""
