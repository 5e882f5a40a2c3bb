"""What the configuration files of all daemons have in common: where to listen, and mistakes that name their key."""

import contextlib
import ipaddress
from collections.abc import Iterator
from typing import Annotated

import msgspec

from mxproof.formats import ConfigError
from mxproof.net.asking import Peer, parse_peer

UNIX_PATH_BYTES_MAX = 107


class UnixOptions(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How the file of a `unix:` listener is made; owner and group by name, empty for those of the daemon."""

    mode: Annotated[str, msgspec.Meta(pattern="^0?[0-7]{3}$")] = "0660"
    owner: str = ""
    group: str = ""


class UnixPath(msgspec.Struct, frozen=True):
    """A listener at a socket file."""

    path: str


Listener = Peer | UnixPath


@contextlib.contextmanager
def about(key: str) -> Iterator[None]:
    """Begin what a ConfigError says with the key that it is about."""
    try:
        yield
    except ConfigError as error:
        raise ConfigError(f"{key}: {error}") from None


def listener(text: str) -> Listener:
    """Return the listener written as `inet:127.0.0.1:8461`, `inet:[::1]:8461` or `unix:/run/mxproof/policyd`."""
    kind, _, rest = text.partition(":")
    if kind == "inet":
        return parse_peer(rest)
    if (
        kind == "unix"
        and rest.startswith("/")
        and len(rest.encode()) <= UNIX_PATH_BYTES_MAX
        and "\0" not in rest
    ):
        return UnixPath(rest)
    raise ConfigError(
        f"{text!r}: inet:ADDRESS:PORT or unix:/PATH of at most {UNIX_PATH_BYTES_MAX} bytes was expected"
    )


def is_loopback(one: Listener) -> bool:
    """Tell whether only this machine can reach a listener."""
    return isinstance(one, UnixPath) or ipaddress.ip_address(one.address).is_loopback
