"""Limits over all domains: none is passed, none is lost, and no domain waits for all that another one wants."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack

import pytest

from mxproof.evidence import Kind, Question
from mxproof.net.pacing import (
    ASKED_FOR_DOMAIN_MAX,
    CONNECTIONS_IN_ALL_MAX,
    CONNECTIONS_PER_MAIL_SERVER_MAX,
    CONNECTIONS_PER_POLICY_HOST_MAX,
    QUERIES_IN_ALL_MAX,
    QUERIES_PER_SERVER_MAX,
    SERVER_QUERIES_IN_ALL_MAX,
    Pace,
    Share,
)
from support_clock import run
from support_long import some


def smtp_at(number: int) -> Question:
    return Question(Kind.SMTP, "mx.example.com", f"192.0.2.{number}")


def policy_at(number: int) -> Question:
    return Question(Kind.POLICY, "mta-sts.example.com", f"192.0.2.{number}")


def at_server(number: int) -> Question:
    return Question(Kind.TXT, "example.com", server=f"192.0.2.{number}")


def of_resolver(number: int) -> Question:
    return Question(Kind.A, f"{number}.example.com")


async def settled() -> None:
    """Let all that can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


class Asked:
    """Questions put by tasks that hold their slots until they are told to leave; in the order in which they got them."""

    def __init__(self) -> None:
        self.under_way: list[str] = []
        self._leave: dict[str, asyncio.Event] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def put(self, share: Share, *questions: Question, name: str = "") -> None:
        for question in questions:
            key = name or f"{len(self._tasks)}"
            self._leave[key] = asyncio.Event()
            self._tasks[key] = asyncio.create_task(self._hold(key, share, question))
        await settled()

    async def _hold(self, key: str, share: Share, question: Question) -> None:
        async with share.slot(question):
            self.under_way.append(key)
            await self._leave[key].wait()
        self.under_way.remove(key)

    async def leave(self, count: int = 1) -> None:
        for key in self.under_way[:count]:
            self._leave[key].set()
        await settled()

    async def end(self) -> None:
        while self.under_way:
            await self.leave(len(self.under_way))
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)


@pytest.mark.parametrize(
    ("question", "most"),
    [
        (smtp_at(1), 2),
        (Question(Kind.TLS, "mx.example.com", "192.0.2.1"), 2),
        (policy_at(1), 16),
        (at_server(1), 16),
    ],
    ids=["mail server", "mail server asked about TLS", "policy host", "name server"],
)
def test_no_server_has_more_connections_of_us_than_its_operators_are_told(
    question: Question, most: int
) -> None:
    async def scenario() -> None:
        asked = Asked()
        share = Pace().share()
        await asked.put(share, *[question] * (most + 1))
        assert len(asked.under_way) == most
        await asked.end()

    run(scenario())


def test_what_is_asked_of_one_mail_server_about_mail_and_about_tls_is_bounded_together() -> None:
    async def scenario() -> None:
        asked = Asked()
        share = Pace().share()
        await asked.put(share, smtp_at(1), Question(Kind.TLS, "mx.example.com", "192.0.2.1"), smtp_at(1))
        assert len(asked.under_way) == 2
        await asked.put(share, policy_at(1), smtp_at(2))
        assert len(asked.under_way) == 4
        await asked.end()

    run(scenario())


