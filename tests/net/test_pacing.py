"""The slots of one run: what a wait that is given up leaves behind."""

import asyncio
from contextlib import AsyncExitStack

from mxproof.evidence import Kind, Question
from mxproof.net.pacing import CONNECTIONS_MAX, CONNECTIONS_PER_ENDPOINT_MAX, Pace
from support_clock import run


def smtp_at(number: int) -> Question:
    return Question(Kind.SMTP, "mx.example.com", f"192.0.2.{number}")


def test_a_wait_that_is_given_up_leaves_its_endpoint_free() -> None:
    async def scenario() -> None:
        pace = Pace()
        async with AsyncExitStack() as all_taken:
            for number in range(CONNECTIONS_MAX):
                await all_taken.enter_async_context(pace.slot(smtp_at(number)))
            for _ in range(CONNECTIONS_PER_ENDPOINT_MAX):
                wait = asyncio.ensure_future(pace.slot(smtp_at(200)).__aenter__())
                await asyncio.sleep(0)
                assert not wait.done()
                wait.cancel()
                await asyncio.gather(wait, return_exceptions=True)
        async with asyncio.timeout(1), pace.slot(smtp_at(200)), pace.slot(smtp_at(200)):
            pass

    run(scenario())
