"""PowerDNS with zones in SQLite, altered through its HTTP API."""

import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.process import Daemon, running

API_PORT = 8081
API_KEY = "of the tests"
SCHEMA = Path("/usr/share/pdns-backend-sqlite3/schema/schema.sqlite3.sql")
NO_CONTENT = "204"
_CONF = """\
launch=gsqlite3
gsqlite3-database={folder}/zones.db
local-address={ipv4},{ipv6}
socket-dir={folder}
setuid=
setgid=
api=yes
api-key={key}
webserver-address=127.0.0.1
webserver-port={port}
cache-ttl=0
query-cache-ttl=0
negquery-cache-ttl=0
zone-cache-refresh-interval=0
"""


class PowerDns(msgspec.Struct, frozen=True):
    """A running server, and the machine that it runs on."""

    daemon: Daemon
    network: Network
    machine: Machine
    folder: Path

    def load(self, zone: str, text: str) -> None:
        """Serve another zone, at first as the master file `text` has it."""
        file = self.folder / f"zone-{zone}"
        file.write_text(text)
        command = ("pdnsutil", f"--config-dir={self.folder}", "load-zone", zone, str(file))
        subprocess.run(command, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)

    def patch(self, zone: str, body: Path) -> str:
        """Send a patch of a zone as the runbook says; return the status of HTTP, and what was said where that is no success."""
        url = f"http://127.0.0.1:{API_PORT}/api/v1/servers/localhost/zones/{zone}."
        command = ("curl", "-s", "-X", "PATCH", "-H", f"X-API-Key: {API_KEY}", "--data", f"@{body}")
        told = self._run(*command, "-w", "%{http_code}", url)
        return told[-len(NO_CONTENT) :] if told.endswith(NO_CONTENT) else told

    def asked(self, name: str, kind: str) -> frozenset[str]:
        """Return the data of records as they are answered over DNS."""
        return records_at(self.network, self.machine, self.machine.ipv4, name, kind)

    def _run(self, *command: str) -> str:
        inside = self.network.inside(self.machine, *command)
        return subprocess.check_output(inside, text=True, timeout=COMMAND_WITHIN_S)


def records_at(network: Network, machine: Machine, server: str, name: str, kind: str) -> frozenset[str]:
    """Return the data of the records at this very name, as a name server answers them to `machine`."""
    command = ("kdig", "+noall", "+answer", f"@{server}", f"{name}.", kind)
    told = subprocess.check_output(network.inside(machine, *command), text=True, timeout=COMMAND_WITHIN_S)
    rows = [line.split(None, 4) for line in told.splitlines() if line and not line.startswith(";")]
    return frozenset(row[4].strip() for row in rows if row[3] == kind and row[0] == f"{name}.")


@contextmanager
def powerdns(network: Network, machine: Machine, zone: str, text: str, folder: Path) -> Iterator[PowerDns]:
    """Serve `zone` from `machine`, at first as the master file `text` has it."""
    folder.mkdir()
    (folder / "pdns.conf").write_text(
        _CONF.format(folder=folder, ipv4=machine.ipv4, ipv6=machine.ipv6, key=API_KEY, port=API_PORT)
    )
    (folder / "zone").write_text(text)
    _make_database(folder)
    load = ("pdnsutil", f"--config-dir={folder}", "load-zone", zone, str(folder / "zone"))
    subprocess.run(load, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)
    command = network.inside(machine, "pdns_server", f"--config-dir={folder}", "--daemon=no", "--guardian=no")
    with running(
        "pdns", command, folder / "pdns.log", ready="Done launching threads", before_others=True
    ) as daemon:
        yield PowerDns(daemon, network, machine, folder)


def _make_database(folder: Path) -> None:
    made = sqlite3.connect(folder / "zones.db")
    made.executescript(SCHEMA.read_text())
    made.close()
