"""What each task of a scan does (`task` has the table); the same function for every engine."""

from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from pathlib import Path
from typing import TypeVar

from mxproof.evidence import Answer, Evidence, Question
from mxproof.net.dns.bulk import ResolversAwayError
from mxproof.net.loop import run_quickly
from mxproof.scan.alike import leaders
from mxproof.scan.asking import all_answered, each_answered
from mxproof.scan.bucket import answered_before, write_answers
from mxproof.scan.chunk import (
    KNOWN_SECTION,
    LEADERS_SECTION,
    OPEN_SECTION,
    ROWS_SECTION,
    AnswerRows,
    Gathered,
    domains_of,
    gathered,
    shared_answers,
)
from mxproof.scan.depth import wanted
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder
from mxproof.scan.keeping import judge_again, judge_chunk
from mxproof.scan.manifest import ScanAsking, ScanManifest, read_manifest
from mxproof.scan.network import Ask, Asked, over_network
from mxproof.scan.part import ScanPart, write_part
from mxproof.scan.rate import Rates
from mxproof.scan.sharing import is_own, spread
from mxproof.scan.task import ScanPhase, ScanTask, TaskDone

QUESTIONS = "questions"
T = TypeVar("T")


def perform(path: Path, task: ScanTask, asked: Asked = over_network) -> TaskDone:
    """Do a task of the scan in the folder `path`; raises OSError where a part cannot be written."""
    folder, manifest = ScanFolder(path), read_manifest(path)
    match task.phase:
        case ScanPhase.OWN:
            counts = _own(folder, manifest, task.index, asked)
        case ScanPhase.SHARED:
            counts = _shared(folder, manifest, task, asked)
        case ScanPhase.JOIN:
            counts = _join(folder, manifest, task)
        case ScanPhase.JUDGE:
            turns = range(1, task.turn)
            answers = shared_answers(folder, task.index, turns, manifest.buckets)
            known = list(gathered(folder, task.index, task.turn, manifest.vantage))
            for one in known:
                one.follow(answers, manifest.depth)
            counts = judge_chunk(folder, task.index, [one.evidence for one in known])
        case ScanPhase.REJUDGE:
            counts = judge_again(folder, task.index)
    return TaskDone(task, counts)


def _own(folder: ScanFolder, manifest: ScanManifest, chunk: int, asked: Asked) -> dict[str, int]:
    left: dict[str, tuple[Question, ...]] = {}

    def own(evidence: Evidence) -> Sequence[Question]:
        every = left[evidence.domain] = tuple(wanted(evidence, manifest.depth))
        return [one for one in every if is_own(one, evidence.domain)]

    starts = [Evidence(domain, manifest.vantage) for domain in domains_of(folder, chunk)]
    found = _asked(manifest, asked, lambda ask: each_answered(starts, own, ask))
    rows: tuple[AnswerRows, ...] = tuple(tuple(one.answers.items()) for one in found)
    places = leaders(found)
    write_part(folder.own(chunk), {ROWS_SECTION: rows, LEADERS_SECTION: places}, {})
    leading = [found[place] for place in dict.fromkeys(places)]
    several = [Gathered(one, left[one.domain], is_open=bool(left[one.domain])) for one in leading]
    new = {question for one in several for question in one.known}
    counts = _write_wanted(folder, manifest, 1, chunk, several, new)
    answers = [answer for one in found for answer in one.answers.values()]
    return {**counts, **_outcomes(answers)}


def _join(folder: ScanFolder, manifest: ScanManifest, task: ScanTask) -> dict[str, int]:
    answers = shared_answers(folder, task.index, range(1, task.turn), manifest.buckets)
    known = list(gathered(folder, task.index, task.turn - 1, manifest.vantage, leading=True))
    new: set[Question] = set()
    for one in known:
        if one.is_open or task.again:
            new.update(one.follow(answers, manifest.depth))
        if task.again:
            unheard = one.unheard()
            new.update(unheard)
            one.known.update(dict.fromkeys(unheard))
            one.is_open = one.is_open or bool(unheard)
    return _write_wanted(folder, manifest, task.turn, task.index, known, new)


def _write_wanted(
    folder: ScanFolder,
    manifest: ScanManifest,
    turn: int,
    chunk: int,
    several: Sequence[Gathered],
    new: Collection[Question],
) -> dict[str, int]:
    """Write what the leaders of a chunk want to know, and what each has led to."""
    by_bucket = spread(new, manifest.buckets)
    counts = {str(bucket): len(ones) for bucket, ones in by_bucket.items()}
    known = tuple(tuple(one.known) for one in several)
    are_open = tuple(one.is_open for one in several)
    sections = {**by_bucket, KNOWN_SECTION: known, OPEN_SECTION: are_open}
    write_part(folder.wanted(turn, chunk), sections, counts)
    return counts


def _shared(folder: ScanFolder, manifest: ScanManifest, task: ScanTask, asked: Asked) -> dict[str, int]:
    """Ask what any chunk wants of a bucket, and write to each chunk what it wanted."""
    by_chunk: dict[int, tuple[Question, ...]] = {}
    for chunk in range(manifest.chunks):
        ones = ScanPart(folder.wanted(task.turn, chunk)).section(task.index, tuple[Question, ...])
        if ones:
            by_chunk[chunk] = ones
    wanted_once = {question for ones in by_chunk.values() for question in ones}
    before = answered_before(folder, task.index, task.turn, wanted_once, again=task.again)
    questions = sorted(wanted_once.difference(before))
    answers: dict[Question, Answer] = {}
    if questions:
        at_once, rates = manifest.asking.connections, _rates(manifest.asking)
        answers = _asked(manifest, asked, lambda ask: all_answered(questions, ask, at_once, rates))
    counts = _outcomes(answers.values())
    write_answers(folder.answers(task.turn, task.index), by_chunk, answers, before, counts)
    return counts


def _asked(manifest: ScanManifest, asked: Asked, work: Callable[[Ask], Awaitable[T]]) -> T:
    """Do what asks; raises ScanError where nobody is left who could be asked."""

    async def done() -> T:
        with asked(manifest) as ask:
            return await work(ask)

    try:
        return run_quickly(done())
    except ResolversAwayError as error:
        away = error
    except ExceptionGroup as group:
        several = group.subgroup(ResolversAwayError)
        if several is None:
            raise
        away = ResolversAwayError(*next(iter(several.exceptions)).args)
    raise ScanError(f"{away}; `mxproof scan run` goes on once a resolver is there")


def _rates(asking: ScanAsking) -> Rates:
    return Rates(asking.smtp_a_minute, asking.policies_a_minute, asking.rates)


def _outcomes(answers: Collection[Answer]) -> dict[str, int]:
    """Count the answers, and how they ended."""
    found = Counter(answer.outcome.value for answer in answers)
    return {QUESTIONS: len(answers), **found}
