"""Many questions at once: few of them to one address, and none that is slow in the way of the others."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from contextlib import nullcontext

import pytest

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.formats.tls_offer import Offer
from mxproof.net.dns.bulk_port import Told
from mxproof.net.pacing import CONNECTIONS_PER_MAIL_SERVER_MAX, CONNECTIONS_PER_POLICY_HOST_MAX
from mxproof.scan.asking import (
    NAMES_AHEAD_MAX,
    SLOW_AFTER_S,
    QuestionPlaces,
    all_answered,
    names_answered,
)
from support_certificates import NOW
from support_clock import run

FOUND = Answer(Outcome.FOUND, NOW)


def test_an_address_has_few_connections_at_a_time() -> None:
    under_way: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def ask(question: Question) -> Answer:
        under_way[question.at] += 1
        most[question.at] = max(most[question.at], under_way[question.at])
        await asyncio.sleep(0)
        under_way[question.at] -= 1
        return FOUND

    questions = [Question(Kind.SMTP, f"mx{number}.example", f"192.0.2.{number % 2}") for number in range(20)]
    answers = asyncio.run(all_answered(questions, ask, at_once=50))
    assert set(answers) == set(questions)
    assert set(most.values()) == {CONNECTIONS_PER_MAIL_SERVER_MAX}


def test_who_never_answers_delays_nobody_else() -> None:
    slow = [Question(Kind.SMTP, "mx.example", f"192.0.2.{number}") for number in range(3)]
    quick = [Question(Kind.SMTP, "mx.example", f"198.51.100.{number}") for number in range(9)]
    answered: list[Question] = []

    async def main() -> None:
        all_quick = asyncio.Event()

        async def ask(question: Question) -> Answer:
            if question in slow:
                await all_quick.wait()
            answered.append(question)
            if set(quick) <= set(answered):
                all_quick.set()
            return FOUND

        await all_answered([*slow, *quick], ask, at_once=3)

    run(main())
    assert set(answered) == {*slow, *quick}
    assert set(answered[: len(quick)]) == set(quick)


def test_where_there_is_no_place_for_another_that_is_slow_its_answer_is_taken_in_its_own() -> None:
    """The first never answers while the second has not: nobody waits for the place that it has."""
    first, second = (Question(Kind.SMTP, "mx.example", f"192.0.2.{number}") for number in (1, 2))
    order: list[Question] = []

    async def main() -> None:
        places, second_answered = QuestionPlaces(at_once=2, slow=1), asyncio.Event()

        async def ask(question: Question) -> Answer:
            if question == first:
                await second_answered.wait()
            else:
                await asyncio.sleep(2 * SLOW_AFTER_S)
            return FOUND

        async def answered(question: Question) -> None:
            await places.answer(question, ask)
            order.append(question)
            if question == second:
                second_answered.set()

        waiting = asyncio.create_task(answered(first))
        await asyncio.sleep(SLOW_AFTER_S + 1.0)
        async with asyncio.timeout(10 * SLOW_AFTER_S):
            await answered(second)
        await waiting

    run(main())
    assert order == [second, first]


def at_most(questions: list[Question]) -> Counter[str]:
    """Return how many questions of each kind were under way at once at most."""
    under_way: Counter[str] = Counter()
    most: Counter[str] = Counter()

    async def ask(question: Question) -> Answer:
        sort = "policy" if question.kind is Kind.POLICY else "mail"
        under_way[sort] += 1
        most[sort] = max(most[sort], under_way[sort])
        await asyncio.sleep(0)
        under_way[sort] -= 1
        return FOUND

    answers = asyncio.run(all_answered(questions, ask, at_once=50))
    assert set(answers) == set(questions)
    return most


def test_a_mail_server_has_few_connections_of_all_kinds_together_and_a_policy_host_its_own() -> None:
    address = "192.0.2.1"
    several = [Question(Kind.SMTP, f"mx{number}.example", address) for number in range(9)]
    several += [Question(Kind.TLS, "mx.example", address, offer=offer) for offer in Offer if offer]
    several += [Question(Kind.POLICY, f"mta-sts.d{number}.example", address) for number in range(20)]
    assert at_most(several) == {
        "mail": CONNECTIONS_PER_MAIL_SERVER_MAX,
        "policy": CONNECTIONS_PER_POLICY_HOST_MAX,
    }
    assert at_most(several[:1]) == {"mail": 1}


def soon(scenario: Coroutine[None, None, None]) -> None:
    """Run a scenario that must not wait for ever."""

    async def bounded() -> None:
        async with asyncio.timeout(100 * SLOW_AFTER_S):
            await scenario

    run(bounded(), patience_s=0.0)


@pytest.mark.parametrize("fails", [False, True])
def test_the_place_of_one_that_was_slow_is_free_again_once_it_has_ended(fails: bool) -> None:
    first, second, third = (Question(Kind.SMTP, "mx.example", f"192.0.2.{number}") for number in (1, 2, 3))
    order: list[Question] = []

    async def main() -> None:
        places, third_answered = QuestionPlaces(at_once=1, slow=1), asyncio.Event()

        async def ask(question: Question) -> Answer:
            if question == first:
                await asyncio.sleep(2 * SLOW_AFTER_S)
                if fails:
                    raise ConnectionError
            if question == second:
                await third_answered.wait()
            return FOUND

        async def answered(question: Question) -> None:
            await places.answer(question, ask)
            order.append(question)
            if question == third:
                third_answered.set()

        for _ in range(2):
            with pytest.raises(ConnectionError) if fails else nullcontext():
                await places.answer(first, ask)
        waiting = asyncio.create_task(answered(second))
        await asyncio.sleep(0)
        await answered(third)
        await waiting

    soon(main())
    assert order == [third, second]


@pytest.mark.parametrize("after_s", [0.0, 2 * SLOW_AFTER_S])
def test_nobody_is_asked_any_more_for_whom_nobody_waits_and_the_place_is_free(after_s: float) -> None:
    given_up: list[Question] = []
    question = Question(Kind.SMTP, "mx.example", "192.0.2.1")

    async def main() -> None:
        places = QuestionPlaces(at_once=1, slow=1)

        async def never(asked: Question) -> Answer:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                given_up.append(asked)
                raise
            raise AssertionError

        async def at_once(_asked: Question) -> Answer:
            return FOUND

        for _ in range(2):
            waiting = asyncio.create_task(places.answer(question, never))
            await asyncio.sleep(after_s + 0.5)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
        await asyncio.sleep(0)
        assert given_up == [question, question]
        assert await places.answer(question, at_once) == FOUND

    soon(main())


NAMES = [Question(Kind.A, f"h{number}.example") for number in range(NAMES_AHEAD_MAX + 3)]


def test_names_are_put_some_ahead_and_each_answer_makes_room_for_the_next() -> None:
    put: list[Question] = []
    tell: dict[Question, Told] = {}

    async def main() -> None:
        def note(question: Question, told: Told) -> None:
            put.append(question)
            tell[question] = told

        asked = asyncio.create_task(names_answered(NAMES, note))
        await asyncio.sleep(0)
        assert put == NAMES[:NAMES_AHEAD_MAX]
        tell[NAMES[5]](NAMES[5], FOUND)
        assert put == NAMES[: NAMES_AHEAD_MAX + 1]
        for question in NAMES:
            if question != NAMES[5]:
                assert not asked.done()
                tell[question](question, FOUND)
        assert await asked == dict.fromkeys(NAMES, FOUND)
        assert put == NAMES
        assert await names_answered([], note) == {}

    soon(main())


def test_an_error_ends_the_asking_and_whatever_is_told_later_changes_nothing() -> None:
    put: list[Question] = []
    tell: dict[Question, Told] = {}

    async def main() -> None:
        def note(question: Question, told: Told) -> None:
            put.append(question)
            tell[question] = told

        asked = asyncio.create_task(names_answered(NAMES, note))
        await asyncio.sleep(0)
        tell[NAMES[1]](NAMES[1], ValueError("the first"))
        tell[NAMES[2]](NAMES[2], ValueError("the second"))
        tell[NAMES[0]](NAMES[0], FOUND)
        with pytest.raises(ValueError, match="the first"):
            await asked
        assert len(put) == NAMES_AHEAD_MAX

    soon(main())
