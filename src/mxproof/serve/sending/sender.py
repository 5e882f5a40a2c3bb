"""Reports sent: days that are over are closed, and what is due goes out, one report after the other.

| bound | why |
|---|---|
| one report at a time is on its way | at most one is sent twice by whoever is killed, under the same id |
| records are asked for ahead, CLAIMED_AT_ONCE at once | DNS is not waited for report by report |
| a host that did not answer is left alone for HANGING | it costs one wait, however many reports are for it |
| a lease of LEASE, of which LEASE_LEFT have to be left | nobody sends what another has claimed meanwhile |
| waits between AGAIN and AGAIN_MAX, each twice as long, with jitter | RFC 8460 section 5.5 |
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Final, Self, TypeVar

from mxproof.evidence import Answer
from mxproof.formats.tlsrpt.destination import MailDestination, ReportDestination
from mxproof.net.asker import Asker
from mxproof.net.shared_answers import SharedAnswers
from mxproof.serve.sending.counts import HTTPS, MAIL, SendCounts
from mxproof.serve.sending.delivery import (
    ReportOutcome,
    Restraint,
    allowed,
    deliver,
    destinations,
    record_question,
)
from mxproof.serve.sending.making import Chance, ClosedDay, close_days
from mxproof.serve.sending.settings import SendSettings
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import (
    AttemptOutcome,
    DeliveryAttempt,
    DueReport,
    OutgoingState,
    Settled,
)
from mxproof.store.journal.outgoing_journal import OutgoingJournal

CLAIMED_AT_ONCE: Final = 20
LEASE: Final = timedelta(hours=1)
LEASE_LEFT: Final = timedelta(minutes=20)
HANGING: Final = timedelta(minutes=10)
AGAIN: Final = timedelta(minutes=15)
AGAIN_MAX: Final = timedelta(hours=4)
AGAIN_JITTER: Final = 0.25
"""Up to this part of a wait is added to it or taken from it."""
SEND_LOOKED_EVERY_S: Final = 30.0
SEND_STOP_S: Final = 10.0
SETTLED_AGAIN_S: Final = 5.0
HANGING_HOSTS_MAX: Final = 10_000

_DOUBLINGS_MAX: Final = 10

_log = logging.getLogger("mxproof.tlsrpt")

Result = TypeVar("Result")
Now = Callable[[], datetime]


class ReportSender:
    """What sends; as a context manager it ends its thread and its sockets. `now` and `chance` are its clock and its dice."""

    def __init__(
        self, journal: Journal, settings: SendSettings, counts: SendCounts, now: Now, chance: Chance
    ) -> None:
        self.settings = settings
        self._journal = journal
        self._outgoing = OutgoingJournal(journal)
        self._counts = counts
        self._now = now
        self._chance = chance
        self._thread = ThreadPoolExecutor(1, "mxproof-send")
        self._delivered: Counter[str] = Counter()
        self._avoided: Mapping[str, str] = {}
        self._hanging: dict[str, datetime] = {}
        self._is_down = False

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """End, once what is under way in the journal is done."""
        self._thread.shutdown()

    async def run(self, is_wanted: Callable[[], bool] = lambda: True) -> None:
        """Close days and send, as long as it is not cancelled; a store that is away is waited for."""
        while True:
            try:
                if is_wanted():
                    await self.step()
                self._is_down = False
            except JournalError as error:
                if not self._is_down:
                    _log.error("store: %s; reports are sent once it is back", error)
                self._is_down = True
            await asyncio.sleep(SEND_LOOKED_EVERY_S)

    async def step(self, *, early: bool = False) -> None:
        """Do all there is to do now; with `early` also what waits for its first turn. Raises JournalError."""
        await self.close_days()
        await self.send_due(early=early)
        first = (self._now() - timedelta(days=self.settings.keep_days)).astimezone(UTC).date()
        while await self._does(lambda: self._outgoing.remove_before(first)):
            pass
        states = await self._does(lambda: self._outgoing.states(first))
        self._counts.waiting = sum(one.get(OutgoingState.WAITING, 0) for one in states.values())

    async def close_days(self) -> list[ClosedDay]:
        """Make the reports of days that are over."""
        now = self._now()
        closed = await self._does(lambda: close_days(self._journal, self.settings, now, self._chance))
        for one in closed:
            self._counts.made += one.reports
            self._counts.unprintable += one.unprintable
            _log.info("day=%s closed reports=%d", one.day, one.reports)
        return closed

    async def send_due(self, *, early: bool = False) -> int:
        """Send what is due; return how many reports were looked at."""
        seen = 0
        with Asker(self.settings.asking, SharedAnswers()) as asker:
            while due := await self._claimed(early=early):
                seen += len(due)
                share = asker.share()
                answers = await asyncio.gather(
                    *(asker.ask(record_question(one.domain), share) for one in due)
                )
                waiting = list(due)
                try:
                    for one, answer in zip(due, answers, strict=True):
                        waiting.remove(one)
                        await self._to_its_end(self._send(one, answer, asker))
                finally:
                    for one in waiting:
                        self._give_back(one)
        return seen

    async def _to_its_end(self, sending: Coroutine[None, None, None]) -> None:
        """Have a report that is on its way arrive and noted, also where the daemon ends meanwhile."""
        task = asyncio.create_task(sending)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=SEND_STOP_S)
            task.cancel()
            raise

    def _give_back(self, due: DueReport) -> None:
        """Have a report that was not begun be due at once, for whoever comes next."""
        now = self._now()
        back = Settled(OutgoingState.WAITING, (), now, "", is_try=False)
        self._thread.submit(self._outgoing.settle, due, back, now)

    async def _claimed(self, *, early: bool) -> list[DueReport]:
        """Return reports to be sent, and know what keeps them from destinations."""
        now = self._now()
        midnight = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._delivered = Counter(await self._does(lambda: self._outgoing.delivered_since(midnight)))
        avoided = await self._does(lambda: self._outgoing.avoided(now))
        self._avoided = {one.destination: one.said for one in avoided}
        self._hanging = {host: until for host, until in self._hanging.items() if until > now}
        return await self._does(lambda: self._outgoing.claim(now, now + LEASE, CLAIMED_AT_ONCE, early=early))

    async def _send(self, due: DueReport, answer: Answer, asker: Asker) -> None:
        if self._now() > due.leased_until - LEASE_LEFT:
            return
        chosen = destinations(answer)
        if not isinstance(chosen, ReportOutcome):
            restraint = Restraint(self._delivered, self._avoided, self._hanging.keys())
            chosen = allowed(chosen, due.domain, self.settings, restraint)
        if isinstance(chosen, ReportOutcome):
            delivery = chosen
        else:
            delivery = await deliver(due, chosen, self.settings, asker, self._now)
            self._note(delivery.attempts, chosen)
        await self._settle(due, self._settled(due, delivery))

    def _note(self, attempts: tuple[DeliveryAttempt, ...], to: tuple[ReportDestination, ...]) -> None:
        """Know what attempts say of the next reports, and count them."""
        for attempt, one in zip(attempts, to, strict=False):
            way = MAIL if isinstance(one, MailDestination) else HTTPS
            self._counts.attempts[way, attempt.outcome] += 1
            if attempt.outcome is AttemptOutcome.DELIVERED:
                self._delivered[attempt.destination] += 1
            if attempt.outcome is AttemptOutcome.TIMEOUT and len(self._hanging) < HANGING_HOSTS_MAX:
                self._hanging[one.host] = attempt.at + HANGING

    def _settled(self, due: DueReport, delivery: ReportOutcome) -> Settled:
        """Return what becomes of a report, and when it is tried again."""
        if delivery.state is not OutgoingState.WAITING:
            return Settled(delivery.state, delivery.attempts, None, delivery.said)
        now = self._now()
        wait = HANGING
        if delivery.is_try:
            wait = min(AGAIN * 2 ** min(due.tries, _DOUBLINGS_MAX), AGAIN_MAX)
            wait *= 1 + AGAIN_JITTER * (2 * self._chance() - 1)
        again_at = now + wait
        if again_at > (due.first_at or now) + self.settings.give_up:
            return Settled(OutgoingState.GIVEN_UP, delivery.attempts, None, delivery.said)
        return Settled(
            OutgoingState.WAITING, delivery.attempts, again_at, delivery.said, is_try=delivery.is_try
        )

    async def _settle(self, due: DueReport, settled: Settled) -> None:
        """Note it, however long the store is away: what is sent and not noted is sent again."""
        while True:
            try:
                mine = await self._does(lambda: self._outgoing.settle(due, settled, self._now()))
            except JournalError as error:
                _log.error("store: %s; what became of a report is noted once it is back", error)
                await asyncio.sleep(SETTLED_AGAIN_S)
                continue
            if mine:
                self._tell(due, settled)
            return

    def _tell(self, due: DueReport, settled: Settled) -> None:
        if settled.due_at is None:
            self._counts.done[settled.state] += 1
        else:
            self._counts.put_off += 1
        is_bad = settled.state is OutgoingState.GIVEN_UP
        _log.log(
            logging.WARNING if is_bad else logging.INFO,
            "report=%s domain=%s day=%s %s to=%s%s",
            due.report_id,
            due.domain,
            due.day,
            settled.state,
            settled.destination or "-",
            f": {settled.said}" if settled.said and not settled.destination else "",
        )

    async def _does(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work)
