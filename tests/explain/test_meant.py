"""Beside what is known: a vague cause is told by what a sentence says, and a condition or a stranger's line claims nothing."""

import msgspec

from mxproof.explain.engine import explain
from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.claiming import StatedCause
from mxproof.explain.meant import STATEMENTS_READ_MAX, with_meaning
from mxproof.explain.read.material import Statement, StatementPlace
from mxproof.judge.vocabulary import Confidence


def _codes(text: str) -> list[str]:
    return [one.code for one in explain(text.encode()).causes]


def test_a_vague_cause_gives_way_to_what_a_sentence_says() -> None:
    first = "No SMTP servers were available for example.com. Tried mx.example.com"
    assert _codes(first) == ["connect_failure"]
    assert _codes(f"{first}\nSSL_connect returned=1 errno=0 state=error: dh key too small") == ["tls_cipher"]


def test_another_reason_in_known_words_goes_before() -> None:
    got = explain(b"552 5.2.2 mailbox full; mail without SPF is not permitted either")
    assert (got.causes, got.other) == ((), "mailbox-full")


def test_a_guess_says_where_it_is_from() -> None:
    (claim,) = explain(b"550 5.7.1 SPF of example.com: 192.0.2.1 is not permitted here").causes
    assert (claim.code, claim.confidence) == ("spf_fail", "guess")
    assert claim.known_from


def test_a_condition_is_no_claim() -> None:
    assert _codes("How to send mail: 1. If the certificate is not trusted, import ours.") == []


def test_what_failed_for_the_policy_host_is_no_fault_of_a_mail_server() -> None:
    fetch = "https://mta-sts.example.com/.well-known/mta-sts.txt"
    words = "tls: failed to verify certificate: x509: certificate signed by unknown authority"
    assert _codes(f'smtp: Get "{fetch}": {words}') == ["mtasts_fetch"]
    assert _codes(f"smtp: mx.example.com: {words}") == ["cert_not_verified"]


def test_the_look_ups_of_block_lists_are_no_delivery() -> None:
    line = (
        "Apr 11 09:20:26 mail postfix/dnsblog[1]: warning: dnsblog_query: lookup error for DNS query"
        " 1.2.0.192.list.example: Host or domain name not found. Name service error for"
        " name=1.2.0.192.list.example type=A: Host not found, try again"
    )
    assert _codes(line) == []


def test_what_was_accepted_claims_nothing() -> None:
    assert (
        _codes(
            '{"type":"Delivery","recipient":"r@example.com","response":{"code":250,"content":"DMARC policy reject"}}'
        )
        == []
    )


def test_where_nothing_is_known_a_sentence_about_a_host_or_its_names_is_taken_for_what_it_means() -> None:
    """Beside a cause that is known it says no more than that."""
    statement = Statement(StatementPlace.DIAGNOSTIC, "554 no MX records for example.com", "user@example.com")
    found = with_meaning((), [statement])
    assert [one.cause for one in found] == ["mx_no_address"]
    assert with_meaning(found, [statement]) == found


def test_beside_what_a_sentence_means_other_possibilities_stay_and_the_same_one_is_told_once() -> None:
    statement = Statement(StatementPlace.DIAGNOSTIC, "554 no MX records for example.com", "user@example.com")
    (meant,) = with_meaning((), [statement])
    same, other = (
        msgspec.structs.replace(meant, cause=cause, lead=True) for cause in (meant.cause, "spf_fail")
    )
    assert with_meaning((same, other), [statement]) == (meant, other)


def test_of_several_statements_the_first_that_says_more_is_heard_and_the_others_are_no_hindrance() -> None:
    silent, starttls, unsigned = (
        Statement(StatementPlace.DIAGNOSTIC, text, "user@example.com")
        for text in ("words", "554 tls not offered by mx.example.com", "554 spf not permitted")
    )
    for order, want in (((silent, starttls, unsigned), 1), ((unsigned, silent, starttls), 0)):
        found = with_meaning((), order)
        assert [one.because for one in found] == [order[want].text]
    assert with_meaning((), [silent] * STATEMENTS_READ_MAX + [starttls]) == ()
    assert len(with_meaning((), [silent] * (STATEMENTS_READ_MAX - 1) + [starttls])) == 1


def test_beside_a_vague_cause_a_sentence_is_heard_that_says_what_failed_and_no_other() -> None:
    starttls, refused, spf = (
        Statement(StatementPlace.DIAGNOSTIC, text, "user@example.com")
        for text in (
            "554 tls not offered by mx.example.com",
            "smtp: connection refused",
            "554 spf not permitted",
        )
    )
    vague = StatedCause("connect_failure", Confidence.DOCUMENTED, "words", Side.SENDER)
    for order in ([starttls], [refused, starttls], [spf, refused, starttls]):
        found = with_meaning((vague,), order)
        assert [one.cause for one in found] == ["connect_failure", "starttls_missing"]
    for order in ([refused], [spf], []):
        assert with_meaning((vague,), order) == (vague,)
