"""Many questions at once: few of them to one address, and none that is slow in the way of the others."""

import asyncio
from collections import Counter

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.net.pacing import CONNECTIONS_PER_MAIL_SERVER_MAX
from mxproof.scan.asking import all_answered
from support_certificates import NOW

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

    asyncio.run(main())
    assert set(answered) == {*slow, *quick}
    assert set(answered[: len(quick)]) == set(quick)
