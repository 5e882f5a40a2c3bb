"""Every socket of one daemon: opened as the configuration says, or taken over from the service manager."""

import contextlib
import logging
import os
import socket
from collections.abc import Iterator, Mapping

import msgspec

from mxproof.formats import ConfigError
from mxproof.serve.daemon.config import Listener, UnixOptions, UnixPath, about, is_loopback
from mxproof.serve.daemon.listening import cleared, handed_over, opened

CONTROL_OPTIONS = UnixOptions(mode="0600")

_log = logging.getLogger("mxproof.daemon")


class Listening(msgspec.Struct, frozen=True):
    """Where one kind of client is listened for.

    `name` is the FileDescriptorName= of its sockets where the service manager has them, `key` that of the
    configuration. Those `for_everybody` are meant to be reached from other machines; `kind` is what comes there.
    """

    name: str
    key: str
    listeners: tuple[Listener, ...]
    unix: UnixOptions
    for_everybody: bool = False
    kind: socket.SocketKind = socket.SOCK_STREAM


def listening_apart(
    http: Listener | None, control: UnixPath | None, unix: UnixOptions
) -> tuple[Listening, Listening]:
    """Return where every daemon listens beside its clients: for who monitors and for who commands."""
    return (
        Listening("http", "admin.http", () if http is None else (http,), unix),
        Listening("control", "admin.control", () if control is None else (control,), CONTROL_OPTIONS),
    )


@contextlib.contextmanager
def opened_sockets(
    clients: Listening, *apart: Listening, needed: bool = True
) -> Iterator[Mapping[str, list[socket.socket]]]:
    """Open all listeners, or take over those of the service manager, and clear socket files away at the end.

    Return them by name; those of the service manager that nobody listens for by name are for `clients`. Raises
    ConfigError where one cannot be had, or there is none for clients although one is `needed`.
    """
    given = handed_over(os.environ, os.getpid())
    found = {one.name: given.pop(one.name, []) for one in apart}
    found[clients.name] = [one for sockets in given.values() for one in sockets]
    mine: list[Listener] = []
    try:
        if found[clients.name]:
            _log.info("%s: the sockets of the service manager, not those of the configuration", clients.key)
            if any(one.type is not clients.kind for one in found[clients.name]):
                raise ConfigError(f"{clients.key}: the service manager hands over a socket of another kind")
        else:
            for one in clients.listeners:
                if not is_loopback(one) and not clients.for_everybody:
                    _log.warning("%s: %s can be reached from other machines", clients.key, one)
            _open(clients, found[clients.name], mine)
        if needed and not found[clients.name]:
            raise ConfigError(
                f"{clients.key}: empty, and the service manager hands no socket over; nobody could ask"
            )
        for kind in apart:
            if not found[kind.name]:
                _open(kind, found[kind.name], mine)
        yield found
    finally:
        for open_socket in (one for sockets in found.values() for one in sockets):
            open_socket.close()
        for listener in mine:
            cleared(listener)


def _open(kind: Listening, sockets: list[socket.socket], mine: list[Listener]) -> None:
    """Open what is not handed over, one by one, so that those before a failure are known."""
    for one in kind.listeners:
        with about(kind.key):
            sockets.append(opened(one, kind.unix, kind.kind))
        mine.append(one)
