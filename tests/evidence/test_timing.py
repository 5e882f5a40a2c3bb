"""The time line of a check: what was asked, in the order in which it was put."""

from datetime import timedelta

from mxproof.evidence import Answer, Evidence, Kind, Outcome, Question
from mxproof.evidence.timing import timed
from support_evidence import OBSERVED_AT

MX, A, AAAA, TXT = (Question(kind, "example.com") for kind in (Kind.MX, Kind.A, Kind.AAAA, Kind.TXT))


def test_what_was_put_first_stands_first_though_its_answer_came_last() -> None:
    evidence = Evidence("example.com").with_answers(
        [
            (A, Answer(Outcome.FOUND, OBSERVED_AT, elapsed_ms=10)),
            (MX, Answer(Outcome.TIMEOUT, OBSERVED_AT + timedelta(seconds=1), elapsed_ms=5000)),
        ]
    )
    first, second = timed(evidence)
    assert (first.question, first.outcome, first.elapsed_ms) == (MX, Outcome.TIMEOUT, 5000)
    assert first.began == OBSERVED_AT - timedelta(seconds=4)
    assert first.ended == OBSERVED_AT + timedelta(seconds=1)
    assert (second.question, second.began, second.ended) == (
        A,
        OBSERVED_AT - timedelta(milliseconds=10),
        OBSERVED_AT,
    )


def test_what_was_not_asked_for_this_domain_has_no_place_in_it() -> None:
    evidence = Evidence("example.com").with_answers(
        [
            (MX, Answer(Outcome.FOUND, OBSERVED_AT)),
            (A, Answer(Outcome.UNASKED, OBSERVED_AT)),
            (AAAA, Answer(Outcome.FOUND, OBSERVED_AT, shared=True)),
            (TXT, Answer(Outcome.UNASKED, OBSERVED_AT, shared=True)),
        ]
    )
    assert [one.question for one in timed(evidence)] == [MX]


def test_questions_put_at_one_moment_stand_in_the_order_of_questions_however_they_were_answered() -> None:
    end = {AAAA: 300, TXT: 100, A: 200}
    rows = [
        (question, Answer(Outcome.FOUND, OBSERVED_AT + timedelta(milliseconds=ms), elapsed_ms=ms))
        for question, ms in end.items()
    ]
    for order in (rows, rows[::-1]):
        line = timed(Evidence("example.com").with_answers(order))
        assert [(one.question, one.began) for one in line] == [(one, OBSERVED_AT) for one in (A, AAAA, TXT)]
