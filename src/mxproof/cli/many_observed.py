"""Many domains observed by one asker: so many at once, and none far ahead of what has been read of them.

    thread of the asker: workers --ask--> observations --+
                             ^                           | queue
                             +--------- room ------------+
    main thread:                       judge, write <----+

Asking has a thread of its own, so that judging and writing, which may wait for whoever reads the output, take no time
away from servers that answer. A domain is begun where at most AHEAD_FACTOR times `jobs` before it have not been read yet:
memory does not grow with the number of domains, and one slow domain does not hold up the others for long.

Failure is data here, too: a domain whose asking ends in a bug of ours is an observation in which all that is wanted is
unasked, for that reason.
"""

import asyncio
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Thread

import msgspec

from mxproof.cli.evidence_source import Observation, Surroundings, Survey, surroundings
from mxproof.cli.interruption import Interruption
from mxproof.cli.options.asking import AskingOptions
from mxproof.evidence import Answer, Evidence, Outcome
from mxproof.formats.names import Domain
from mxproof.net.asker import Asker
from mxproof.net.loop import run
from mxproof.net.shared_answers import SharedAnswers

AHEAD_FACTOR = 4


class Observed(msgspec.Struct, frozen=True):
    """One domain as it was observed, and its place among the others; `fault` says what of ours kept it from being asked."""

    place: int
    domain: Domain
    observation: Observation
    fault: str = ""


class _Ended(msgspec.Struct, frozen=True):
    """The asker has ended; `error` is what ended it before all was asked."""

    error: BaseException | None = None


class ManyObserved:
    """Iterate over it for the observations of `domains`, each as soon as it is whole; it ends early at Ctrl-C."""

    def __init__(
        self,
        domains: Sequence[Domain],
        options: AskingOptions,
        survey: Survey,
        jobs: int,
        interruption: Interruption,
    ) -> None:
        self._domains = domains
        self._options = options
        self._survey = survey
        self._jobs = jobs
        self._interruption = interruption
        self._queue: SimpleQueue[Observed | _Ended | None] = SimpleQueue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._asking: asyncio.Task[None] | None = None
        self._room: asyncio.Semaphore | None = None
        self._is_over = False

    def __iter__(self) -> Iterator[Observed]:
        """Ask, and yield what was observed; whoever has read one tells so by `read`."""
        thread = Thread(target=self._run, name="asker", daemon=True)
        self._interruption.wake = lambda: self._queue.put(None)
        thread.start()
        try:
            while not self._interruption.came:
                match self._queue.get():
                    case Observed() as observed:
                        yield observed
                    case _Ended(error):
                        if error is not None:
                            raise error
                        return
        finally:
            self._interruption.wake = lambda: None
            self._end()
            thread.join()

    def read(self) -> None:
        """Make room for one more domain."""
        loop, room = self._loop, self._room
        if loop is not None and room is not None and not loop.is_closed():
            loop.call_soon_threadsafe(room.release)

    def _end(self) -> None:
        self._is_over = True
        loop, asking = self._loop, self._asking
        if loop is not None and asking is not None and not loop.is_closed():
            loop.call_soon_threadsafe(asking.cancel)

    def _run(self) -> None:
        """Ask, in the thread of the asker; what ends it is passed on."""
        try:
            run(self._ask_all())
        except asyncio.CancelledError:
            self._queue.put(_Ended())
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._queue.put(_Ended(error))
        else:
            self._queue.put(_Ended())

    async def _ask_all(self) -> None:
        survey = self._survey
        self._room = asyncio.Semaphore(self._jobs * AHEAD_FACTOR)
        self._asking = asyncio.current_task()
        self._loop = asyncio.get_running_loop()
        if self._is_over:  # before there was a loop to be told so
            return
        async with surroundings(self._options, survey) as around:
            with Asker(around.asking, SharedAnswers()) as asker:
                waiting = iter(enumerate(self._domains))
                async with asyncio.TaskGroup() as group:
                    for _ in range(min(self._jobs, len(self._domains))):
                        group.create_task(self._work(waiting, around, asker, survey, self._room))

    async def _work(
        self,
        waiting: Iterator[tuple[int, Domain]],
        around: Surroundings,
        asker: Asker,
        survey: Survey,
        room: asyncio.Semaphore,
    ) -> None:
        """Take one domain after another, as long as there are any and there is room."""
        for place, domain in waiting:
            await room.acquire()
            try:
                observation = await around.observation(domain, asker, survey)
                if asker.shared is not None:
                    asker.shared.let_go(observation.evidence)
                self._queue.put(Observed(place, domain, observation))
            except Exception as error:  # noqa: BLE001 - a bug about one domain leaves the others alone
                first = _first(error)
                fault = f"{type(first).__name__}: {first}"
                unasked = Observation(unasked_evidence(domain, survey, fault), around.memories)
                self._queue.put(Observed(place, domain, unasked, fault))


def _first(error: BaseException) -> BaseException:
    """Return the first of the errors that several tasks ended with."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def unasked_evidence(domain: Domain, survey: Survey, fault: str) -> Evidence:
    """Return the evidence of a domain that was not asked about, for a fault of ours that is said beside each question."""
    start = survey.start(domain)
    answer = Answer(Outcome.UNASKED, datetime.now(UTC), detail=f"a fault of mxproof: {fault}")
    return start.with_answers((question, answer) for question in survey.wanted(start))
