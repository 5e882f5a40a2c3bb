"""What is held of answers, how much of it, and which answers are the same."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    Answer,
    DnsData,
    Evidence,
    Kind,
    MxRecord,
    Outcome,
    PolicyData,
    Question,
)
from mxproof.judge.decision import Decision
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.serve.policyd.held_evidence import HeldEvidence, is_same, trimmed

AT = datetime(2026, 6, 1, tzinfo=UTC)
DECISION = Decision(Protection.STS, Reason.STS_ENFORCE, AT)
ONE, TWO = AddressRecord("192.0.2.1"), AddressRecord("192.0.2.2")


def answer(*records: AddressRecord | MxRecord, secure: bool = True, chain: tuple[Alias, ...] = ()) -> Answer:
    data = DnsData("NOERROR", secure, records, chain, wire=b"as received")
    return Answer(Outcome.FOUND, AT, data, ttl_s=60)


FOUND = answer(ONE, TWO, chain=(Alias("a.example", "b.example", 5),))


@pytest.mark.parametrize(
    "other",
    [
        answer(TWO, ONE, chain=(Alias("a.example", "b.example", 4),)),
        msgspec.structs.replace(FOUND, at=AT + timedelta(days=1), ttl_s=7, elapsed_ms=9),
    ],
)
def test_age_ttl_and_order_make_no_difference(other: Answer) -> None:
    assert is_same(FOUND, other)


@pytest.mark.parametrize(
    "other",
    [
        answer(ONE, chain=(Alias("a.example", "b.example"),)),
        answer(ONE, TWO, secure=False, chain=(Alias("a.example", "b.example"),)),
        answer(ONE, TWO, chain=(Alias("a.example", "c.example"),)),
        answer(ONE, TWO),
        msgspec.structs.replace(FOUND, outcome=Outcome.SERVFAIL),
        msgspec.structs.replace(FOUND, data=None),
    ],
)
def test_everything_else_does(other: Answer) -> None:
    assert not is_same(FOUND, other)


def test_two_failures_of_one_kind_are_the_same() -> None:
    assert is_same(Answer(Outcome.TIMEOUT, AT), Answer(Outcome.TIMEOUT, AT + timedelta(hours=1)))


def about(exchange: str) -> Evidence:
    return Evidence("example.com").with_answers(
        [
            (Question(Kind.MX, "example.com"), answer(MxRecord(10, exchange))),
            (Question(Kind.A, "mta-sts.example.com"), answer(ONE)),
            (
                Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.1"),
                Answer(Outcome.FOUND, AT, PolicyData(200)),
            ),
        ]
    )


def test_policies_and_their_hosts_are_not_held() -> None:
    held = trimmed(about("mx1.example.com"))
    assert [str(question) for question in held.answers] == ["MX example.com"]
    assert all(isinstance(one.data, DnsData) and one.data.wire == b"" for one in held.answers.values())


def test_a_policy_host_that_is_an_mx_host_too_is_held() -> None:
    held = trimmed(about("mta-sts.example.com"))
    assert [str(question) for question in held.answers] == ["MX example.com", "A mta-sts.example.com"]


def test_what_was_used_longest_ago_leaves_first() -> None:
    held = HeldEvidence(2)
    for key in ("a", "b"):
        held.keep(key, Evidence(f"{key}.example"), DECISION)
    assert held.find("a", DECISION) is not None
    held.keep("c", Evidence("c.example"), DECISION)
    assert [held.find(key, DECISION) is not None for key in "abc"] == [True, False, True]
    held.forget("a")
    held.forget("never")
    assert len(held) == 1
    held.clear()
    assert len(held) == 0


def test_evidence_says_nothing_about_what_was_decided_otherwise() -> None:
    held = HeldEvidence(2)
    held.keep("a", Evidence("a.example"), DECISION)
    other = msgspec.structs.replace(DECISION, protection=Protection.DEFAULT, reason=Reason.STS_ABSENT)
    assert held.find("a", other) is None
    assert held.find("a", None) is None
    assert held.find("a", msgspec.structs.replace(DECISION, at=AT + timedelta(days=1))) is not None
