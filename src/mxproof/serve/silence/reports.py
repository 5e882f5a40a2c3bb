"""The second source of silence: TLS reports that are kept, and usual reporters of which none comes any more.

What is learnt is worked out anew from the counts by day whenever it is looked, every `LOOKED_AGAIN_S`; kept are only the alarms, so
that each is told once.
"""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from mxproof.explain.tlsrpt.period import ALL_DOMAINS, Period
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.reporter import SilentReporter, silent_reporters
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.silence import SilenceJournal

LOOKED_AGAIN_S = 3600.0
LEARNT_FROM_DAYS = 365
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)


class ReportWatch:
    """The reports of a domain, or of all where none is named, and who has fallen silent among their senders."""

    def __init__(self, journal: Journal, domain: str, alarms_a_year: float) -> None:
        self._journal = journal
        self._alarms = SilenceJournal(journal)
        self._domain = domain or ALL_DOMAINS
        self._alarms_a_year = alarms_a_year
        self._name = f"TLS reports of {domain}" if domain else "TLS reports"
        self._looked_at: datetime | None = None
        self._silent: list[Alarm] = []

    def is_silent(self, alarm: Alarm) -> bool:
        """Tell whether who was told to be silent was so when it was looked last."""
        return any((one.kind, one.sender) == (alarm.kind, alarm.sender) for one in self._silent)

    def look(self, now: datetime, tell: Callable[[Alarm], bool]) -> None:
        """Tell of who has fallen silent, once each, where it is time to look again; raises JournalError."""
        if self._looked_at is not None and 0 <= (now - self._looked_at).total_seconds() < LOOKED_AGAIN_S:
            return
        alarms = self._silent = self._alarms_now(now)
        self._alarms.keep_new(self._name, alarms, self._domain)
        told = True
        for one in self._alarms.untold(self._name):
            is_silent = any(_is_same(one.alarm, alarm) for alarm in alarms)
            if not is_silent or tell(one.alarm):
                self._alarms.told(one.id, now)
            else:
                told = False
        self._looked_at = now if told else None

    def _alarms_now(self, now: datetime) -> list[Alarm]:
        today = (now - _EPOCH) // _DAY
        counts = self._journal.counts(Period(today - LEARNT_FROM_DAYS, today, self._domain))
        days: dict[str, list[int]] = defaultdict(list)
        for sender in counts.senders:
            if sender.submitter:
                days[sender.submitter] += [day for day, _, _ in sender.days]
        return [_alarm(one, now) for one in silent_reporters(days, today, self._alarms_a_year)]


def _alarm(silent: SilentReporter, now: datetime) -> Alarm:
    kind = AlarmKind.REPORTER if silent.name else AlarmKind.REPORTS
    since = _EPOCH + (silent.last + 1) * _DAY
    return Alarm(kind, silent.name, since, now.replace(microsecond=0), silent.expected, silent.chance)


def _is_same(one: Alarm, other: Alarm) -> bool:
    return (one.kind, one.sender, one.silent_since) == (other.kind, other.sender, other.silent_since)
