"""What the pages read from the store, and judge of it: beside the loop, one thing after another, and each report once."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Final, TypeVar

import msgspec

from mxproof.explain.tlsrpt.row_join import SeenDomain
from mxproof.explain.tlsrpt.telling import told
from mxproof.explain.tlsrpt.told import ToldReport
from mxproof.judge.checked import Checked, terms
from mxproof.judge.judging import report_on
from mxproof.judge.remembering import memories_of
from mxproof.mail.assemble import assemble
from mxproof.remedy.plan import Plan
from mxproof.remedy.planning import plan_for
from mxproof.remedy.proving import proven
from mxproof.rhythm.kept import KeptDetector
from mxproof.rhythm.sender import SenderRhythm
from mxproof.rhythm.standing import standing_senders
from mxproof.serve.web.pages.silence import LogSeen
from mxproof.store.journal.access_journal import AccessJournal
from mxproof.store.journal.arranging import ArrangingJournal
from mxproof.store.journal.guest_checks import GuestJournal
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.kept_reports import ReportJournal
from mxproof.store.journal.publication_journal import PublicationJournal
from mxproof.store.journal.silence import FollowedLog, SilenceJournal
from mxproof.store.journal.watch_journal import WatchJournal
from mxproof.store.journal.watched import WatchedEvidence

REPORTS_HELD_MAX: Final = 64
LOGS_HELD: Final = timedelta(seconds=60)
DOMAINS_HELD_MAX: Final = 3
"""Of one TLS report, that it is held against."""
LOOKED_BACK: Final = timedelta(days=30)
CHECKS_LOOKED_AT_MAX: Final = 50

JUDGED_FOR_GUESTS_MAX: Final = 8
"""Reports of guests that wait for their turn to be judged; for one more there is no room."""

Found = TypeVar("Found")
Key = TypeVar("Key", int, str)


class CrowdedOut(msgspec.Struct, frozen=True):
    """There is no room for one more at this moment."""


class StoreReader:
    """The store of the watch, as whoever looks uses it."""

    def __init__(self, store: str) -> None:
        self._journal = Journal(store)
        self.watch = WatchJournal(self._journal)
        self.access = AccessJournal(self._journal)
        self.arranging = ArrangingJournal(self._journal)
        self.reports = ReportJournal(self._journal)
        self.silence = SilenceJournal(self._journal)
        self.guests = GuestJournal(self._journal)
        self.publications = PublicationJournal(self._journal)
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="web-store")
        self._judging = ThreadPoolExecutor(1, thread_name_prefix="web-judge")
        self._judging_for_guests = ThreadPoolExecutor(1, thread_name_prefix="web-guest")
        self._reports: OrderedDict[int, Checked] = OrderedDict()
        self._plans: OrderedDict[int, Plan] = OrderedDict()
        self._guest_reports: OrderedDict[str, Checked] = OrderedDict()
        self._judged_for_guests = 0
        self._logs: tuple[datetime, list[LogSeen]] | None = None

    def close(self) -> None:
        """Let go of threads and of the store."""
        for one in (self._judging_for_guests, self._judging, self._reading):
            one.shutdown(wait=True, cancel_futures=True)
        self._journal.close()

    async def read(self, work: Callable[[], Found]) -> Found:
        """Do `work` with the store, after what others want of it; raises JournalError."""
        return await asyncio.get_running_loop().run_in_executor(self._reading, work)

    async def judge(self, work: Callable[[], Found]) -> Found:
        """Do work that takes a while and no store."""
        return await asyncio.get_running_loop().run_in_executor(self._judging, work)

    async def evidence(self, check: int) -> WatchedEvidence | None:
        """Return the evidence of a check and what senders held then, None where it is kept no longer."""
        return await self.read(lambda: self.watch.evidence(check))

    async def checked(self, check: int) -> Checked | None:
        """Return the report on a check as of its moment, its fixes verified; None where the evidence is kept no longer."""
        return await self._held(self._reports, check, _checked)

    async def plan(self, check: int) -> Plan | None:
        """Return the plan that leads out of what a check saw, as of its moment; None where the evidence is kept no longer."""
        return await self._held(self._plans, check, _plan)

    async def _held(
        self, held: OrderedDict[int, Found], check: int, work: Callable[[WatchedEvidence], Found]
    ) -> Found | None:
        """Return what `work` makes of the evidence of a check, from memory where it was made lately."""
        if (known := _known(held, check)) is not None:
            return known
        evidence = await self.evidence(check)
        if evidence is None:
            return None
        return _keep(held, check, await self.judge(lambda: work(evidence)))

    async def guest_checked(self, link: str) -> Checked | CrowdedOut | None:
        """Return the report on the check of a guest, None where there is no evidence of it.

        Others' reports do not wait for those of guests, and of these only so many wait for one another.
        """
        if (known := _known(self._guest_reports, link)) is not None:
            return known
        if self._judged_for_guests >= JUDGED_FOR_GUESTS_MAX:
            return CrowdedOut()
        self._judged_for_guests += 1
        try:
            evidence = await self.read(lambda: self.guests.evidence(link))
            if evidence is None:
                return None
            loop = asyncio.get_running_loop()
            fresh = WatchedEvidence(evidence, ())
            checked = await loop.run_in_executor(self._judging_for_guests, _checked, fresh)
        finally:
            self._judged_for_guests -= 1
        return _keep(self._guest_reports, link, checked)

    async def told_report(self, number: int) -> ToldReport | None:
        """Return what is said of a TLS report, held against the checks of its domains; None where it is kept no longer."""
        kept = await self.read(lambda: self.reports.report(number))
        if kept is None:
            return None
        end = kept.found.read.report.end
        domains = kept.domains[:DOMAINS_HELD_MAX]
        looks = await self.read(lambda: [self._looks(one, end) for one in domains])
        return await self.judge(lambda: told(kept.found, kept.source, _seen_domains(looks)))

    def _looks(self, domain: str, end: datetime | None) -> list[WatchedEvidence]:
        """Return the newest evidence of a domain, and that of the last check no later than `end`; fewer, or none, otherwise."""
        states = self.watch.states([domain])
        newest = states[0].newest if states else None
        if newest is None:
            return []
        numbers = [newest.number]
        if end is not None:
            before = self.watch.checks(domain, end - LOOKED_BACK, end, checks_max=CHECKS_LOOKED_AT_MAX)
            numbers += [one.number for one in before if one.has_evidence][:1]
        found = [self.watch.evidence(number) for number in dict.fromkeys(numbers)]
        return [one for one in found if one is not None]

    async def logs(self, now: datetime) -> list[LogSeen]:
        """Return the logs that are followed and their senders, as of LOGS_HELD ago at most."""
        if self._logs is None or not timedelta() <= now - self._logs[0] < LOGS_HELD:
            followed = await self.read(self.silence.logs)
            self._logs = now, await self.judge(lambda: [_log_seen(one, now) for one in followed])
        return self._logs[1]


def _known(held: OrderedDict[Key, Found], key: Key) -> Found | None:
    """Return what is held, which was used last then."""
    if key in held:
        held.move_to_end(key)
    return held.get(key)


def _keep(held: OrderedDict[Key, Found], key: Key, found: Found) -> Found:
    """Hold what was found, and let go of what was not used for longest; return it."""
    held[key] = found
    while len(held) > REPORTS_HELD_MAX:
        held.popitem(last=False)
    return found


def _seen_domains(looks: Sequence[Sequence[WatchedEvidence]]) -> Mapping[str, SeenDomain]:
    """Return what was seen of domains, by name; of each the evidence is the newest, and an earlier look where there is one."""
    found = {}
    for newest, *earlier in filter(None, looks):
        evidence, at = newest.evidence, newest.evidence.observed_at()
        before = [assemble(one.evidence, one.evidence.observed_at()) for one in earlier]
        memories = (*newest.memories, *(memory for one in before for memory in memories_of(one)))
        report = report_on(evidence, now=at, memories=memories)
        seen = SeenDomain(assemble(evidence, at), report, memories, before[0] if before else None)
        found[evidence.domain] = seen
    return found


def _log_seen(one: FollowedLog, now: datetime) -> LogSeen:
    decode = msgspec.msgpack.decode
    senders = [decode(rhythm, type=SenderRhythm) for _, rhythm in one.log.senders]
    kept = decode(one.log.detector, type=KeptDetector)
    return LogSeen(one.name, one.log.domain, standing_senders(kept, senders, now.timestamp()))


def _checked(kept: WatchedEvidence) -> Checked:
    evidence, memories, now = kept.evidence, kept.memories, kept.evidence.observed_at()
    report = report_on(evidence, now=now, memories=memories)
    mended = proven(report, evidence, now=now, memories=memories)
    return Checked(mended, terms=terms(assemble(evidence, now), memories))


def _plan(kept: WatchedEvidence) -> Plan:
    return plan_for(kept.evidence, now=kept.evidence.observed_at(), memories=kept.memories)
