"""A reason that no rule knows is quoted; where there is none, none is."""

import pytest

from mxproof.explain.engine import explain

REPORT = """From: MAILER-DAEMON@mx.example.net
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

This is the mail system at host mx.example.net.

{notice}
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; user@example.com
Action: {action}
Status: {status}
{diagnostic}
--b--
"""


def _report(notice: str = "", diagnostic: str = "", status: str = "5.0.0", action: str = "failed") -> bytes:
    return REPORT.format(notice=notice, diagnostic=diagnostic, status=status, action=action).encode()


@pytest.mark.parametrize(
    ("given", "want"),
    [
        (_report(diagnostic="Diagnostic-Code: smtp; 571 Parcel not in register"), "Parcel not in register"),
        (
            _report(notice="<user@example.com>: host mx[192.0.2.1] said: 571 Parcel not here"),
            "Parcel not here",
        ),
        (
            _report(diagnostic="Diagnostic-Code: smtp; 471 The clerk is at lunch", action="delayed"),
            "The clerk is at lunch",
        ),
        (_report(), None),
        (_report(action="delayed", status="4.0.0"), None),
        (
            b'{"rcpt":"a@b.example","reason":"the clerk is at lunch","smtp_code":"471 4.0.0"}',
            "the clerk is at lunch",
        ),
        (b"550 5.7.0 by the policy of this house", "by the policy of this house"),
    ],
)
def test_the_sentence_of_a_reason_is_quoted(given: bytes, want: str | None) -> None:
    got = explain(given)
    assert got.unread == want
    assert want is None or want in got.words


@pytest.mark.parametrize("status", ["5.2.2", "5.1.1"])
def test_a_kind_with_a_reason_quotes_nothing(status: str) -> None:
    assert explain(_report(status=status)).unread is None


def test_a_cause_that_is_claimed_quotes_nothing() -> None:
    assert explain(b"4.7.5 Server certificate not verified").unread is None
