"""Where a folder of an IMAP server is, as an option or a configuration writes it."""

from typing import Final
from urllib.parse import quote, unquote

import msgspec

from mxproof.formats.errors import ConfigError
from mxproof.net.account_url import parse_account_url

MAILBOX_SCHEMES: Final = ("imaps://", "imap://")
_PORTS: Final = {"imaps": 993, "imap": 143}
_INBOX: Final = "INBOX"


class ImapFolder(msgspec.Struct, frozen=True):
    """A folder of a user at a server; `starttls` where TLS begins after a greeting in the clear."""

    host: str
    port: int
    user: str
    folder: str = _INBOX
    starttls: bool = False

    @property
    def name(self) -> str:
        """What tells it from others, as a URL without a password (RFC 5092)."""
        scheme = "imap" if self.starttls else "imaps"
        return f"{scheme}://{quote(self.user)}@{self.host}:{self.port}/{quote(self.folder)}"


def parse_imap_folder(url: str) -> ImapFolder:
    """Return the folder that is written `imaps://USER@HOST[:PORT][/FOLDER]`; raises ConfigError, without a password in it."""
    expected = "imaps://USER@HOST/FOLDER was expected, or imap:// for STARTTLS"
    found = parse_account_url(url, "mailbox", expected, _PORTS)
    if not found.user:
        raise ConfigError(f"{found.place!r} is no mailbox; {expected}")
    folder = unquote(found.path.removeprefix("/")) or _INBOX
    return ImapFolder(found.host, found.port, found.user, folder, found.scheme == "imap")
