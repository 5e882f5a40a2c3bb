"""An alarm told by mail: to whom, through which server, and its password."""

from pathlib import Path

import click
import msgspec

from mxproof.cli.exit import RunError
from mxproof.cli.options.command_words import command_words
from mxproof.cli.options.groups import option_group
from mxproof.formats.errors import ConfigError
from mxproof.net.submission import parse_submission_server
from mxproof.serve.silence.mail import AlarmMail

RECIPIENTS_MAX = 50


class AlarmMailUse(msgspec.Struct, frozen=True):
    """The options as given."""

    mail_to: tuple[str, ...] = ()
    mail_through: str | None = None
    mail_from: str | None = None
    mail_password_file: Path | None = None
    mail_password_command: str | None = None
    mail_ca_file: Path | None = None

    def mail(self) -> AlarmMail | None:
        """Return where mail is handed in, None where none is asked for; raises UsageError, and RunError for a wrong URL."""
        if self == AlarmMailUse():
            return None
        if not self.mail_to or self.mail_through is None:
            raise click.UsageError("mail about alarms needs both --mail-to and --mail-through")
        if len(self.mail_to) > RECIPIENTS_MAX:
            raise click.UsageError(f"--mail-to: at most {RECIPIENTS_MAX} are told")
        for one in (*self.mail_to, *([self.mail_from] if self.mail_from else [])):
            if not _is_address(one):
                raise click.UsageError(f"{one!r} is no mail address")
        try:
            server = parse_submission_server(self.mail_through)
        except ConfigError as error:
            raise RunError(f"--mail-through: {error}") from None
        words = command_words("--mail-password-command", self.mail_password_command)
        if bool(server.user) != bool(self.mail_password_file is not None or words):
            raise click.UsageError(
                "a user in --mail-through needs --mail-password-file or --mail-password-command, and they a user"
            )
        return AlarmMail(
            server,
            self.mail_from or self.mail_to[0],
            self.mail_to,
            self.mail_password_file,
            words,
            self.mail_ca_file,
        )


def _is_address(text: str) -> bool:
    local, at, domain = text.rpartition("@")
    return bool(local and at and domain) and text.isprintable() and not set(text) & set(' ,<>"')


alarm_mail_options = option_group(
    "mail",
    AlarmMailUse,
    (
        click.option(
            "--mail-to", multiple=True, metavar="ADDRESS", help="Mail each alarm to this address; repeatable."
        ),
        click.option(
            "--mail-through",
            metavar="URL",
            help="Hand that mail in at smtps://USER@HOST, or smtp:// for STARTTLS: at another provider than the one that is watched.",
        ),
        click.option(
            "--mail-from", metavar="ADDRESS", help="Who it is from  [default: the first it goes to]"
        ),
        click.option(
            "--mail-password-file",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The password for that is the first line of this file.",
        ),
        click.option(
            "--mail-password-command",
            metavar="COMMAND",
            help="It is the first line that this command prints; no shell is asked.",
        ),
        click.option(
            "--mail-ca-file",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Trust the authorities in this file (PEM) in place of those of the machine.",
        ),
    ),
)
