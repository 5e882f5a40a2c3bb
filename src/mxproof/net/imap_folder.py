"""Where a folder of an IMAP server is, as an option or a configuration writes it."""

from typing import Final
from urllib.parse import quote, unquote, urlsplit

import msgspec

from mxproof.formats.errors import ConfigError

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
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigError(f"this is no URL of a mailbox; {expected}") from None
    user, _, host = parts.netloc.rpartition("@")
    user, has_password, _ = user.partition(":")
    if has_password:
        raise ConfigError("a password in a URL is seen by everybody; name a file or a command that has it")
    if parts.scheme not in _PORTS or not user or not parts.hostname:
        raise ConfigError(f"{host or url!r} is no mailbox; {expected}")
    folder = unquote(parts.path.removeprefix("/")) or _INBOX
    return ImapFolder(
        parts.hostname, port or _PORTS[parts.scheme], unquote(user), folder, parts.scheme == "imap"
    )
