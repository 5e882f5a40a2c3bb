"""Where an account at a server is, as an option or a configuration writes it: a URL without a password."""

from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

import msgspec

from mxproof.formats.errors import ConfigError


class AccountUrl(msgspec.Struct, frozen=True):
    """A URL taken apart: `user` is empty where none is named, `place` and `path` are host with port, and what
    stands behind them, as they were written.
    """

    scheme: str
    host: str
    port: int
    user: str
    place: str
    path: str


def parse_account_url(url: str, kind: str, expected: str, ports: Mapping[str, int]) -> AccountUrl:
    """Return what a URL of a `kind` says, with the port of its scheme in `ports` where it names none.

    Raises ConfigError, without a password in it.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ConfigError(f"this is no URL of a {kind}; {expected}") from None
    user, _, place = parts.netloc.rpartition("@")
    user, has_password, _ = user.partition(":")
    if has_password:
        raise ConfigError("a password in a URL is seen by everybody; name a file or a command that has it")
    if parts.scheme not in ports or not parts.hostname:
        raise ConfigError(f"{place or url!r} is no {kind}; {expected}")
    named_port = port or ports[parts.scheme]
    return AccountUrl(parts.scheme, parts.hostname, named_port, unquote(user), place, parts.path)
