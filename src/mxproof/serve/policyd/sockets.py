"""Every socket of one daemon: opened as the configuration says, or taken over from the service manager."""

import contextlib
import logging
import os
import socket
from collections.abc import Iterator

import msgspec

from mxproof.formats import ConfigError
from mxproof.serve.daemon.config import Listener, UnixOptions, about, is_loopback, listener
from mxproof.serve.daemon.listening import cleared, handed_over, opened
from mxproof.serve.policyd.config import Config, listeners

_CONTROL_OPTIONS = UnixOptions(mode="0600")

_log = logging.getLogger("mxproof.policyd")


class Sockets(msgspec.Struct, frozen=True):
    """The sockets that Postfix asks at, those of the pages, and those of the control commands."""

    listen: list[socket.socket]
    http: list[socket.socket]
    control: list[socket.socket]


@contextlib.contextmanager
def sockets_of(config: Config) -> Iterator[Sockets]:
    """Open all listeners, or take over those of the service manager, and clear socket files away at the end.

    Raises ConfigError where one cannot be had, or nobody could ask.
    """
    given = handed_over(os.environ, os.getpid())
    http, control = given.pop("http", []), given.pop("control", [])
    found = Sockets([one for sockets in given.values() for one in sockets], http, control)
    mine: list[Listener] = []

    def add(sockets: list[socket.socket], key: str, one: Listener, options: UnixOptions) -> None:
        with about(key):
            sockets.append(opened(one, options))
        mine.append(one)

    try:
        if found.listen:
            _log.info("listen: the sockets of the service manager, not those of the configuration")
        else:
            for one in listeners(config):
                if not is_loopback(one):
                    _log.warning("listen: %s can be reached from other machines", one)
                add(found.listen, "listen", one, config.unix)
        if not found.listen:
            raise ConfigError("listen: empty, and the service manager hands no socket over; nobody could ask")
        if config.admin.http and not found.http:
            add(found.http, "admin.http", listener(config.admin.http), config.unix)
        if config.admin.control and not found.control:
            add(found.control, "admin.control", listener(config.admin.control), _CONTROL_OPTIONS)
        yield found
    finally:
        for open_socket in (*found.listen, *found.http, *found.control):
            open_socket.close()
        for one in mine:
            cleared(one)
