"""The authoritative servers of a world: Knot DNS, which signs the signed zones itself and takes updates under a key.

A second one has the zones that name it from the first, and can be left behind.
"""

import base64
import secrets
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import msgspec

from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.process import Daemon, running
from real.bed.zones import TTL_S, Zone

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
key:
  - id: {key.name}
    algorithm: {key.algorithm}
    secret: {key.secret}
remote:
  - id: secondary
    address: {secondary_ipv4}@53
acl:
  - id: administrator
    key: {key.name}
    action: update
  - id: secondaries
    address: {secondary_ipv4}
    action: transfer
policy:
  - id: automatic
    algorithm: ecdsap256sha256
    single-type-signing: on
template:
  - id: default
    storage: {folder}/zones
    zonefile-sync: -1
    journal-content: none
    acl: [administrator, secondaries]
zone:
"""
_FOLLOWING = """\
server:
    rundir: {folder}/run
    listen: {machine.ipv4}@53
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
remote:
  - id: primary
    address: {primary.ipv4}@53
acl:
  - id: notified
    address: {primary.ipv4}
    action: notify
template:
  - id: default
    storage: {folder}/zones
    zonefile-sync: -1
    journal-content: none
    master: primary
    acl: notified
zone:
"""
NO_SECONDARY = "192.0.2.59"
"""The address that stands for a second server where there is none."""


class UpdateKey(msgspec.Struct, frozen=True):
    """The key under which the zones may be altered (RFC 8945), and the file of it that nsupdate reads."""

    name: str
    algorithm: str
    secret: str
    file: Path


class Follower(msgspec.Struct, frozen=True):
    """The second server, which can be left behind."""

    daemon: Daemon
    folder: Path

    def freeze(self, apex: str) -> None:
        """Have it follow no change of this zone."""
        self._control("zone-freeze", apex)

    def thaw(self, apex: str) -> None:
        """Have it follow again, and catch up."""
        self._control("zone-thaw", apex)
        self.refresh(apex)

    def refresh(self, apex: str) -> None:
        """Return once it has the zone as the first server has it; a frozen one may not be refreshed."""
        self._control("-b", "zone-refresh", apex)

    def _control(self, *arguments: str) -> None:
        command = ("knotc", "-c", str(self.folder / "knot.conf"), *arguments)
        subprocess.run(command, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)


class Served(msgspec.Struct, frozen=True):
    """The server that is being started and the public key of its root, as a trust anchor."""

    daemon: Daemon
    trust_anchor: str
    folder: Path
    key: UpdateKey

    def replace(self, zone: Zone) -> None:
        """Serve `zone` instead of what was served at its apex; no zone may be delegated from it."""
        (self.folder / "zones" / _file_name(zone)).write_text(zone.text(()))
        self._control("zone-reload", zone.apex)

    def add(self, apex: str, name: str, kind: str, data: str, ttl_s: int = TTL_S) -> None:
        """Add a record to a zone."""
        self._control("zone-begin", apex)
        self._control("zone-set", apex, name, str(ttl_s), kind, data)
        self._control("zone-commit", apex)

    def _control(self, *arguments: str) -> None:
        command = ("knotc", "-b", "-c", str(self.folder / "knot.conf"), *arguments)
        subprocess.run(command, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)


@contextmanager
def name_server(
    network: Network, machine: Machine, zones: Sequence[Zone], folder: Path, secondary: str = NO_SECONDARY
) -> Iterator[Served]:
    """Serve `zones` from `machine`, with keys made for this run; `secondary` may have them from there."""
    for name in ("run", "db", "zones"):
        (folder / name).mkdir(parents=True)
    conf = folder / "knot.conf"
    key = _update_key(folder)
    head = _CONF.format(
        folder=folder, ipv4=machine.ipv4, ipv6=machine.ipv6, key=key, secondary_ipv4=secondary
    )
    conf.write_text(head + "".join(_stanza(z) for z in zones))
    for zone in zones:
        if zone.signed:
            _keymgr(conf, zone.apex, "generate", "ksk=yes", "zsk=yes")
    for zone in zones:
        below = (_delegation(conf, child) for child in zones if child.parent == zone.apex)
        (folder / "zones" / _file_name(zone)).write_text(zone.text(below))
    command = network.inside(machine, "knotd", "-c", str(conf))
    with running("knot", command, folder / "knot.log", ready="server started", before_others=True) as daemon:
        yield Served(daemon, _keymgr(conf, ".", "dnskey").strip(), folder, key)


@contextmanager
def following_name_server(
    network: Network, machine: Machine, primary: Machine, zones: Sequence[Zone], folder: Path
) -> Iterator[Follower]:
    """Serve from `machine` those of `zones` that name it, as `primary` has them."""
    for name in ("run", "db", "zones"):
        (folder / name).mkdir(parents=True)
    followed = [zone for zone in zones if machine.host in zone.secondaries]
    conf = folder / "knot.conf"
    stanzas = "".join(f"  - domain: {zone.apex}\n" for zone in followed)
    conf.write_text(_FOLLOWING.format(folder=folder, machine=machine, primary=primary) + stanzas)
    command = network.inside(machine, "knotd", "-c", str(conf))
    with running(
        "knot, second",
        command,
        folder / "knot.log",
        ready="zone file updated|refresh, remote .* (finished|zone updated)",
        before_others=True,
    ) as daemon:
        yield Follower(daemon, folder)


def _update_key(folder: Path) -> UpdateKey:
    secret = base64.b64encode(secrets.token_bytes(32)).decode()
    key = UpdateKey("administrator.", "hmac-sha256", secret, folder / "update.key")
    key.file.write_text(f'key "{key.name}" {{ algorithm {key.algorithm}; secret "{key.secret}"; }};\n')
    return key


def _stanza(zone: Zone) -> str:
    signing = "    dnssec-signing: on\n    dnssec-policy: automatic\n" if zone.signed else ""
    notify = "    notify: secondary\n" if zone.secondaries else ""
    return f"  - domain: {zone.apex}\n    file: {_file_name(zone)}\n{signing}{notify}"


def _file_name(zone: Zone) -> str:
    return "root.zone" if zone.apex == "." else f"{zone.apex}zone"


def _delegation(conf: Path, child: Zone) -> str:
    lines = [f"{child.apex} NS {server}." for server in child.name_servers]
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
