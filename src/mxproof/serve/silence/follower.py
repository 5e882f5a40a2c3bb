"""One log followed: what is new in it is counted, and what was counted is kept with the place behind it in one transaction.

So a process that is killed at any point counts nothing twice and loses nothing: what it had not kept it reads again. An alarm is
kept with the mail that it came of, and is told of until the telling succeeds; one whose sender writes again by then is told to nobody.

Mail counts at the time of its line, and never later than now; that of a line without a time that can be right at that of the line
before it, as else a backlog would count as of one moment. The machine's clock is held against the time for which it has run;
where the two drift apart the clock was set, and nothing was expected in between.
"""

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, tzinfo
from typing import Protocol

import msgspec

from mxproof.formats.maillog.entries import HandedIn, handed_in
from mxproof.formats.maillog.likely_line import likely_lines
from mxproof.formats.maillog.line_time import LineTime, LineTimes
from mxproof.formats.maillog.sender import SenderNames
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.detector import Detector
from mxproof.rhythm.kept import KeptDetector
from mxproof.rhythm.sender import SenderRhythm
from mxproof.serve.silence.journald import Journald, JournaldPlace
from mxproof.serve.silence.log_file import FilePlace, LogFile
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.silence import KeptLog, SilenceJournal

WRITTEN_WITHIN_S = 60.0
"""How late a line may be written behind its mail."""
SET_S = 60.0
"""From this on the clock was set, and did not drift."""
TOLD_WITHIN_S = 86_400.0
_DAY_S = 86_400.0

Telling = Callable[[Alarm], bool]


class Clocks(Protocol):
    """What time it is, in seconds since 1970, and for how many seconds the machine has run."""

    def __call__(self) -> tuple[float, float]:
        """Return both."""


class Follower:
    """A log, its detector and where both are kept; `tell` tells somebody of an alarm and returns whether that succeeded.

    `domain` is the one whose mail the log tells of, empty for more than one.
    """

    def __init__(
        self,
        log: LogFile | Journald,
        name: str,
        journal: SilenceJournal,
        detector: Detector,
        zone: tzinfo | None = None,
        domain: str = "",
    ) -> None:
        self._log = log
        self._domain = domain
        self._name = name
        self._journal = journal
        self._detector = detector
        self._times = LineTimes(zone)
        self._names = SenderNames()
        self._place: FilePlace | JournaldPlace | None = None
        self._ran_from: float | None = None
        self._unkept: list[Alarm] = []

    def begin(self) -> bool:
        """Go on from what was kept; return whether there was anything."""
        kept = self._journal.log(self._name)
        if kept is None:
            return False
        kind: type[FilePlace | JournaldPlace] = FilePlace if isinstance(self._log, LogFile) else JournaldPlace
        self._place = msgspec.json.decode(kept.place, type=kind) if kept.place else None
        senders = [msgspec.msgpack.decode(rhythm, type=SenderRhythm) for _, rhythm in kept.senders]
        self._detector.go_on(msgspec.msgpack.decode(kept.detector, type=KeptDetector), senders)
        return True

    def learn(self, mails: Iterable[tuple[float, str]]) -> None:
        """Take in older mails, as (seconds since 1970, sender) in order of time, whose alarms are of the past."""
        for _ in self._detector.feed(mails):
            continue
        self._keep([])

    def step(self, clocks: Clocks) -> bool:
        """Count what is new and keep it; return whether there is more. Raises OSError and JournalError."""
        now_s, ran_s = clocks()
        if self._ran_from is not None and abs(now_s - ran_s - self._ran_from) > SET_S:
            self._detector.set_clock(now_s)
        self._ran_from = now_s - ran_s
        lines, place, more = self._log.since(self._place)  # type: ignore[arg-type]  # each log knows its own places
        alarms = list(self._detector.feed(self._mails(lines, now_s)))
        if not more:
            alarms += self._detector.until(now_s - WRITTEN_WITHIN_S)
        self._place = place
        self._keep(alarms)
        return more

    def _mails(self, lines: bytes, now_s: float) -> list[tuple[float, str]]:
        """Return the mails that these lines tell of, as (seconds since 1970, sender) in the order of the lines."""
        found = [one for one in handed_in(likely_lines([lines]), self._times) if isinstance(one, HandedIn)]
        moments = [self._at(one.moment, now_s) for one in found]
        at_s = next((one for one in moments if one is not None), now_s)
        mails = []
        for one, moment in zip(found, moments, strict=True):
            at_s = at_s if moment is None else moment
            mails.append((at_s, self._names.of(one.host)))
        return mails

    def tell(self, tell: Telling, now: datetime) -> None:
        """Tell of the alarms that nobody was told of, and that are none of the past."""
        for one in self._journal.untold(self._name):
            if self._is_over(one.alarm, now) or tell(one.alarm):
                self._journal.told(one.id, now)

    def is_silent(self, alarm: Alarm) -> bool:
        """Tell whether what an alarm told of goes on; of a sender that usually writes much a single mail does not end it."""
        if alarm.kind is AlarmKind.EVERYTHING:
            return self._detector.last_mail_s < alarm.silent_since.timestamp() + 1.0
        sender = self._detector.senders.get(alarm.sender)
        return sender is not None and sender.alarmed

    def _is_over(self, alarm: Alarm, now: datetime) -> bool:
        if alarm.kind is AlarmKind.EVERYTHING:
            return (now - alarm.alarmed_at).total_seconds() > TOLD_WITHIN_S
        return not self.is_silent(alarm)

    def _keep(self, alarms: list[Alarm]) -> None:
        """Keep what was counted; where the journal is away, it is kept with what is counted next."""
        kept, changed = self._detector.kept()
        self._unkept += alarms
        encode = msgspec.msgpack.encode
        place = msgspec.json.encode(self._place).decode("ascii") if self._place is not None else ""
        senders = tuple((one.name, encode(one)) for one in changed)
        log = KeptLog(place, encode(kept), senders, self._domain)
        try:
            self._journal.keep(self._name, log, self._unkept)
        except JournalError:
            self._detector.keep_again(changed)
            raise
        self._unkept.clear()

    def _at(self, moment: LineTime | None, now_s: float) -> float | None:
        """Return when a line was written, None where it does not say so or says a time that is to come by more than a day.

        One without a year was written in the last year that makes it none of the future.
        """
        if moment is None:
            return None
        if not moment.year_unknown:
            return min(moment.at_s, now_s) if moment.at_s < now_s + _DAY_S else None
        year = datetime.fromtimestamp(now_s, UTC).year + 1
        while (at_s := self._times.in_year(moment.at_s, year)) > now_s + _DAY_S:
            year -= 1
        return min(at_s, now_s)
