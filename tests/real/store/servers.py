"""A real PostgreSQL and a real Redis on sockets of their own, each in a folder of its user."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.bed.process import Daemon, running

COMMAND_WITHIN_S = 300
POSTGRESQL = max(Path("/usr/lib/postgresql").glob("*/bin"))


@contextmanager
def folder_of(user: str) -> Iterator[Path]:
    """Make a short folder that belongs to `user`; a path of a socket has at most 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="mxproof-"))
    try:
        shutil.chown(folder, user)
        yield folder
    finally:
        shutil.rmtree(folder)


def as_user(user: str, *argv: str | Path) -> tuple[str, ...]:
    """Return the command that runs `argv` as `user`."""
    return ("setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups", *map(str, argv))


@contextmanager
def postgresql(folder: Path) -> Iterator[Daemon]:
    """Run a PostgreSQL that listens on a socket in `folder` alone."""
    data = folder / "data"
    if not data.exists():
        init = as_user(
            "postgres", POSTGRESQL / "initdb", "-D", data, "-A", "trust", "-N", "--no-locale", "-E", "UTF8"
        )
        subprocess.run(init, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)
    command = as_user("postgres", POSTGRESQL / "postgres", "-D", data, "-k", folder, "-h", "")
    log = folder / "log"
    log.unlink(missing_ok=True)
    with running("postgresql", command, log, "eady to accept connections") as daemon:
        daemon.await_ready()
        yield daemon


@contextmanager
def redis(folder: Path) -> Iterator[Daemon]:
    """Run a Redis that listens on a socket in `folder` alone and appends every write to a file."""
    log = folder / "log"
    log.unlink(missing_ok=True)
    settings = ("--port", "0", "--unixsocket", folder / "s", "--dir", folder, "--appendonly", "yes")
    command = as_user("redis", "redis-server", *settings, "--appendfsync", "always")
    with running("redis", command, log, "eady to accept connections") as daemon:
        daemon.await_ready()
        yield daemon
