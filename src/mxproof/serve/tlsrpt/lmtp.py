"""What is answered to mail that may have a report, by LMTP (`serve/daemon/lmtp`): 250 once it is safe.

| the message | reply |
|---|---|
| has a report that is kept, or was known | 250 |
| has a report that is refused and kept aside | 250 |
| has no TLS report | 554, and whoever sent it hears of it |
| the journal is away | 451, and the mail server tries again |
"""

from collections.abc import Awaitable, Callable

from mxproof.serve.daemon.lmtp import AnswerMail
from mxproof.serve.tlsrpt.intake import CameIn, Taken
from mxproof.store.journal.error import JournalError

TakeOne = Callable[[CameIn], Awaitable[Taken]]
"""Keeps a piece; raises JournalError where it is not safe."""


def report_reply(take: TakeOne) -> AnswerMail:
    """Return what answers a message, kept by `take`."""

    async def answer(data: bytes, _sender: str) -> str:
        try:
            taken = await take(CameIn(data, "message", "lmtp"))
        except JournalError:
            return "451 4.3.0 The journal is away"
        if taken.reports or taken.refusal is not None:
            return "250 2.0.0 Kept"
        return "554 5.6.0 No TLS report (RFC 8460)"

    return answer
