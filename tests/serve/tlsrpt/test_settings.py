"""What the configuration of what takes reports in says: listeners, a certificate with its key, and a folder with its password."""

from pathlib import Path

import msgspec
import pytest

from mxproof.formats.errors import ConfigError
from mxproof.net.asking import Asking, Peer
from mxproof.net.imap_folder import ImapFolder
from mxproof.serve.daemon.config import UnixPath
from mxproof.serve.tlsrpt.config import FolderOptions, KeyOptions, ListenOptions, ReportConfig
from mxproof.serve.tlsrpt.settings import (
    REPORT_LISTENERS_MAX,
    FolderSettings,
    folder_settings,
    read_report_settings,
    report_settings,
)

CONFIG = ReportConfig(domains=("example.com",), dns=KeyOptions(resolvers=("192.0.2.53",)))
FOLDER = FolderOptions(url="imaps://ada@mail.example.com/Reports", password_file="/etc/password")


def listening(**options: object) -> ReportConfig:
    return msgspec.structs.replace(CONFIG, listen=msgspec.structs.replace(ListenOptions(), **options))


def test_where_nothing_is_said_nothing_is_listened_for_and_no_folder_read() -> None:
    settings = report_settings(CONFIG)
    assert (settings.lmtp, settings.https, settings.certificate, settings.folder) == ((), (), None, None)
    assert settings.asking == Asking(
        (Peer("192.0.2.53", 53),), timeout_s=CONFIG.dns.timeout_s, trust_ad=False
    )


def test_a_listener_that_is_named_twice_is_one() -> None:
    settings = report_settings(listening(lmtp=("unix:/run/a", "unix:/run/b", "unix:/run/a")))
    assert settings.lmtp == (UnixPath("/run/a"), UnixPath("/run/b"))


def test_so_many_are_listened_for_and_no_more() -> None:
    assert REPORT_LISTENERS_MAX == 16
    names = tuple(f"unix:/run/{number}" for number in range(17))
    assert len(report_settings(listening(https=names[:16])).https) == 16
    with pytest.raises(ConfigError, match=r"\Alisten.https: 17 listeners where at most 16 are served\Z"):
        report_settings(listening(https=names))


def test_a_certificate_has_a_key_and_a_key_has_a_certificate() -> None:
    both = report_settings(listening(certificate="/etc/chain.pem", key="/etc/key.pem"))
    assert both.certificate == (Path("/etc/chain.pem"), Path("/etc/key.pem"))
    for alone in ({"certificate": "/etc/chain.pem"}, {"key": "/etc/key.pem"}):
        with pytest.raises(
            ConfigError,
            match=r"\Alisten.certificate and listen.key: one is named without the other\Z",
        ):
            report_settings(listening(**alone))


def test_a_folder_is_read_where_one_is_named() -> None:
    assert report_settings(msgspec.structs.replace(CONFIG, imap=FOLDER)).folder == FolderSettings(
        mailbox=ImapFolder("mail.example.com", 993, "ada", "Reports", False),
        password_file=Path("/etc/password"),
    )


def test_a_folder_has_its_password_from_a_command_its_own_authorities_and_a_place_for_what_is_done() -> None:
    options = FolderOptions(
        url="imap://ada@mail.example.com",
        password_command=("pass", "reports"),
        move_to="Done",
        ca_file="/etc/roots.pem",
        every_s=60.0,
    )
    assert folder_settings(options) == FolderSettings(
        mailbox=ImapFolder("mail.example.com", 143, "ada", "INBOX", True),
        password_command=("pass", "reports"),
        move_to="Done",
        roots=Path("/etc/roots.pem"),
        every_s=60.0,
    )


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"password_file": ""}, "imap: a password is needed, from password_file or from password_command"),
        ({"password_command": ("pass",)}, "imap: a password is needed, from password_file"),
        ({"move_to": "Reports"}, "imap.move_to: 'Reports' is the folder that is read"),
        ({"url": "https://mail.example.com"}, "imap.url: "),
    ],
    ids=["no password", "two passwords", "moved to itself", "no mailbox"],
)
def test_a_folder_that_cannot_be_read_so_is_refused(changes: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigError) as raised:
        folder_settings(msgspec.structs.replace(FOLDER, **changes))
    assert str(raised.value).startswith(said)


def test_what_is_wrong_in_a_file_is_said_with_its_name(tmp_path: Path) -> None:
    file = tmp_path / "tlsrpt.toml"
    file.write_text('domains = ["example.com"]\n[dns]\nresolvers = ["192.0.2.53"]\n', encoding="utf-8")
    config, settings = read_report_settings(file)
    assert (config, settings) == (CONFIG, report_settings(CONFIG))
    file.write_text('domains = ["no domain"]\n', encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        read_report_settings(file)
    assert str(raised.value).startswith(f"{file}: domains: ")
