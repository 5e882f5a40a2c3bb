"""Who is not waited for gives way, and for no longer than needed."""

import asyncio

from mxproof.serve.policyd.mail_first import MailFirst
from support_clock import run

LONG_S = 3600.0
"""Nobody may wait so long: the clock of these tests leaps, so that it would be seen."""
A, B = "a.example", "b.example"


def test_nobody_gives_way_to_nobody() -> None:
    async def scene() -> float:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        await MailFirst(LONG_S).give_way(A)
        return loop.time() - begun

    assert run(scene()) < LONG_S


def test_who_gives_way_goes_on_when_the_last_has_its_answer() -> None:
    async def scene() -> list[str]:
        seen, mail_first = [], MailFirst(LONG_S)

        async def refresh() -> None:
            await mail_first.give_way(A)
            seen.append("refresh")

        with mail_first.waited_for(B):
            with mail_first.waited_for(B):
                task = asyncio.create_task(refresh())
                await asyncio.sleep(1)
            await asyncio.sleep(1)
            seen.append("answer")
        await task
        return seen

    assert run(scene()) == ["answer", "refresh"]


def test_who_is_waited_for_gives_way_no_longer() -> None:
    async def scene() -> float:
        loop, mail_first = asyncio.get_running_loop(), MailFirst(LONG_S)
        with mail_first.waited_for(B):
            task = asyncio.create_task(mail_first.give_way(A))
            await asyncio.sleep(0)
            begun = loop.time()
            with mail_first.waited_for(A):
                await task
                await mail_first.give_way(A)
            return loop.time() - begun

    assert run(scene()) < LONG_S


def test_who_gives_way_does_not_wait_for_ever() -> None:
    async def scene() -> float:
        loop, mail_first = asyncio.get_running_loop(), MailFirst(LONG_S)
        begun = loop.time()
        with mail_first.waited_for(B):
            await mail_first.give_way(A)
        return loop.time() - begun

    assert LONG_S <= run(scene()) < 2 * LONG_S
