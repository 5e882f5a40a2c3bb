"""The answers of a bucket: to each chunk what it wanted, found again in later turns, and asked once more where nobody told."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.scan.bucket import DIRECTORY_SECTION, answered_before, write_answers
from mxproof.scan.chunk import AnswerRows
from mxproof.scan.folder import ScanFolder
from mxproof.scan.part import ScanPart

AT = datetime(2026, 3, 2, tzinfo=UTC)
FIRST, SECOND, THIRD = (Question(Kind.A, f"mx{number}.example") for number in range(3))
FOUND, SILENT = Answer(Outcome.FOUND, AT), Answer(Outcome.TIMEOUT, AT)
NEWER = Answer(Outcome.EMPTY, AT)
BUCKET = 3


@pytest.fixture
def folder(tmp_path: Path) -> ScanFolder:
    return ScanFolder(tmp_path)


def wrote(folder: ScanFolder, turn: int, chunk: int, answers: dict[Question, Answer]) -> None:
    write_answers(folder.answers(turn, BUCKET), {chunk: tuple(answers)}, answers, {}, {})


def test_each_chunk_has_the_answers_to_what_it_wanted_those_of_earlier_turns_too(folder: ScanFolder) -> None:
    path = folder.answers(2, BUCKET)
    write_answers(
        path, {5: (FIRST, SECOND), 7: (SECOND,)}, {SECOND: FOUND}, {FIRST: NEWER, SECOND: SILENT}, {}
    )
    part = ScanPart(path)
    assert part.needed(5, AnswerRows) == ((FIRST, NEWER), (SECOND, FOUND))
    assert part.needed(7, AnswerRows) == ((SECOND, FOUND),)


def test_in_the_first_turn_nothing_was_answered_before(folder: ScanFolder) -> None:
    wrote(folder, 1, 0, {FIRST: FOUND})
    assert answered_before(folder, BUCKET, 1, [FIRST], again=False) == {}
    assert answered_before(folder, BUCKET, 2, [FIRST], again=False) == {FIRST: FOUND}
    assert answered_before(folder, BUCKET + 1, 2, [FIRST], again=False) == {}


def test_what_was_answered_is_found_wherever_it_stands_and_nothing_else(folder: ScanFolder) -> None:
    wrote(folder, 1, 4, {FIRST: FOUND, SECOND: FOUND})
    wrote(folder, 2, 9, {THIRD: NEWER})
    assert answered_before(folder, BUCKET, 3, {FIRST, THIRD}, again=False) == {FIRST: FOUND, THIRD: NEWER}
    assert answered_before(folder, BUCKET, 2, {FIRST, THIRD}, again=False) == {FIRST: FOUND}


def test_a_later_answer_counts_and_a_later_silence_does_not(folder: ScanFolder) -> None:
    wrote(folder, 1, 0, {FIRST: FOUND, SECOND: SILENT, THIRD: SILENT})
    wrote(folder, 2, 0, {FIRST: SILENT, SECOND: NEWER, THIRD: SILENT})
    assert answered_before(folder, BUCKET, 3, [FIRST, SECOND, THIRD], again=False) == {
        FIRST: FOUND,
        SECOND: NEWER,
        THIRD: SILENT,
    }


def test_what_nobody_told_is_asked_again_where_that_is_wanted(folder: ScanFolder) -> None:
    wrote(folder, 1, 0, {FIRST: FOUND, SECOND: SILENT})
    assert answered_before(folder, BUCKET, 2, [FIRST, SECOND], again=True) == {FIRST: FOUND}


def test_what_an_earlier_turn_told_is_not_in_the_directory_of_this_one(folder: ScanFolder) -> None:
    wrote(folder, 1, 0, {FIRST: FOUND})
    write_answers(
        folder.answers(2, BUCKET),
        {4: (FIRST,), 5: (FIRST, SECOND), 6: (SECOND,)},
        {SECOND: NEWER},
        {FIRST: SILENT},
        {},
    )
    directory = ScanPart(folder.answers(2, BUCKET)).needed(
        DIRECTORY_SECTION, tuple[tuple[Question, int], ...]
    )
    assert directory == ((SECOND, 5),)
    assert answered_before(folder, BUCKET, 3, [FIRST, SECOND], again=False) == {FIRST: FOUND, SECOND: NEWER}


def test_a_turn_in_which_nothing_was_asked_hides_no_other(folder: ScanFolder) -> None:
    wrote(folder, 2, 0, {FIRST: FOUND})
    wrote(folder, 4, 0, {SECOND: NEWER})
    assert answered_before(folder, BUCKET, 6, [FIRST, SECOND, THIRD], again=False) == {
        FIRST: FOUND,
        SECOND: NEWER,
    }
    assert answered_before(folder, BUCKET, 4, [FIRST, SECOND], again=False) == {FIRST: FOUND}
