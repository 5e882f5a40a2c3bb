"""The authoritative server of every zone of a world: Knot DNS, which signs the signed ones itself."""

import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.process import Daemon, running
from real.bed.zones import NAME_SERVER, Zone

_CONF = """\
server:
    rundir: {folder}/run
    listen: [{ipv4}@53, {ipv6}@53]
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stdout
    any: info
database:
    storage: {folder}/db
    journal-db-max-size: 16M
    kasp-db-max-size: 16M
    timer-db-max-size: 16M
policy:
  - id: automatic
    algorithm: ecdsap256sha256
    single-type-signing: on
template:
  - id: default
    storage: {folder}/zones
    zonefile-sync: -1
    journal-content: none
zone:
"""


class Served(msgspec.Struct, frozen=True):
    """The server that is being started and the public key of its root, as a trust anchor."""

    daemon: Daemon
    trust_anchor: str
    folder: Path

    def replace(self, zone: Zone) -> None:
        """Serve `zone` instead of what was served at its apex; no zone may be delegated from it."""
        (self.folder / "zones" / _file_name(zone)).write_text(zone.text(()))
        command = ("knotc", "-b", "-c", str(self.folder / "knot.conf"), "zone-reload", zone.apex)
        subprocess.run(command, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)


@contextmanager
def name_server(network: Network, machine: Machine, zones: Sequence[Zone], folder: Path) -> Iterator[Served]:
    """Serve `zones` from `machine`, with keys made for this run."""
    for name in ("run", "db", "zones"):
        (folder / name).mkdir(parents=True)
    conf = folder / "knot.conf"
    conf.write_text(
        _CONF.format(folder=folder, ipv4=machine.ipv4, ipv6=machine.ipv6) + "".join(_stanza(z) for z in zones)
    )
    for zone in zones:
        if zone.signed:
            _keymgr(conf, zone.apex, "generate", "ksk=yes", "zsk=yes")
    for zone in zones:
        below = (_delegation(conf, child) for child in zones if child.parent == zone.apex)
        (folder / "zones" / _file_name(zone)).write_text(zone.text(below))
    command = network.inside(machine, "knotd", "-c", str(conf))
    with running("knot", command, folder / "knot.log", ready="server started") as daemon:
        yield Served(daemon, _keymgr(conf, ".", "dnskey").strip(), folder)


def _stanza(zone: Zone) -> str:
    signing = "    dnssec-signing: on\n    dnssec-policy: automatic\n" if zone.signed else ""
    return f"  - domain: {zone.apex}\n    file: {_file_name(zone)}\n{signing}"


def _file_name(zone: Zone) -> str:
    return "root.zone" if zone.apex == "." else f"{zone.apex}zone"


def _delegation(conf: Path, child: Zone) -> str:
    lines = [f"{child.apex} NS {NAME_SERVER}."]
    if child.signed:
        lines.extend(line for line in _keymgr(conf, child.apex, "ds").splitlines() if " 13 2 " in line)
    return "\n".join(_of_another_key(line) if child.disowned and " DS " in line else line for line in lines)


def _of_another_key(ds: str) -> str:
    """Return a DS record with a digest that no key of the zone has."""
    head, digest = ds.rsplit(" ", 1)
    return f"{head} {''.join(f'{15 - int(digit, 16):x}' for digit in digest)}"


def _keymgr(conf: Path, *arguments: str) -> str:
    command = ["keymgr", "-c", str(conf), *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=COMMAND_WITHIN_S
    ).stdout
