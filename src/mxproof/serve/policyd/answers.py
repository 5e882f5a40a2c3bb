"""Find out what is held of a destination, at most once at a time.

```
ask(hop) ── fresh in memory ──────────────────────────────────────────────── answer
         └─ else one flight per destination, joined by all who ask meanwhile
                recall ── fresh ───────────────────────────────────────────── answer
                       └─ survey (DNS, at most one policy) ── decide ── keep ── answer
         └─ a flight longer than the patience: the decision before it, if it may stand in; else TimeoutError
```
A decision is fresh for the grace. A policy that was not held before is in the store before it is answered. Whoever
leaves does not end a flight: the next one finds its result.
"""

import asyncio
import logging
from datetime import datetime

import msgspec

from mxproof.evidence import Evidence
from mxproof.formats.postfix.next_hop import NextHop
from mxproof.formats.text import safe
from mxproof.judge.decision import (
    Held,
    decide,
    expires_at,
    fetch_plan,
    fresh_s,
    is_live,
    policy_of,
    refresh_at,
    retry_at,
    standing_in,
)
from mxproof.judge.senders.protection import Protection
from mxproof.mail.assemble import assemble
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.collect import collect
from mxproof.serve.daemon.clock import Clockwork
from mxproof.serve.policyd.answer_settings import AnswerSettings
from mxproof.serve.policyd.metrics import Counts
from mxproof.store.destinations.destination import Destination
from mxproof.store.destinations.write_behind import WriteBehind
from mxproof.survey.outbound import at_port_25, bracketed, wanted

FLIGHTS_MAX = 256
"""Surveys under way at once; further ones wait their turn."""

_log = logging.getLogger("mxproof.policyd")


