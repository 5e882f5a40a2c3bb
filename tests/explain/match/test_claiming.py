"""Which causes a text states: what makes a sentence a claim or only a possibility, whose words it is, and what is quoted of it."""

import pytest

from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import QUOTED_CHARACTERS_MAX, StatedCause, stated, stated_by_code

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


SAID = "host mx.example.net[192.0.2.9] said: "


def test_words_of_one_program_in_the_reply_of_another_leave_their_place_to_those_of_any() -> None:
    words = "rcode SERVFAIL when looking up _25._tcp.mx.example.com."
    own = only(words)
    assert (own.cause, own.system) == ("dane_dns", "maddy")
    by_any = only(f"{SAID}450 4.7.1 {words}")
    assert (by_any.cause, by_any.system) == ("dns_temp", "")
    assert only(f"{SAID}'450 {words}").cause == "dns_temp"
    assert only(f"{SAID}450 4.7.1 words and a name: {words}").system == own.system


def test_no_words_are_counted_twice_and_each_that_stands_apart_is_a_cause() -> None:
    expired = "450 4.7.322 certificate-expired: Destination mail server's certificate is expired."
    got = stated(f"{DMARC}. {expired}")
    assert sorted(one.cause for one in got) == ["dane_cert_expired", "dmarc_fail"]
    assert [one.cause for one in stated(expired)] == ["dane_cert_expired"]


def test_the_domain_is_the_one_that_the_words_name_or_that_of_the_recipient_nearest_before_them() -> None:
    refused = "connect to mx.example.com[192.0.2.1]:25: Connection refused"
    assert only(f"<a@first.example>, <b@second.example>: {refused}").domain == "second.example"
    assert only(refused).domain == ""
    assert only(f"<a@first.example>: {'x' * 60} {refused}").domain == ""
    mismatch = "MX name 'mx.example.net' does not match STS MX pattern for 'example.com'"
    assert only(f"<b@second.example>: warning: {mismatch}").domain == "example.com"
    assert only(f"<b@second.example>: {DMARC}").domain == "example.com"


def test_a_code_is_a_cause_by_itself_and_beside_words_of_the_sender_only_a_possibility() -> None:
    def told(text: str, *, lead: bool = False) -> list[tuple[str, str, str, bool]]:
        return [(one.cause, one.because, one.system, one.lead) for one in stated_by_code(text, lead=lead)]

    assert told("450 4.7.325 words") == [("dane_cert_name", "450 4.7.325", "microsoft", False)]
    assert told("450 4.7.325 words", lead=True) == [("dane_cert_name", "450 4.7.325", "microsoft", True)]
    assert told("450 4.7.325 words of SPF") == [("dane_cert_name", "450 4.7.325", "microsoft", True)]
    assert told("550 5.7.25 words of the PTR") == [("ptr_missing", "550 5.7.25", "", False)]
    assert told("550 5.1.1 words") == told("250 2.7.25 ok") == []
