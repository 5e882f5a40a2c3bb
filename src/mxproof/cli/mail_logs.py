"""Logs of mail servers from files, packed or not, and from stdin: all mails in order of time, and until when the logs reach.

Of a mail its time and the number of its sender are kept, twelve bytes; nothing else. The years of RFC 3164 lines are those that let
a file end just before it was last written to, and rise by one where the months begin anew. A mail that lies years
ahead is left out: whoever wrote of it had a wrong clock, and until then everybody would be silent.
"""

import sys
from array import array
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from functools import partial
from heapq import merge
from pathlib import Path
from typing import IO

from mxproof.cli.exit import RunError
from mxproof.cli.streams import STDIN, print_stderr
from mxproof.formats.maillog.entries import LogEnd, handed_in
from mxproof.formats.maillog.likely_line import likely_lines
from mxproof.formats.maillog.line_time import LineTime, LineTimes
from mxproof.formats.maillog.packed import UNPACK_ERRORS, ZstandardError, unpacked
from mxproof.formats.maillog.sender import SenderNames

_BUFFER_BYTES = 256 * 1024
_DAY_S = 86_400.0
_YEAR_TURNS_S = 180 * _DAY_S
"""Where a time of unknown year lies so far before the one before it, a year has begun."""
_TURN = 1
_AHEAD_S = 366 * _DAY_S
_MAILS_MAX = 20_000_000
_HOSTS_KNOWN_MAX = 50_000


class MailLogs:
    """What was read of some logs; `senders` by number, `until_s` the last time that any of them tells of."""

    def __init__(self, zone: tzinfo | None, now: datetime) -> None:
        self._moments = LineTimes(zone)
        self._zone = zone
        self._now = now
        self._names = SenderNames()
        self._numbers: dict[str, int] = {}
        self._numbers_of_hosts: dict[str, int] = {}
        self._logs: list[tuple[array[float], array[int]]] = []
        self.senders: list[str] = []
        self.until_s: float | None = None
        self.mails = 0
        self.without_time = 0
        self.far_ahead = 0

    def read(self, given: str) -> None:
        """Read one log; raises RunError where it cannot be read."""
        try:
            if given == STDIN:
                if sys.stdin is None:
                    raise RunError("stdin is closed; nothing can be read from it")
                self._unpack(sys.stdin.buffer, self._now)
                return
            path = Path(given)
            with path.open("rb") as opened:
                self._unpack(opened, datetime.fromtimestamp(path.stat().st_mtime, UTC))
        except ZstandardError:
            raise RunError(
                f"{given}: packed with zstd; unpack it with zstdcat {given} | mxproof watch silence"
            ) from None
        except UNPACK_ERRORS as error:
            reason = getattr(error, "strerror", None) or error
            raise RunError(f"{given}: cannot be read ({reason})") from None

    def arrivals(self) -> Iterator[tuple[float, str]]:
        """Yield every mail as (seconds since 1970, sender), in order of time."""
        senders = self.senders
        for at_s, number in merge(*(zip(times, numbers, strict=True) for times, numbers in self._logs)):
            yield at_s, senders[number]

    def _unpack(self, opened: IO[bytes], written: datetime) -> None:
        log = unpacked(opened)
        self._take(getattr(log, "read1", log.read), written)

    def _take(self, read: Callable[[int], bytes], written: datetime) -> None:
        times, numbers, turned = array("d"), array("L"), array("b")
        year_unknown = False
        before = 0.0
        turns = 0
        last: LineTime | None = None
        known = self._numbers_of_hosts
        for one in handed_in(likely_lines(iter(partial(read, _BUFFER_BYTES), b"")), self._moments):
            if isinstance(one, LogEnd):
                last = one.moment
                continue
            if one.moment is None:
                self.without_time += 1
                continue
            at_s = one.moment.at_s
            if self._is_far_ahead(at_s, times):
                self.far_ahead += 1
                continue
            if one.moment.year_unknown:
                year_unknown = True
                if before - at_s > _YEAR_TURNS_S:
                    turns += _TURN
                before = at_s
            times.append(at_s)
            number = known.get(one.host)
            numbers.append(self._number(one.host) if number is None else number)
            turned.append(turns if one.moment.year_unknown else -1)
            self.mails += 1
            if self.mails > _MAILS_MAX:
                raise RunError(f"the logs tell of more than {_MAILS_MAX} mails; give fewer of them")
        if year_unknown or (last is not None and last.year_unknown):
            self._date(times, turned, last, before, turns, written)
        elif last is not None and last.at_s < max(self._now.timestamp(), min(times, default=0.0)) + _DAY_S:
            self._reach(last.at_s)
        self._keep(times, numbers, turned)

    def _keep(self, times: "array[float]", numbers: "array[int]", turned: "array[int]") -> None:
        """Keep the mails of one log; those still to come are left out where the others have been and their year is written."""
        until = self._now.timestamp() + _DAY_S
        if times and min(times) < until < max(times):
            kept = [place for place, at_s in enumerate(times) if at_s < until or turned[place] >= 0]
            self.far_ahead += len(times) - len(kept)
            self.mails -= len(times) - len(kept)
            times = array("d", (times[place] for place in kept))
            numbers = array("L", (numbers[place] for place in kept))
        if times:
            self._reach(max(times))
            self._logs.append(_in_order(times, numbers))

    def _date(
        self,
        times: "array[float]",
        turned: "array[int]",
        last: LineTime | None,
        before: float,
        turns: int,
        written: datetime,
    ) -> None:
        """Give the times of unknown years their years, back from the time at which the file was last written to."""
        end = last.at_s if last is not None and last.year_unknown else before
        if before - end > _YEAR_TURNS_S:
            turns += _TURN
        year = written.year + 1
        while self._moments.in_year(end, year) > written.timestamp() + _DAY_S:
            year -= 1
        for place, turn in enumerate(turned):
            if turn >= 0:
                times[place] = self._moments.in_year(times[place], year - turns + turn)
        self._reach(self._moments.in_year(end, year))

    def _is_far_ahead(self, at_s: float, before: "array[float]") -> bool:
        """Tell whether a time lies beyond now, and beyond the mail before it, by more than a year."""
        return at_s > max(self._now.timestamp(), before[-1] if before else 0.0) + _AHEAD_S

    def _reach(self, at_s: float) -> None:
        self.until_s = at_s if self.until_s is None else max(self.until_s, at_s)

    def _number(self, host: str) -> int:
        name = self._names.of(host)
        number = self._numbers.get(name)
        if number is None:
            number = self._numbers[name] = len(self.senders)
            self.senders.append(name)
        if len(self._numbers_of_hosts) >= _HOSTS_KNOWN_MAX:
            self._numbers_of_hosts.clear()
        self._numbers_of_hosts[host] = number
        return number

    def told(self) -> None:
        """Say on stderr what could not be used."""
        if self.without_time:
            print_stderr(
                f"{self.without_time} mails left out: their lines have no time, or one that cannot be (journalctl -o cat leaves it out; -o short-iso has it)"
            )
        if self.far_ahead:
            print_stderr(
                f"{self.far_ahead} mails left out: by the times of their lines they are still to come"
            )


def _in_order(times: "array[float]", numbers: "array[int]") -> tuple["array[float]", "array[int]"]:
    """Return the mails of one log in order of time; most logs are so already."""
    if all(times[place] <= times[place + 1] for place in range(len(times) - 1)):
        return times, numbers
    places = sorted(range(len(times)), key=times.__getitem__)
    return array("d", (times[place] for place in places)), array("L", (numbers[place] for place in places))
