"""What is answered to mail that may have a report."""

import asyncio

import pytest

from mxproof.explain.tlsrpt.counted import counted
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.serve.tlsrpt.intake import CameIn, Taken
from mxproof.serve.tlsrpt.lmtp import report_reply
from mxproof.store.journal.arrival import Kept, Refusal
from mxproof.store.journal.error import JournalError
from support_tlsrpt_days import written

REPORT = counted(next(iter(reports_in(written()))), lambda _: True)
OLD = Refusal("report-old", "old")


@pytest.mark.parametrize(
    ("taken", "code"),
    [
        (Taken("message", ((REPORT, Kept.NEW),)), "250"),
        (Taken("message", ((REPORT, Kept.KNOWN),), OLD), "250"),
        (Taken("message", (), OLD), "250"),
        (Taken("message"), "554"),
        (None, "451"),
    ],
    ids=["kept", "known and refused", "kept aside", "no report", "the journal is away"],
)
def test_a_message_is_taken_once_it_is_safe_and_one_without_a_report_is_sent_back(
    taken: Taken | None, code: str
) -> None:
    async def take(piece: CameIn) -> Taken:
        assert (piece.data, piece.way) == (b"mail", "lmtp")
        if taken is None:
            raise JournalError("away")
        return taken

    async def replied() -> str:
        return await report_reply(take)(b"mail", "tls@sender.example")

    assert asyncio.run(replied()).startswith(f"{code} ")
