"""The detector: mails in order of time in, alarms out.

Time is cut into steps of some minutes. In each step every sender's evidence of silence grows by what was expected of it, but only
as far as somebody else's mail shows that mail was being taken at all; when that stays away for longer than chance allows, either
everything is silent, which is an alarm of its own, or the time is left out of what is judged and learnt.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from math import exp, log

import msgspec

from mxproof.rhythm.alarm import Alarm, Kind
from mxproof.rhythm.day import Voter, probabilities, votes
from mxproof.rhythm.sender import SenderRhythm
from mxproof.rhythm.week import HOURS, HOURS_A_DAY, SUNDAY, share

STEP_S = 900
_STEPS_AN_HOUR = 3600 // STEP_S
WATCHED_AFTER_DAYS = 14
WATCHED_AFTER_ARRIVALS = 10
_EVERYTHING_SHARE = 0.1
_OUTAGE_WITHOUT_FIRST = 5.0
_OUTAGE_WITHOUT_TWO = 2.0
_LEFT_OUT = 3.0
SENDERS_MAX = 2000
_LEARN_USUAL = 0.2


class Settings(msgspec.Struct, frozen=True):
    """`alarms_a_year`: false ones, for the whole domain."""

    alarms_a_year: float = 1.0


class Detector:
    """What is known of all senders of a domain; `local_hour(hour)` gives the hour of the week of an hour since 1970."""

    def __init__(self, local_hour: Callable[[int], int], settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self._local_hour = local_hour
        self.senders: dict[str, SenderRhythm] = {}
        self._watched: list[SenderRhythm] = []
        self._step: int | None = None
        self._day = 0
        self._came: dict[str, list[float]] = {}
        self._all_pending = 0.0
        self._all_since_s = 0.0
        self._all_alarmed = False
        self._outage_today = False

    def feed(self, arrivals: Iterable[tuple[float, str]]) -> Iterator[Alarm]:
        """Take in mails as (seconds since 1970, sender), in order of time; yield alarms as they come due."""
        for at_s, sender in arrivals:
            step = int(at_s // STEP_S)
            if self._step is None:
                self._step = step
                self._all_since_s = at_s
            while self._step < step:
                yield from self._end_step()
            came = self._came.setdefault(sender, [0.0, 0.0])
            came[0] += 1
            came[1] = at_s

    def until(self, now_s: float) -> Iterator[Alarm]:
        """Let time pass without mail."""
        while self._step is not None and (self._step + 1) * STEP_S <= now_s:
            yield from self._end_step()

    def _end_step(self) -> Iterator[Alarm]:
        assert self._step is not None
        step = self._step
        week_hour = self._local_hour(step // _STEPS_AN_HOUR)
        if step % _STEPS_AN_HOUR == 0 and week_hour % HOURS_A_DAY == 0:
            self._end_day()
        came, self._came = self._came, {}
        self._step = step + 1
        self._expect(week_hour)
        end_s = float((step + 1) * STEP_S)
        if not came:
            yield from self._everything(end_s)
            return
        self._settle(came)
        for name, (number, last_s) in came.items():
            self._arrive(name, number, last_s, week_hour)
        yield from self._judge(end_s, came)

    def _expect(self, week_hour: int) -> None:
        """Let the time of a step pass for every sender."""
        free_hour = SUNDAY * HOURS_A_DAY + week_hour % HOURS_A_DAY
        expected_all = 0.0
        for one in self._watched:
            expected = one.expected[week_hour] / _STEPS_AN_HOUR
            one.pending += expected
            one.pending_free += min(expected, one.expected[free_hour] / _STEPS_AN_HOUR)
            expected_all += expected
        self._all_pending += expected_all

    def _settle(self, came: dict[str, list[float]]) -> None:
        """Say of the time since anybody's mail whether mail was taken then; count it, or leave it out."""
        left_out = self._rest() > _LEFT_OUT
        self._all_pending = 0.0
        self._all_since_s = max(last for _, last in came.values())
        self._all_alarmed = False
        self._outage_today |= left_out
        alone = next(iter(came)) if len(came) == 1 else None
        for one in self._watched:
            if left_out:
                one.leave_out()
            elif one.name != alone:
                one.confirm()

    def _judge(self, end_s: float, came: dict[str, list[float]]) -> Iterator[Alarm]:
        silent = [
            one
            for one in self._watched
            if one.evidence > one.threshold and not one.alarmed and one.name not in came
        ]
        if not silent:
            return
        of_each, total = self._votes()
        for one in silent:
            evidence = one.considered(probabilities(total, of_each[one.name]))
            if evidence > one.threshold:
                one.alarmed = True
                yield Alarm(
                    Kind.SENDER,
                    one.name,
                    _moment(one.since_s),
                    _moment(end_s),
                    one.expected_since,
                    one.tail.chance(evidence),
                )

    def _votes(self) -> tuple[dict[str, tuple[float, ...]], list[float]]:
        of_each = {
            one.name: votes(Voter(one.day_expected, one.day_expected_free, one.day_arrivals, one.before_expected, one.before_arrivals))
            for one in self._watched
        }
        return of_each, [sum(column) for column in zip(*of_each.values(), strict=True)]

    def _rest(self) -> float:
        """Return how much was expected of all but the two largest since anybody's mail."""
        if self._all_pending == 0.0:
            return 0.0
        first = second = 0.0
        for one in self._watched:
            if one.pending > first:
                first, second = one.pending, first
            elif one.pending > second:
                second = one.pending
        return self._all_pending - first - second

    def _everything(self, end_s: float) -> Iterator[Alarm]:
        if self._all_alarmed:
            return
        pending = self._all_pending
        arrivals_a_year = 365 * sum(one.rate_a_day for one in self._watched)
        budget = self._settings.alarms_a_year * _EVERYTHING_SHARE
        threshold = log(max(arrivals_a_year / budget, 2.0)) * 1.3
        if pending < threshold:
            return
        largest = sorted((min(one.pending, pending) for one in self._watched), reverse=True)[:2]
        if pending - largest[0] > _OUTAGE_WITHOUT_FIRST and pending - sum(largest) > _OUTAGE_WITHOUT_TWO:
            self._all_alarmed = True
            yield Alarm(Kind.EVERYTHING, "", _moment(self._all_since_s), _moment(end_s), pending, exp(-pending))

    def _arrive(self, name: str, number: float, last_s: float, week_hour: int) -> None:
        one = self.senders.get(name)
        if one is None:
            one = self.senders[name] = SenderRhythm(name, last_s)
        rate = one.expected[week_hour] / _STEPS_AN_HOUR
        arrivals = min(number, 1.0 + 3.0 * rate)
        one.today[week_hour] += arrivals
        one.arrive(arrivals, last_s)
        if one.alarmed and one.evidence == 0.0:
            one.alarmed = False

    def _end_day(self) -> None:
        self._day += 1
        usual = 1.0
        if self._watched:
            of_each, total = self._votes()
            for one in self._watched:
                days = probabilities(total, of_each[one.name])
                one.evidence = max(0.0, min(one.evidence, one.considered(days)))
            usual = probabilities(total, [0.0] * len(total))[0][0]
        learn = not self._outage_today and usual > _LEARN_USUAL
        self._outage_today = False
        watched = {one.name for one in self._watched}
        for one in self.senders.values():
            one.watched_days += one.name in watched
            one.close_day(learn=learn, watched=one.name in watched)
        if self._day % 7 == 0 or self._day <= 28:
            self._learn()

    def _learn(self) -> None:
        counts = [0.0] * HOURS
        for one in self.senders.values():
            total = one.total or 1.0
            weight = min(total, 100.0) / total
            counts = [old + weight * new for old, new in zip(counts, one.counts, strict=True)]
        everybody = share(counts)
        for one in self.senders.values():
            one.learn(everybody)
        self._watched = [
            one
            for one in self.senders.values()
            if one.learnt_days >= WATCHED_AFTER_DAYS and one.total >= WATCHED_AFTER_ARRIVALS
        ]
        if not self._watched:
            return
        each = self._settings.alarms_a_year * (1 - _EVERYTHING_SHARE) / len(self._watched)
        for one in self._watched:
            days = 365 * (one.days_with_peak + 1) / (one.watched_days + 1)
            one.threshold = one.tail.threshold(days, each)


def _moment(at_s: float) -> datetime:
    return datetime.fromtimestamp(at_s, UTC)
