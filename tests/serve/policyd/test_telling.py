"""What Postfix cannot see is told to the collector: once and again as long as it holds, and never at the cost of an answer."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.datagram import SessionDatagram
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy
from mxproof.serve.policyd.telling import ONE_ATTEMPT_S, RENEWED_S, STANDING_S, covers_none
from support_telling import Told

POLICY = Policy(Mode.ENFORCE, 86_400, ("mx.other.example",))
HOSTS = ("mx1.example.com", "mx2.example.com")
LINES = ("version: STSv1", "mode: enforce", "mx: mx.other.example", "max_age: 86400")
PASSED_OVER = ReportedPolicy(
    "sts",
    "example.com",
    0,
    1,
    LINES,
    ("mx.other.example",),
    tuple(FailureDetails("validation-failure", 1, receiving_mx=one, reason="mx-mismatch") for one in HOSTS),
)


def failing(kind: ResultType) -> ReportedPolicy:
    return ReportedPolicy("sts", "example.com", 0, 1, failures=(FailureDetails(kind, 1),))


@pytest.fixture
def told(tmp_path: Path) -> Iterator[Told]:
    with closing(Told(tmp_path)) as made:
        yield made


def test_a_policy_that_cannot_be_had_stands_and_is_told_again_later(told: Told) -> None:
    told.come()
    for after_s in (0.0, 1.0, RENEWED_S, 1.0):
        told.now_s += after_s
        told.telling.fetch_fails("example.com", ResultType.STS_POLICY_FETCH_ERROR)
    want = SessionDatagram(
        "example.com", "", (failing(ResultType.STS_POLICY_FETCH_ERROR),), standing_s=STANDING_S
    )
    assert told.received() == [want, want]
    told.telling.fetch_fails("example.com", ResultType.STS_POLICY_INVALID)
    told.telling.fetch_succeeds("example.com")
    told.telling.fetch_succeeds("example.com")
    assert [one.standing_s for one in told.received()] == [STANDING_S, 0.0]


def test_an_attempt_that_cannot_succeed_counts_once_for_all_hosts(told: Told) -> None:
    told.come()
    for _ in HOSTS:
        told.telling.passed_over("example.com", POLICY, HOSTS)
    told.telling.send()
    assert told.received() == []
    told.now_s += ONE_ATTEMPT_S
    told.telling.send()
    assert told.received() == [SessionDatagram("example.com", "", (PASSED_OVER,), 1, 1000.0)]


def test_attempts_wait_while_the_collector_is_away(told: Told) -> None:
    for _ in range(3):
        told.telling.passed_over("example.com", POLICY, HOSTS)
        told.now_s += ONE_ATTEMPT_S
        told.telling.fetch_fails("other.example", ResultType.STS_POLICY_INVALID)
        told.telling.send()
    told.come()
    told.telling.send()
    assert [(one.attempts, one.at) for one in told.received()] == [(3, 1000.0)]


def test_the_end_sends_what_waits(told: Told) -> None:
    told.come()
    told.telling.passed_over("example.com", POLICY, HOSTS)
    told.telling.close()
    assert [one.attempts for one in told.received()] == [1]


@pytest.mark.parametrize(
    ("mode", "pattern", "host", "none"),
    [
        (Mode.ENFORCE, "mx.example.com", "mx.example.com", False),
        (Mode.ENFORCE, "*.example.com", "mx.example.com", False),
        (Mode.ENFORCE, "*.example.com", "a.mx.example.com", True),
        (Mode.TESTING, "mx.example.com", "other.example.com", False),
    ],
)
def test_hosts_are_passed_over_where_an_enforced_policy_covers_none(
    mode: Mode, pattern: str, host: str, none: bool
) -> None:
    assert covers_none(Policy(mode, 86_400, (pattern,)), (host,)) is none


def test_of_hosts_that_are_covered_in_part_nobody_is_told() -> None:
    assert not covers_none(POLICY, (*HOSTS, "mx.other.example"))
    assert not covers_none(POLICY, ())
    assert not covers_none(None, HOSTS)
