"""Evidence of earlier, of which only what has expired is asked for again."""

from datetime import timedelta

from mxproof.evidence import Answer, Evidence, Kind, Outcome, Question
from mxproof.evidence.lifetime import SERVER_S
from support_evidence import OBSERVED_AT, small_evidence

MX = Question(Kind.MX, "example.com")
A = Question(Kind.A, "mx.example.com")


def test_what_has_outlived_its_ttl_has_expired() -> None:
    evidence = Evidence("example.com").with_answers(
        [
            (MX, Answer(Outcome.FOUND, OBSERVED_AT, ttl_s=60)),
            (A, Answer(Outcome.FOUND, OBSERVED_AT, ttl_s=300)),
        ]
    )
    after = [evidence.expired(OBSERVED_AT + timedelta(seconds=seconds)) for seconds in (59, 60, 299, 300)]
    assert after == [(), (MX,), (MX,), (MX, A)]


def test_servers_are_looked_at_again_after_a_time_of_their_own() -> None:
    evidence = small_evidence()
    before, after = (
        {question.kind for question in evidence.expired(OBSERVED_AT + timedelta(seconds=seconds))}
        for seconds in (SERVER_S - 1, SERVER_S)
    )
    assert before == {Kind.MX, Kind.A}
    assert after == {Kind.MX, Kind.A, Kind.POLICY, Kind.SMTP}


def test_evidence_without_some_answers_is_otherwise_the_same() -> None:
    evidence = small_evidence()
    got = evidence.without([MX, Question(Kind.TXT, "never.asked.example")])
    assert set(evidence.answers) - set(got.answers) == {MX}
    assert got.with_answers([(MX, evidence.answer(MX))]) == evidence
    assert evidence.without(()) == evidence
