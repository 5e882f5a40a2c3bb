"""A thread that writes: every WRITE_S it takes what was drained, reads each distinct datagram once, and adds the counts up.

| what ends | what is lost |
|---|---|
| the process, by a signal | nothing |
| the process, killed | what came since the last time: WRITE_S, and as long as it takes to write |
| the store | nothing that the bounds of one day have room for: it is written once the store is back |

A datagram counts for the UTC day on which it was taken; one of our own that is late for the day that it names, today or yesterday.
"""

import contextlib
import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from mxproof.formats.errors import FormatError
from mxproof.formats.text import safe
from mxproof.formats.tlsrpt.datagram import OUR_VERSION, SessionDatagram, read_datagram
from mxproof.serve.collect.metrics import CollectCounts
from mxproof.serve.collect.standing import StandingFailures
from mxproof.store.journal.days import day_of
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.met_counts import MetBounds, MetCounts
from mxproof.store.journal.met_journal import MetJournal

WRITE_S: Final = 0.25
REMEMBERED_MAX: Final = 4096
"""Datagrams that are known from before, so that they are not read again."""
REMEMBERED_BYTES_MAX: Final = 4096
"""The longest of these."""
_STANDS: Final = OUR_VERSION.encode()
_TOLD_EVERY: Final = timedelta(minutes=1)

_log = logging.getLogger("mxproof.collect")


class Writer:
    """What is counted, until it is in `journal`; what was met is kept for `keep_days`.

    `take` returns the datagrams that came since the last time, each with how often it did.
    """

    def __init__(
        self,
        take: Callable[[], dict[bytes, int]],
        journal: MetJournal,
        counts: CollectCounts,
        domains_max: int,
        keep_days: int,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.keep_days = keep_days
        self._take = take
        self._journal = journal
        self._counts = counts
        self._domains_max = domains_max
        self._now = now
        self.standing = StandingFailures()
        self._bounds: MetBounds | None = None
        self._met: MetCounts | None = None
        self._read: dict[bytes, SessionDatagram] = {}
        self._swept_on = 0
        self._told: dict[str, datetime] = {}
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Write what is there, and end."""
        self._ends.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while not self._ends.wait(WRITE_S):
            self.write()
        self.write()

    def write(self) -> None:
        """Take what was drained, and write it where the store is there."""
        try:
            now = self._now()
            met = self._counted(now)
            if met:
                self._journal.add(met)
                _log.debug("written attempts=%d", sum(one.attempts for one in met.totals.values()))
                self._counts.written_at = now.timestamp()
                self._met = None
            self._sweep(now)
            self._is_up()
        except JournalError as error:
            self._is_down(error)
        except Exception:  # noqa: BLE001 - the top of a thread, which is to go on
            self._counts.fault()
            self._met = None
            _log.exception("fault of mxproof; what was counted in a quarter of a second is lost")

    def _counted(self, now: datetime) -> MetCounts | None:
        """Return all that is not written yet, None where nothing is; what is known of today has to be known first."""
        if self._bounds is None:
            self._bounds = self._journal.bounds(self._domains_max, now - timedelta(days=1))
        if self._met is None:
            self._met = MetCounts(self._bounds)
        today = day_of(now)
        taken = self._take()
        self._learn(taken, now)
        for data, times in taken.items():
            self._count(self._met, data, times, today, now)
        self._counts.domains = self._bounds.domains(today)
        self._counts.waiting_rows = len(self._met.policies) + len(self._met.ways)
        return self._met or None

    def _learn(self, taken: dict[bytes, int], now: datetime) -> None:
        """Know what stands before sessions are counted: it was told when they began."""
        for data in taken:
            if _STANDS in data:
                with contextlib.suppress(FormatError):
                    told = read_datagram(data)
                    if told.standing_s is not None:
                        self.standing.learn(told, now.timestamp())

    def _count(self, met: MetCounts, data: bytes, times: int, today: int, now: datetime) -> None:
        told = self._read.get(data)
        if told is None:
            try:
                told = read_datagram(data)
            except FormatError as error:
                met.total(today).refused += times
                self._refused(error, times, now)
                return
            self._remember(data, told)
        if told.standing_s is not None:
            return
        told = self.standing.completed(told, now.timestamp())
        day = today
        if told.at is not None and (said := day_of(datetime.fromtimestamp(told.at, UTC))) == today - 1:
            day = said
        attempts = times * told.attempts
        self._counts.sessions["success"] += attempts * sum(one.success for one in told.policies)
        self._counts.sessions["failure"] += attempts * sum(one.failure for one in told.policies)
        if not met.add(day, told, times, now.timestamp()):
            self._counts.beyond += attempts

    def _remember(self, data: bytes, told: SessionDatagram) -> None:
        if len(data) > REMEMBERED_BYTES_MAX:
            return
        if len(self._read) >= REMEMBERED_MAX:
            self._read.clear()
        self._read[data] = told

    def _refused(self, error: FormatError, times: int, now: datetime) -> None:
        """Count a refusal, and tell of the first of its rule in a while."""
        objection = error.objections[0]
        self._counts.refused[objection.rule] += times
        told_at = self._told.get(objection.rule)
        if told_at is None or now - told_at >= _TOLD_EVERY:
            self._told[objection.rule] = now
            _log.warning(
                "refused rule=%s %s: %s", objection.rule, safe(objection.message), safe(objection.seen)
            )

    def _sweep(self, now: datetime) -> None:
        """Once a day forget what is kept no longer."""
        today = day_of(now)
        if self._swept_on == today:
            return
        self._journal.forget_before(now.astimezone(UTC).date() - timedelta(days=self.keep_days - 1))
        if self._bounds is not None:
            self._bounds.forget_before(today - 1)
        self._swept_on = today

    def _is_up(self) -> None:
        if self._counts.store_down:
            _log.warning("store: back")
        self._counts.store_down = False

    def _is_down(self, error: JournalError) -> None:
        if not self._counts.store_down:
            _log.error("store: %s; what is met is counted in memory until it is back", error)
        self._counts.store_down = True
