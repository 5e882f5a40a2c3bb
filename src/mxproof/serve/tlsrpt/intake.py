"""From pieces that came, to the journal: read, authenticated, counted, kept; whoever sent them hears of it after that.

| a piece | becomes |
|---|---|
| with reports of a wanted domain | these reports, each new, known or in the place of a forgery |
| that is no TLS report at all, such as other mail | `other`: nothing is kept |
| that cannot be read, or is about other domains, too old, or of a time to come | `refused`: kept aside with the reason |
| with reports of either kind, as an archive may have | both: what can be kept is, and all of it is kept aside for what cannot |
"""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from mxproof.evidence.question import Question
from mxproof.explain.tlsrpt.counted import CountedReport, counted
from mxproof.formats.errors import FormatError
from mxproof.formats.tlsrpt.found import Authenticated, FoundReport, reports_in
from mxproof.mail.report_signature import Keys, authenticated, wanted_keys
from mxproof.serve.tlsrpt.wanted import WantedDomains
from mxproof.store.journal.arrival import Arrival, Kept, ReadUpTo, Refusal, UnverifiedReport
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.retention import Retention, Swept

AHEAD_DAYS_MAX: Final = 2
"""How far in the future a report may begin: clocks differ, and senders write local times as UTC."""
VERIFIED_AT_ONCE: Final = 100
"""Reports whose signatures are verified again together."""
NO_REPORT: Final = "no-report"
_OTHER: Final = frozenset({NO_REPORT})
_UNLIKE: Final = frozenset({NO_REPORT, "no-json", "no-object"})
"""What files beside reports break, that are looked at only because they lie there."""

AskKeys = Callable[[Iterable[Question]], Awaitable[Keys]]
"""From questions for DKIM keys to the answers; one that is missing was not given."""


class CameIn(msgspec.Struct, frozen=True):
    """A piece as it came: its bytes, its name, and which way; `beside` tells that it only lay beside others.

    `refusal` is set where it is known to be refused before it is read.
    """

    data: bytes
    name: str
    way: str
    beside: bool = False
    refusal: Refusal | None = None


class Taken(msgspec.Struct, frozen=True):
    """What became of a piece: of each report in it, and why something was refused; neither for one that is no report."""

    name: str
    reports: tuple[tuple[CountedReport, Kept], ...] = ()
    refusal: Refusal | None = None


class Intake:
    """Takes pieces in, for `domains`, after asking `ask` for the keys of senders; one batch at a time."""

    def __init__(self, journal: Journal, domains: WantedDomains, retention: Retention, ask: AskKeys) -> None:
        self.domains = domains
        self.retention = retention
        self._journal = journal
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="journal")

    def close(self) -> None:
        """End the thread that writes."""
        self._thread.shutdown(wait=True)

    async def take(self, pieces: Sequence[CameIn]) -> list[Taken]:
        """Keep what is in `pieces`, in one transaction; raises JournalError where nothing of it is kept."""
        now = datetime.now(UTC)
        read = [_read(piece) for piece in pieces]
        found = [one for reports, _ in read for one in reports]
        keys = await self._ask(question for one in found for question in wanted_keys(one))
        arrivals = [
            self._arrival(piece, reports, refusal, keys, now)
            for piece, (reports, refusal) in zip(pieces, read, strict=True)
        ]
        loop = asyncio.get_running_loop()
        kept = await loop.run_in_executor(self._thread, self._journal.keep, arrivals)
        return [
            Taken(piece.name, tuple(zip(arrival.reports, became, strict=False)), arrival.refusal)
            for piece, arrival, became in zip(pieces, arrivals, kept, strict=True)
        ]

    async def verify_again(self, tried_before: datetime) -> Mapping[Authenticated, int]:
        """Verify the signatures that could not be then; return how many came to what.

        It goes on while keys are answered for: where they are not, nobody waits for all of them.
        """
        told: Counter[Authenticated] = Counter()
        loop = asyncio.get_running_loop()
        while True:
            pending = await loop.run_in_executor(
                self._thread, self._journal.unverified, tried_before, VERIFIED_AT_ONCE
            )
            if not pending:
                return told
            verdicts = await self._verdicts(pending)
            await loop.run_in_executor(self._thread, self._journal.settle, verdicts, datetime.now(UTC))
            told.update(verdicts.values())
            if all(one is Authenticated.UNKNOWN for one in verdicts.values()):
                return told

    async def _verdicts(self, pending: Sequence[UnverifiedReport]) -> dict[int, Authenticated]:
        """Return what each report proves to be now, by the number of its row."""
        read = [_read(CameIn(one.data, "", ""))[0] for one in pending]
        keys = await self._ask(question for found in read for one in found for question in wanted_keys(one))
        return {
            one.row: next(
                (
                    proven.authenticated
                    for proven in (authenticated(report, keys) for report in found)
                    if counted(proven, self.domains.serves).fingerprint == one.fingerprint
                ),
                Authenticated.UNKNOWN,
            )
            for one, found in zip(pending, read, strict=True)
        }

    async def read_up_to(self, mailbox: str) -> ReadUpTo | None:
        """Return up to which message a folder of IMAP was read, None for one that never was."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, self._journal.read_up_to, mailbox)

    async def mark_read(self, mailbox: str, read: ReadUpTo) -> None:
        """Note up to which message a folder of IMAP was read."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._thread, self._journal.mark_read, mailbox, read)

    async def sweep(self) -> Swept:
        """Take away some of what is kept no longer; zeros where there is no more."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._thread, self._journal.sweep, self.retention, datetime.now(UTC)
        )

    def _arrival(
        self,
        piece: CameIn,
        found: Sequence[FoundReport],
        refusal: Refusal | None,
        keys: Keys,
        now: datetime,
    ) -> Arrival:
        reports = []
        for one in found:
            report = counted(authenticated(one, keys), self.domains.serves)
            why = self._unwanted(report, now)
            refusal = refusal or why
            if why is None:
                reports.append(report)
        return Arrival(piece.data, piece.way, now, tuple(reports), refusal)

    def _unwanted(self, report: CountedReport, now: datetime) -> Refusal | None:
        begin, end = report.found.read.report.begin, report.found.read.report.end
        if not report.domains:
            names = sorted({one.domain for one in report.found.read.report.policies})
            why = (
                f"about {', '.join(names[:3])}, not served here"
                if names
                else "it has no policy, so it counts nothing"
            )
            return Refusal("domain-foreign", why)
        if self.retention.is_old(end, now):
            return Refusal("report-old", f"it ended more than {self.retention.report_days} days ago")
        if begin is not None and begin > now + timedelta(days=AHEAD_DAYS_MAX):
            return Refusal("report-future", "it begins in the future")
        return None


def _read(piece: CameIn) -> tuple[list[FoundReport], Refusal | None]:
    if piece.refusal is not None:
        return [], piece.refusal
    found: list[FoundReport] = []
    unread: list[FormatError] = []
    try:
        for one in reports_in(piece.data, piece.name, unread):
            found.append(one)  # noqa: PERF402 - those before a damaged one are kept
    except FormatError as error:
        unread.append(error)
    if not unread:
        return found, None
    objection = unread[0].objections[0]
    is_other = not found and objection.rule in (_UNLIKE if piece.beside else _OTHER)
    return found, None if is_other else Refusal(objection.rule, objection.message)
