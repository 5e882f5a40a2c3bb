"""Sockets to listen on: those of the configuration, or those that systemd hands over (sd_listen_fds(3))."""

import contextlib
import grp
import logging
import os
import pwd
import resource
import socket
import stat
from collections.abc import Mapping
from pathlib import Path

from mxproof.formats import ConfigError
from mxproof.serve.daemon.config import Listener, UnixOptions, UnixPath

LISTEN_BACKLOG = 1024
CONNECTIONS_ACCEPTED_MAX = 4000
FILES_WANTED = 2 * CONNECTIONS_ACCEPTED_MAX
"""As many open files for what is asked and stored as for the connections that are accepted."""
FIRST_FD = 3
FDS_MAX = 16

_log = logging.getLogger("mxproof.daemon")


def handed_over(environment: Mapping[str, str], pid: int) -> dict[str, list[socket.socket]]:
    """Return the sockets that systemd opened for this process, by their FileDescriptorName=."""
    if environment.get("LISTEN_PID") != str(pid):
        return {}
    count = environment.get("LISTEN_FDS", "")
    if not count.isdigit() or not 0 < int(count) <= FDS_MAX:
        raise ConfigError(f"LISTEN_FDS={count!r}: a number from 1 to {FDS_MAX} was expected")
    names = environment.get("LISTEN_FDNAMES", "").split(":")
    found: dict[str, list[socket.socket]] = {}
    for place in range(int(count)):
        os.set_inheritable(FIRST_FD + place, False)
        made = socket.socket(fileno=FIRST_FD + place)
        made.setblocking(False)
        found.setdefault(names[place] if place < len(names) else "", []).append(made)
    return found


def connections_allowed() -> int:
    """Return how many connections the limit of open files leaves room for, after raising it as far as it may be."""
    files, files_max = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if files != unlimited and files < FILES_WANTED:
        raised = FILES_WANTED if files_max == unlimited else min(files_max, FILES_WANTED)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (raised, files_max))
            files = raised
    room = (
        CONNECTIONS_ACCEPTED_MAX if files == unlimited else max(1, min(CONNECTIONS_ACCEPTED_MAX, files // 2))
    )
    if room < CONNECTIONS_ACCEPTED_MAX:
        _log.warning(
            "limit of open files (ulimit -n, LimitNOFILE=): leaves room for %d connections; %d files were wanted",
            room,
            FILES_WANTED,
        )
    return room


def opened(
    listener: Listener, options: UnixOptions, kind: socket.SocketKind = socket.SOCK_STREAM
) -> socket.socket:
    """Return a listening socket, at a file also one for datagrams; raises ConfigError where that is not possible."""
    where = listener.path if isinstance(listener, UnixPath) else str(listener)
    try:
        return _unix(listener, options, kind) if isinstance(listener, UnixPath) else _inet(*listener)
    except OSError as error:
        raise ConfigError(f"{where}: cannot listen there: {error.strerror or error}") from None


def owners(options: UnixOptions) -> tuple[int, int]:
    """Return the ids of owner and group, -1 for those of the daemon; raises ConfigError where there is none."""
    try:
        uid = pwd.getpwnam(options.owner).pw_uid if options.owner else -1
    except KeyError:
        raise ConfigError(f"unix.owner: this machine has no user {options.owner!r}") from None
    try:
        return uid, grp.getgrnam(options.group).gr_gid if options.group else -1
    except KeyError:
        raise ConfigError(f"unix.group: this machine has no group {options.group!r}") from None


def _inet(address: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    try:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family is socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.setblocking(False)
        made.bind((address, port))
        made.listen(LISTEN_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def _unix(listener: UnixPath, options: UnixOptions, kind: socket.SocketKind) -> socket.socket:
    """Listen at a path; what a daemon that is gone left there is cleared away, and a living one is not pushed aside."""
    path, ids = Path(listener.path), owners(options)
    if path.exists():
        if not stat.S_ISSOCK(path.stat().st_mode):
            raise OSError("a file that is no socket stands there")
        _clear(path, kind)
    made = socket.socket(socket.AF_UNIX, kind)
    before = os.umask(0o177)
    try:
        made.setblocking(False)
        made.bind(listener.path)
    except OSError:
        made.close()
        raise
    finally:
        os.umask(before)
    try:
        if ids != (-1, -1):
            os.chown(path, *ids)  # the unit forbids it, even where it would change nothing
        path.chmod(int(options.mode, 8))
        if kind is socket.SOCK_STREAM:
            made.listen(LISTEN_BACKLOG)
    except OSError:
        made.close()
        path.unlink(missing_ok=True)
        raise
    return made


def _clear(path: Path, kind: socket.SocketKind) -> None:
    with socket.socket(socket.AF_UNIX, kind) as probe:
        probe.setblocking(False)
        try:
            probe.connect(str(path))
        except ConnectionRefusedError:
            path.unlink()
            return
        except BlockingIOError:
            pass
    raise OSError("another process listens there")


def cleared(listener: Listener) -> None:
    """Take the socket file away at the end."""
    if isinstance(listener, UnixPath):
        with contextlib.suppress(OSError):
            Path(listener.path).unlink()
