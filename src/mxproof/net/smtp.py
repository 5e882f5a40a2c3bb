"""Ask an SMTP server how it takes mail: talk up to the point where mail would begin, and write down all that was said.

Where the server turns us away in good order the answer is FOUND and the stage says where that was; everything else that
ends the talk is an outcome of its own, with the transcript up to there. No mail transaction is ever begun. One offer of TLS
is tried the same way, and broken off at its answer.
"""

import asyncio
from datetime import UTC, datetime

from mxproof.evidence import Answer, HelloData, Kind, Outcome, Question
from mxproof.net.asking import Asking
from mxproof.net.smtp_talk import SmtpTalk, time_left
from mxproof.net.stream import outcome_of

QUIT_TIMEOUT_S = 2.0


async def ask_smtp(question: Question, asking: Asking) -> Answer:
    """Probe the SMTP server at the address `question.at`, with `question.name` in SNI; of kind TLS, with one offer alone."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    talk = SmtpTalk(question, asking)
    outcome, detail = await outcome_of(_probe(talk, deadline=begun + asking.timeout_s), asking.timeout_s)
    data = talk.data() if question.kind is Kind.SMTP else talk.hello_data()
    if isinstance(data, HelloData) and data.reply:
        said = data.reply.decode("utf-8", "backslashreplace")
        detail = detail or f"the server turns this client away: {said}"
    return Answer(
        outcome=outcome,
        at=datetime.now(UTC),
        data=None if outcome is Outcome.UNASKED else data,
        elapsed_ms=round((loop.time() - begun) * 1000),
        detail=detail,
    )


async def _probe(talk: SmtpTalk, deadline: float) -> None:
    """Connect, talk, and take leave of a server that still listens."""
    try:
        await talk.open()
        if talk.goes_on:
            await outcome_of(talk.leave(), min(QUIT_TIMEOUT_S, time_left(deadline) / 2))
    finally:
        talk.close()
