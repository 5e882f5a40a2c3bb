"""The domains of one chunk with all that is known of them, put together from the parts of the turns so far."""

from collections.abc import Iterator, Sequence

import msgspec

from mxproof.evidence import Answer, Evidence, Outcome, Question, Vantage
from mxproof.net.collect import QUESTIONS_MAX
from mxproof.scan.depth import ScanDepth, wanted
from mxproof.scan.folder import DOMAINS_SECTION, ScanFolder
from mxproof.scan.part import ScanPart
from mxproof.survey.inbound import is_silent

ROWS_SECTION = 0
LEADERS_SECTION = 1
"""In a part of own answers: for each domain the place of the one that is followed for it, often its own (`alike.leaders`)."""
KNOWN_SECTION = -1
"""In a part of wanted questions: the shared questions that each leader has led to so far, answered or not."""
OPEN_SECTION = -2
"""Likewise: which leaders want something. What the others lead to is known, and is not worked out again."""

AnswerRows = tuple[tuple[Question, Answer], ...]
Known = tuple[Question, ...]
_ROWS = msgspec.msgpack.Decoder(AnswerRows)


class Gathered:
    """One domain: its evidence so far, the shared questions that it has led to, and whether it wants any more."""

    def __init__(self, evidence: Evidence, known: Known, *, is_open: bool) -> None:
        self.evidence = evidence
        self.known = dict.fromkeys(known)
        self.is_open = is_open

    def follow(self, answers: dict[Question, Answer], depth: ScanDepth) -> tuple[Question, ...]:
        """Take of `answers` all that the evidence leads to, and return what it then wants and they do not hold.

        It is called once a turn. What is beyond QUESTIONS_MAX of one domain is unasked, as in a check.
        """
        held = [(question, answers[question]) for question in self.known if question in answers]
        self.evidence = self.evidence.with_answers(held)
        unanswered: tuple[Question, ...] = ()
        beyond: tuple[Question, ...] = ()
        while self.is_open:
            room = max(0, QUESTIONS_MAX - len(self.evidence.answers))
            every = tuple(wanted(self.evidence, depth))
            unanswered, beyond = every[:room], every[room:]
            self.known.update(dict.fromkeys(unanswered))
            found = [(question, answers[question]) for question in unanswered if question in answers]
            if not found:
                break
            self.evidence = self.evidence.with_answers(found)
        self.is_open = bool(unanswered or beyond)
        if beyond:
            words = f"more than {QUESTIONS_MAX} questions about one domain"
            unasked = Answer(Outcome.UNASKED, self.evidence.observed_at(), detail=words)
            self.evidence = self.evidence.with_answers([(question, unasked) for question in beyond])
        return unanswered

    def unheard(self) -> tuple[Question, ...]:
        """Return the questions that were put and not answered."""
        return tuple(
            question
            for question, answer in self.evidence.answers.items()
            if is_silent(question, answer.outcome) and answer.outcome is not Outcome.UNASKED
        )


def domains_of(folder: ScanFolder, chunk: int) -> tuple[str, ...]:
    """Return the domains of a chunk, in order."""
    return ScanPart(folder.domains(chunk)).needed(DOMAINS_SECTION, tuple[str, ...])


def gathered(
    folder: ScanFolder, chunk: int, turn: int, vantage: Vantage, *, leading: bool = False
) -> Iterator[Gathered]:
    """Yield each domain of a chunk as it was when `turn` had wanted its questions, or the leaders alone."""
    own = ScanPart(folder.own(chunk))
    rows = own.needed(ROWS_SECTION, tuple[msgspec.Raw, ...])
    leaders = own.needed(LEADERS_SECTION, tuple[int, ...])
    part = ScanPart(folder.wanted(turn, chunk))
    known = part.needed(KNOWN_SECTION, tuple[Known, ...])
    are_open = part.needed(OPEN_SECTION, tuple[bool, ...])
    led = dict(zip(dict.fromkeys(leaders), zip(known, are_open, strict=True), strict=True))
    for place, domain in enumerate(domains_of(folder, chunk)):
        if leading and leaders[place] != place:
            continue
        questions, is_open = led[leaders[place]]
        evidence = Evidence(domain, vantage).with_answers(_ROWS.decode(rows[place]))
        yield Gathered(evidence, questions, is_open=is_open)


def shared_answers(
    folder: ScanFolder, chunk: int, turns: Sequence[int], buckets: int
) -> dict[Question, Answer]:
    """Return what was answered to the questions of a chunk in these turns; a later answer counts, a silence does not."""
    answers: dict[Question, Answer] = {}
    for turn in turns:
        for bucket in range(2 * buckets):
            path = folder.answers(turn, bucket)
            if path.exists():
                for question, answer in ScanPart(path).section(chunk, AnswerRows) or ():
                    if question not in answers or not is_silent(question, answer.outcome):
                        answers[question] = answer
    return answers
