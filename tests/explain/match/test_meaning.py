"""What sentences mean that no rule knows, and where nothing is read into them."""

import pytest

from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.meaning import _words, meant

SPF = "550 5.7.1 rejected: SPF of example.com does not allow 192.0.2.1, not permitted"


def _cause(text: str, *, is_of_machine: bool = False) -> str | None:
    found = meant(text, is_of_machine=is_of_machine)
    return found.cause if found else None


def test_a_sentence_has_the_meaning_of_its_words_and_names_its_domain() -> None:
    found = meant(SPF, is_of_machine=False)
    assert found is not None
    assert (found.cause, found.domain, found.side, found.is_meant) == (
        "spf_fail",
        "example.com",
        Side.RECEIVER,
        True,
    )


@pytest.mark.parametrize(
    "text",
    [
        "our SPF record does not allow the new server",
        "550 5.7.1 make sure that SPF is not rejected",
        "550 5.7.1 mail refused, see our pages about SPF that was not permitted",
        "550 5.7.1 the message is spam, and SPF failed",
        "535 5.7.8 authentication failed, SPF failed",
        "smtp: (default: F (no action): [1.2/15.0] R_SPF_FAIL(1.00)",
        'smtp: {"code": 250, "content": "ok, DMARC policy reject"}',
        '550 5.7.1 the subject ("SPF failed, not permitted") is not wanted',
        '192.0.2.1 - "GET /.well-known/mta-sts.txt HTTP/1.1" 503 mta-sts fetch error',
        "550 5.7.1 mail of spf-failed.example and <dmarc-rejected@example.com> not taken",
        "550 5.7.1 SPF is what we ask of all who write to us, and more of it stands in many a long page. of these none is not permitted",
    ],
)
def test_nothing_is_read_into_prose_advice_success_or_another_reason(text: str) -> None:
    assert _cause(text) is None


def test_what_any_program_writes_counts_only_where_mail_is_spoken_of() -> None:
    assert _cause("192.0.2.1: Connection refused") is None
    assert _cause("smtp to 192.0.2.1: Connection refused") == "connect_refused"
    assert _cause("smtp: milter at 192.0.2.1: Connection refused") is None


def test_names_of_records_and_pages_speak() -> None:
    assert _cause("smtp: error: lookup of _25._tcp.mx.example.com timed out") == "dane_dns"
    assert _cause("550 5.7.1 http://www.openspf.org/Why?id=a") == "spf_fail"


def test_of_several_sentences_the_first_with_a_meaning_counts() -> None:
    assert _cause("550 5.7.1 DKIM check failed. SPF was not permitted either.") == "dkim_fail"


def _because(text: str) -> str | None:
    found = meant(text, is_of_machine=False)
    return found.because if found else None


def test_a_sentence_is_quoted_up_to_two_hundred_characters() -> None:
    long = f"550 5.7.1 spf not permitted {'x' * 200}"
    assert _because(long) == long[:200]


@pytest.mark.parametrize(("length", "cause"), [(4000, "spf_fail"), (4001, None)])
def test_of_a_text_four_thousand_characters_are_read(length: int, cause: str | None) -> None:
    begin, end = "550 5.7.1 rejected ", " spf not permitted"
    assert _cause(begin + "x" * (length - len(begin) - len(end)) + end) == cause


def test_what_is_behind_forty_sentences_or_forty_lines_is_one() -> None:
    refused, line = "spf not permitted", " Nov  3 12:00:00 a b"
    for before, said in ((39, refused), (40, f"a. {refused}")):
        assert _because(f"550 5.7.1 rejected{'. a' * before}. {refused}") == said
    end = f" Nov  3 12:00:00 a 550 5.7.1 {refused}"
    for before, said in ((39, end), (40, line + end)):
        assert _because("550 5.7.1 rejected" + line * before + end) == said.strip()


@pytest.mark.parametrize(("between", "cause"), [(75, "spf_fail"), (76, None)])
def test_words_mean_something_together_that_stand_near_one_another(between: int, cause: str | None) -> None:
    assert _cause(f"550 5.7.1 spf {'x' * between} not permitted") == cause
    assert _cause(f"550 5.7.1 not permitted {'x' * between} spf") == cause


