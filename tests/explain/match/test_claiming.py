"""Which causes a text states: what makes a sentence a claim or only a possibility, whose words it is, and what is quoted of it."""

import pytest

from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import QUOTED_CHARACTERS_MAX, StatedCause, stated

DMARC = "550 5.7.26 Unauthenticated email from example.com is not accepted due to domain's DMARC policy"


def only(text: str) -> StatedCause:
    (one,) = stated(text)
    return one


@pytest.mark.parametrize(
    ("text", "is_lead"),
    [
        (DMARC, False),
        (f"{DMARC} (p=none)", True),
        (f"{DMARC} (dis=none)", True),
        (f"{DMARC} (p=reject)", False),
        (f"If you see {DMARC}", True),
        (f"Subject: {DMARC}", True),
        (f"The server said: {DMARC}", False),
    ],
)
def test_what_is_a_condition_a_subject_or_asks_for_nothing_is_a_possibility(
    text: str, *, is_lead: bool
) -> None:
    assert only(text).lead is is_lead


def test_only_a_failure_of_dmarc_is_a_possibility_where_a_policy_asks_for_nothing() -> None:
    other = "450 4.7.325 certificate-host-mismatch: Remote certificate MUST have a name (p=none)"
    assert not only(other).lead


def test_the_words_are_quoted_from_the_code_before_them_to_the_end_of_their_sentence() -> None:
    text = f"It went wrong. The server said: {DMARC}. Please write to us."
    assert only(text).because == DMARC
    long = f"{DMARC} {'word ' * 100}"
    assert len(only(long).because) <= QUOTED_CHARACTERS_MAX


def test_a_receiver_that_refused_is_told_from_a_sender_that_did_not_deliver() -> None:
    assert only(DMARC).side is Side.RECEIVER
    assert (
        only(
            "certificate verification failed for mx.example.com[192.0.2.1]:25: num=62:hostname mismatch"
        ).side
        is Side.SENDER
    )


def test_what_no_rule_knows_states_nothing() -> None:
    assert stated("hello world") == ()
    assert stated("") == ()


def test_words_are_quoted_from_where_they_begin_and_a_piece_of_a_code_from_the_beginning_of_the_code() -> (
    None
):
    failed = "certificate verification failed for mx.example.com[192.0.2.1]:25: num=62:hostname mismatch"
    assert only(f"error='{failed}").because.startswith("certificate verification failed")
    assert only("it says 5.4.317 Message expired, cannot connect to remote server").because.startswith(
        "5.4.317 "
    )
