"""Which answers still stand: by their TTL, or by what is said of their kind."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.evidence.lifetime import (
    DNS_FAILURE_S,
    NEGATIVE_S_MAX,
    SERVER_FAILURE_S,
    SERVER_S,
    TTL_HELD_S_MAX,
    is_current,
    lifetime_s,
)
from support_evidence import OBSERVED_AT

MX = Question(Kind.MX, "example.com")
AT_SERVER = Question(Kind.TXT, "example.com", server="192.0.2.53")
SMTP = Question(Kind.SMTP, "mx.example.com", "192.0.2.25")
POLICY = Question(Kind.POLICY, "mta-sts.example.com", "192.0.2.80")


@pytest.mark.parametrize(
    ("question", "outcome", "ttl_s", "want"),
    [
        (MX, Outcome.FOUND, 300, 300),
        (MX, Outcome.FOUND, 0, 0),
        (MX, Outcome.FOUND, None, 0),
        (MX, Outcome.FOUND, 2**31, TTL_HELD_S_MAX),
        (MX, Outcome.EMPTY, 60, 60),
        (MX, Outcome.NXDOMAIN, 86_400, NEGATIVE_S_MAX),
        (MX, Outcome.NXDOMAIN, None, 0),
        (MX, Outcome.SERVFAIL, None, DNS_FAILURE_S),
        (MX, Outcome.TIMEOUT, None, DNS_FAILURE_S),
        (MX, Outcome.BOGUS, None, DNS_FAILURE_S),
        (MX, Outcome.UNASKED, None, 0),
        (AT_SERVER, Outcome.FOUND, 86_400, SERVER_S),
        (AT_SERVER, Outcome.FOUND, 5, SERVER_S),
        (AT_SERVER, Outcome.NXDOMAIN, 5, SERVER_S),
        (AT_SERVER, Outcome.TIMEOUT, None, SERVER_FAILURE_S),
        (AT_SERVER, Outcome.TRUNCATED, None, SERVER_FAILURE_S),
        (SMTP, Outcome.FOUND, None, SERVER_S),
        (SMTP, Outcome.TLS_FAILED, None, SERVER_FAILURE_S),
        (SMTP, Outcome.UNASKED, None, 0),
        (POLICY, Outcome.FOUND, None, SERVER_S),
        (POLICY, Outcome.REFUSED, None, SERVER_FAILURE_S),
    ],
)
def test_an_answer_lives_as_long_as_its_ttl_or_its_kind_says(
    question: Question, outcome: Outcome, ttl_s: int | None, want: int
) -> None:
    assert lifetime_s(question, Answer(outcome, OBSERVED_AT, ttl_s=ttl_s)) == want


@pytest.mark.parametrize(
    ("after_s", "want"), [(-0.001, False), (0, True), (299.999, True), (300, False), (10**9, False)]
)
def test_an_answer_stands_from_when_it_was_complete_until_its_life_is_over(
    after_s: float, want: bool
) -> None:
    answer = Answer(Outcome.FOUND, OBSERVED_AT, ttl_s=300)
    assert is_current(MX, answer, OBSERVED_AT + timedelta(seconds=after_s)) is want


@pytest.mark.parametrize(
    ("question", "outcome", "life"),
    [
        (MX, Outcome.SERVFAIL, timedelta(seconds=30)),  # RFC 9520 section 3.2: a second to five minutes
        (SMTP, Outcome.FOUND, timedelta(minutes=30)),  # RFC 5321 section 4.5.4.1: when a sender tries again
        (AT_SERVER, Outcome.EMPTY, timedelta(minutes=30)),
        (
            POLICY,
            Outcome.TLS_FAILED,
            timedelta(minutes=5),
        ),  # RFC 8461 section 3.3: when a fetch is tried again
        (AT_SERVER, Outcome.SERVFAIL, timedelta(minutes=5)),
    ],
)
def test_what_has_no_ttl_is_asked_again_when_senders_would(
    question: Question, outcome: Outcome, life: timedelta
) -> None:
    answer = Answer(outcome, OBSERVED_AT)
    moment = timedelta(microseconds=1)
    assert is_current(question, answer, OBSERVED_AT + life - moment)
    assert not is_current(question, answer, OBSERVED_AT + life)


@given(
    st.sampled_from(Outcome),
    st.sampled_from([MX, AT_SERVER, SMTP, POLICY]),
    st.none() | st.integers(0, 2**32),
)
def test_no_answer_lives_for_ever(outcome: Outcome, question: Question, ttl_s: int | None) -> None:
    assert 0 <= lifetime_s(question, Answer(outcome, OBSERVED_AT, ttl_s=ttl_s)) <= TTL_HELD_S_MAX
