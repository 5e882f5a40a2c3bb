"""The answers of one bucket in one turn: to each chunk what it wanted, and a directory of what was asked.

What one domain leads to in one turn another may lead to in a later one. The directory says in which section an answer stands,
so that it is found again and nobody is asked twice.
"""

from collections.abc import Collection, Mapping
from pathlib import Path

from mxproof.evidence import Answer, Question
from mxproof.scan.chunk import AnswerRows
from mxproof.scan.folder import ScanFolder
from mxproof.scan.part import Counts, ScanPart, write_part
from mxproof.survey.inbound import is_silent

DIRECTORY_SECTION = -1
_Directory = tuple[tuple[Question, int], ...]


def answered_before(
    folder: ScanFolder, bucket: int, turn: int, questions: Collection[Question], *, again: bool
) -> dict[Question, Answer]:
    """Return the answers of earlier turns to some of the questions; `again` leaves out those that were silent."""
    found: dict[Question, Answer] = {}
    for earlier in range(1, turn):
        path = folder.answers(earlier, bucket)
        if not path.exists():
            continue
        part = ScanPart(path)
        directory = part.section(DIRECTORY_SECTION, _Directory) or ()
        places = {question: chunk for question, chunk in directory if question in questions}
        for chunk in sorted(set(places.values())):
            for question, answer in part.needed(chunk, AnswerRows):
                if question in places and (question not in found or not is_silent(question, answer.outcome)):
                    found[question] = answer
    if again:
        return {
            question: answer for question, answer in found.items() if not is_silent(question, answer.outcome)
        }
    return found


def write_answers(
    path: Path,
    by_chunk: Mapping[int, tuple[Question, ...]],
    answers: Mapping[Question, Answer],
    before: Mapping[Question, Answer],
    counts: Counts,
) -> None:
    """Write to each chunk the answers to what it wanted: those of now, and those of earlier turns."""
    known = {**before, **answers}
    sections: dict[int, object] = {
        chunk: tuple((question, known[question]) for question in ones) for chunk, ones in by_chunk.items()
    }
    first: dict[Question, int] = {}
    for chunk, ones in by_chunk.items():
        for question in ones:
            if question in answers:
                first.setdefault(question, chunk)
    sections[DIRECTORY_SECTION] = tuple(first.items())
    write_part(path, sections, counts)
