"""A store behind an address that moves, as with VRRP: its server falls silent, a standby is promoted, and the address comes to that.

Nobody is told that the connections to the server before are dead, and nobody announces where the address is now.
"""

import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.commands.publish_follow import TAKEN_OVER_S
from mxproof.store.journal.postgresql import GONE_WITHIN_S
from real.bed.network import COMMAND_WITHIN_S, Machine, Network, network
from real.bed.postgresql import PORT, USER, Database, Standby, database, standby
from real.bed.process import Daemon, running
from real.store.servers import folder_of

A_MINUTE_S = 60.0
SAID_WITHIN_S = 300.0
"""A third of the time for which the system waits by itself for a connection that is dead."""
_LOOKED_AGAIN_S = 0.1
ADDRESS = "192.0.2.100"
FIRST = Machine("db1", "db1.example.net", "192.0.2.1", "2001:db8::1")
SECOND = Machine("db2", "db2.example.net", "192.0.2.2", "2001:db8::2")
ONE = Machine("one", "one.example.net", "198.51.100.1", "2001:db8:1::1")
OTHER = Machine("other", "other.example.net", "198.51.100.2", "2001:db8:1::2")
URL = f"postgresql://{USER}@{ADDRESS}:{PORT}/postgres"
WRITTEN = re.compile("alone, and written")
_PROGRAM = Path(__file__).with_name("alone_at.py")


class Moving(msgspec.Struct, frozen=True):
    """Both servers of the store, and the address that one of them has."""

    wire: Network
    first: Database
    second: Standby

    def has_address(self, machine: Machine, verb: str) -> None:
        """Give a machine the address (`add`), or take it away (`del`)."""
        command = self.wire.inside(machine, "ip", "addr", verb, f"{ADDRESS}/32", "dev", "eth0")
        subprocess.run(command, check=True, timeout=COMMAND_WITHIN_S)

    def promote(self) -> None:
        """Have the second server take what is written."""
        assert self.second.database.told("select pg_promote()") == "t"


@pytest.fixture
def moving(host: None) -> Iterator[Moving]:
    with (
        folder_of(USER) as folder,
        network("moved", (FIRST, SECOND, ONE, OTHER), FIRST) as wire,
        database(wire, FIRST, folder / "first") as first,
        standby(wire, SECOND, first, folder / "second") as second,
    ):
        made = Moving(wire, first, second)
        made.has_address(FIRST, "add")
        yield made


@contextmanager
def _working(moving: Moving, machine: Machine, log: Path) -> Iterator[Daemon]:
    command = moving.wire.inside(machine, sys.executable, str(_PROGRAM), URL, machine.name)
    with running(machine.name, command, log, ready="") as daemon:
        yield daemon


def _written(*daemons: Daemon) -> int:
    return sum(len(WRITTEN.findall(one.text())) for one in daemons)


def _await(is_so: Callable[[], bool]) -> None:
    until = time.monotonic() + SAID_WITHIN_S
    while not is_so():
        assert time.monotonic() < until
        time.sleep(_LOOKED_AGAIN_S)


@pytest.mark.parametrize("is_late", [False, True], ids=["promoted first", "address first"])
def test_whoever_wants_to_be_alone_is_so_at_the_server_that_has_the_address_now_within_a_minute(
    moving: Moving, tmp_path: Path, *, is_late: bool
) -> None:
    with (
        _working(moving, ONE, tmp_path / "one.log") as one,
        _working(moving, OTHER, tmp_path / "other.log") as other,
    ):
        _await(lambda: _written(one, other) > 1)
        moving.second.caught_up_with(moving.first)
        moving.has_address(FIRST, "del")
        gone_s = time.monotonic()
        if not is_late:
            moving.promote()
        moving.has_address(SECOND, "add")
        if is_late:
            _await(lambda: "read-only" in one.text() + other.text())
            assert moving.second.database.told("select pg_is_in_recovery()") == "t"
            gone_s = time.monotonic()
            moving.promote()
        before = _written(one, other)
        _await(lambda: _written(one, other) > before)
        taken_over_s = time.monotonic() - gone_s
        held = moving.second.database.told("select count(*) from pg_locks where locktype = 'advisory'")
    print(f"written again after {taken_over_s:.0f} s")
    assert GONE_WITHIN_S + TAKEN_OVER_S < A_MINUTE_S
    assert held == "1"
