"""What sentences mean that no rule knows, and where nothing is read into them."""

import pytest

from mxproof.explain.knowledge.rule import Side
from mxproof.explain.match.meaning import meant

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
