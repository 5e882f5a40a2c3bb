"""Two servers of PowerDNS with PostgreSQL behind each: the first is altered through its API, the second follows by replication."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.postgresql import USER, Database, Standby, database, standby
from real.bed.powerdns import API_KEY, API_PORT, PowerDns
from real.bed.process import Daemon, running
from real.bed.zones import Zone

SCHEMA = Path("/usr/share/pdns-backend-pgsql/schema/schema.pgsql.sql")
_CONF = """\
launch=gpgsql
gpgsql-host={database}
gpgsql-user={user}
gpgsql-dbname=postgres
gpgsql-dnssec=yes
local-address={ipv4},{ipv6}
socket-dir={folder}
setuid=
setgid=
api={api}
api-key={key}
webserver-address=127.0.0.1
webserver-port={port}
security-poll-suffix=
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
zone-metadata-cache-ttl=0
dnssec-key-cache-ttl=0
"""


class PowerDnsPair(msgspec.Struct, frozen=True):
    """Both servers, and what holds their zones."""

    first: PowerDns
    second: PowerDns
    leader: Database
    follower: Standby

    def delegations(self, zone: Zone) -> tuple[str, ...]:
        """Return the data of the DS records of a signed zone, by SHA-256."""
        told = _pdnsutil(self.first.folder, "export-zone-ds", zone.apex.rstrip("."))
        return tuple(
            line.split(None, 3)[3].split(";")[0].strip() for line in told.splitlines() if " 13 2 " in line
        )


@contextmanager
def powerdns_pair(
    network: Network, machines: tuple[Machine, Machine], zones: Sequence[Zone], folder: Path
) -> Iterator[PowerDnsPair]:
    """Serve zones from two machines; those that are signed are signed by both servers with the same keys."""
    folder.mkdir()
    first, second = (folder / f"pdns-{one.name}" for one in machines)
    with ExitStack() as stack:
        leader = stack.enter_context(database(network, machines[0], folder / "leader"))
        leader.told(SCHEMA.read_text())
        _configure(first, machines[0], leader, api="yes")
        for zone in zones:
            _load(first, zone)
        follower = stack.enter_context(standby(network, machines[1], leader, folder / "follower"))
        _configure(second, machines[1], follower.database, api="no")
        started = [
            stack.enter_context(_served(network, machine, place))
            for machine, place in zip(machines, (first, second), strict=True)
        ]
        for daemon in started:
            daemon.await_ready()
        yield PowerDnsPair(
            PowerDns(started[0], network, machines[0], first),
            PowerDns(started[1], network, machines[1], second),
            leader,
            follower,
        )


def _configure(folder: Path, machine: Machine, behind: Database, api: str) -> None:
    folder.mkdir()
    (folder / "pdns.conf").write_text(
        _CONF.format(
            folder=folder,
            database=behind.folder,
            user=USER,
            ipv4=machine.ipv4,
            ipv6=machine.ipv6,
            api=api,
            key=API_KEY,
            port=API_PORT,
        )
    )


def _load(folder: Path, zone: Zone) -> None:
    name = zone.apex.rstrip(".")
    file = folder / f"{name}.zone"
    file.write_text(zone.text(()))
    _pdnsutil(folder, "load-zone", name, str(file))
    if zone.signed:
        _pdnsutil(folder, "secure-zone", name)


@contextmanager
def _served(network: Network, machine: Machine, folder: Path) -> Iterator[Daemon]:
    command = network.inside(machine, "pdns_server", f"--config-dir={folder}", "--daemon=no", "--guardian=no")
    log = folder / "pdns.log"
    with running(
        f"pdns on {machine.name}", command, log, ready="Done launching threads", before_others=True
    ) as daemon:
        yield daemon


def _pdnsutil(folder: Path, *words: str) -> str:
    command = ("pdnsutil", f"--config-dir={folder}", *words)
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=COMMAND_WITHIN_S
    ).stdout
