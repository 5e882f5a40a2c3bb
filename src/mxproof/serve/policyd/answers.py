"""Find out what is held of a destination, at most once at a time.

```
ask(hop) ── fresh in memory ──────────────────────────────────────────────── answer
         ├─ nothing has expired of the DNS answers behind it ─── renewed ──── answer
         └─ else one flight per destination, joined by all who ask meanwhile
                recall ── fresh ───────────────────────────────────────────── answer
                       ├─ what has expired, asked again: the same ── renewed ─ answer
                       └─ survey (DNS, at most one policy) ── decide ── keep ── answer
         └─ a flight longer than the patience: the decision before it, if it may stand in; else TimeoutError
```
A decision is fresh for the grace. One that is renewed is written again once an hour: a restart then finds it a little older
than it is, and the store has nothing to do for destinations that do not change. A policy that was not held before is in the store before it is answered. Whoever
leaves does not end a flight: the next one finds its result.
"""

import asyncio
import logging
from datetime import datetime
from typing import NamedTuple

import msgspec

from mxproof.evidence import Evidence, Question
from mxproof.formats.postfix.next_hop import NextHop
from mxproof.judge.decision import (
    Held,
    decide,
    fresh_s,
    is_live,
    policy_of,
    refresh_at,
    retry_at,
    standing_in,
)
from mxproof.mail.assemble import assemble
from mxproof.net.asker import Asker
from mxproof.net.shared_answers import SharedAnswers
from mxproof.serve.daemon.clock import Clockwork
from mxproof.serve.policyd.answer_settings import AnswerSettings
from mxproof.serve.policyd.decision_log import tell_of
from mxproof.serve.policyd.held_evidence import HeldEvidence
from mxproof.serve.policyd.mail_first import MailFirst
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.survey import (
    asked_again,
    is_about_mail_host,
    renewed,
    surveyed,
    to_ask_again,
    understood,
)
from mxproof.serve.policyd.telling import covers_none
from mxproof.store.destinations.destination import Destination
from mxproof.store.destinations.write_behind import WriteBehind

FLIGHTS_MAX = 256
"""Surveys under way at once; further ones wait their turn."""
WRITTEN_AGAIN_S = 3600
PASSED_OVER_MAX = 20_000
"""Destinations known to have no MX host that their policy covers."""

_log = logging.getLogger("mxproof.policyd")


class _Look(NamedTuple):
    """What was found of a destination a moment ago: what is held, the evidence behind it, and `to_ask_again` of both."""

    known: Destination
    evidence: Evidence
    old: tuple[Question, ...] | None


