"""Bounces: what the mail server sends back is held against the reports that went out, and noted.

| the message | noted | reply by LMTP |
|---|---|---|
| gives back a report that went out by mail | given up, and the refusals of its mailbox are counted | 250 |
| is a bounce, which has no sender, of anything else, or says that a mail waits | nothing | 250 |
| gives back a report that is on its way, since nobody noted yet that it was taken | nothing | 451, and the mail server tries again |
| has a sender: an answer of a person or a machine | nothing | 554, and whoever wrote it hears of it |
| any, while the journal is away | nothing | 451, and the mail server tries again |
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from mxproof.formats.tlsrpt.returned import returned_report
from mxproof.serve.sending.counts import SendCounts
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import OutgoingReport, OutgoingState
from mxproof.store.journal.outgoing_journal import OutgoingJournal

_log = logging.getLogger("mxproof.tlsrpt")


def note_return(journal: Journal, data: bytes, now: datetime) -> OutgoingReport | None:
    """Note a report that a mail gives back, and return it: given up, or waiting, and not noted, where it is on its way still.

    None where the mail gives back none that went out. Raises JournalError.
    """
    found = returned_report(data)
    return None if found is None else OutgoingJournal(journal).returned(found.report_id, found.said, now)


class BounceWork:
    """Answers the mail server that hands bounces over; one is noted after the other, in the journal at `store`."""

    def __init__(self, store: str, counts: SendCounts) -> None:
        self._journal = Journal(store)
        self._counts = counts
        self._thread = ThreadPoolExecutor(1, "mxproof-bounces")

    def close(self) -> None:
        """End, once what is under way is noted."""
        self._thread.shutdown()
        self._journal.close()

    async def answer(self, data: bytes, sender: str) -> str:
        """Return the reply to a message."""
        loop = asyncio.get_running_loop()
        try:
            noted = await loop.run_in_executor(
                self._thread, note_return, self._journal, data, datetime.now(UTC)
            )
        except JournalError as error:
            _log.error("store: %s; a bounce is noted once it is back", error)
            return "451 4.3.0 The journal is away"
        if noted is not None and noted.state is OutgoingState.WAITING:
            return "451 4.3.0 The report is on its way still"
        if noted is not None:
            self._counts.returned += 1
            self._counts.done[OutgoingState.GIVEN_UP] += 1
            _log.warning(
                "report=%s domain=%s day=%s %s: %s",
                noted.report_id,
                noted.domain,
                noted.day,
                noted.state,
                noted.said,
            )
            return "250 2.0.0 Noted"
        return "554 5.6.0 No bounce of a TLS report" if sender else "250 2.0.0 Nothing to note"
