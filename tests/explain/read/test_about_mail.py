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


NOTED = "2026-03-03 06:14:01 the message of the day\n"
UNSTAMPED = "it is a message of the system\n"


@pytest.mark.parametrize(
    ("text", "is_of_mail"),
    [
        pytest.param(NOTED, True, id="one line"),
        pytest.param(NOTED * 2, False, id="two lines"),
        pytest.param(NOTED * 3 + UNSTAMPED * 2, False, id="three of five"),
        pytest.param(NOTED * 3 + UNSTAMPED * 3, True, id="three of six"),
        pytest.param(f"{NOTED}\n\n\n{NOTED}", False, id="empty lines do not count"),
        pytest.param(
            NOTED * 2 + NOTED.replace("the message", "sendmail: the message"), True, id="a mail program"
        ),
        pytest.param(NOTED * 2 + NOTED.replace("day", "day@host.example"), True, id="an address"),
    ],
)
def test_words_of_mail_in_a_log_of_another_program_are_none(text: str, *, is_of_mail: bool) -> None:
    """A log is two lines of which three in five have a stamp."""
    assert is_about_mail(text) is is_of_mail
