"""What every sender does at every moment while edits are made, whatever its caches hold.

    timeline(judge, schedule) -> Timeline

At a moment, each set of records that was changed may still be the old one to somebody: until its time to live is over,
counted from when the last name server of the zone had the change (`Judge.lag_s`). Sets of different names and types
are in caches independently of one another, so that each combination is a state of its own: the old MX set with the new
addresses, the new one with the old. Servers and the policy host have no cache: who connects meets what is there.

A sender holds any policy that was ever to be had, under any id that was to be seen beside it, counted from the last
moment at which it was; the models say who fetches another one when. An id published before its policy is such a pair,
and so judged for what it does.

Between two moments nothing changes for anybody: they are the times of the edits, the ends of all times to live, and the
times at which a sender may, or must, give up a policy. To judge a moment, what is held is made older and the clock left
as it is; certificates are taken to be renewed in time. More than STATES_MAX combinations are not all judged, but those
with one set alone old or alone new among them.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import product

import msgspec

from mxproof.evidence import (
    ANSWERED,
    CONNECTION_KINDS,
    Answer,
    DnsData,
    Evidence,
    Kind,
    Outcome,
    PolicyData,
    Question,
    TxtRecord,
)
from mxproof.evidence.lifetime import NEGATIVE_S_MAX
from mxproof.formats.mtasts import LENIENT, read_policy, read_records
from mxproof.judge.report import Delivery
from mxproof.judge.senders.traits import OFTEN_S
from mxproof.mail.change import Change
from mxproof.mail.memory import Memory, SenderMemory
from mxproof.remedy.judgement import Judge
from mxproof.remedy.rehearsal.edit import TimedEdit
from mxproof.remedy.zone_version import caught_up
from mxproof.survey.reading import POLICY_LABEL, STS_LABEL, addresses

TTL_UNKNOWN_S = 3600
"""How long records are held whose time to live is not known."""
FAILURE_S = 300
"""How long a failed look-up may be remembered (RFC 2308 section 7.1)."""
STATES_MAX = 64
"""Combinations of old and new sets of records that are all judged at one moment."""

_ADDRESS_KINDS = frozenset({Kind.A, Kind.AAAA, Kind.CNAME})
_PASSED_OVER = frozenset({Kind.PTR, Kind.NS, Kind.SOA, Kind.DS})

Cached = tuple[str, str]
"""What is in caches as one: the kind of records and the owner name.

