"""The search for ways out: small sets of measures, all of them; beyond that, only along what senders refuse for.

    level 1, 2    every set of one and of two measures, from those that bear on why senders refuse, now or after the
                  first of the two. A set is passed over unjudged where it leaves a host untouched at which somebody
                  fails and alters nothing that is common to all hosts: it cannot help there.
    beyond        one kind of measure at a time, at every host where senders fail, up to MOVES_MAX kinds; then each
                  measure that is not needed is left out again.

`complete_to` is the size up to which every set was looked at, so that of a way one larger it may be said that no
smaller one exists. The search ends after CANDIDATES_MAX sets, and says that it did.
"""

from collections.abc import Iterable, Iterator

import msgspec

from mxproof.judge.report import Delivery
from mxproof.judge.vocabulary import Verdict
from mxproof.remedy.judgement import Judge, JudgedWorld
from mxproof.remedy.measure import DomainPart, Measure, MeasureKind, parts_of, together
from mxproof.remedy.search.candidate import candidates
from mxproof.remedy.search.goal import Goal, wanted_of

CANDIDATES_MAX = 1500
"""Sets of measures that are judged for one domain."""
MOVES_MAX = 4
"""Kinds of measures that one way is made of, where the search follows what senders refuse for."""
SIZE_EXHAUSTED = 2
"""The size up to which every set of measures is looked at."""

Measures = tuple[Measure, ...]
_RENAMING = frozenset({MeasureKind.MX_TARGET, MeasureKind.MX_NAME})


class Search(msgspec.Struct, frozen=True):
    """What was found: sets of measures that reach the goal, none of which holds another, and how far was looked."""

    ways: tuple[Measures, ...]
    complete_to: int
    judged: int
    stopped: bool


class SearchOptions(msgspec.Struct, frozen=True):
    """What the ways are to keep as it is, and of how many changes they may be made; None where that is left open.

    `sets_max` is after how many sets of measures the search ends.
    """

    goal: Goal = Goal.DELIVERS
    keep: frozenset[DomainPart] = frozenset()
    changes_max: int | None = None
    sets_max: int = CANDIDATES_MAX


def search(judge: Judge, options: SearchOptions) -> Search:
    """Look for ways out for the domain of `judge`."""
    return _Searching(judge, options).result()


