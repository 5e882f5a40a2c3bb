"""Ask an SMTP server how it takes mail: talk up to the point where mail would begin, and write down all that was said.

Where the server turns us away in good order the answer is FOUND and the stage says where that was; everything else that
ends the talk is an outcome of its own, with the transcript up to there. No mail transaction is ever begun.
"""

import asyncio
from datetime import UTC, datetime

from mxproof.evidence import Answer, Outcome, Question
from mxproof.net.asking import Asking
from mxproof.net.smtp_talk import SmtpTalk, time_left
from mxproof.net.stream import outcome_of

QUIT_TIMEOUT_S = 2.0


async def ask_smtp(question: Question, asking: Asking) -> Answer:
    """Probe the SMTP server at the address `question.at`, with `question.name` in SNI."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    talk = SmtpTalk(question, asking)
    outcome, detail = await outcome_of(_probe(talk, deadline=begun + asking.timeout_s), asking.timeout_s)
    return Answer(
        outcome=outcome,
        at=datetime.now(UTC),
        data=None if outcome is Outcome.UNASKED else talk.data(),
        elapsed_ms=round((loop.time() - begun) * 1000),
        detail=detail,
    )


async def _probe(talk: SmtpTalk, deadline: float) -> None:
    """Connect, talk, and take leave."""
    try:
        await talk.open()
        await outcome_of(talk.leave(), min(QUIT_TIMEOUT_S, time_left(deadline) / 2))
    finally:
        talk.close()
