"""The time that decisions are made by: it does not jump when the clock of the machine does.

A policy ends at a time of day, so a clock that leaps a year ahead would end them all at once. The steady time is the
time of day at an anchor plus what the kernel has counted since, suspend included. Where the clock of the machine
differs from that by more than JUMP_S it has jumped, and the steady time goes on as before:

| the kernel calls its clock | the steady time follows the machine |
|---|---|
| synchronised, and did not before | at once: somebody who keeps time has just set it |
| synchronised, or does not say | when the difference has lasted for SETTLED_S |
| not synchronised | never; what `state` says stays visible |

A machine without a hardware clock starts with any time. Where the kernel is not synchronised within BOOTED_S of the
start of the machine, time goes on from the newest moment that is known (`Clockwork.begin`), until the kernel is, or
SYNCHRONISED_WITHIN_S are over; then the machine is believed.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec

from mxproof.serve.daemon.kernel_time import Synchronised, running_s, synchronised

JUMP_S = 60.0
SETTLED_S = 600.0
BOOTED_S = 600.0
SYNCHRONISED_WITHIN_S = 180.0
LOOK_S = 0.01
"""How long a look at the machine's clock is gone by."""
SIGN_S = 1.0
"""How long the word of the kernel is gone by: it costs more than all the rest, and time is asked for often."""

_log = logging.getLogger("mxproof.daemon")


class ClockEvent(StrEnum):
    """What a look at the clocks found."""

    JUMPED = "jumped"
    FOLLOWED = "followed"
    BACK = "back"
    """The clock of the machine is where it was before it jumped."""


class Clock(msgspec.Struct, frozen=True):
    """A state: the anchor in both times, and since when and by how much the clock of the machine has been elsewhere.

    `booting_until_s` is until when the sign of the kernel is waited for, None where it is not.
    """

    anchor: datetime
    anchor_counted_s: float
    synchronised: Synchronised = Synchronised.UNKNOWN
    away_since_s: float | None = None
    away_by_s: float = 0.0
    booting_until_s: float | None = None

    def now(self, counted_s: float) -> datetime:
        """Return the steady time."""
        return self.anchor + timedelta(seconds=counted_s - self.anchor_counted_s)

    def says(self) -> str:
        """Return what an operator has to know of the time."""
        if self.away_since_s is None:
            return f"the kernel's clock is {self.synchronised}"
        since = "while the machine starts" if self.booting_until_s is not None else "as before"
        return (
            f"the machine's clock is {self.away_by_s:+.0f} s away; going on {since} "
            f"(the kernel's clock is {self.synchronised})"
        )


def ticked(
    clock: Clock, machine: datetime, counted_s: float, sync: Synchronised
) -> tuple[Clock, ClockEvent | None]:
    """Return the state after a look at the machine's clock, at the one that counts, and at the kernel's word."""
    away_by_s = (machine - clock.now(counted_s)).total_seconds()
    if abs(away_by_s) <= JUMP_S:
        event = None if clock.away_since_s is None else ClockEvent.BACK
        return Clock(machine, counted_s, sync), event
    gained = sync is Synchronised.YES and clock.synchronised is Synchronised.NO
    boot_is_over = clock.booting_until_s is not None and counted_s >= clock.booting_until_s
    if gained or boot_is_over:
        return Clock(machine, counted_s, sync), ClockEvent.FOLLOWED
    jumped_again = abs(away_by_s - clock.away_by_s) > JUMP_S
    if clock.away_since_s is None or jumped_again:
        away = msgspec.structs.replace(clock, away_since_s=counted_s, away_by_s=away_by_s, synchronised=sync)
        return away, ClockEvent.JUMPED
    settled = counted_s - clock.away_since_s >= SETTLED_S
    if settled and sync is not Synchronised.NO:
        return Clock(machine, counted_s, sync), ClockEvent.FOLLOWED
    return msgspec.structs.replace(clock, synchronised=sync), None


class Clockwork:
    """The clocks of the machine and the steady time made from them; `jumps` counts."""

    def __init__(
        self,
        machine: Callable[[], datetime] = lambda: datetime.now(UTC),
        counted_s: Callable[[], float] = running_s,
        sync: Callable[[], Synchronised] = synchronised,
    ) -> None:
        self.jumps = 0
        self._machine = machine
        self._counted_s = counted_s
        self._sync = sync
        self._clock = Clock(machine(), counted_s(), sync())
        self._sign_until_s = 0.0
        self._looked_s = -LOOK_S

    @property
    def state(self) -> Clock:
        """Return the state as of the last look."""
        return self._clock

    def begin(self, newest: datetime | None) -> None:
        """Go on from the newest moment that is known where the machine has just started and nobody set its clock."""
        clock = self._clock
        counted_s, machine = self._counted_s(), self._machine()
        booting = clock.synchronised is Synchronised.NO and counted_s < BOOTED_S
        if newest is None or not booting or abs((machine - newest).total_seconds()) <= JUMP_S:
            return
        by_s = (machine - newest).total_seconds()
        self._clock = Clock(
            newest, counted_s, clock.synchronised, counted_s, by_s, counted_s + SYNCHRONISED_WITHIN_S
        )
        _log.warning("clock: %s", self._clock.says())

    def now(self) -> datetime:
        """Return the steady time."""
        counted_s = self._counted_s()
        before = self._clock
        if 0 <= counted_s - self._looked_s < LOOK_S:
            return before.now(counted_s)
        self._looked_s = counted_s
        sync = before.synchronised
        if not self._sign_until_s - SIGN_S <= counted_s < self._sign_until_s:
            sync, self._sign_until_s = self._sync(), counted_s + SIGN_S
        self._clock, event = ticked(before, self._machine(), counted_s, sync)
        match event:
            case ClockEvent.JUMPED:
                self.jumps += 1
                _log.warning("clock: %s", self._clock.says())
            case ClockEvent.FOLLOWED:
                _log.warning(
                    "clock: set by %+.0f s to that of the machine, which the kernel calls %s",
                    before.away_by_s,
                    self._clock.synchronised,
                )
            case ClockEvent.BACK:
                _log.warning("clock: the machine's clock is back where it was")
            case None:
                pass
        return self._clock.now(counted_s)
