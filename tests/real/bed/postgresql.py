"""PostgreSQL on machines of a world: one that is written to, and a standby that follows it and can be left behind."""

import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.process import Daemon, running

USER = "postgres"
PORT = 5432
_LOOKED_AGAIN_S = 0.1
BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"))
_ANYWHERE = "host all all 0.0.0.0/0 trust\nhost replication all 0.0.0.0/0 trust\n"
_SETTINGS = ("fsync=off", "wal_level=replica", "hot_standby=on", "unix_socket_directories={folder}")


class Database(msgspec.Struct, frozen=True):
    """A running server: it listens at a socket in `folder`, and at every address that its machine has by then or later."""

    daemon: Daemon
    machine: Machine
    folder: Path

    @property
    def url(self) -> str:
        """Return where it is for whoever comes over the wire."""
        return f"postgresql://{USER}@{self.machine.ipv4}:{PORT}/postgres?connect_timeout=5"

    def told(self, sql: str) -> str:
        """Run SQL, and return what it tells."""
        command = (str(BINARIES / "psql"), "-h", str(self.folder), "-U", USER, "-v", "ON_ERROR_STOP=1", "-tA")
        done = subprocess.run(
            (*command, "-d", "postgres"),
            input=sql.encode(),
            check=True,
            capture_output=True,
            timeout=COMMAND_WITHIN_S,
        )
        return done.stdout.decode().strip()


class Standby(msgspec.Struct, frozen=True):
    """A server that follows another one, as the database of a second name server does."""

    database: Database

    def freeze(self) -> None:
        """Leave it behind: it shows nothing that is written from now on."""
        self.database.told("select pg_wal_replay_pause()")

    def thaw(self) -> None:
        """Have it catch up."""
        self.database.told("select pg_wal_replay_resume()")

    def caught_up_with(self, leader: Database) -> None:
        """Return once it shows all that `leader` has written by now."""
        written = leader.told("select pg_current_wal_lsn()")
        until = time.monotonic() + COMMAND_WITHIN_S
        while self.database.told(f"select pg_last_wal_replay_lsn() >= '{written}'") != "t":
            assert time.monotonic() < until, f"the standby does not come to {written}"
            time.sleep(_LOOKED_AGAIN_S)


@contextmanager
def database(network: Network, machine: Machine, folder: Path) -> Iterator[Database]:
    """Run an empty one on `machine`; a folder in which one has run is gone on with."""
    data = folder / "data"
    if not data.exists():
        _own(folder)
        _run("initdb", "-D", str(data), "-A", "trust", "-N", "--no-locale", "-E", "UTF8")
        with (data / "pg_hba.conf").open("a") as file:
            file.write(_ANYWHERE)
    with _served(network, machine, folder) as daemon:
        yield Database(daemon, machine, folder)


@contextmanager
def standby(network: Network, machine: Machine, leader: Database, folder: Path) -> Iterator[Standby]:
    """Run one on `machine` that follows `leader` over the wire, once it is as that is."""
    _own(folder)
    leads = f"host={leader.machine.ipv4} port={PORT} user={USER}"
    inside = network.inside(
        machine,
        *_as_user("pg_basebackup", "-d", leads, "-D", str(folder / "data"), "-R", "-N", "-c", "fast"),
    )
    subprocess.run(inside, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)
    with _served(network, machine, folder) as daemon:
        yield Standby(Database(daemon, machine, folder))


@contextmanager
def _served(network: Network, machine: Machine, folder: Path) -> Iterator[Daemon]:
    settings = [word for one in _SETTINGS for word in ("-c", one.format(folder=folder))]
    command = _as_user("postgres", "-D", str(folder / "data"), "-h", "0.0.0.0", *settings)
    log = folder / "log"
    log.unlink(missing_ok=True)
    ready = "eady to accept (read-only )?connections"
    with running(
        f"postgresql on {machine.name}", network.inside(machine, *command), log, ready, before_others=True
    ) as daemon:
        daemon.await_ready()
        yield daemon


def _own(folder: Path) -> None:
    folder.mkdir()
    shutil.chown(folder, USER)


def _run(program: str, *arguments: str) -> None:
    subprocess.run(_as_user(program, *arguments), check=True, capture_output=True, timeout=COMMAND_WITHIN_S)


def _as_user(program: str, *arguments: str) -> tuple[str, ...]:
    user = ("setpriv", f"--reuid={USER}", f"--regid={USER}", "--clear-groups")
    return (*user, str(BINARIES / program), *arguments)