`address` stands for A, AAAA and CNAME together, `zone` for all that a name server held which was behind.
"""


class CacheState(msgspec.Struct, frozen=True):
    """One combination of what caches hold: the sets that are still old to somebody, and what each sender does then."""

    old: tuple[Cached, ...]
    deliveries: tuple[Delivery, ...]


class Moment(msgspec.Struct, frozen=True):
    """A time within which nothing changes, from `from_s` on until the next moment, with all states that may be."""

    from_s: int
    states: tuple[CacheState, ...]


Timeline = tuple[Moment, ...]


class _Held(msgspec.Struct, frozen=True):
    """A policy under an id, and the last moment at which it could be fetched, in seconds."""

    body: bytes
    id: str | None
    last_s: int


class _Version(msgspec.Struct, frozen=True):
    """Answers about one set of records that caches may hold until `until_s`, though others came at `from_s`."""

    cached: Cached
    from_s: int
    until_s: int
    answers: tuple[tuple[Question, Answer], ...]


def timeline(judge: Judge, schedule: Sequence[TimedEdit]) -> Timeline:
    """Return what every sender does from the first edit on until nothing old is held any more.

    The first moment is before the first edit: its `from_s` is -1.
    """
    worlds = _worlds(judge, schedule)
    versions = _versions(schedule, worlds, judge.lag_s)
    seen: dict[tuple[bytes, str | None], int] = {}
    moments: list[Moment] = [Moment(-1, (CacheState((), judge.after(()).deliveries),))]
    _note(seen, worlds[0], 0)
    breaks = _breaks(judge, schedule, versions, worlds)
    for place, now_s in enumerate(breaks):
        world = worlds[sum(one.at_s <= now_s for one in schedule)]
        held = tuple(_Held(body, id_, last_s) for (body, id_), last_s in seen.items())
        memories = (*_aged(judge, now_s), *_memories(judge, held, world, now_s))
        stale = [one for one in versions if one.from_s <= now_s < one.until_s]
        combined = list(_combined(world, stale))
        states = [
            CacheState(old, judge.deliveries(evidence, judge.now, memories)) for old, evidence in combined
        ]
        moments.append(Moment(now_s, tuple(states)))
        until_s = breaks[place + 1] if place + 1 < len(breaks) else now_s
        for _, evidence in combined:
            _note(seen, evidence, until_s)
    return tuple(moments)


def _worlds(judge: Judge, schedule: Sequence[TimedEdit]) -> list[Evidence]:
    """Return the evidence before the first edit and after each."""
    made: list[Change] = []
    worlds = [judge.evidence]
    for timed in schedule:
        made += timed.edit.changes
        worlds.append(judge.applied(made).evidence)
    return worlds


def _versions(schedule: Sequence[TimedEdit], worlds: Sequence[Evidence], lag_s: int) -> list[_Version]:
    """Return the old answers that an edit leaves in caches, with when the last of them is gone."""
    found: list[_Version] = []
    for place, timed in enumerate(schedule):
        before, after = worlds[place].answers, worlds[place + 1].answers
        old: dict[Cached, list[tuple[Question, Answer]]] = {}
        for question, answer in before.items():
            cached = _cached(question)
            if cached is not None and after.get(question) is not answer and after.get(question) != answer:
                old.setdefault(cached, []).append((question, answer))
        behind = caught_up(worlds[place], worlds[place + 1])
        old |= {("zone", zone): answers for zone, answers in behind.items()}
        for cached, answers in old.items():
            ttl_s = max(_ttl_s(answer) for question, answer in answers if question.kind is not Kind.SOA)
            found.append(_Version(cached, timed.at_s, timed.at_s + lag_s + ttl_s, tuple(answers)))
    return found


def _cached(question: Question) -> Cached | None:
    if question.kind in CONNECTION_KINDS or question.kind in _PASSED_OVER or question.server:
        return None
    return "address" if question.kind in _ADDRESS_KINDS else question.kind.value, question.name


def _ttl_s(answer: Answer) -> int:
    """Return how long an answer may stand in a cache: its records, and each alias on the way to them."""
    aliases = [one.ttl_s for one in answer.data.chain] if isinstance(answer.data, DnsData) else []
    if answer.outcome not in ANSWERED:
        return FAILURE_S
    if answer.ttl_s is None and not any(aliases):
        return TTL_UNKNOWN_S if answer.outcome is Outcome.FOUND else NEGATIVE_S_MAX
    return max(answer.ttl_s or 0, *aliases, 0)


def _breaks(
    judge: Judge, schedule: Sequence[TimedEdit], versions: Iterable[_Version], worlds: Iterable[Evidence]
) -> list[int]:
    """Return every time at which something may change for somebody."""
    ends = {0, *(one.at_s for one in schedule), *(one.until_s for one in versions)}
    ages = {age for world in worlds for body in _bodies(world) for age in _ages(judge, body)}
    return sorted(ends | {end + age for end in ends for age in ages} | set(_turns(judge)))


def _turns(judge: Judge) -> Iterator[int]:
    """Yield when something changes about a policy that was held before the first edit."""
    for one in judge.memories:
        if isinstance(one, Memory):
            age_s = int((judge.now - one.fetched_at).total_seconds())
            yield from (age - age_s for age in _ages(judge, one.body) if age > age_s)


def _bodies(world: Evidence) -> set[bytes]:
    """Return the policies that are to be had at the addresses which the policy host has in this world."""
    host = f"{POLICY_LABEL}.{world.domain}"
    found = (world.answer(Question(Kind.POLICY, host, at)).data for at in addresses(world, host))
    return {data.body for data in found if isinstance(data, PolicyData) and data.body}


def _ages(judge: Judge, body: bytes) -> tuple[int, ...]:
    """Return the ages at which a sender may treat a policy otherwise: looked at often, at half its life, at its end."""
    readings = dict.fromkeys(reading for traits in judge.senders for reading in traits.readings)
    policies = (read_policy(body, reading) for reading in readings)
    lives = {policy.max_age_s for policy in policies if policy is not None}
    return tuple(sorted({OFTEN_S, *lives, *(-(-life // 2) for life in lives)})) if lives else ()


def _note(seen: dict[tuple[bytes, str | None], int], evidence: Evidence, until_s: int) -> None:
    """Note which policies could be fetched in this state, under which id."""
    _, data = evidence.dns(Kind.TXT, f"{STS_LABEL}.{evidence.domain}")
    texts = [one.text for one in data.records if isinstance(one, TxtRecord)] if data is not None else []
    record = read_records(tuple(texts), LENIENT)
    if record is not None:
        for body in _bodies(evidence):
            seen[body, record.id] = until_s


def _aged(judge: Judge, now_s: int) -> Iterator[SenderMemory]:
    """Yield what senders held before the first edit, by now so much older."""
    for one in judge.memories:
        if not isinstance(one, Memory):
            yield one
            continue
        age_s = (judge.now - one.fetched_at).total_seconds() + now_s
        yield _of_age(judge, one.body, one.id, int(age_s))


def _memories(judge: Judge, held: Iterable[_Held], world: Evidence, now_s: int) -> Iterator[SenderMemory]:
    """Yield the policies that are no longer served, as senders may still hold them."""
    served = _bodies(world)
    for one in held:
        if one.body not in served:
            yield _of_age(judge, one.body, one.id, max(now_s - one.last_s, 0))


def _of_age(judge: Judge, body: bytes, id_: str | None, age_s: int) -> Memory:
    """Return a policy held for so long, or as long as makes no difference to any sender."""
    telling = [age for age in _ages(judge, body) if age <= age_s]
    return Memory(body, judge.now - timedelta(seconds=max(telling, default=0)), id_)


def _combined(world: Evidence, versions: Sequence[_Version]) -> Iterator[tuple[tuple[Cached, ...], Evidence]]:
    """Yield each combination of old and new sets that caches may hold at a moment, the new ones all first."""
    by_set: dict[Cached, list[_Version]] = {}
    for one in versions:
        by_set.setdefault(one.cached, []).append(one)
    sets = list(by_set)
    for chosen in _choices([len(by_set[one]) for one in sets]):
        old = [by_set[one][choice - 1] for one, choice in zip(sets, chosen, strict=True) if choice]
        answers = [pair for version in old for pair in version.answers]
        yield tuple(one.cached for one in old), world.with_answers(answers) if answers else world


def _choices(counts: Sequence[int]) -> Iterator[tuple[int, ...]]:
    """Yield for each set whether it is new (0) or which of its old versions it is; all, or the extremes of too many."""
    total = 1
    for count in counts:
        total *= count + 1
    if total <= STATES_MAX:
        yield from product(*(range(count + 1) for count in counts))
        return
    size = len(counts)
    yield (0,) * size
    yield (1,) * size
    for place in range(size):
        yield tuple(int(place == one) for one in range(size))
        yield tuple(int(place != one) for one in range(size))
