"""A folder of IMAP among what is imported: its password, and what becomes of its messages."""

from pathlib import Path

import click
import msgspec

from mxproof.cli.exit import RunError
from mxproof.cli.options.command_words import command_words
from mxproof.cli.options.groups import option_group
from mxproof.cli.options.journal import JournalUse
from mxproof.formats.errors import ConfigError
from mxproof.net.imap_folder import MAILBOX_SCHEMES
from mxproof.serve.tlsrpt.settings import FolderSettings, folder_settings


class MailboxUse(msgspec.Struct, frozen=True):
    """The options as given; what is not given is as `[imap]` of the configuration says."""

    password_file: Path | None = None
    password_command: str | None = None
    move_to: str | None = None
    ca_file: Path | None = None

    def folders(self, inputs: tuple[str, ...], journal: JournalUse) -> tuple[FolderSettings, ...]:
        """Return the folders among `inputs`; raises RunError for one that cannot be, or without a password."""
        urls = [one for one in inputs if is_mailbox(one)]
        if not urls:
            if any(getattr(self, name) is not None for name in self.__struct_fields__):
                raise RunError(
                    "--password-file, --password-command, --move-to and --ca-file are for imaps://USER@HOST/FOLDER"
                )
            return ()
        options = journal.config_given().imap
        if self.password_file is not None or self.password_command is not None:
            options = msgspec.structs.replace(
                options,
                password_file=str(self.password_file or ""),
                password_command=command_words("--password-command", self.password_command),
            )
        options = msgspec.structs.replace(
            options,
            move_to=options.move_to if self.move_to is None else self.move_to,
            ca_file=options.ca_file if self.ca_file is None else str(self.ca_file),
        )
        try:
            return tuple(folder_settings(msgspec.structs.replace(options, url=url)) for url in urls)
        except ConfigError as error:
            raise RunError(str(error)) from None


mailbox_options = option_group(
    "mailbox",
    MailboxUse,
    (
        click.option(
            "--password-file",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="The password of the mailbox is the first line of this file.",
        ),
        click.option(
            "--password-command",
            metavar="COMMAND",
            help="It is the first line that this command prints; no shell is asked.",
        ),
        click.option(
            "--move-to",
            metavar="FOLDER",
            help="Move messages with reports there once they are kept  [default: the folder is only read]",
        ),
        click.option(
            "--ca-file",
            type=click.Path(path_type=Path),
            metavar="FILE",
            help="Trust the authorities in this file (PEM) in place of those of the machine.",
        ),
    ),
)


def is_mailbox(given: str) -> bool:
    """Tell whether what was given is a folder of IMAP."""
    return given.lower().startswith(MAILBOX_SCHEMES)