class Answers:
    """The memory of the daemon and the way to refresh it."""

    def __init__(
        self, destinations: WriteBehind, settings: AnswerSettings, clock: Clockwork, counts: Counts
    ) -> None:
        self._settings = settings
        self._evidence = HeldEvidence()
        self._purged: set[str] = set()
        self._passed_over: dict[str, tuple[str, ...]] = {}
        self._destinations = destinations
        self._clock = clock
        self._counts = counts
        self._flights: dict[str, asyncio.Task[Destination]] = {}
        self._slots = asyncio.Semaphore(FLIGHTS_MAX)
        self.mail_first = MailFirst()
        self._asker = self._asking_as(Asker(settings.asking), settings)

    @property
    def settings(self) -> AnswerSettings:
        """How answers are found."""
        return self._settings

    @settings.setter
    def settings(self, settings: AnswerSettings) -> None:
        if settings != self._settings:
            self._settings = settings
            self.look_anew()

    @property
    def flights(self) -> int:
        """How many surveys are under way."""
        return len(self._flights)

    @property
    def evidence_held(self) -> int:
        """How many destinations there are whose DNS answers are held."""
        return len(self._evidence)

    def look_anew(self) -> None:
        """Let every destination be asked about again, whatever its answers' TTL; what is remembered stays."""
        self._evidence.clear()
        self._asker = self._asking_as(self._asker, self._settings)

    def _asking_as(self, asker: Asker, settings: AnswerSettings) -> Asker:
        """Return an asker as settings say, with the sockets of `asker` and no answer so far of any mail host."""
        return asker.with_options(settings.asking, SharedAnswers(of=is_about_mail_host, now=self._clock.now))

    def forget(self, key: str) -> None:
        """Let nothing that was known of a destination until now lead to an answer."""
        self._evidence.forget(key)
        self._asker = self._asking_as(self._asker, self._settings)
        if key in self._flights:
            self._purged.add(key)

    def passed_over(self, key: str) -> tuple[str, ...]:
        """Return all MX hosts of a destination where no pattern of its policy covers any, as of the last survey."""
        return self._passed_over.get(key, ())

    def now(self) -> datetime:
        """Return the steady time."""
        return self._clock.now()

    async def ask(self, hop: NextHop) -> Destination:
        """Return what is held of the destination, found out anew where it is not fresh.

        Raises TimeoutError where that takes too long and nothing may stand in; whoever asks later finds the result.
        """
        key = str(hop)
        known = self._destinations.look(key)
        look = stand_in = None
        if known is not None:
            now = self._clock.now()
            if fresh_s(known.held, now, self._settings.grace_s) > 0:
                return known
            look = self._look(hop, known, now)
            if look is not None and look.old == ():
                return self._renew(known, now)
            stand_in = _stand_in(known, now)
        flight = self.fly(hop, look=look)
        longest_s = self._settings.answered_within_s
        patience_s = longest_s if stand_in is None else min(self._settings.patience_s, longest_s)
        with self.mail_first.waited_for(key):
            if await _lands(flight, patience_s):
                return flight.result()
        if stand_in is None:
            raise TimeoutError(f"the look-ups took longer than {longest_s:g} s")
        self._counts.late += 1
        return stand_in

    def fly(
        self, hop: NextHop, *, refresh: bool = False, look: _Look | None = None
    ) -> asyncio.Task[Destination]:
        """Return the one survey of the destination that is under way, begun now if there is none."""
        key = str(hop)
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(self._flight(hop, refresh=refresh, look=look))
            self._flights[key] = flight
            flight.add_done_callback(lambda flight: self._landed(key, flight))
        return flight

    async def land(self, within_s: float) -> None:
        """Wait for the surveys under way, and end those that take longer."""
        flights = set(self._flights.values())
        if flights:
            _, late = await asyncio.wait(flights, timeout=within_s)
            for flight in late:
                flight.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._asker.close()

    def _landed(self, key: str, flight: asyncio.Task[Destination]) -> None:
        del self._flights[key]
        self._purged.discard(key)
        if not flight.cancelled() and (fault := flight.exception()) is not None:
            self._counts.errors += 1
            _log.error("domain=%s fault of mxproof", key, exc_info=fault)

    def fresh_s(self, destination: Destination) -> float:
        """Return for how long what is held is answered again as it is, 0 where it is not."""
        return fresh_s(destination.held, self._clock.now(), self.settings.grace_s)

    def _look(self, hop: NextHop, known: Destination, now: datetime) -> _Look | None:
        """Look at what is held of a destination; None where it is being found out anew, or no evidence is held."""
        evidence = self._evidence.find(known.key, known.held.decision)
        if evidence is None or known.key in self._flights:
            return None
        return _Look(known, evidence, to_ask_again(hop, known.held, evidence, now))

    def _renew(self, known: Destination, now: datetime) -> Destination:
        """Keep a decision as of now."""
        destination = msgspec.structs.replace(known, held=renewed(known.held, now), asked_at=now)
        self._counts.rechecks["same"] += 1
        if _written_hour(known.asked_at) == _written_hour(now):
            self._destinations.remember(destination)
        else:
            self._destinations.keep(destination)
        return destination

    async def _flight(self, hop: NextHop, *, refresh: bool, look: _Look | None = None) -> Destination:
        key = str(hop)
        known = await self._destinations.recall(key)
        is_new = look is None or look.known is not known
        if known is not None and not refresh and is_new and self.fresh_s(known) > 0:
            return known
        async with self._slots:
            while True:
                now = self._clock.now()
                before = Held() if known is None else known.held
                evidence = self._evidence.find(key, before.decision)
                if known is not None and evidence is not None:
                    old = None if refresh else _old(hop, known, evidence, now, look)
                    evidence, same = await self._recheck(key, before, evidence, now, old)
                    if same and key not in self._purged:
                        return self._renew(known, now)
                settings = self._settings
                asker = self._asker
                if refresh:
                    asker = asker.giving_way(lambda: self.mail_first.give_way(key))
                found = await surveyed(hop, before, settings, now, asker, evidence)
                if key not in self._purged:
                    break
                self._purged.discard(key)  # what it began with is not to be known any more
                known = None
        if refresh:
            await self.mail_first.give_way(key)
        seen = assemble(understood(found, hop, settings), now)
        held = decide(seen, before, settings.rules)
        self._note_passed_over(key, tuple(host.name for host in seen.hosts), held)
        assert held.decision is not None, "a survey ends in a decision"
        if settings is self._settings:
            self._evidence.keep(key, found, held.decision)
        return await self._kept(hop, known, before, held, now, refresh=refresh)

    def _note_passed_over(self, key: str, hosts: tuple[str, ...], held: Held) -> None:
        self._passed_over.pop(key, None)
        if covers_none(policy_of(held.policy), hosts):
            if len(self._passed_over) >= PASSED_OVER_MAX:
                self._passed_over.clear()
            self._passed_over[key] = hosts

    async def _recheck(
        self, key: str, before: Held, evidence: Evidence, now: datetime, old: tuple[Question, ...] | None
    ) -> tuple[Evidence, bool]:
        """Ask again what is `old`, where that may be all there is to do; tell whether nothing has changed.

        The evidence that is returned holds nothing that has expired.
        """
        settings, asker = self._settings, self._asker
        if old is None:
            return evidence.without(evidence.expired(now)), False
        if not old:
            return evidence, True
        evidence, same = await asked_again(evidence, old, asker)
        if same and before.decision is not None and settings is self._settings:
            self._evidence.keep_renewed(key, evidence, before.decision)
        self._counts.rechecks["changed"] += not same
        return evidence, same

    async def _kept(
        self,
        hop: NextHop,
        known: Destination | None,
        before: Held,
        held: Held,
        now: datetime,
        *,
        refresh: bool,
    ) -> Destination:
        """Keep what was decided, and tell of it."""
        destination = Destination(
            key=str(hop),
            held=held,
            asked_at=known.asked_at if known is not None and refresh else now,
            refresh_at=_refresh_at(held),
        )
        if known is not None and _is_unchanged(known, destination):
            self._destinations.remember(destination)
        else:
            self._destinations.keep(destination)
        if held.policy is not None and not _same_policy(held, before):
            await self._destinations.safe(destination.key, alone=len(self._flights) == 1)
        tell_of(hop, before, held, now, self._counts)
        return destination


