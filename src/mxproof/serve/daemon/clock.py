"""The time that decisions are made by: it does not jump when the clock of the machine does.

A policy ends at a time of day, so a clock that leaps a year ahead would end them all at once. The steady time is the
time of day at an anchor plus what a clock that only ever counts has counted since. Where the clock of the machine
differs from that by more than JUMP_S, the steady time goes on as before; if the difference stays for SETTLED_S, the
machine was set right and the steady time follows.
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import msgspec

JUMP_S = 60.0
SETTLED_S = 600.0

_log = logging.getLogger("mxproof.daemon")


class Clock(msgspec.Struct, frozen=True):
    """A state: the anchor in both times, and since when the clock of the machine has been elsewhere."""

    anchor: datetime
    anchor_counted_s: float
    away_since_s: float | None = None
    away_by_s: float = 0.0

    def now(self, counted_s: float) -> datetime:
        """Return the steady time."""
        return self.anchor + timedelta(seconds=counted_s - self.anchor_counted_s)


def ticked(clock: Clock, machine: datetime, counted_s: float) -> Clock:
    """Return the state after a look at the clock of the machine and at the one that counts."""
    away_by_s = (machine - clock.now(counted_s)).total_seconds()
    if abs(away_by_s) <= JUMP_S:
        return Clock(machine, counted_s)
    jumped_again = abs(away_by_s - clock.away_by_s) > JUMP_S
    if clock.away_since_s is None or jumped_again:
        return msgspec.structs.replace(clock, away_since_s=counted_s, away_by_s=away_by_s)
    if counted_s - clock.away_since_s >= SETTLED_S:
        return Clock(machine, counted_s)
    return clock


class Clockwork:
    """The two clocks of the machine and the steady time made from them."""

    def __init__(
        self,
        machine: Callable[[], datetime] = lambda: datetime.now(UTC),
        counted_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._machine = machine
        self._counted_s = counted_s
        self._clock = Clock(machine(), counted_s())

    def now(self) -> datetime:
        """Return the steady time."""
        counted_s = self._counted_s()
        clock = ticked(self._clock, self._machine(), counted_s)
        if clock.away_since_s is not None and clock.away_since_s != self._clock.away_since_s:
            _log.warning("clock: the machine's clock jumped by %+.0f s; going on as before", clock.away_by_s)
        self._clock = clock
        return clock.now(counted_s)
