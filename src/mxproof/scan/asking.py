"""Many questions asked at once, none of which holds up the others for long.

Questions for the resolver go to it as they come, some thousand ahead: how many are under way is its affair (`net/dns/bulk`).
Questions to one address go to it a few at a time and no more often than its rate (`rate`), so that a thousand policies at one host do not
occupy every connection; and one that has not been answered after SLOW_AFTER_S gives its place to the next, up to SLOW_MAX of
them, so that servers that are slow on purpose delay nobody else.
"""

import asyncio
import resource
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from itertools import groupby, islice

from mxproof.evidence import CONNECTION_KINDS, Answer, Evidence, Kind, Outcome, Question
from mxproof.net.dns.bulk_port import Told
from mxproof.net.pacing import CONNECTIONS_PER_MAIL_SERVER_MAX, CONNECTIONS_PER_POLICY_HOST_MAX
from mxproof.scan.network import Ask, NetworkAsk, Put
from mxproof.scan.rate import Rates, Turns

SLOW_AFTER_S = 2.0
SLOW_MAX = 4096
LAG_S = 0.1
LAGS_MAX = 50
FILES_KEPT = 128
"""Files that are open beside connections: parts, libraries, and the sockets to the resolvers."""
NAMES_AHEAD_MAX = 2048
"""Questions for the resolver that are put before there are answers to the first of them."""
DOMAINS_AHEAD_MAX = 512
_WANTS_NONE = "the address is to have no connection, as the rates of this scan say"
_AT_ONCE = {Kind.POLICY: CONNECTIONS_PER_POLICY_HOST_MAX}

Questions = Callable[[Evidence], Sequence[Question]]


class QuestionPlaces:
    """So many questions under way that are answered soon, and others beside them that are not.

    None is begun while this process lags behind what has come already: otherwise its own haste would be what makes everybody slow.
    """

    def __init__(self, at_once: int, slow: int = SLOW_MAX) -> None:
        self._quick = asyncio.Semaphore(at_once)
        self._slow = asyncio.Semaphore(slow)

    async def answer(self, question: Question, ask: Ask) -> Answer:
        """Return the answer to a question when there is a place for it."""
        async with self._quick:
            await _no_lag()
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


async def _no_lag() -> None:
    """Return when a turn of the event loop is short."""
    loop = asyncio.get_running_loop()
    for _ in range(LAGS_MAX):
        began = loop.time()
        await asyncio.sleep(0)
        if loop.time() - began < LAG_S:
            return
        await asyncio.sleep(LAG_S)


def places(at_once: int) -> QuestionPlaces:
    """Return places for `at_once` connections, fewer where this process may not have as many files open."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0] - FILES_KEPT
    quick = max(1, min(at_once, files // 2))
    return QuestionPlaces(quick, max(1, min(SLOW_MAX, files - quick)))


async def all_answered(
    questions: Sequence[Question], ask: Ask, at_once: int, rates: Rates | None = None
) -> dict[Question, Answer]:
    """Return the answers to shared questions; what is at an address that is to have no connection is unasked."""
    free = places(at_once)
    answers = await names_answered(
        (one for one in questions if one.kind not in CONNECTION_KINDS), _put_by(ask)
    )

    async def take(waiting: Iterator[Question], turns: Turns | None) -> None:
        for question in waiting:
            if turns is not None:
                await asyncio.sleep(turns.wait_s(asyncio.get_running_loop().time()))
            answers[question] = await free.answer(question, ask)

    async with asyncio.TaskGroup() as group:
        for several, runners in _queues(questions):
            rate = rates.of(several[0]) if rates is not None else None
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


def _queues(questions: Sequence[Question]) -> Iterator[tuple[Sequence[Question], int]]:
    """Yield the questions to each address apart, and how many go out at once."""
    connections = sorted((one for one in questions if one.kind in CONNECTION_KINDS), key=_server)
    for (kind, _), group in groupby(connections, _server):
        several = list(group)
        yield several, min(_AT_ONCE.get(kind, CONNECTIONS_PER_MAIL_SERVER_MAX), len(several))


def _server(question: Question) -> tuple[Kind, str]:
    return (Kind.POLICY if question.kind is Kind.POLICY else Kind.SMTP), question.at


async def names_answered(questions: Iterable[Question], put: Put) -> dict[Question, Answer]:
    """Return the answers to questions for the resolver; raises what asking raises, and asks no more then."""
    answers: dict[Question, Answer] = {}
    waiting = iter(questions)
    over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    under_way = 0

    def told(question: Question, answer: Answer | Exception) -> None:
        nonlocal under_way
        if over.done():
            return
        if isinstance(answer, Exception):
            over.set_exception(answer)
            return
        answers[question] = answer
        following = next(waiting, None)
        if following is not None:
            put(following, told)
            return
        under_way -= 1
        if not under_way:
            over.set_result(None)

    for question in islice(waiting, NAMES_AHEAD_MAX):
        under_way += 1
        put(question, told)
    if under_way:
        await over
    return answers


def _put_by(ask: Ask) -> Put:
    """Return how a question is put to whoever answers one by one."""
    if isinstance(ask, NetworkAsk):
        return ask.bulk.put
    tasks: set[asyncio.Future[Answer]] = set()

    def put(question: Question, told: Told) -> None:
        asked = asyncio.ensure_future(ask(question))
        tasks.add(asked)

        def done(_asked: asyncio.Future[Answer]) -> None:
            tasks.discard(asked)
            if not asked.cancelled():
                error = asked.exception()
                told(question, asked.result() if not isinstance(error, Exception) else error)

        asked.add_done_callback(done)

    return put


async def each_answered(starts: Sequence[Evidence], wanted: Questions, ask: Ask) -> list[Evidence]:
    """Return the evidence of each domain with the answers to all that `wanted` wants of it, and to what it then wants."""
    found = list(starts)
    waiting = iter(range(len(found)))
    put = _put_by(ask)

    async def take() -> None:
        for place in waiting:
            while questions := wanted(found[place]):
                answers = await names_answered(questions, put)
                found[place] = found[place].with_answers([(one, answers[one]) for one in questions])

    async with asyncio.TaskGroup() as group:
        for _ in range(min(DOMAINS_AHEAD_MAX, len(found))):
            group.create_task(take())
    return found