def _old(
    hop: NextHop, known: Destination, evidence: Evidence, now: datetime, look: _Look | None
) -> tuple[Question, ...] | None:
    """Return what a look found that is still about the same values, or what another one finds."""
    if look is not None and look.known is known and look.evidence is evidence:
        return look.old
    return to_ask_again(hop, known.held, evidence, now)


async def _lands(flight: asyncio.Task[Destination], within_s: float) -> bool:
    """Wait for a flight, at most `within_s`, and tell whether it is over; it goes on for whoever asks later.

    It is what `asyncio.wait` does for many, at half of the cost for one.
    """
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[None] = loop.create_future()

    def wake(_flight: asyncio.Task[Destination] | None = None) -> None:
        if not waiting.done():
            waiting.set_result(None)

    flight.add_done_callback(wake)
    timer = loop.call_later(within_s, wake)
    try:
        await waiting
    finally:
        timer.cancel()
        flight.remove_done_callback(wake)
    return flight.done()


def _stand_in(known: Destination, now: datetime) -> Destination | None:
    """Return the destination with its decision kept, where that may stand in for a new one."""
    live = known.held.policy if is_live(known.held.policy, now) else None
    decision = standing_in(known.held, live, now)
    if decision is None:
        return None
    return msgspec.structs.replace(known, held=Held(live, known.held.failure, decision))


def _refresh_at(held: Held) -> datetime | None:
    if held.policy is None:
        return None
    due = refresh_at(held.policy)
    return due if held.failure is None else max(due, retry_at(held.failure))


def _written_hour(moment: datetime) -> int:
    return int(moment.timestamp() // WRITTEN_AGAIN_S)


def _is_unchanged(known: Destination, destination: Destination) -> bool:
    """Tell whether nothing but times is new, and not so much later that it should be written again."""
    before, after = known.held.decision, destination.held.decision
    if (
        before is None
        or after is None
        or _written_hour(known.asked_at) != _written_hour(destination.asked_at)
    ):
        return False
    same_time = msgspec.structs.replace(
        destination.held, decision=msgspec.structs.replace(after, at=before.at)
    )
    return same_time == known.held and destination.refresh_at == known.refresh_at


def _same_policy(held: Held, before: Held) -> bool:
    one, other = held.policy, before.policy
    return one is not None and other is not None and (one.body, one.id) == (other.body, other.id)
