"""What a question is called in a few words."""

import pytest

from mxproof.evidence import Kind, Question, Transport
from mxproof.evidence.question import Edns
from mxproof.formats.tls_offer import Offer

OFFER = next(one for one in Offer if one)


@pytest.mark.parametrize(
    ("question", "want"),
    [
        (Question(Kind.TXT, "_mta-sts.example.com"), "TXT _mta-sts.example.com"),
        (Question(Kind.MX, "example.com", server="192.0.2.53"), "MX example.com at 192.0.2.53"),
        (Question(Kind.MX, "example.com", transport=Transport.TCP), "MX example.com over TCP"),
        (
            Question(Kind.MX, "example.com", server="192.0.2.53", transport=Transport.UDP, edns=Edns.SMALL),
            "MX example.com at 192.0.2.53 over UDP with EDNS for 512 bytes",
        ),
        (Question(Kind.DS, "example.com", edns=Edns.SIGNED), "DS example.com with its signatures"),
        (Question(Kind.SMTP, "mx.example.com", "192.0.2.25"), "SMTP 192.0.2.25 (mx.example.com)"),
        (
            Question(Kind.POLICY, "mta-sts.example.com", "2001:db8::80"),
            "POLICY 2001:db8::80 (mta-sts.example.com)",
        ),
        (
            Question(Kind.TLS, "mx.example.com", "192.0.2.25", offer=OFFER),
            f"TLS 192.0.2.25 (mx.example.com, {OFFER})",
        ),
    ],
)
def test_a_question_names_no_more_than_it_asks(question: Question, want: str) -> None:
    assert str(question) == want
