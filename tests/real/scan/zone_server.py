"""Zones that were made up, served by knot on one address: those of a population, and of what measures how a scan asks."""

import socket
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from mxproof.net.asking import Peer
from real.bed.network import COMMAND_WITHIN_S
from real.bed.process import Daemon, running

HEAD = "$ORIGIN {zone}\n$TTL 3600\n@ SOA ns.example. hostmaster.example. 1 3600 600 86400 3600\n@ NS ns.example.\n"
"""How the text of a zone begins."""
_CONF = """\
server:
    rundir: {folder}
    listen: {peer.address}@{peer.port}
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
log:
  - target: stdout
    any: info
database:
    storage: {folder}/db
policy:
  - id: automatic
    algorithm: ecdsap256sha256
    single-type-signing: on
template:
  - id: default
    storage: {folder}
    zonefile-sync: -1
    journal-content: none
zone:
"""
_ZONE = "  - domain: {zone}\n    file: {zone}zone\n"
_SIGNED = "    dnssec-signing: on\n    dnssec-policy: automatic\n"


@contextmanager
def zones_served(
    zones: Mapping[str, Iterable[str]],
    folder: Path,
    peer: Peer,
    *,
    signed: str = "",
    inside: tuple[str, ...] = (),
) -> Iterator[Daemon]:
    """Serve zones, by their name with a dot at the end and what follows on HEAD, at `peer`.

    The zone `signed` is signed; `inside` begins a command on another machine.
    """
    conf = _CONF.format(folder=folder, peer=peer)
    for zone, lines in zones.items():
        (folder / f"{zone}zone").write_text(HEAD.format(zone=zone) + "".join(lines), encoding="ascii")
        conf += _ZONE.format(zone=zone) + (_SIGNED if zone == signed else "")
    file = folder / "knot.conf"
    file.write_text(conf, encoding="utf-8")
    (folder / "db").mkdir()
    if signed:
        _keymgr(folder, signed, "generate", "ksk=yes", "zsk=yes")
    with running("knot", (*inside, "knotd", "-c", str(file)), folder / "knot.log", "server started") as knot:
        knot.await_ready()
        yield knot


def zone_key(folder: Path, signed: str) -> str:
    """Return the DNSKEY record of a zone that is served from the folder."""
    return _keymgr(folder, signed, "dnskey").strip()


def free_peer() -> Peer:
    """Return an address on loopback at which nobody listens."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return Peer("127.0.0.1", one.getsockname()[1])


def _keymgr(folder: Path, *arguments: str) -> str:
    command = ["keymgr", "-c", str(folder / "knot.conf"), *arguments]
    return subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=COMMAND_WITHIN_S
    ).stdout
