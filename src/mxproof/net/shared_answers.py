"""The answers of one run, so that what several domains have in common is asked once.

Domains share mail servers, name servers and resolvers, and a question names no domain but those in its name: the same
question has the same answer whoever it is asked for. An answer is given again as long as it stands (`evidence/lifetime`),
and one that is being waited for is waited for by all, whatever its TTL. Held are the ANSWERS_HELD_MAX that were wanted
last, so that memory does not grow with the number of domains.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec

from mxproof.evidence import Answer, Question
from mxproof.evidence.lifetime import is_current

ANSWERS_HELD_MAX = 4000
"""As many as some hundred domains need; what they share is wanted again and again, and so stays."""


class SharedAnswers:
    """Answers by question; it belongs to one event loop, and to askers with one and the same way of asking."""

    def __init__(self, held_max: int = ANSWERS_HELD_MAX) -> None:
        self._held_max = held_max
        self._held: OrderedDict[Question, Answer] = OrderedDict()
        self._under_way: dict[Question, asyncio.Future[Answer | None]] = {}

    def __len__(self) -> int:
        """Return how many answers are held."""
        return len(self._held)

    async def answer(self, question: Question, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        """Return the answer that is held or being waited for, marked as shared, or else the one that `ask` brings.

        Where whoever asks is ended before there is an answer, the next of those who wait asks.
        """
        while True:
            held = self._current(question)
            if held is not None:
                return held
            waited = self._under_way.get(question)
            if waited is None:
                return await self._asked(question, ask)
            await asyncio.wait({waited})
            answer = waited.result()
            if answer is not None:
                return _shared(answer)

    def _current(self, question: Question) -> Answer | None:
        answer = self._held.get(question)
        if answer is None:
            return None
        if not is_current(question, answer, datetime.now(UTC)):
            del self._held[question]
            return None
        self._held.move_to_end(question)
        return _shared(answer)

    async def _asked(self, question: Question, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        waited: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._under_way[question] = waited
        answer = None
        try:
            answer = await ask()
        finally:
            del self._under_way[question]
            waited.set_result(answer)
        self._held[question] = answer
        while len(self._held) > self._held_max:
            self._held.popitem(last=False)
        return answer


def _shared(answer: Answer) -> Answer:
    return msgspec.structs.replace(answer, shared=True)