def test_words_that_stand_far_from_one_another_count_where_the_first_stands_once_more() -> None:
    assert _cause(f"550 5.7.1 spf {'x' * 90} spf not permitted") == "spf_fail"


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("X=TLS1.3:ECDHE:256 CV=no refused", " refused "),
        ("Using TLSv1.3 with cipher AES refused", " using aes refused "),
        ("TLSv1.3 refused", " tls version refused "),
        ("SSLv3 refused", " tls version refused "),
        ("a = b refused", " a b refused "),
        ("at http://www.openspf.org/why refused", " at spf not permitted refused "),
        ("at https://mta-sts.example.com/ refused", " at mtasts url refused "),
        ("at http://example.com/ refused", " at refused "),
        ("lookup of _25._tcp.mx.example.com.", " lookup of tlsa "),
        ("_dmarc.example.com and s1._domainkey.example.com", " dmarc and dkim key "),
        ("mail (in reply to RCPT TO command) a@b.example refused", " mail refused "),
        ("look at the mail", "  "),
    ],
)
def test_names_and_addresses_and_what_is_noted_of_a_session_are_no_words(sentence: str, words: str) -> None:
    assert _words(sentence) == words


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("smtp: tls not offered by mx.example.com: error: 1", "starttls_missing"),
        ("smtp: tls not offered by the certificate: error: 1", None),
        ("450 4.7.1 deferred: spf not permitted, accepted", None),
        ("450 4.7.1 deferred: spf not permitted, not accepted", "spf_fail"),
        ("250 2.0.0 ok: spf not permitted, undeliverable", None),
        ("250 2.0.0 ok: 550 5.7.1 spf not permitted", "spf_fail"),
    ],
)
def test_another_word_beside_them_may_turn_their_meaning_round(text: str, cause: str | None) -> None:
    assert _cause(text) == cause


def test_what_a_receiver_says_of_a_recipient_needs_no_word_of_refusal() -> None:
    found = meant("192.0.2.1: spf not permitted", is_of_machine=False, is_of_delivery=True)
    assert found is not None
    assert found.cause == "spf_fail"
    assert _cause("192.0.2.1: spf not permitted") is None


def test_the_domain_that_is_named_is_that_of_what_a_receiver_says_alone() -> None:
    of_receiver = meant("550 5.7.1 spf of example.com not permitted", is_of_machine=False)
    of_sender = meant("smtp: domain example.com: connection refused, error: 1", is_of_machine=True)
    assert of_receiver is not None
    assert of_sender is not None
    assert (of_receiver.domain, of_sender.cause, of_sender.domain) == ("example.com", "connect_refused", "")


def test_of_what_another_server_said_its_own_words_are_quoted() -> None:
    said = "host mx.example.com said: 550 5.7.1 spf not permitted"
    assert _because(said) == "550 5.7.1 spf not permitted"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        # Advice, and what another program says, say nothing of the sentence behind them or of the rest of their own.
        ("550 5.7.1 make sure that SPF is not rejected. DKIM check failed.", "DKIM check failed."),
        ("550 5.7.1 rejected if spf is not permitted. spf not permitted", "spf not permitted"),
        (
            "error: tls not offered, 450 4.7.1 spf not permitted by the milter",
            "error: tls not offered, 450 4.7.1 spf not permitted by the milter",
        ),
        ("milter: connection refused. 550 5.7.1 spf not permitted", "550 5.7.1 spf not permitted"),
    ],
)
def test_a_sentence_or_a_meaning_that_does_not_count_leaves_the_others(text: str, because: str) -> None:
    assert _because(text) == because


def test_a_meaning_of_a_text_that_is_no_refusal_is_none_whatever_its_other_sentences_say() -> None:
    refused = "550 5.7.1 spf not permitted"
    assert _cause(f"{refused}. DKIM check failed.") == "spf_fail"
    assert _cause(f"{refused}. the message is spam") is None
    assert _cause(f"the attachment was removed. {refused}") is None
