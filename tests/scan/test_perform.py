"""What each task of a scan asks, counts and leaves behind for the next."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from mxproof.evidence import Answer, Kind, Question
from mxproof.net.dns.bulk import ResolversAwayError
from mxproof.scan.chunk import (
    KNOWN_SECTION,
    LEADERS_SECTION,
    OPEN_SECTION,
    ROWS_SECTION,
    AnswerRows,
    Known,
)
from mxproof.scan.error import ScanError
from mxproof.scan.folder import ScanFolder
from mxproof.scan.keeping import evidence_of_chunk
from mxproof.scan.manifest import ScanManifest
from mxproof.scan.network import Ask
from mxproof.scan.part import ScanPart
from mxproof.scan.perform import QUESTIONS, perform
from mxproof.scan.sharing import is_own
from mxproof.scan.task import ScanPhase, ScanTask, TaskDone
from support_scan import ZONE, Population, begun, population
from support_world import GOOD_ZONE, ZoneWorld

FIRST, SECOND = ("one.example", "alias.example"), ("example.com",)
BUCKETS = 8
HOST = Question(Kind.A, "mx.provider.example")
SERVER = Question(Kind.SMTP, "mx.provider.example", "192.0.2.9")
REVERSE = Question(Kind.PTR, "9.2.0.192.in-addr.arpa")


class Walked:
    """A scan of two chunks, task by task; `done` are the tasks in order."""

    def __init__(
        self,
        path: Path,
        people: Population,
        first: tuple[str, str] = FIRST,
        second: tuple[str] = SECOND,
    ) -> None:
        self.folder: ScanFolder = begun(path, (*first, *second), chunk_domains=2)
        self.people = people
        self.done: list[TaskDone] = []

    def do(self, phase: ScanPhase, index: int, turn: int = 0, *, again: bool = False) -> TaskDone:
        self.done.append(perform(self.folder.path, ScanTask(phase, index, turn, again), self.people.asks))
        return self.done[-1]

    def shared(self, turn: int, *, again: bool = False, every: bool = False) -> list[Question]:
        """Ask what is shared in a turn of the buckets that something is wanted of, or of every one; return what that was."""
        before = self.people.asked.copy()
        wanted = {int(key) for one in self.done[-2:] for key in one.counts if key.isdigit()}
        for bucket in range(BUCKETS) if every else sorted(wanted):
            self.do(ScanPhase.SHARED, bucket, turn, again=again)
        return list((self.people.asked - before).elements())

    def joined(self, turn: int, *, again: bool = False) -> list[dict[str, int]]:
        """Find what is wanted in a turn, and return how much in each bucket, by chunk."""
        return [self.do(ScanPhase.JOIN, chunk, turn, again=again).counts for chunk in (0, 1)]

    def wanted(self, turn: int, chunk: int) -> tuple[Known, ...]:
        """Return what each leader of a chunk has led to when it wanted what it does in a turn."""
        return ScanPart(self.folder.wanted(turn, chunk)).needed(KNOWN_SECTION, tuple[Known, ...])

    def are_open(self, turn: int, chunk: int) -> tuple[bool, ...]:
        return ScanPart(self.folder.wanted(turn, chunk)).needed(OPEN_SECTION, tuple[bool, ...])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Walked:
    """Return a scan in which everybody answers, up to the turn in which nobody wants more."""
    walked = Walked(tmp_path_factory.mktemp("whole"), population())
    for chunk in (0, 1):
        walked.do(ScanPhase.OWN, chunk)
    for turn in (1, 2):
        walked.shared(turn, every=True)
        walked.joined(turn + 1)
    return walked


def counts(walked: Walked, phase: ScanPhase, turn: int = 0) -> list[dict[str, int]]:
    return [one.counts for one in walked.done if (one.task.phase, one.task.turn) == (phase, turn)]


def test_a_task_is_told_with_its_counts(whole: Walked) -> None:
    assert whole.done[0].task == ScanTask(ScanPhase.OWN, 0)


def test_own_questions_are_asked_of_each_domain_once_and_counted_with_how_they_ended(tmp_path: Path) -> None:
    walked = Walked(tmp_path, population())
    first, second = (walked.do(ScanPhase.OWN, chunk).counts for chunk in (0, 1))
    assert set(walked.people.asked.values()) == {1}
    assert [
        one for one in walked.people.asked if not any(is_own(one, name) for name in (*FIRST, *SECOND))
    ] == []
    assert {key: first[key] for key in first if not key.isdigit()} == {
        QUESTIONS: 10,
        "found": 2,
        "nxdomain": 8,
    }
    assert {key: second[key] for key in second if not key.isdigit()} == {QUESTIONS: 5, "found": 4, "empty": 1}


def test_own_answers_are_kept_for_each_domain_and_what_each_leads_to(whole: Walked) -> None:
    part = ScanPart(whole.folder.own(0))
    rows = part.needed(ROWS_SECTION, tuple[AnswerRows, ...])
    assert [len(one) for one in rows] == [5, 5]
    assert part.needed(LEADERS_SECTION, tuple[int, ...]) == (0, 1)
    one, alias = whole.wanted(1, 0)
    assert set(one) == {HOST, Question(Kind.AAAA, HOST.name), Question(Kind.TLSA, f"_25._tcp.{HOST.name}")}
    assert {question.name.removeprefix("_25._tcp.") for question in alias} == {"alias.provider.example"}
    assert whole.are_open(1, 0) == (True, True)


def test_what_is_wanted_is_counted_by_bucket(whole: Walked) -> None:
    for chunk in (0, 1):
        told = {key: count for key, count in counts(whole, ScanPhase.OWN)[chunk].items() if key.isdigit()}
        part = ScanPart(whole.folder.wanted(1, chunk))
        assert part.counts == told
        assert {str(one): len(part.needed(one, Known)) for one in part.numbers if one >= 0} == told


def test_what_is_shared_is_asked_once_whoever_wants_it(whole: Walked) -> None:
    asked = whole.people.asked
    assert (asked[HOST], asked[SERVER], asked[REVERSE]) == (1, 1, 1)
    assert set(asked.values()) == {1}
    by_bucket = [one[QUESTIONS] for one in counts(whole, ScanPhase.SHARED, 1)]
    assert sum(by_bucket) == 13
    assert by_bucket.count(0) == 3


def test_a_chunk_that_wants_nothing_of_a_bucket_gets_no_answers_of_it(whole: Walked) -> None:
    wanted = [{key for key in counts(whole, ScanPhase.OWN)[chunk] if key.isdigit()} for chunk in (0, 1)]
    for bucket in range(BUCKETS):
        numbers = ScanPart(whole.folder.answers(1, bucket)).numbers
        assert {one for one in numbers if one >= 0} == {
            chunk for chunk in (0, 1) if str(bucket) in wanted[chunk]
        }


def test_where_every_domain_knows_what_it_wants_nothing_is_wanted_anymore(whole: Walked) -> None:
    assert counts(whole, ScanPhase.JOIN, 3) == [{}, {}]
    assert (whole.are_open(3, 0), whole.are_open(3, 1)) == ((False, False), (False,))
    assert SERVER in whole.wanted(3, 0)[0]


def test_each_domain_is_judged_by_what_was_answered(whole: Walked) -> None:
    judged = [whole.do(ScanPhase.JUDGE, chunk, 3).counts for chunk in (0, 1)]
    assert judged == [{"delivers": 2}, {"delivers": 1}]
    for chunk, domains in enumerate((FIRST, SECOND)):
        kept = {one.domain: one.answers for one in evidence_of_chunk(whole.folder, chunk)}
        assert kept == {domain: whole.people.evidence(domain).answers for domain in domains}
    asked = whole.people.asked.total()
    assert [whole.do(ScanPhase.REJUDGE, chunk).counts for chunk in (0, 1)] == judged
    assert whole.people.asked.total() == asked


def test_what_was_silent_is_wanted_once_more_and_what_it_leads_to_is_followed(tmp_path: Path) -> None:
    walked = Walked(tmp_path, population(HOST), ("one.example", "null.example"))
    for chunk in (0, 1):
        walked.do(ScanPhase.OWN, chunk)
    for turn in (1, 2):
        assert SERVER not in walked.shared(turn)
        walked.joined(turn + 1)
    assert walked.are_open(3, 0) == (False, False)
    assert [sum(one.values()) for one in walked.joined(4, again=True)] == [1, 0]
    assert walked.are_open(4, 0) == (True, False)
    assert walked.shared(4, again=True) == [HOST]
    walked.joined(5)
    assert set(walked.shared(5)) == {SERVER, REVERSE}


def raising(error: Exception) -> Callable[[ScanManifest], object]:
    @contextmanager
    def asks(_manifest: ScanManifest) -> Iterator[Ask]:
        async def ask(_question: Question) -> Answer:
            raise error

        yield ask

    return asks


@pytest.mark.parametrize("phase", [ScanPhase.OWN, ScanPhase.SHARED])
def test_where_no_resolver_is_there_the_scan_ends_with_what_to_do(phase: ScanPhase, tmp_path: Path) -> None:
    walked = Walked(tmp_path, population())
    walked.do(ScanPhase.OWN, 0)
    walked.do(ScanPhase.OWN, 1)
    away = raising(ResolversAwayError("no resolver answers"))
    with pytest.raises(ScanError) as told:
        perform(walked.folder.path, ScanTask(phase, 0, 1), away)  # type: ignore[arg-type]
    assert str(told.value) == "no resolver answers; `mxproof scan run` goes on once a resolver is there"


def test_a_fault_of_ours_is_not_taken_for_a_resolver_that_is_away(tmp_path: Path) -> None:
    walked = Walked(tmp_path, population())
    with pytest.raises(ExceptionGroup) as told:
        perform(walked.folder.path, ScanTask(ScanPhase.OWN, 0), raising(ValueError("ours")))  # type: ignore[arg-type]
    assert told.group_contains(ValueError, match="^ours$")


TWINS = """
twin.example               MX    10 mx.provider.example
third.example              MX    10 third.provider.example
third.provider.example     A     192.0.2.9
"""


def twins(*silent: Question) -> Population:
    """Return a population in which one domain is led as another, and one comes to the same host by another way."""
    return Population(ZoneWorld(zone=GOOD_ZONE + ZONE + TWINS), silent)


def test_who_is_led_by_another_or_comes_to_the_same_later_has_its_answers_and_nobody_is_asked_twice(
    tmp_path: Path,
) -> None:
    walked = Walked(tmp_path, twins(), ("one.example", "twin.example"), ("third.example",))
    for chunk in (0, 1):
        walked.do(ScanPhase.OWN, chunk)
    assert ScanPart(walked.folder.own(0)).needed(LEADERS_SECTION, tuple[int, ...]) == (0, 0)
    assert len(walked.wanted(1, 0)) == 1
    for turn in (1, 2, 3):
        walked.shared(turn)
        walked.joined(turn + 1)
    assert HOST not in walked.wanted(2, 1)[0]
    assert HOST in walked.wanted(3, 1)[0]
    assert set(walked.people.asked.values()) == {1}
    assert (walked.are_open(4, 0), walked.are_open(4, 1)) == ((False,), (False,))
    assert [walked.do(ScanPhase.JUDGE, chunk, 4).counts for chunk in (0, 1)] == [
        {"delivers": 2},
        {"delivers": 1},
    ]
    kept = {
        one.domain: {**one.answers} for chunk in (0, 1) for one in evidence_of_chunk(walked.folder, chunk)
    }
    domains = ("one.example", "twin.example", "third.example")
    assert kept == {one: {**walked.people.evidence(one).answers} for one in domains}


def test_an_own_question_that_was_silent_is_answered_the_second_time_and_leads_on(tmp_path: Path) -> None:
    own = Question(Kind.MX, "one.example")
    walked = Walked(tmp_path, population(own), ("one.example", "null.example"))
    for chunk in (0, 1):
        walked.do(ScanPhase.OWN, chunk)
    for turn in (1, 2):
        assert HOST not in walked.shared(turn)
        walked.joined(turn + 1)
    assert walked.are_open(3, 0) == (False, False)
    walked.joined(4, again=True)
    assert (walked.are_open(4, 0), own in walked.wanted(4, 0)[0]) == ((True, False), True)
    assert walked.shared(4, again=True) == [own]
    for turn in (5, 6):
        walked.joined(turn)
        walked.shared(turn)
    assert [sum(one.values()) for one in walked.joined(7)] == [0, 0]
    walked.do(ScanPhase.JUDGE, 0, 7)
    (kept, _) = evidence_of_chunk(walked.folder, 0)
    assert {**kept.answers} == {**walked.people.evidence("one.example").answers}
