"""The detector: mails in order of time in, alarms out.

Whether a log was alive shows only by mail in it. So a gap in everybody's mail counts as evidence against one sender only as far
as the mail of the others that was expected in it leaves room for its having been alive; and a sender's silence is told when the
next mail of somebody else shows that the log lives. When everybody's mail stays away for longer than chance allows, that is an
alarm of its own.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from math import exp, inf, log

import msgspec

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.day import DayKind, probabilities, votes
from mxproof.rhythm.everybody import GAP_DOUBTED, Everybody, evidence_of
from mxproof.rhythm.kept import KeptDetector
from mxproof.rhythm.moved import keeps_hours, writes_as_much
from mxproof.rhythm.sender import SenderRhythm
from mxproof.rhythm.week import DAYS, HOURS, HOURS_A_DAY, share

_HOUR_S = 3600
WATCHED_AFTER_DAYS = 14
WATCHED_AFTER_ARRIVALS = 10.0
SENDERS_MAX = 1000
_CANDIDATES_MAX = 20_000
_CANDIDATE_MAILS = 4
_DAY_S = 86_400
EVERYTHING_SHARE = 0.3
"""The share of the false alarms allowed that may be of everything: days of other kinds stop most of those, too."""
PASSED_FOR_A_FALSE = 2.2
"""So often may senders pass their thresholds for one false alarm: days of other kinds and doubts of young rates stop the rest."""
_TAKEN_UP_WITHIN = 4.0
"""A sender that moved writes under its new name before so many mails are due."""
_DEAD_PRIOR = 1e-3
_LEARN_USUAL = 0.2
_DOUBTED_DAYS_MAX = 5
_DAILY_UNTIL_DAY = 28
_VOTES_S = 900
_LOOKED_AT_MAX = HOURS

Days = list[tuple[float, DayKind]]


class FalseAlarms(msgspec.Struct, frozen=True):
    """`alarms_a_year`: false ones, for the whole domain."""

    alarms_a_year: float = 1.0


class Detector:
    """What is known of all senders of a domain; `local_hour(hour)` gives the hour of the week of an hour since 1970.

    A sender's first mails are only remembered by their times; from `_CANDIDATE_MAILS` on it has counts of its own.
    """

    def __init__(self, local_hour: Callable[[int], int], settings: FalseAlarms | None = None) -> None:
        self._settings = settings or FalseAlarms()
        self._local_hour = local_hour
        self.senders: dict[str, SenderRhythm] = {}
        self.watched: list[SenderRhythm] = []
        self._candidates: dict[str, list[float]] = {}
        self._due: list[SenderRhythm] = []
        self._looked_at: dict[int, list[SenderRhythm]] = {}
        self._changed: set[str] = set()
        self._clock = 0
        self._since_clock = 0.0
        self._hour = 0
        self._week_hour = -1
        self._now_s = -inf
        self._day = 0
        self._doubted_days = 0
        self._everybody = Everybody()
        self._outage_today = False
        self._votes_at = -1
        self._votes_known: tuple[dict[str, tuple[float, ...]], list[float]] = ({}, [])

    def feed(self, arrivals: Iterable[tuple[float, str]]) -> Iterator[Alarm]:
        """Take in mails as (seconds since 1970, sender), in order of time; yield alarms as they come due.

        A mail before the one before it, as after a clock was set back, counts as now.
        """
        for at_s, name in arrivals:
            if self._week_hour < 0:
                self._begin(at_s)
            at_s = max(at_s, self._now_s)
            self._now_s = at_s
            hour = int(at_s // _HOUR_S)
            while self._hour < hour:
                yield from self._end_hour()
            part = at_s / _HOUR_S - hour
            due = self._everybody.due(self._week_hour, part)
            clock = self._clock + part
            if due > GAP_DOUBTED:
                yield from self._everything(due, part)
                self._weigh_gap(clock)
            self._everybody.arrive(at_s, part, due)
            self._since_clock = clock
            self._arrive(name, at_s, clock)
            if self._due:
                yield from self._judge(at_s, clock)

    def set_clock(self, now_s: float) -> None:
        """Go on at another time, as after the clock of the machine was set: nothing was expected in between."""
        if self._week_hour < 0:
            return
        self._settle(self._clock + self._now_s / _HOUR_S - self._hour)
        self._hour = int(now_s // _HOUR_S)
        self._week_hour = self._local_hour(self._hour)
        self._clock = self._week_hour
        part = now_s / _HOUR_S - self._hour
        self._everybody.begin_at(now_s, part)
        self._since_clock = self._clock + part
        self._now_s = now_s
        for one in self.watched:
            one.begin_at(self._since_clock)
        self._changed.update(self.senders)
        self._look_at_all()

    @property
    def last_mail_s(self) -> float:
        """Return when anybody's last mail came, in seconds since 1970."""
        return self._everybody.since_s

    def kept(self) -> tuple[KeptDetector, list[SenderRhythm]]:
        """Return what has to be kept for going on later, and those of the senders that have changed since this was asked last."""
        changed = [self.senders[name] for name in self._changed if name in self.senders]
        self._changed.clear()
        return KeptDetector(
            **{name: getattr(self, f"_{name}") for name in KeptDetector.__struct_fields__}
        ), changed

    def keep_again(self, senders: Iterable[SenderRhythm]) -> None:
        """Have senders count as changed once more: what `kept` returned of them could not be kept."""
        self._changed.update(one.name for one in senders)

    def go_on(self, kept: KeptDetector, senders: Iterable[SenderRhythm]) -> None:
        """Go on from what was kept."""
        for name in KeptDetector.__struct_fields__:
            setattr(self, f"_{name}", getattr(kept, name))
        self.senders = {one.name: one for one in senders}
        self.watched = [one for one in self.senders.values() if one.watched]
        self._look_at_all()

    def _look_at_all(self) -> None:
        self._looked_at = {self._hour: list(self.watched)}
        self._due = self._those_due()

    def until(self, now_s: float) -> Iterator[Alarm]:
        """Let time pass without mail."""
        while self._week_hour >= 0 and (self._hour + 1) * _HOUR_S <= now_s:
            yield from self._end_hour()
        self._now_s = max(self._now_s, now_s)
        part = self._now_s / _HOUR_S - self._hour
        if self._week_hour >= 0 and 0.0 <= part < 1.0:
            yield from self._everything(self._everybody.due(self._week_hour, part), part)

    def _begin(self, at_s: float) -> None:
        self._hour = int(at_s // _HOUR_S)
        self._week_hour = self._clock = self._local_hour(self._hour)
        self._now_s = at_s
        part = at_s / _HOUR_S - self._hour
        self._everybody.begin_at(at_s, part)
        self._since_clock = self._clock + part

    def _arrive(self, name: str, at_s: float, clock: float) -> None:
        one = self.senders.get(name)
        if one is None:
            self._remember(name, at_s)
            return
        if one.watched:
            one.pass_time(clock)
        one.arrive(at_s, self._week_hour)
        self._changed.add(name)

    def _remember(self, name: str, at_s: float) -> None:
        """Keep the time of a mail whose sender has no rhythm yet; give it one where there are enough of them."""
        times = self._candidates.setdefault(name, [])
        times.append(at_s)
        if len(times) == _CANDIDATE_MAILS and len(self.senders) < SENDERS_MAX:
            del self._candidates[name]
            one = self.senders[name] = SenderRhythm(name, times[0])
            self._changed.add(name)
            one.empty_days = int((at_s - times[0]) // _DAY_S)
            for earlier in times:
                one.arrive(earlier, self._local_hour(int(earlier // _HOUR_S)))
        elif len(self._candidates) > _CANDIDATES_MAX or len(times) > _CANDIDATE_MAILS:
            del self._candidates[next(iter(self._candidates))]

    def _end_hour(self) -> Iterator[Alarm]:
        week_hour = self._week_hour
        self._everybody.end_hour(week_hour)
        yield from self._everything(self._everybody.pending, 1.0)
        self._hour += 1
        self._week_hour = self._local_hour(self._hour)
        self._clock += 1
        if self._clock % HOURS != self._week_hour:
            self._jump()
        if self._week_hour // HOURS_A_DAY != week_hour // HOURS_A_DAY:
            self._end_day()
        self._due = self._those_due()

    def _jump(self) -> None:
        """Set the clock to local time where that has jumped, the shorter way; what lies between is expected of nobody."""
        self._settle(self._clock)
        ahead = (self._week_hour - self._clock) % HOURS
        self._clock += ahead if ahead < HOURS // 2 else ahead - HOURS
        for one in self.watched:
            one.begin_at(self._clock)
        self._changed.update(self.senders)
        self._looked_at = {self._hour: list(self.watched)}

    def _settle(self, clock: float) -> None:
        """Let time pass for everybody."""
        for one in self.watched:
            one.pass_time(clock)

    def _those_due(self) -> list[SenderRhythm]:
        """Return the senders that an hour without mail would take past their threshold; look at the others when they may be."""
        due = []
        for one in self._looked_at.pop(self._hour, ()):
            one.pass_time(self._clock)
            wait = max(0.0, min(one.due_at() - self._clock, _LOOKED_AT_MAX))
            if wait < 1.0 and not one.alarmed:
                due.append(one)
            self._looked_at.setdefault(self._hour + max(1, int(wait)), []).append(one)
        return due

    def _weigh_gap(self, clock: float) -> None:
        """Take back, of what was expected of each in a gap of everybody's mail, what the log may have been dead for."""
        self._settle(clock)
        self._changed.update(self.senders)
        in_gap = [self._expected(one, clock) for one in self.watched]
        total = sum(expected for expected, _ in in_gap)
        largest = [*sorted((expected for expected, _ in in_gap), reverse=True)[:2], 0.0, 0.0]
        for one, (expected, free) in zip(self.watched, in_gap, strict=True):
            if expected <= 0.0:
                continue
            rest = total - expected - (largest[1] if expected == largest[0] else largest[0])
            odds = _DEAD_PRIOR * exp(min(rest, 50.0))
            dead = odds / (1 + odds)
            counted = -log((1 - dead) * exp(-expected) + dead)
            part_out = max(0.0, 1 - counted / expected)
            one.leave_out(part_out * expected, part_out * free)
            self._outage_today |= dead > 0.5

    def _expected(self, one: SenderRhythm, clock: float) -> tuple[float, float]:
        """Return the mails expected of a sender since anybody's last, and those of a free day."""
        (begin, begin_free), (end, end_free) = (
            one.expectation.until(at) for at in (self._since_clock, clock)
        )
        return max(0.0, end - begin), max(0.0, end_free - begin_free)

    def _judge(self, at_s: float, clock: float) -> Iterator[Alarm]:
        for one in self._due:
            if one.alarmed or one.last_s == at_s:
                continue
            one.pass_time(clock)
            if one.evidence <= one.threshold:
                continue
            evidence = one.considered(self._days(one, at_s, clock))
            if evidence > one.threshold:
                one.alarmed = True
                self._changed.add(one.name)
                if self._moved(one, at_s, clock):
                    continue
                yield Alarm(
                    AlarmKind.SENDER,
                    one.name,
                    _moment(one.since_s),
                    _moment(at_s),
                    one.expected_since,
                    one.chance(evidence),
                )

    def _moved(self, one: SenderRhythm, at_s: float, clock: float) -> bool:
        """Tell whether a new sender has taken up at once and writes as much: the same mail under another name."""

        def expected_until(then_s: float) -> float:
            return one.expectation.until(clock - (at_s - then_s) / _HOUR_S)[0]

        until = expected_until(one.last_s) + _TAKEN_UP_WITHIN
        return any(
            new.first_s > one.last_s
            and expected_until(new.first_s) < until
            and writes_as_much(one, new)
            and keeps_hours(one, new)
            for new in self.senders.values()
        )

    def _days(self, one: SenderRhythm, at_s: float, clock: float) -> Days:
        key = int(at_s // _VOTES_S)
        if key != self._votes_at:
            self._votes_at = key
            self._settle(clock)
            self._votes_known = self._votes()
        of_each, total = self._votes_known
        return probabilities(total, of_each.get(one.name, ()))

    def _votes(self) -> tuple[dict[str, tuple[float, ...]], list[float]]:
        of_each = {one.name: votes(one.voter()) for one in self.watched if not one.alarmed}
        return of_each, [sum(column) for column in zip(*of_each.values(), strict=True)]

    def _everything(self, due: float, part: float) -> Iterator[Alarm]:
        """Tell of everybody's silence, which has lasted until a part of this hour, at the time when it passed the threshold."""
        if not self._everybody.is_long(due):
            return
        clock = self._clock + part
        self._settle(clock)
        in_gap = [self._expected(one, clock) for one in self.watched if not one.alarmed]
        evidence = evidence_of(in_gap, self._days_before_gap(in_gap))
        if evidence <= self._everybody.threshold:
            return
        self._everybody.told()
        at_s = self._everybody.passed_at(self._hour, self._week_hour, part, evidence)
        yield Alarm(
            AlarmKind.EVERYTHING,
            "",
            _moment(self._everybody.since_s),
            _moment(at_s),
            sum(expected for expected, _ in in_gap),
            self._everybody.tail.chance(evidence),
        )

    def _days_before_gap(self, in_gap: list[tuple[float, float]]) -> Days:
        total: list[float] | None = None
        steady = [one for one in self.watched if not one.alarmed]
        for one, (expected, free) in zip(steady, in_gap, strict=True):
            voter = one.voter()
            said = votes(
                msgspec.structs.replace(
                    voter, usual=max(0.0, voter.usual - expected), free=max(0.0, voter.free - free)
                )
            )
            total = list(said) if total is None else [a + b for a, b in zip(total, said, strict=True)]
        return probabilities(total or (), ())

    def _end_day(self) -> None:
        self._day += 1
        self._settle(self._clock)
        self._changed.update(self.senders)
        of_each, total = self._votes()
        usual = probabilities(total, ())[0][0]
        self._everybody.close_day(usual, self._day)
        self._doubted_days = 0 if usual > _LEARN_USUAL else self._doubted_days + 1
        learn = not self._outage_today and not 0 < self._doubted_days <= _DOUBTED_DAYS_MAX
        self._outage_today = False
        self._votes_at = -1
        for one in self.senders.values():
            one.close_day(probabilities(total, of_each.get(one.name, ())) if one.watched else (), learn=learn)
        if self._day % DAYS == 0 or self._day <= _DAILY_UNTIL_DAY:
            self._learn()

    def _learn(self) -> None:
        counts = [0.0] * HOURS
        for one in self.senders.values():
            weight = min(one.total, 100.0) / (one.total or 1.0)
            counts = [old + weight * new for old, new in zip(counts, one.counts, strict=True)]
        everybody = tuple(share(counts))
        for one in self.senders.values():
            one.watched = (
                one.learnt_days >= WATCHED_AFTER_DAYS and one.arrivals_ever >= WATCHED_AFTER_ARRIVALS
            )
            if one.watched:
                one.learn(everybody, self._clock)
        self.watched = [one for one in self.senders.values() if one.watched]
        self._looked_at = {self._hour: list(self.watched)}
        if not self.watched:
            return
        allowed = self._settings.alarms_a_year
        number = sum(not one.alarmed for one in self.watched) or 1
        for one in self.watched:
            one.allow(PASSED_FOR_A_FALSE * allowed / number)
        by_hour = [
            sum(column) for column in zip(*(one.expectation.by_hour for one in self.watched), strict=True)
        ]
        self._everybody.learn(by_hour, self._day, allowed * EVERYTHING_SHARE)


def _moment(at_s: float) -> datetime:
    return datetime.fromtimestamp(int(at_s), UTC)
