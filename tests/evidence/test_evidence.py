"""Evidence is read by question; of what is earlier, only what has expired is asked for again."""

from datetime import UTC, datetime, timedelta

import pytest

from mxproof.evidence import (
    UNASKED,
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
    Vantage,
    once,
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


def test_a_later_answer_takes_the_place_of_an_earlier_one_and_leaves_the_evidence_before_it_alone() -> None:
    first, second = (Answer(outcome, OBSERVED_AT) for outcome in (Outcome.TIMEOUT, Outcome.FOUND))
    before = Evidence("example.com", Vantage(host="here"), {MX: first, A: first})
    after = before.with_answers([(MX, first), (MX, second)])
    assert (after.answer(MX), after.answer(A), after.vantage) == (second, first, before.vantage)
    assert before.answer(MX) == first
    assert before.with_answers(iter([(MX, second)])) == after


def test_what_is_left_out_is_left_out_of_questions_from_a_generator_too() -> None:
    before = Evidence(
        "example.com", Vantage(host="here"), dict.fromkeys((MX, A), Answer(Outcome.FOUND, OBSERVED_AT))
    )
    after = before.without(one for one in (A, MX))
    assert (dict(after.answers), after.vantage, after.domain) == ({}, before.vantage, "example.com")
    assert set(before.answers) == {MX, A}


class Readings:
    """A reading of evidence, and how often it was worked out."""

    def __init__(self) -> None:
        self.worked_out: list[tuple[str, int]] = []

    def of(self, evidence: Evidence, name: str, number: int = 0) -> str | None:
        self.worked_out.append((name, number))
        return f"{name} {number} of {len(evidence.answers)}" if name else None


def test_what_is_read_once_is_worked_out_for_each_of_its_arguments_and_for_each_evidence() -> None:
    readings = Readings()
    read = once(readings.of)
    none, one = Evidence("example.com"), Evidence("example.com", answers={MX: UNASKED})
    told = [read(*args) for args in ((none, "a", 1), (none, "a", 2), (none, "b", 1), (one, "a", 1))]
    assert told == ["a 1 of 0", "a 2 of 0", "b 1 of 0", "a 1 of 1"]
    assert [read(*args) for args in ((none, "a", 1), (none, "a", 2), (none, "b", 1), (one, "a", 1))] == told
    assert readings.worked_out == [("a", 1), ("a", 2), ("b", 1), ("a", 1)]


def test_that_there_is_nothing_is_kept_as_well() -> None:
    readings = Readings()
    read = once(readings.of)
    evidence = Evidence("example.com")
    assert [read(evidence, ""), read(evidence, "")] == [None, None]
    assert readings.worked_out == [("", 0)]


@once
def first_of(evidence: Evidence, name: str) -> str:
    return f"first {name} of {evidence.domain}"


@once
def second_of(evidence: Evidence, name: str) -> str:
    return f"second {name} of {evidence.domain}"


def test_two_readings_of_the_same_arguments_are_kept_apart() -> None:
    evidence = Evidence("example.com")
    assert [read(evidence, "a") for read in (first_of, second_of, first_of)] == [
        "first a of example.com",
        "second a of example.com",
        "first a of example.com",
    ]


def test_what_has_been_read_is_no_part_of_the_evidence_and_does_not_outlive_a_change_of_it() -> None:
    readings = Readings()
    read = once(readings.of)
    evidence = Evidence("example.com")
    assert read(evidence, "a", 1) == "a 1 of 0"
    assert evidence == Evidence("example.com")
    more = evidence.with_answers([(MX, UNASKED)])
    assert (read(more, "a", 1), read(more.without([MX]), "a", 1)) == ("a 1 of 1", "a 1 of 0")


def test_a_reading_that_breaks_off_is_tried_again() -> None:
    broken = [True]

    def breaking(evidence: Evidence) -> str:
        if broken:
            broken.clear()
            raise LookupError(evidence.domain)
        return "read"

    read = once(breaking)
    evidence = Evidence("example.com")
    with pytest.raises(LookupError):
        read(evidence)
    assert read(evidence) == "read"