@pytest.mark.parametrize(
    ("number", "a_domain", "in_all"),
    [(of_resolver, 64, 512), (at_server, 64, 256), (smtp_at, 64, 256), (policy_at, 64, 256)],
    ids=["resolver", "name server", "mail server", "policy host"],
)
def test_the_files_that_a_process_may_open_are_enough_for_all_questions_at_once(
    number: Callable[[int], Question], a_domain: int, in_all: int
) -> None:
    """Together they stay below 1024, what systems commonly allow."""

    async def scenario() -> None:
        pace, asked = Pace(), Asked()
        await asked.put(pace.share(), *(number(one) for one in range(a_domain + 1)))
        assert len(asked.under_way) == a_domain
        for domain in range(1, in_all // a_domain + 1):
            await asked.put(pace.share(), *(number(1000 * domain + one) for one in range(a_domain)))
        assert len(asked.under_way) == in_all
        await asked.end()

    run(scenario())


@pytest.mark.parametrize(
    ("question", "most"),
    [
        (smtp_at(1), CONNECTIONS_PER_MAIL_SERVER_MAX),
        (policy_at(1), CONNECTIONS_PER_POLICY_HOST_MAX),
        (at_server(1), QUERIES_PER_SERVER_MAX),
    ],
    ids=["mail server", "policy host", "name server"],
)
def test_one_endpoint_is_asked_so_often_at_once_by_all_domains_together(
    question: Question, most: int
) -> None:
    async def scenario() -> None:
        pace, asked = Pace(), Asked()
        for _ in range(most + 1):
            await asked.put(pace.share(), question)
        assert len(asked.under_way) == most
        await asked.leave()
        assert len(asked.under_way) == most
        await asked.end()
        assert len(pace) == 0

    run(scenario())


@pytest.mark.parametrize(
    ("number", "most"),
    [
        (of_resolver, QUERIES_IN_ALL_MAX),
        (at_server, SERVER_QUERIES_IN_ALL_MAX),
        (smtp_at, CONNECTIONS_IN_ALL_MAX),
        (policy_at, CONNECTIONS_IN_ALL_MAX),
    ],
    ids=["resolver", "name server", "mail server", "policy host"],
)
def test_a_domain_has_its_share_and_all_domains_have_theirs(number: type, most: int) -> None:
    async def scenario() -> None:
        pace, asked = Pace(), Asked()
        first = pace.share()
        await asked.put(first, *(number(one) for one in range(ASKED_FOR_DOMAIN_MAX + 1)))
        assert len(asked.under_way) == ASKED_FOR_DOMAIN_MAX
        for domain in range(1, most // ASKED_FOR_DOMAIN_MAX + 1):
            questions = [number(1000 * domain + one) for one in range(ASKED_FOR_DOMAIN_MAX)]
            await asked.put(pace.share(), *questions)
        assert len(asked.under_way) == most
        await asked.end()

    run(scenario())


def test_queries_do_not_wait_behind_servers_nor_connections_behind_queries() -> None:
    async def scenario() -> None:
        pace, asked = Pace(), Asked()
        share = pace.share()
        for number in (smtp_at, at_server, of_resolver):
            await asked.put(share, *(number(one) for one in range(ASKED_FOR_DOMAIN_MAX)))
        assert len(asked.under_way) == 3 * ASKED_FOR_DOMAIN_MAX
        await asked.end()

    run(scenario())


def test_a_domain_with_many_slow_servers_takes_nothing_from_another_while_it_waits() -> None:
    """Its share is used up, and what of it waits for that does not hold the servers that it waits to ask."""

    async def scenario() -> None:
        pace, asked = Pace(), Asked()
        slow = pace.share()
        await asked.put(slow, *(smtp_at(number) for number in range(ASKED_FOR_DOMAIN_MAX)))
        await asked.put(slow, *[smtp_at(200)] * CONNECTIONS_PER_MAIL_SERVER_MAX)
        await asked.put(pace.share(), smtp_at(200), name="other")
        assert asked.under_way[-1] == "other"
        await asked.end()

    run(scenario())


def test_domains_take_turns_at_a_server() -> None:
    async def scenario() -> None:
        pace, asked = Pace(), Asked()
        await asked.put(pace.share(), *[smtp_at(1)] * 20)
        await asked.put(pace.share(), smtp_at(1), name="other")
        await asked.leave()
        assert "other" not in asked.under_way
        await asked.leave()
        assert "other" in asked.under_way
        await asked.end()

    run(scenario())


def test_the_questions_of_one_domain_are_put_in_the_order_in_which_they_came() -> None:
    async def scenario() -> list[str]:
        pace, asked = Pace(), Asked()
        share = pace.share()
        await asked.put(share, *[smtp_at(1)] * CONNECTIONS_PER_MAIL_SERVER_MAX)
        for name in ("first", "second", "third"):
            await asked.put(share, smtp_at(1), name=name)
        got = []
        for _ in range(3):
            await asked.leave()
            got.append(asked.under_way[-1])
        await asked.end()
        return got

    assert run(scenario()) == ["first", "second", "third"]


def test_domains_take_turns_where_everything_is_taken() -> None:
    async def scenario() -> None:
        pace, asked = Pace(), Asked()
        shares = [pace.share() for _ in range(QUERIES_IN_ALL_MAX // ASKED_FOR_DOMAIN_MAX + 1)]
        for share in shares:
            await asked.put(share, *map(of_resolver, range(ASKED_FOR_DOMAIN_MAX)))
        await asked.put(pace.share(), of_resolver(1), name="other")
        await asked.leave(2)
        assert asked.under_way[-1] == "other"
        await asked.end()

    run(scenario())


def test_who_waits_for_all_goes_before_who_waits_for_the_server_that_becomes_free() -> None:
    """Else those who ask a server that many ask would pass on the room among themselves."""

    async def scenario() -> list[list[str]]:
        pace, asked = Pace(), Asked()
        await asked.put(pace.share(), *[smtp_at(1)] * CONNECTIONS_PER_MAIL_SERVER_MAX)
        for domain in range(1, CONNECTIONS_IN_ALL_MAX // ASKED_FOR_DOMAIN_MAX + 1):
            await asked.put(
                pace.share(), *(smtp_at(1000 * domain + one) for one in range(ASKED_FOR_DOMAIN_MAX))
            )
        await asked.put(pace.share(), smtp_at(1), name="at the server")
        await asked.put(pace.share(), smtp_at(2), name="at all")
        got = []
        for _ in range(CONNECTIONS_PER_MAIL_SERVER_MAX + 2):
            await asked.leave()
            got.append([one for one in asked.under_way if one.startswith("at ")])
        await asked.end()
        assert len(pace) == 0
        return got

    # In between come the two of the fourth domain that had to wait, one at each of its turns.
    assert run(scenario()) == [[], ["at all"], ["at all"], ["at all", "at the server"]]


def test_a_free_server_is_asked_while_others_wait_for_a_busy_one() -> None:
    async def scenario() -> None:
        pace, asked = Pace(), Asked()
        await asked.put(pace.share(), *[smtp_at(1)] * ASKED_FOR_DOMAIN_MAX * 2, smtp_at(2))
        assert len(asked.under_way) == CONNECTIONS_PER_MAIL_SERVER_MAX + 1
        await asked.end()

    run(scenario())


def test_a_wait_that_is_given_up_leaves_its_endpoint_free() -> None:
    async def scenario() -> None:
        pace = Pace()
        share = pace.share()
        async with AsyncExitStack() as all_taken:
            for number in range(ASKED_FOR_DOMAIN_MAX):
                await all_taken.enter_async_context(share.slot(smtp_at(number)))
            for _ in range(CONNECTIONS_PER_MAIL_SERVER_MAX):
                wait = asyncio.ensure_future(share.slot(smtp_at(200)).__aenter__())
                await asyncio.sleep(0)
                assert not wait.done()
                wait.cancel()
                await asyncio.gather(wait, return_exceptions=True)
        assert len(pace) == 0
        async with asyncio.timeout(1), share.slot(smtp_at(200)), share.slot(smtp_at(200)):
            pass

    run(scenario())


@pytest.mark.parametrize("given_first", [True, False])
def test_a_wait_that_is_given_up_as_its_turn_comes_passes_it_on(given_first: bool) -> None:
    async def scenario() -> None:
        pace = Pace()
        share = pace.share()
        holders = [share.slot(smtp_at(1)) for _ in range(CONNECTIONS_PER_MAIL_SERVER_MAX)]
        for holder in holders:
            await holder.__aenter__()
        given_up, next_one = (asyncio.ensure_future(share.slot(smtp_at(1)).__aenter__()) for _ in range(2))
        await asyncio.sleep(0)
        if given_first:
            await holders[0].__aexit__()
            given_up.cancel()
        else:
            given_up.cancel()
            await holders[0].__aexit__()
        async with asyncio.timeout(1):
            await next_one
        assert given_up.cancelled()

    run(scenario())


@pytest.mark.parametrize("seed", some(range(4), 4))
def test_whatever_is_asked_and_given_up_no_limit_is_passed_and_everybody_has_a_turn(seed: int) -> None:
    chance = random.Random(seed)
    now: Counter[object] = Counter()
    most: Counter[object] = Counter()

    async def hold(share: Share, question: Question) -> None:
        async with share.slot(question):
            for limit in ("all", share, question.at):
                now[limit] += 1
                most[limit] = max(most[limit], now[limit])
            try:
                await asyncio.sleep(chance.random())
            finally:
                for limit in ("all", share, question.at):
                    now[limit] -= 1

    async def scenario() -> int:
        pace = Pace()
        shares = [pace.share() for _ in range(8)]
        tasks = [
            asyncio.create_task(hold(chance.choice(shares), smtp_at(chance.randrange(200))))
            for _ in range(1500)
        ]
        for task in chance.sample(tasks, 300):
            await asyncio.sleep(chance.random() / 100)
            task.cancel()
        async with asyncio.timeout(1000):
            await asyncio.gather(*tasks, return_exceptions=True)
        return len(pace)

    assert run(scenario(), patience_s=0) == 0
    assert most.pop("all") == CONNECTIONS_IN_ALL_MAX
    assert {limit: count for limit, count in most.items() if count > ASKED_FOR_DOMAIN_MAX} == {}
    at_endpoints = [count for limit, count in most.items() if isinstance(limit, str)]
    assert max(at_endpoints) == CONNECTIONS_PER_MAIL_SERVER_MAX
    assert not +now
