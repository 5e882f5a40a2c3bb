"""Who is not waited for gives way, and for no longer than needed."""

import asyncio
import contextlib

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


def test_who_leaves_while_it_gives_way_is_forgotten_and_so_is_who_leaves_while_it_is_waited_for() -> None:
    async def scene() -> None:
        mail_first = MailFirst(LONG_S)
        with mail_first.waited_for(B):
            leaving = [asyncio.create_task(mail_first.give_way(A)) for _ in range(3)]
            await asyncio.sleep(0)
            assert len(mail_first._parked) == 3
            leaving[0].cancel()
            await asyncio.sleep(0)
            assert len(mail_first._parked) == 2
            with contextlib.suppress(ValueError), mail_first.waited_for(A):
                raise ValueError("of the test")
            await asyncio.gather(*leaving, return_exceptions=True)
            assert ([one.cancelled() for one in leaving], mail_first._parked) == ([True, False, False], {})
            later = asyncio.create_task(mail_first.give_way(A))
            await asyncio.sleep(1)
            assert not later.done(), "nobody waits for it any more"
        await later
        assert (mail_first._parked, +mail_first._waited) == ({}, {})

    run(scene())


def test_only_who_is_waited_for_goes_on_before_the_others() -> None:
    async def scene() -> list[tuple[str, float]]:
        begun_s, seen = asyncio.get_running_loop().time(), list[tuple[str, float]]()
        mail_first = MailFirst(LONG_S)

        async def refresh(name: str) -> None:
            await mail_first.give_way(name)
            seen.append((name, asyncio.get_running_loop().time() - begun_s))

        with mail_first.waited_for(B):
            refreshes = [asyncio.create_task(refresh(name)) for name in (A, "c.example", "")]
            await asyncio.sleep(1)
            with mail_first.waited_for("c.example"), mail_first.waited_for("c.example"):
                await asyncio.sleep(1)
            await asyncio.sleep(1)
        await asyncio.gather(*refreshes)
        return seen

    assert run(scene()) == [("c.example", 1.0), (A, 3.0), ("", 3.0)]
