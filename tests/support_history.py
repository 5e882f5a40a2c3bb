"""One sender's own history, drawn at random: what its caches and its memory hold at one moment of a way out.

The rehearsal (`mxproof.remedy.rehearsal.timeline`) works out beforehand every state that may be. Here it is the other way
round and without any of its code: name servers that follow at their own time, each set of records looked up at some
time and held for its time to live, a policy fetched at some time and kept with the id that was seen then. Whatever such a
sender then does, the plan must have promised no more.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random
from typing import NamedTuple

from mxproof.evidence import (
    ANSWERED,
    CONNECTION_KINDS,
    Answer,
    DnsData,
    Evidence,
    Kind,
    Outcome,
    Question,
)
from mxproof.formats.mtasts import LENIENT
from mxproof.judge.faring import is_less_sure
from mxproof.judge.report import Delivery
from mxproof.judge.senders.policy_case import taken
from mxproof.judge.senders.traits import Traits
from mxproof.mail.memory import Memory, SenderMemory
from mxproof.remedy.judgement import Judge
from mxproof.remedy.plan import PlannedStep, WayOut

FOUND_S, ABSENT_S, FAILED_S = 3600, 10_800, 300
"""How long an answer is held whose time to live is not known: records, their absence, a failure."""
_ADDRESSES = frozenset({Kind.A, Kind.AAAA, Kind.CNAME})


class Worse(NamedTuple):
    """A sender that fares worse at `at_s` than before the first step, and what it goes by."""

    sender: str
    at_s: int
    delivery: Delivery
    memory: Memory | None
    old: tuple[str, ...]


class Histories:
    """The worlds of one way out, and senders that live through them; `judge` is that of the world it begins with."""

    def __init__(self, judge: Judge, way: WayOut, random: Random) -> None:
        self._judge = judge
        self._steps: Sequence[PlannedStep] = way.steps
        self._random = random
        made = [
            tuple(change for step in way.steps[:count] for change in step.changes)
            for count in range(len(way.steps) + 1)
        ]
        self._worlds = [judge.applied(changes).evidence for changes in made]
        self._before = judge.after(()).deliveries
        self._times = sorted({at_s + more for at_s in self._turns(way) for more in (-1, 0, 1)})

    def worse(self, count: int) -> Iterator[Worse]:
        """Yield who fares worse than before in one of `count` histories."""
        for _ in range(count):
            yield from self._one()

    def _one(self) -> Iterator[Worse]:
        at_s = max(self._random.choice(self._times), 0)
        world, old = self._cached(at_s)
        memory, could_fetch = self._fetched(at_s)
        memories = (*self._held_before(at_s), *(() if memory is None else (memory,)))
        deliveries = self._judge.deliveries(world, self._judge.now, memories)
        for traits, before, then in zip(self._judge.senders, self._before, deliveries, strict=True):
            is_own = memory is None or could_fetch(traits)
            if is_own and before.decides and is_less_sure(before.outcome, then.outcome):
                yield Worse(before.id, at_s, then, memory, old)

    def _turns(self, way: WayOut) -> Iterator[int]:
        for step in way.steps:
            yield from (step.at_s, step.wait_until_s)
        for lane in way.rehearsal.lanes:
            yield from (span.from_s for span in lane.spans)
        end_s = max((step.wait_until_s for step in way.steps), default=0)
        yield from (self._random.randrange(end_s + 1) for _ in range(20))

    def _served(self, at_s: int, lag_s: int) -> Evidence:
        """Return what a name server has that follows the first one after `lag_s`."""
        return self._worlds[sum(step.at_s + lag_s <= at_s for step in self._steps)]

    def _cached(self, at_s: int) -> tuple[Evidence, tuple[str, ...]]:
        """Return what a resolver says that looked each set of records up at some time, with what of it is old."""
        world = self._worlds[sum(step.at_s <= at_s for step in self._steps)]
        looked: dict[tuple[str, str], Evidence] = {}
        answers: dict[Question, Answer] = {}
        old: dict[str, None] = {}
        for question in dict.fromkeys(one for each in self._worlds for one in each.answers):
            if question.kind in CONNECTION_KINDS or question.server:
                continue
            cached = "address" if question.kind in _ADDRESSES else question.kind.value, question.name
            if cached not in looked:
                looked[cached] = self._looked_up(question, at_s)
            answer = looked[cached].answers.get(question)
            if answer is not None and answer != world.answers.get(question):
                answers[question] = answer
                old[f"{question} = {answer.outcome}"] = None
        return (world.with_answers(answers.items()) if answers else world), tuple(old)

    def _looked_up(self, question: Question, at_s: int) -> Evidence:
        """Return the world in which one set of records was looked up, by an answer that still lives."""
        lag_s = self._random.choice((0, self._judge.lag_s, self._random.randrange(self._judge.lag_s + 1)))
        back_s = self._random.choice((0, self._random.randrange(ABSENT_S), self._random.randrange(400), 3600))
        seen = self._served(at_s - back_s, lag_s)
        answer = seen.answers.get(question)
        if answer is not None and _lives_s(answer) > back_s:
            return seen
        return self._served(at_s, lag_s)

    def _fetched(self, at_s: int) -> tuple[Memory | None, Callable[[Traits], bool]]:
        """Return a policy fetched at some time, with the id that the resolver showed then, and who could fetch it."""
        when_s = self._random.choice((at_s, *(step.at_s - 1 for step in self._steps if step.at_s <= at_s)))
        when_s -= self._random.choice((0, 0, self._random.randrange(700_000)))
        world, _ = self._cached(when_s) if when_s >= 0 else (self._worlds[0], ())
        domain = self._judge.domain_in(world, self._judge.now)
        fetches = [one for one in domain.policy_host.fetches if one.body]
        record = domain.record.read(LENIENT)
        if record is None or not fetches:
            return None, lambda _: True
        fetch = self._random.choice(fetches)
        age_s = at_s - when_s

        def could(traits: Traits) -> bool:
            policies = [
                taken(fetch, traits, reading)
                for reading in traits.readings
                if domain.record.read(reading) is not None
            ]
            return any(policy is not None and age_s <= policy.max_age_s for policy in policies)

        return Memory(fetch.body, self._judge.now - timedelta(seconds=age_s), record.id), could

    def _held_before(self, at_s: int) -> Iterator[SenderMemory]:
        for one in self._judge.memories:
            if isinstance(one, Memory):
                yield Memory(one.body, one.fetched_at - timedelta(seconds=at_s), one.id)
            else:
                yield one


def _lives_s(answer: Answer) -> int:
    if answer.outcome not in ANSWERED:
        return FAILED_S
    aliases = [one.ttl_s for one in answer.data.chain] if isinstance(answer.data, DnsData) else []
    known = [one for one in (answer.ttl_s, *aliases) if one is not None]
    return max(known) if known else FOUND_S if answer.outcome is Outcome.FOUND else ABSENT_S
