"""The only loop: ask what is wanted until nothing is.

A question is asked the moment it is wanted; there are no rounds, so the time taken is that of the longest chain of
dependent questions. After each answer the survey is consulted again with the evidence so far.

| bound | what happens beyond it |
|---|---|
| QUESTIONS_MAX questions | the rest are answered UNASKED |
| `asking.domain_timeout_s` | questions under way are answered TIMEOUT, waiting ones UNASKED |
| those of `net/pacing` | further questions wait |

A question that raises is a bug of ours: it is passed on, after all others have been ended. The same holds for a
cancelled loop: no task and no socket outlives it.
"""

import asyncio
import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime

import msgspec

from mxproof import __version__
from mxproof.evidence import Answer, Evidence, Kind, Outcome, Question, Vantage
from mxproof.net.asking import Asking
from mxproof.net.dns.lookup import ask_dns, validates
from mxproof.net.dns.udp import DatagramSockets
from mxproof.net.https import ask_policy
from mxproof.net.pacing import Pace
from mxproof.net.smtp import ask_smtp

QUESTIONS_MAX = 500

Wanted = Callable[[Evidence], Iterable[Question]]
Progress = Callable[[Question, Answer | None], None]
"""Called with None when a question is put and with its answer when that has come."""


async def ask(question: Question, asking: Asking, sockets: DatagramSockets) -> Answer:
    """Ask one question; what fails is in the answer."""
    match question.kind:
        case Kind.SMTP:
            return await ask_smtp(question, asking)
        case Kind.POLICY:
            return await ask_policy(question, asking)
        case _:
            return await ask_dns(question, asking, sockets)


async def collect(
    domain: str,
    asking: Asking,
    wanted: Wanted,
    *,
    evidence: Evidence | None = None,
    progress: Progress | None = None,
    sockets: DatagramSockets | None = None,
) -> Evidence:
    """Ask what `wanted` wants, and what it then wants, and return all answers.

    `evidence` holds answers that are known already; they are not asked for again. `sockets` are the caller's, where
    they are to outlive this domain.
    """
    start = evidence or Evidence(domain=domain)
    assert start.domain == domain, "evidence is about one domain"
    start = msgspec.structs.replace(start, vantage=_vantage(asking))
    with DatagramSockets() if sockets is None else nullcontext(sockets) as open_lines:
        loop = _Loop(start, asking, open_lines, wanted, progress)
        try:
            async with asyncio.timeout(asking.domain_timeout_s):
                await loop.run()
        except TimeoutError:
            loop.give_up()
    return loop.evidence


def _vantage(asking: Asking) -> Vantage:
    return Vantage(
        software=f"mxproof {__version__}",
        host=socket.gethostname(),
        resolvers=tuple(str(peer) for peer in asking.resolvers),
        validating_because="not found out in time",
        families=asking.families,
        roots=asking.roots,
        simulated=asking.simulated,
    )


class _Loop:
    """One run: the evidence so far, and the questions put (`begun`: not waiting for a free connection any more)."""

    def __init__(
        self,
        evidence: Evidence,
        asking: Asking,
        sockets: DatagramSockets,
        wanted: Wanted,
        progress: Progress | None,
    ) -> None:
        self.evidence = evidence
        self._asking = asking
        self._sockets = sockets
        self._wanted = wanted
        self._progress = progress or (lambda _question, _answer: None)
        self._pace = Pace()
        self._put: dict[Question, asyncio.Task[None]] = {}
        self._begun: set[Question] = set()

    async def run(self) -> None:
        """Run until nothing more is wanted. The group ends all of its tasks when one fails or the run is ended."""
        async with asyncio.TaskGroup() as group:
            if self._asking.trust_ad is None:
                group.create_task(self._find_out_validation())
            else:
                await (
                    self._find_out_validation()
                )  # declared, so that the survey knows it from the first question
            self._put_wanted(group)

    def give_up(self) -> None:
        """Answer what is unanswered when the time for the domain is over."""
        spent = f"the {self._asking.domain_timeout_s:g} s for one domain were over"
        under_way = [question for question in self._put if question in self._begun]
        self._record_all(under_way, Outcome.TIMEOUT, spent)
        self._record_all([*self._put, *self._wanted(self.evidence)], Outcome.UNASKED, spent)

    def _put_wanted(self, group: asyncio.TaskGroup) -> None:
        unput = [question for question in self._wanted(self.evidence) if question not in self._put]
        new = [question for question in dict.fromkeys(unput) if question not in self.evidence.answers]
        room = QUESTIONS_MAX - len(self._put)
        for question in new[:room]:
            self._put[question] = group.create_task(self._ask(question, group))
        if new[room:]:
            self._record_all(
                new[room:], Outcome.UNASKED, f"more than {QUESTIONS_MAX} questions about one domain"
            )

    async def _ask(self, question: Question, group: asyncio.TaskGroup) -> None:
        async with self._pace.slot(question):
            self._begun.add(question)
            self._progress(question, None)
            answer = await ask(question, self._asking, self._sockets)
        self._record([(question, answer)])
        self._put_wanted(group)

    async def _find_out_validation(self) -> None:
        validating, because = await validates(self._asking, self._sockets)
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
        for question, answer in answers:
            self._progress(question, answer)