class Answers:
    """The memory of the daemon and the way to refresh it."""

    def __init__(
        self, destinations: WriteBehind, settings: AnswerSettings, clock: Clockwork, counts: Counts
    ) -> None:
        self.settings = settings
        self._destinations = destinations
        self._clock = clock
        self._counts = counts
        self._flights: dict[str, asyncio.Task[Destination]] = {}
        self._slots = asyncio.Semaphore(FLIGHTS_MAX)
        self._asker = Asker(settings.asking)

    def now(self) -> datetime:
        """Return the steady time."""
        return self._clock.now()

    async def ask(self, hop: NextHop) -> Destination:
        """Return what is held of the destination, found out anew where it is not fresh.

        Raises TimeoutError where that takes too long and nothing may stand in; whoever asks later finds the result.
        """
        known = self._destinations.look(str(hop))
        if known is not None and self.fresh_s(known) > 0:
            return known
        flight = self.fly(hop)
        stand_in = self._stand_in(known)
        longest_s = self.settings.answered_within_s
        patience_s = longest_s if stand_in is None else min(self.settings.patience_s, longest_s)
        done, _ = await asyncio.wait({flight}, timeout=patience_s)
        if done:
            return flight.result()
        if stand_in is None:
            raise TimeoutError(f"the look-ups took longer than {longest_s:g} s")
        self._counts.late += 1
        return stand_in

    def fly(self, hop: NextHop, *, refresh: bool = False) -> asyncio.Task[Destination]:
        """Return the one survey of the destination that is under way, begun now if there is none."""
        key = str(hop)
        flight = self._flights.get(key)
        if flight is None:
            flight = asyncio.create_task(self._flight(hop, refresh=refresh))
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
        if not flight.cancelled() and (fault := flight.exception()) is not None:
            self._counts.errors += 1
            _log.error("domain=%s fault of mxproof", key, exc_info=fault)

    def fresh_s(self, destination: Destination) -> float:
        """Return for how long what is held is answered again as it is, 0 where it is not."""
        return fresh_s(destination.held, self._clock.now(), self.settings.grace_s)

    def _stand_in(self, known: Destination | None) -> Destination | None:
        """Return the destination with its decision kept, where that may stand in for a new one."""
        if known is None:
            return None
        now = self._clock.now()
        live = known.held.policy if is_live(known.held.policy, now) else None
        decision = standing_in(known.held, live, now)
        if decision is None:
            return None
        return msgspec.structs.replace(known, held=Held(live, known.held.failure, decision))

    async def _flight(self, hop: NextHop, *, refresh: bool) -> Destination:
        known = await self._destinations.recall(str(hop))
        if known is not None and not refresh and self.fresh_s(known) > 0:
            return known
        before = Held() if known is None else known.held
        async with self._slots:
            now = self._clock.now()
            held = await look(hop, before, self.settings, now, self._asker)
        destination = Destination(
            key=str(hop),
            held=held,
            asked_at=known.asked_at if known is not None and refresh else now,
            refresh_at=_refresh_at(held),
        )
        self._destinations.keep(destination)
        if held.policy is not None and not _same_policy(held, before):
            await self._destinations.safe(destination.key)
        self._tell(hop, before, held, now)
        return destination

    def _tell(self, hop: NextHop, before: Held, held: Held, now: datetime) -> None:
        assert held.decision is not None, "a survey ends in a decision"
        self._counts.decided(held.decision)
        if held.failure is not None and held.failure != before.failure:
            self._counts.fetch_failed(held.failure.result_type)
            policy = policy_of(held.policy)
            level = logging.INFO if policy is None or policy.mode == "none" else logging.WARNING
            ends = (
                f", the policy held since {held.policy.fetched_at:%Y-%m-%dT%H:%M:%SZ} stays until "
                f"{expires_at(held.policy):%Y-%m-%dT%H:%M:%SZ}"
                if held.policy
                else ""
            )
            _log.log(
                level,
                "domain=%s fetch=%s detail=%r%s",
                hop,
                held.failure.result_type,
                safe(held.failure.detail),
                ends,
            )
        age_s = (now - held.policy.fetched_at).total_seconds() if held.policy else 0
        _log.log(
            logging.INFO if _stance(before) != _stance(held) else logging.DEBUG,
            "domain=%s decision=%s reason=%s policy_age_s=%.0f kept=%s detail=%r",
            hop,
            held.decision.protection,
            held.decision.reason,
            age_s,
            held.decision.kept,
            safe(held.decision.detail),
        )


def _stance(held: Held) -> tuple[Protection, bool] | None:
    """Return what an operator wants to know the changes of, so that a long outage does not fill the log."""
    return None if held.decision is None else (held.decision.protection, held.decision.kept)


async def look(hop: NextHop, held: Held, settings: AnswerSettings, now: datetime, asker: Asker) -> Held:
    """Survey the destination once and decide."""
    evidence = await surveyed(hop, held, settings, now, asker)
    return decide(assemble(evidence, now), held, settings.rules)


async def surveyed(
    hop: NextHop, held: Held, settings: AnswerSettings, now: datetime, asker: Asker
) -> Evidence:
    """Ask what the survey wants, and return the evidence as everything above it understands it.

    The settings are those of now; `asker` may have been made from earlier ones, and brings only its limits and sockets.
    """
    plan = fetch_plan(held, now, port=hop.port)
    start = Evidence(hop.domain)
    if hop.bracketed:
        start = bracketed(start, now)
    found = await collect(
        hop.domain,
        asker.with_options(settings.asking),
        lambda evidence: wanted(evidence, plan),
        evidence=start,
    )
    found = with_anchors(found, settings.roots)
    return found if hop.port == plan.port == 25 else at_port_25(found, hop.port)


def _refresh_at(held: Held) -> datetime | None:
    if held.policy is None:
        return None
    due = refresh_at(held.policy)
    return due if held.failure is None else max(due, retry_at(held.failure))


def _same_policy(held: Held, before: Held) -> bool:
    one, other = held.policy, before.policy
    return one is not None and other is not None and (one.body, one.id) == (other.body, other.id)