class _Searching:
    """One search: what was judged, and what was found so far."""

    def __init__(self, judge: Judge, options: SearchOptions) -> None:
        self._judge = judge
        self._options = options
        self._before = judge.after(())
        self._wanted = wanted_of(
            self._before.domain, judge.senders, self._before.deliveries, judge.memories, options.goal
        )
        self._judged: dict[Measures, bool] = {}
        self._found: list[Measures] = []
        self._after: dict[frozenset[Measure], JudgedWorld] = {}
        self._stopped = False

    def result(self) -> Search:
        """Search level by level; what is found early keeps what holds it from being looked at."""
        first = self._candidates(self._before)
        needing = self._hosts_in_need()
        sizes = self._exhausted(first, needing)
        if not self._stopped:
            self._guided()
        return Search(_smallest(self._found), sizes, len(self._judged), self._stopped)

    def _exhausted(self, first: Measures, needing: frozenset[str]) -> int:
        """Judge every set of one and of two; return the size up to which all were."""
        for one in first:
            if not self._tried((one,), needing):
                return 0
        pairs: dict[frozenset[Measure], Measures] = {}
        for one in first:
            later = self._candidates(self._state((one,))) if _may_lead(one, first, needing) else ()
            for other in dict.fromkeys((*first, *later)):
                if other != one and {one.kind, other.kind} != {MeasureKind.SERVE_POLICY}:
                    pairs.setdefault(frozenset((one, other)), (one, other))
        return SIZE_EXHAUSTED if all(self._tried(pair, needing) for pair in pairs.values()) else 1

    def _tried(self, measures: Measures, needing: frozenset[str]) -> bool:
        """Judge a set that may help and keep it if it does; return False once the bound is reached."""
        about = {one.about for one in measures}
        if ("" in about or needing <= about) and not self._holds_a_way(measures):
            return self._judge_set(measures)
        return True

    def _judge_set(self, measures: Measures) -> bool:
        key = tuple(sorted(measures, key=repr))
        if key in self._judged:
            return True
        if len(self._judged) >= self._options.sets_max:
            self._stopped = True
            return False
        self._judged[key] = self._reaches(measures)
        if self._judged[key]:
            self._found.append(measures)
        return True

    def _reaches(self, measures: Measures) -> bool:
        changes = together(measures)
        limit = self._options.changes_max
        if limit is not None and len(changes) > limit:
            return False
        return self._judge.first_unmet(changes, self._is_met) is None

    def _is_met(self, place: int, delivery: Delivery) -> bool:
        return self._wanted[place].is_met(delivery)

    def _holds_a_way(self, measures: Measures) -> bool:
        return any(set(way) <= set(measures) for way in self._found)

    def _has_kinds_of_a_way(self, measures: Measures) -> bool:
        """Tell whether the same kinds of measures make a way already, be it at fewer hosts.

        A host under another name is another host: what helps it is not what helped it before.
        """
        kinds = {one.kind for one in measures}
        found = ({one.kind for one in way} for way in self._found)
        return any(other <= kinds and other & _RENAMING == kinds & _RENAMING for other in found)

    def _state(self, measures: Measures) -> JudgedWorld:
        key = frozenset(measures)
        found = self._after.get(key)
        if found is None:
            found = self._after[key] = self._judge.after(together(measures))
        return found

    def _candidates(self, state: JudgedWorld) -> Measures:
        failing = [
            delivery
            for one, delivery in zip(self._wanted, state.deliveries, strict=True)
            if not one.is_met(delivery)
        ]
        secure = self._options.goal is Goal.SECURE
        found = candidates(state.domain, failing, self._judge.memories, secure=secure)
        return tuple(one for one in found if one.changes and not parts_of(one.changes) & self._options.keep)

    def _hosts_in_need(self) -> frozenset[str]:
        """Return the hosts at which each sender that fails does so: one of them left untouched keeps it failing."""
        return frozenset(
            attempt.mx
            for one, delivery in zip(self._wanted, self._before.deliveries, strict=True)
            if not one.is_met(delivery)
            for attempt in delivery.attempts
            if attempt.outcome is not Verdict.DELIVERS
        )

    def _guided(self) -> None:
        """Follow what senders refuse for, one kind of measure a move; each way found is stripped of what it needs not."""
        level: dict[frozenset[Measure], Measures] = {frozenset(): ()}
        for _ in range(MOVES_MAX):
            following: dict[frozenset[Measure], Measures] = {}
            for measures in level.values():
                for moved in self._moves(measures):
                    key = frozenset(moved)
                    if key in following or key in level or self._has_kinds_of_a_way(moved):
                        continue
                    if not self._follow(moved):
                        return
                    if not self._has_kinds_of_a_way(moved):
                        following[key] = moved
            level = following

    def _follow(self, moved: Measures) -> bool:
        known = len(self._found)
        if not self._judge_set(moved):
            return False
        if len(self._found) > known:
            self._found[-1] = self._stripped(moved)
        return True

    def _moves(self, measures: Measures) -> Iterator[Measures]:
        """Yield the set with each kind of measure that bears on what still fails, at every host where it does."""
        by_kind: dict[MeasureKind, dict[str, Measure]] = {}
        for one in self._candidates(self._state(measures)):
            by_kind.setdefault(one.kind, {}).setdefault(one.about, one)
        for added in by_kind.values():
            yield _joined(measures, added.values())

    def _stripped(self, measures: Measures) -> Measures:
        """Return the set without what it does not need: whole kinds first, then single measures, each looked at once."""
        left = measures
        for kind in dict.fromkeys(one.kind for one in measures):
            left = self._without(left, [one for one in left if one.kind is kind])
        for one in left:
            left = self._without(left, [one])
        return left

    def _without(self, measures: Measures, gone: list[Measure]) -> Measures:
        fewer = tuple(one for one in measures if one not in gone)
        return fewer if fewer and self._reaches(fewer) else measures


def _may_lead(one: Measure, first: Measures, needing: frozenset[str]) -> bool:
    """Tell whether one more measure could make a way of this one."""
    untouched = needing - {one.about}
    return not one.about or len(untouched) <= 1 or any(not other.about for other in first)


def _smallest(found: Iterable[Measures]) -> tuple[Measures, ...]:
    """Return the ways that do no more than another one does and something besides; a policy is a policy here."""
    by_deeds = {frozenset((one.kind, one.about) for one in way): way for way in reversed(tuple(found))}
    smallest = [way for deeds, way in by_deeds.items() if not any(other < deeds for other in by_deeds)]
    return tuple(sorted(smallest, key=len))


def _joined(measures: Measures, added: Iterable[Measure]) -> Measures:
    """Return the measures with more; a policy to serve takes the place of an earlier one."""
    new = tuple(added)
    replaced = any(one.kind is MeasureKind.SERVE_POLICY for one in new)
    kept = (one for one in measures if not (replaced and one.kind is MeasureKind.SERVE_POLICY))
    return tuple(dict.fromkeys((*kept, *new)))
