"""The answers of one run, so that what several domains have in common is asked once.

Domains share mail servers, name servers and resolvers, and a question names no domain but those in its name: the same
question has the same answer whoever it is asked for. An answer is given again as long as it stands (`evidence/lifetime`),
and one that is being waited for is waited for by all, whatever its TTL.

Memory does not grow with the number of domains: once a domain is done, what was asked about names of its own that are no
mail server's is let go unless another domain has wanted it too, and of the rest those ANSWERS_HELD_MAX are held that were
wanted last.

Who answers mail as it comes shares only what domains are likely to have in common (`of`), and holds no failure: who asks
next may have better luck, as if nobody had asked before.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import msgspec

from mxproof.evidence import ANSWERED, Answer, Evidence, Question
from mxproof.evidence.lifetime import is_current
from mxproof.survey.reading import alias_chain, mx_set

ANSWERS_HELD_MAX = 2000
"""As many as some hundred domains have in common; what they share is wanted again and again, and so stays."""


class _Held:
    """An answer, and whether more than one domain has wanted it."""

    __slots__ = ("answer", "is_common")

    def __init__(self, answer: Answer, *, is_common: bool) -> None:
        self.answer = answer
        self.is_common = is_common


class SharedAnswers:
    """Answers by question; it belongs to one event loop, and to askers with one and the same way of asking.

    Given `of`, it takes only the questions for which that is true, and nobody has to `let_go`. By `now` it is known what
    has expired.
    """

    def __init__(
        self,
        held_max: int = ANSWERS_HELD_MAX,
        of: Callable[[Question], bool] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._held_max = held_max
        self._of = of
        self._now = now
        self._held: OrderedDict[Question, _Held] = OrderedDict()
        self._under_way: dict[Question, asyncio.Future[Answer | None]] = {}
        self._awaited: set[Question] = set()

    def __len__(self) -> int:
        """Return how many answers are held."""
        return len(self._held)

    @property
    def is_partial(self) -> bool:
        """Tell whether only some questions are shared."""
        return self._of is not None

    def takes(self, question: Question) -> bool:
        """Tell whether a question is shared."""
        return self._of is None or self._of(question)

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
            self._awaited.add(question)
            await asyncio.wait({waited})
            answer = waited.result()
            if answer is not None:
                return _shared(answer)

    def let_go(self, evidence: Evidence) -> None:
        """Let go what was asked about a domain that is done and names below it, where no other has wanted it.

        What is known of its mail servers stays, for others may share them.
        """
        exchanges = mx_set(evidence).exchanges
        hosts = [name for one in exchanges for name in alias_chain(evidence, one.name)]
        for question in evidence.answers:
            held, name = self._held.get(question), question.name
            is_own = _is_within(name, evidence.domain) and not any(_is_within(name, host) for host in hosts)
            if is_own and held is not None and not held.is_common:
                del self._held[question]

    def _current(self, question: Question) -> Answer | None:
        held = self._held.get(question)
        if held is None:
            return None
        if not is_current(question, held.answer, self._now()):
            del self._held[question]
            return None
        held.is_common = True
        self._held.move_to_end(question)
        return _shared(held.answer)

    async def _asked(self, question: Question, ask: Callable[[], Awaitable[Answer]]) -> Answer:
        waited: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._under_way[question] = waited
        answer = None
        try:
            answer = await ask()
        finally:
            del self._under_way[question]
            is_common = question in self._awaited
            self._awaited.discard(question)
            waited.set_result(answer)
        if self.is_partial and answer.outcome not in ANSWERED:
            self._held.pop(question, None)
            return answer
        self._held[question] = _Held(answer, is_common=is_common)
        while len(self._held) > self._held_max:
            self._held.popitem(last=False)
        return answer


def _is_within(name: str, domain: str) -> bool:
    return name == domain or name.endswith(f".{domain}")


def _shared(answer: Answer) -> Answer:
    return msgspec.structs.replace(answer, shared=True)
