"""Folders of IMAP among what is imported: what options, configuration and URLs come to together."""

from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import USAGE, RunError
from mxproof.cli.options.journal import JournalUse
from mxproof.cli.options.mailbox import MailboxUse, is_mailbox, mailbox_options
from mxproof.net.imap_folder import ImapFolder
from mxproof.serve.tlsrpt.settings import FolderSettings
from support_options import taken

URL = "imaps://reports@mail.example.com/TLS"
OTHER_URL = "IMAP://tls@mail.example.net"
FOLDER = ImapFolder("mail.example.com", 993, "reports", "TLS")
OTHER_FOLDER = ImapFolder("mail.example.net", 143, "tls", starttls=True)


@pytest.fixture
def journal(tmp_path: Path) -> JournalUse:
    """Return the use of a journal whose configuration says all of a folder but where it is."""
    path = tmp_path / "tlsrpt.toml"
    path.write_text('[imap]\npassword_file = "kept"\nmove_to = "Done"\nca_file = "roots.pem"\n')
    return JournalUse(path, "sqlite:journal.db")


def refused(options: MailboxUse, inputs: tuple[str, ...], journal: JournalUse) -> str:
    with pytest.raises(RunError) as error:
        options.folders(inputs, journal)
    assert error.value.status == USAGE
    return str(error.value)


@pytest.mark.parametrize(
    ("given", "want"),
    [(URL, True), (OTHER_URL, True), ("reports.eml", False), ("https://example.com/imaps://", False)],
)
def test_a_folder_of_imap_is_told_by_its_scheme(given: str, want: bool) -> None:
    assert is_mailbox(given) is want


def test_what_no_option_says_is_as_the_configuration_says(journal: JournalUse) -> None:
    first = FolderSettings(
        mailbox=FOLDER, password_file=Path("kept"), move_to="Done", roots=Path("roots.pem")
    )
    second = msgspec.structs.replace(first, mailbox=OTHER_FOLDER)
    assert MailboxUse().folders(("report.json", URL, "-", OTHER_URL), journal) == (first, second)


def test_an_option_goes_before_the_configuration(journal: JournalUse) -> None:
    options = taken(mailbox_options, "--password-file", "new", "--move-to", "", "--ca-file", "own.pem")
    assert options.folders((URL,), journal) == (
        FolderSettings(mailbox=FOLDER, password_file=Path("new"), move_to="", roots=Path("own.pem")),
    )


def test_a_command_stands_in_for_the_file_of_the_configuration(journal: JournalUse) -> None:
    options = taken(mailbox_options, "--password-command", "pass 'tls reports'")
    assert options.folders((URL,), journal) == (
        FolderSettings(
            mailbox=FOLDER,
            password_command=("pass", "tls reports"),
            move_to="Done",
            roots=Path("roots.pem"),
        ),
    )


def test_nothing_is_a_folder_where_files_alone_are_given(journal: JournalUse) -> None:
    assert MailboxUse().folders(("report.json",), journal) == ()


@pytest.mark.parametrize(
    "options",
    [
        MailboxUse(password_file=Path("new")),
        MailboxUse(password_command="pass"),
        MailboxUse(move_to="Done"),
        MailboxUse(ca_file=Path("own.pem")),
    ],
)
def test_options_of_a_folder_are_refused_without_one(options: MailboxUse, journal: JournalUse) -> None:
    assert refused(options, ("report.json",), journal) == (
        "--password-file, --password-command, --move-to and --ca-file are for imaps://USER@HOST/FOLDER"
    )


def test_a_folder_without_one_password_is_refused(journal: JournalUse) -> None:
    want = "imap: a password is needed, from password_file or from password_command (--password-file, --password-command)"
    both = MailboxUse(password_file=Path("new"), password_command="pass")
    assert refused(both, (URL,), journal) == want
    assert refused(MailboxUse(), (URL,), JournalUse(Path("/dev/null"), "sqlite:journal.db")) == want


def test_a_command_whose_quotation_does_not_end_is_told(journal: JournalUse) -> None:
    want = "--password-command 'pass \"': No closing quotation"
    assert refused(MailboxUse(password_command='pass "'), (URL,), journal) == want
