"""A report that comes back is told from all other mail, and which one it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.tlsrpt.returned import ReturnedReport, returned_report
from support_report_bounce import REFUSAL, bounce

ID = "20260301.0123456789abc@sender.example"


@pytest.mark.parametrize("kind", ["text/rfc822-headers", "message/rfc822", "Message/RFC822; x=y"])
def test_a_bounce_says_which_report_came_back_and_why(kind: str) -> None:
    assert returned_report(bounce(ID, kind=kind)) == ReturnedReport(ID, REFUSAL)
    assert returned_report(bounce(ID, kind=kind).replace(b"\r\n", b"\n")) == ReturnedReport(ID, REFUSAL)


def test_a_folded_id_is_read() -> None:
    mail = bounce(ID).replace(b"Message-ID: <", b"message-id:\r\n <")
    assert returned_report(mail) == ReturnedReport(ID, REFUSAL)


def test_without_a_reply_the_status_is_what_is_said() -> None:
    mail = bounce(ID).replace(b"Diagnostic-Code", b"X-Other")
    assert returned_report(mail) == ReturnedReport(ID, "5.1.1")
    assert returned_report(mail.replace(b"Status", b"X-Status")) == ReturnedReport(ID, "undeliverable")


@pytest.mark.parametrize(
    "mail",
    [
        b"",
        b"From: a@example.com\r\nSubject: hello\r\n\r\nMessage-ID: <20260301.0123456789abc@sender.example>\r\n",
        bounce(ID, action="delayed"),
        bounce(ID, action="relayed"),
        bounce(ID, kind="text/plain"),
        bounce(ID).replace(b"message/delivery-status", b"text/plain"),
        bounce(ID).replace(b"Message-ID:", b"X-Message-ID:"),
    ],
)
def test_other_mail_gives_no_report_back(mail: bytes) -> None:
    assert returned_report(mail) is None


def test_an_id_in_the_body_of_what_is_given_back_is_none() -> None:
    mail = bounce(ID, kind="message/rfc822").replace(b"Message-ID:", b"X: y\r\n\r\nMessage-ID:")
    assert returned_report(mail) is None


@given(st.binary(max_size=400), st.integers(0, len(bounce(ID))), st.integers(0, 400))
def test_no_mail_of_any_content_is_a_mistake(odd: bytes, at: int, left_out: int) -> None:
    mail = bounce(ID)
    returned_report(odd)
    returned_report(mail[:at] + odd + mail[at + left_out :])
