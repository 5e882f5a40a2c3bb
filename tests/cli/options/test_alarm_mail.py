"""An alarm told by mail: what the options come to, and which do not go together."""

from pathlib import Path

import click
import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options.alarm_mail import RECIPIENTS_MAX, AlarmMailUse, alarm_mail_options
from mxproof.net.submission import SubmissionServer
from mxproof.serve.silence.mail import AlarmMail
from support_options import taken

TO = ("postmaster@example.com", "on-call@example.com")
OPEN = AlarmMailUse(mail_to=TO, mail_through="smtp://mail.example.net")
FILE = Path("password")


def wrong(options: AlarmMailUse) -> str:
    with pytest.raises(click.UsageError) as error:
        options.mail()
    return error.value.message


def test_no_mail_is_asked_for_where_no_option_is_given() -> None:
    assert taken(alarm_mail_options).mail() is None


def test_mail_is_from_the_first_that_it_goes_to() -> None:
    want = SubmissionServer("mail.example.net", 587, starttls=True)
    assert OPEN.mail() == AlarmMail(want, "postmaster@example.com", TO)


def test_every_option_counts() -> None:
    options = taken(
        alarm_mail_options,
        *("--mail-to", TO[0], "--mail-to", TO[1], "--mail-through", "smtps://watch@mail.example.net"),
        *("--mail-from", "watch@example.net", "--mail-password-command", "pass 'the watch'"),
        *("--mail-ca-file", "roots.pem"),
    )
    server = SubmissionServer("mail.example.net", 465, "watch")
    assert options.mail() == AlarmMail(
        server, "watch@example.net", TO, None, ("pass", "the watch"), Path("roots.pem")
    )


@pytest.mark.parametrize(
    "options",
    [
        AlarmMailUse(mail_to=TO),
        AlarmMailUse(mail_through="smtps://mail.example.net"),
        AlarmMailUse(mail_ca_file=FILE),
    ],
)
def test_mail_needs_somebody_and_a_server(options: AlarmMailUse) -> None:
    assert wrong(options) == "mail about alarms needs both --mail-to and --mail-through"


def test_so_many_are_told_and_no_more() -> None:
    assert RECIPIENTS_MAX == 50
    most = AlarmMailUse(mail_to=TO[:1] * RECIPIENTS_MAX, mail_through="smtp://mail.example.net").mail()
    assert most is not None
    assert most.recipients == TO[:1] * RECIPIENTS_MAX
    more = AlarmMailUse(mail_to=TO[:1] * (RECIPIENTS_MAX + 1), mail_through="smtp://mail.example.net")
    assert wrong(more) == "--mail-to: at most 50 are told"


@pytest.mark.parametrize(
    "text",
    [
        "example.com",
        "@example.com",
        "postmaster@",
        "post\tmaster@example.com",
        "post master@example.com",
        "<postmaster@example.com>",
        '"post"@example.com',
        "a@example.com,b@example.com",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    want = f"{text!r} is no mail address"
    to = AlarmMailUse(mail_to=(*TO, text), mail_through="smtp://mail.example.net")
    sender = AlarmMailUse(mail_to=TO, mail_through="smtp://mail.example.net", mail_from=text)
    assert (wrong(to), wrong(sender)) == (want, want)


def test_a_server_that_is_none_is_refused() -> None:
    with pytest.raises(RunError) as error:
        AlarmMailUse(mail_to=TO, mail_through="https://mail.example.net").mail()
    assert (str(error.value), error.value.status) == (
        "--mail-through: 'mail.example.net' is no mail server; smtps://USER@HOST was expected, or smtp:// for STARTTLS",
        USAGE,
    )


@pytest.mark.parametrize(
    ("user", "file", "command"), [("watch@", None, None), ("", FILE, None), ("", None, "pass watch")]
)
def test_a_user_needs_a_password_and_a_password_a_user(
    user: str, file: Path | None, command: str | None
) -> None:
    options = AlarmMailUse(
        mail_to=TO,
        mail_through=f"smtps://{user}mail.example.net",
        mail_password_file=file,
        mail_password_command=command,
    )
    assert wrong(options) == (
        "a user in --mail-through needs --mail-password-file or --mail-password-command, and they a user"
    )


def test_a_password_may_be_in_a_file() -> None:
    options = AlarmMailUse(mail_to=TO, mail_through="smtps://watch@mail.example.net", mail_password_file=FILE)
    mail = options.mail()
    assert mail is not None
    assert (mail.password_file, mail.password_command) == (FILE, ())


def test_a_command_whose_quotation_does_not_end_is_told() -> None:
    with pytest.raises(RunError) as error:
        AlarmMailUse(
            mail_to=TO, mail_through="smtps://watch@mail.example.net", mail_password_command="pass 'x"
        ).mail()
    assert str(error.value) == '--mail-password-command "pass \'x": No closing quotation'
