"""The only loop: ask what is wanted until nothing is.

A question is asked the moment it is wanted; there are no rounds, so the time taken is that of the longest chain of
dependent questions. The survey is consulted again with the evidence so far after the answers of each turn of the loop,
and where one of many domains is asked about, after those of SETTLING_S.

| bound | what happens beyond it |
|---|---|
| QUESTIONS_MAX questions | the rest are answered UNASKED |
| `asking.domain_timeout_s` | questions under way are answered TIMEOUT, waiting ones UNASKED |
| those of `net/pacing`, over all domains of the asker | further questions wait |

A question that raises is a bug of ours: it is passed on, after all others have been ended. The same holds for a
cancelled loop: no task and no socket outlives it.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime

import msgspec

from mxproof import __version__
from mxproof.evidence import Answer, Evidence, Outcome, Question, Vantage
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking
from mxproof.net.stream import PUNCTUALITY
from mxproof.survey.together import Wanted

QUESTIONS_MAX = 500
SETTLING_S = 0.005
"""How long answers of one of many domains are waited for after the first, before the survey is consulted with all of them:
they come one by one then, and to consult it is most of what a domain costs that shares its servers with others."""

Progress = Callable[[Question, Answer | None], None]
"""Called with None when a question is put and with its answer when that has come."""


async def collect(
    domain: str,
    asker: Asker,
    wanted: Wanted,
    *,
    evidence: Evidence | None = None,
    progress: Progress | None = None,
) -> Evidence:
    """Ask what `wanted` wants, and what it then wants, and return all answers.

    `evidence` holds answers that are known already; they are not asked for again. To ask again what has expired, begin
    with `evidence.without(evidence.expired(now))`. Its vantage says which sets of checks are wanted, and nothing else.
    """
    start = evidence or Evidence(domain=domain)
    assert start.domain == domain, "evidence is about one domain"
    start = msgspec.structs.replace(start, vantage=_vantage(asker.asking, start.vantage))
    loop = _Loop(start, asker, wanted, progress)
    try:
        async with asyncio.timeout(asker.asking.domain_timeout_s * PUNCTUALITY):
            await loop.run()
    except TimeoutError:
        loop.give_up()
    return loop.evidence


def _vantage(asking: Asking, wished: Vantage) -> Vantage:
    """Return from where and how is asked; which sets of checks are wanted is the caller's word."""
    return Vantage(
        software=f"mxproof {__version__}",
        host=socket.gethostname(),
        resolvers=tuple(str(peer) for peer in asking.resolvers),
        validating_because="not found out in time",
        families=asking.families,
        roots=asking.roots,
        simulated=asking.simulated,
        sets=wished.sets,
        selectors=wished.selectors,
        sending=wished.sending,
        lists=wished.lists,
    )


class _Loop:
    """One run: the evidence so far, and the questions put (`begun`: not waiting for a free connection any more)."""

    def __init__(self, evidence: Evidence, asker: Asker, wanted: Wanted, progress: Progress | None) -> None:
        self.evidence = evidence
        self._asker = asker
        self._asking = asker.asking
        self._share = asker.share()
        self._wanted = wanted
        self._progress = progress
        self._settling_s = SETTLING_S if asker.gathers else 0
        self._put: dict[Question, None] = {}
        self._begun: set[Question] = set()
        self._under_way = 0
        self._is_due = False

    async def run(self) -> None:
        """Run until nothing more is wanted. The group ends all of its tasks when one fails or the run is ended."""
        async with asyncio.TaskGroup() as group:
            if self._asking.trust_ad is None:
                group.create_task(self._find_out_validation())
            else:  # declared, so that the survey knows it from the first question
                await self._find_out_validation()
            await self._ask_in_turn(self._put_wanted(group), group)

    def give_up(self) -> None:
        """Answer what is unanswered when the time for the domain is over."""
        spent = f"the {self._asking.domain_timeout_s:g} s for one domain were over"
        under_way = [question for question in self._put if question in self._begun]
        self._record_all(under_way, Outcome.TIMEOUT, spent)
        self._record_all([*self._put, *self._wanted(self.evidence)], Outcome.UNASKED, spent)

    def _put_wanted(self, group: asyncio.TaskGroup) -> Question | None:
        """Put what is wanted: the first question is for the caller to ask, and each other one has a task of its own."""
        put, answers = self._put, self.evidence.answers
        wanted = dict.fromkeys(self._wanted(self.evidence))
        new = [question for question in wanted if question not in put and question not in answers]
        if not new:
            return None
        room = QUESTIONS_MAX - len(put)
        put.update(dict.fromkeys(new[:room]))
        self._under_way += len(new[:room])
        for question in new[1:room]:
            group.create_task(self._ask_in_turn(question, group))
        if new[room:]:
            self._record_all(
                new[room:], Outcome.UNASKED, f"more than {QUESTIONS_MAX} questions about one domain"
            )
        return new[0] if new[:room] else None

    async def _ask_in_turn(self, question: Question | None, group: asyncio.TaskGroup) -> None:
        """Ask a question, then the first that its answer leads to, and so on: to begin a task costs as much as to write a query."""
        while question is not None:
            answer = await self._asker.ask(question, self._share, self._begin)
            self._record([(question, answer)])
            self._under_way -= 1
            if self._is_due:  # answers that come at the same time are looked at together
                return
            if self._under_way:
                self._is_due = True
                await asyncio.sleep(self._settling_s)
                self._is_due = False
            question = self._put_wanted(group)

    def _begin(self, question: Question) -> None:
        self._begun.add(question)
        if self._progress is not None:
            self._progress(question, None)

    async def _find_out_validation(self) -> None:
        validating, because = await self._asker.validates(self._share)
        vantage = msgspec.structs.replace(
            self.evidence.vantage, validating=validating, validating_because=because
        )
        self.evidence = msgspec.structs.replace(self.evidence, vantage=vantage)

    def _record_all(self, questions: Iterable[Question], outcome: Outcome, detail: str) -> None:
        answer = Answer(outcome, datetime.now(UTC), detail=detail)
        unanswered = [one for one in dict.fromkeys(questions) if one not in self.evidence.answers]
        self._record([(question, answer) for question in unanswered])

    def _record(self, answers: Sequence[tuple[Question, Answer]]) -> None:
        self.evidence = self.evidence.with_answers(answers)
        if self._progress is not None:
            for question, answer in answers:
                self._progress(question, answer)
