"""Many questions at once: few of them to one address, and none that is slow in the way of the others."""

import asyncio
from collections import Counter

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.net.pacing import CONNECTIONS_PER_MAIL_SERVER_MAX
from mxproof.scan.asking import SLOW_AFTER_S, QuestionPlaces, all_answered
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
