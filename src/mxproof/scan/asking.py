"""Many questions asked at once, none of which holds up the others for long.

Questions to one address go to it a few at a time and no more often than its rate (`rate`), so that a thousand policies at one host do not occupy every connection; and
one that has not been answered after SLOW_AFTER_S gives its place to the next, up to SLOW_MAX of them, so that servers that are slow
on purpose delay nobody else.
"""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby

from mxproof.evidence import CONNECTION_KINDS, Answer, Evidence, Kind, Outcome, Question
from mxproof.net.pacing import CONNECTIONS_PER_MAIL_SERVER_MAX, CONNECTIONS_PER_POLICY_HOST_MAX
from mxproof.scan.network import Ask
from mxproof.scan.rate import Rates, Turns

SLOW_AFTER_S = 2.0
SLOW_MAX = 4096
DOMAINS_AT_ONCE = 128
_WANTS_NONE = "the address is to have no connection, as the rates of this scan say"
_AT_ONCE = {Kind.POLICY: CONNECTIONS_PER_POLICY_HOST_MAX}

Questions = Callable[[Evidence], Sequence[Question]]


class QuestionPlaces:
    """So many questions under way that are answered soon, and others beside them that are not."""

    def __init__(self, at_once: int) -> None:
        self._quick = asyncio.Semaphore(at_once)
        self._slow = asyncio.Semaphore(SLOW_MAX)

    async def answer(self, question: Question, ask: Ask) -> Answer:
        """Return the answer to a question when there is a place for it."""
        async with self._quick:
            asked = asyncio.ensure_future(ask(question))
            try:
                await asyncio.wait({asked}, timeout=SLOW_AFTER_S)
                if asked.done() or self._slow.locked():
                    return await asked
            except BaseException:
                asked.cancel()
                raise
            await self._slow.acquire()
        try:
            return await asked
        finally:
            self._slow.release()


async def all_answered(
    questions: Sequence[Question], ask: Ask, at_once: int, rates: Rates | None = None
) -> dict[Question, Answer]:
    """Return the answers to shared questions; what is at an address that is to have no connection is unasked."""
    places = QuestionPlaces(at_once)
    answers: dict[Question, Answer] = {}

    async def take(waiting: Iterator[Question], turns: Turns | None) -> None:
        for question in waiting:
            if turns is not None:
                await asyncio.sleep(turns.wait_s(asyncio.get_running_loop().time()))
            answers[question] = await places.answer(question, ask)

    async with asyncio.TaskGroup() as group:
        for several, runners in _queues(questions, at_once):
            rate = rates.of(several[0]) if rates is not None and several[0].at else None
            if rate == 0:
                answers.update(
                    dict.fromkeys(several, Answer(Outcome.UNASKED, datetime.now(UTC), detail=_WANTS_NONE))
                )
                continue
            turns = Turns(rate) if rate is not None else None
            waiting = iter(several)
            for _ in range(runners):
                group.create_task(take(waiting, turns))
    return answers


def _queues(questions: Sequence[Question], at_once: int) -> Iterator[tuple[Sequence[Question], int]]:
    """Yield the questions of each address apart, those for the resolver together, and how many go out at once."""
    names = [one for one in questions if one.kind not in CONNECTION_KINDS]
    if names:
        yield names, min(at_once, len(names))
    connections = sorted((one for one in questions if one.kind in CONNECTION_KINDS), key=_server)
    for (kind, _), group in groupby(connections, _server):
        several = list(group)
        yield several, min(_AT_ONCE.get(kind, CONNECTIONS_PER_MAIL_SERVER_MAX), len(several))


def _server(question: Question) -> tuple[Kind, str]:
    return (Kind.POLICY if question.kind is Kind.POLICY else Kind.SMTP), question.at


async def each_answered(
    starts: Sequence[Evidence], wanted: Questions, ask: Ask, at_once: int
) -> list[Evidence]:
    """Return the evidence of each domain with the answers to all that `wanted` wants of it, and to what it then wants."""
    places = QuestionPlaces(at_once)
    found = list(starts)
    waiting = iter(range(len(found)))

    async def take() -> None:
        for place in waiting:
            while questions := wanted(found[place]):
                answers = await asyncio.gather(*(places.answer(question, ask) for question in questions))
                found[place] = found[place].with_answers(zip(questions, answers, strict=True))

    async with asyncio.TaskGroup() as group:
        for _ in range(min(DOMAINS_AT_ONCE, len(found))):
            group.create_task(take())
    return found
