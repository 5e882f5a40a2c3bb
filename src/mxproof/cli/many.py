"""Many reports in one run: judged one by one, told of on stderr as they are done, written in the order of their naming."""

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from itertools import chain

import msgspec

from mxproof.cli.evidence_source import Survey
from mxproof.cli.exit import INTERRUPTED, NAGIOS, UNKNOWN, USAGE
from mxproof.cli.interruption import Interruption
from mxproof.cli.judged import judged
from mxproof.cli.many_observed import ManyObserved, Observed, unasked_evidence
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.progress import Tally, tally
from mxproof.cli.report_output import Judged, put_reports, shows_fixes
from mxproof.cli.streams import print_stderr
from mxproof.evidence import Evidence
from mxproof.formats.names import Domain
from mxproof.mail.memory import SenderMemory

Keep = Callable[[Evidence], str | None]
"""Saves evidence, and returns what went wrong."""


class Writing(msgspec.Struct, frozen=True):
    """How many reports are written at most, and how."""

    total: int
    output: OutputOptions
    fail_on: str
    verdicts_alone: bool

    @property
    def shows_fixes(self) -> bool:
        """Whether anybody will read a fix."""
        return shows_fixes(self.output, verdicts_alone=self.verdicts_alone, are_many=True)


def check_many(
    domains: tuple[Domain, ...],
    jobs: int,
    asking: AskingOptions,
    survey: Survey,
    memories: tuple[SenderMemory, ...],
    keep: Keep,
    writing: Writing,
) -> int:
    """Check all domains, write one document about them, and return the worst exit status."""
    with Interruption() as interruption, tally([str(one) for one in domains]) as told:
        many = _Many(
            ManyObserved(domains, asking, survey, jobs, interruption),
            survey,
            memories,
            keep,
            told,
            shows_fixes=writing.shows_fixes,
        )
        with closing(many.in_order()) as reports:
            status = put_many(reports, writing, interruption)
    return spoilt_status(writing.output, status) if many.is_spoilt else status


def put_many(reports: Iterator[Judged], writing: Writing, interruption: Interruption) -> int:
    """Write one document about all reports, or about those that were done before Ctrl-C, and return the exit status.

    Where none was done, nothing is written.
    """
    count = 0

    def counted() -> Iterator[Judged]:
        nonlocal count
        for one in reports:
            count += 1
            yield one

    source = counted()
    first = next(source, None)
    status = UNKNOWN
    if first is not None:
        status = put_reports(
            chain([first], source),
            writing.output,
            writing.fail_on,
            verdicts_alone=writing.verdicts_alone,
        )
    if not interruption.came:
        return status
    print_stderr(f"interrupted: {count} of {writing.total} were done")
    return INTERRUPTED


def spoilt_status(output: OutputOptions, status: int) -> int:
    """Return the exit status of a run that wrote its reports and failed in something else."""
    if status == INTERRUPTED:
        return status
    return UNKNOWN if output.format == NAGIOS else USAGE


class _Many:
    """The reports on what is observed; those that are done before their turn wait for it."""

    def __init__(
        self,
        source: ManyObserved,
        survey: Survey,
        memories: tuple[SenderMemory, ...],
        keep: Keep,
        told: Tally | None,
        *,
        shows_fixes: bool,
    ) -> None:
        self.is_spoilt = False
        self._source = source
        self._survey = survey
        self._memories = memories
        self._keep = keep
        self._told = told
        self._shows_fixes = shows_fixes

    def in_order(self) -> Generator[Judged, None, None]:
        """Yield the reports in the order of the domains; where Ctrl-C left some out, those behind follow all the same."""
        waiting: dict[int, Judged] = {}
        turn = 0
        for observed in self._source:
            waiting[observed.place] = self._done(observed)
            while turn in waiting:
                yield waiting.pop(turn)
                turn += 1
                self._source.read()
        for place in sorted(waiting):
            yield waiting.pop(place)

    def _done(self, observed: Observed) -> Judged:
        observation = observed.observation
        if observed.fault:
            _tell(observed.domain, observed.fault)
        problem = self._keep(observation.evidence) if not observed.fault else None
        if problem is not None:
            print_stderr(problem)
            self.is_spoilt = True
        one = self._judged(observed.domain, observation.evidence, (*self._memories, *observation.memories))
        if self._told is not None:
            self._told.done(observed.place, one.report)
        return one

    def _judged(self, domain: Domain, evidence: Evidence, held: tuple[SenderMemory, ...]) -> Judged:
        """Judge; a bug of ours about one domain leaves the others alone, and it is reported as unknown."""
        try:
            now = evidence.observed_at()
            report = judged(evidence, now=now, memories=held, shows_fixes=self._shows_fixes)
            return Judged(report, evidence, now, held)
        except Exception as error:  # noqa: BLE001 - told, and reported as unknown
            fault = f"{type(error).__name__}: {error}"
        _tell(domain, fault)
        unasked = unasked_evidence(domain, self._survey, fault)
        now = unasked.observed_at()
        return Judged(judged(unasked, now=now), unasked, now, ())


def _tell(domain: Domain, fault: str) -> None:
    print_stderr(f"{domain}: not checked, by a fault of mxproof ({fault}); please report it")
