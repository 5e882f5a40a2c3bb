"""Evidence is read by question; of what is earlier, only what has expired is asked for again."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.evidence import (
    Answer,
    Data,
    DnsData,
    Evidence,
    HelloData,
    Kind,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpStage,
)
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


DNS, POLICY, SMTP, HELLO = (
    DnsData("NOERROR", secure=False),
    PolicyData(200),
    SmtpData(SmtpStage.EHLO),
    HelloData(SmtpStage.HANDSHAKE),
)


@pytest.mark.parametrize("data", [None, DNS, POLICY, SMTP, HELLO])
def test_data_is_handed_out_as_what_it_is_alone(data: Data | None) -> None:
    host = Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80")
    server = Question(Kind.SMTP, "mx.example.com", "192.0.2.25")
    hello = Question(Kind.TLS, "mx.example.com", "192.0.2.25")
    answer = Answer(Outcome.CLOSED, OBSERVED_AT, data)
    evidence = Evidence("example.com").with_answers((one, answer) for one in (MX, host, server, hello))
    assert evidence.dns(MX.kind, MX.name) == (answer, data if data == DNS else None)
    assert evidence.policy(host.name, host.at) == (answer, data if data == POLICY else None)
    assert evidence.smtp(server.name, server.at) == (answer, data if data == SMTP else None)
    assert evidence.hello(hello) == (answer, data if data == HELLO else None)


def test_what_nobody_asked_is_unasked_and_without_data() -> None:
    answer, data = Evidence("example.com").dns(Kind.MX, "example.com")
    assert (answer.outcome, data) == (Outcome.UNASKED, None)


def test_evidence_is_of_the_moment_when_its_last_answer_was_complete() -> None:
    answers = [
        (MX, Answer(Outcome.FOUND, OBSERVED_AT)),
        (A, Answer(Outcome.FOUND, OBSERVED_AT + timedelta(seconds=2))),
    ]
    for rows in (answers, answers[::-1]):
        assert Evidence("example.com").with_answers(rows).observed_at() == OBSERVED_AT + timedelta(seconds=2)
    assert Evidence("example.com").observed_at() == datetime(1970, 1, 1, tzinfo=UTC)
