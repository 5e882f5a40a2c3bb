"""Whether a text speaks of mail."""

import pytest

from mxproof.explain.read.about_mail import is_about_mail

STAMPED = "2026-03-03 06:14:0{} upgrade libssl3:amd64 3.0.15-1 5.1.10\n"


@pytest.mark.parametrize(
    "text",
    [
        "451 4.4.8 MX hosts",
        "550 by our policy",
        "<a@b.example>: temporary failure",
        "La boîte est pleine",
        "メールが届きません",
        "Mar  3 09:14:02 mx smtpd: 5.1.10\nMar  3 09:14:03 mx smtpd: 5.1.10",
    ],
)
def test_a_text_of_mail_is(text: str) -> None:
    assert is_about_mail(text)


@pytest.mark.parametrize(
    "text",
    [
        "ValueError: 5.1.10 is not a version",
        STAMPED.format(1) + STAMPED.format(2),
        STAMPED.format(1) + "2026-03-03 06:14:03 upgrade mail-tool 5.1.10 5.1.11\n".replace("mail-", "m"),
        "Connection refused",
    ],
)
def test_another_text_is_not(text: str) -> None:
    assert not is_about_mail(text)
