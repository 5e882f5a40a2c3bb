"""The two-server world: two Debian systems with nothing but Salt, set up by contrib/salt alone, and the Internet around them.

Each server is a system that is booted in a network namespace of its own. Around them are the root and its top-level domains, a
resolver that validates, an authority that issues certificates by ACME and looks at proofs, and a Postfix of somebody else.
"""

import datetime as dt
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from keeping import ROOT
from real.bed.acme import ACME_PORT, MANAGEMENT_PORT, acme_authority
from real.bed.ca import Authority
from real.bed.edition import WORLDS_FOLDER
from real.bed.machines import NAME_SERVER_MACHINE, RESOLVER
from real.bed.nameserver import Served, name_server
from real.bed.network import Machine, Network, network
from real.bed.process import Daemon
from real.bed.resolver import forget, recursive_resolver
from real.bed.system import SHARED, System, booted_root
from real.bed.town import SENDING
from real.bed.zones import Zone, addresses, reverse_zones
from real.packages.installed import CURRENT, bring

SUITE = "trixie"
SERVERS_ROOT = Path(os.environ.get("MXPROOF_SERVERS", "/var/cache/mxproof/servers"))
"""The root that tools/install-servers makes."""
DOMAIN = "example.com"
ACME = Machine("acme", "acme.example.net", "192.0.2.90", "2001:db8::90")
MX = {
    "mx1": Machine("mx1", f"mx1.{DOMAIN}", "192.0.2.25", "2001:db8::25"),
    "mx2": Machine("mx2", f"mx2.{DOMAIN}", "192.0.2.26", "2001:db8::26"),
}
TTL_S = 5
APPLIED_WITHIN_S = 1800.0
_RESOLVER_FOLDER = "unbound"


class Pillar(msgspec.Struct):
    """What the states are told."""

    domains: list[str]
    contact: str
    packages: str
    resolver: str
    ttl: int
    servers: dict[str, dict[str, object]]
    database: dict[str, object]
    powerdns: dict[str, str]
    acme: dict[str, object]


class TwoServers(msgspec.Struct, frozen=True):
    """The world that is up; `systems` are by the id of each server, `ca_file` has the root of every authority."""

    folder: Path
    ca_file: Path
    network: Network
    authority: Authority
    served: Served
    systems: Mapping[str, System]
    pillar: Pillar

    def apply(self, server: str, *states: str) -> dict[str, dict[str, object]]:
        """Have Salt bring a server to its state, or to these states alone.

        Returns what became of each part, by the id that Salt gives it.
        """
        salt = (
            "sh",
            "-c",
            'cd /; exec "$@"',
            "salt",
            "salt-call",
            "--local",
            f"--id={server}",
            "--out=json",
            "--log-level=error",
        )
        where = (f"--file-root={SHARED}/salt", f"--pillar-root={SHARED}/pillar")
        done = self.systems[server].run(*salt, *where, "state.apply", *states, within_s=APPLIED_WITHIN_S)
        told: dict[str, dict[str, dict[str, object]]] = json.loads(done.stdout)
        assert isinstance(told["local"], dict), told
        return told["local"]

    def names(self, also: Mapping[str, str]) -> None:
        """Put a further name of each server in the pillar, by its id."""
        for server, name in also.items():
            self.pillar.servers[server]["also"] = [name]
        self._tell_pillar()

    def passwords(self, **of: str) -> None:
        """Put other passwords of the roles of the database in the pillar."""
        self.pillar.database["passwords"] = of
        self._tell_pillar()

    def _tell_pillar(self) -> None:
        for server in self.systems:
            _put_pillar(self.folder / server, self.pillar)

    def anchor(self) -> None:
        """Have the zone above name the key of the domain, as its registrar would."""
        told = self.systems["mx1"].told("pdnsutil", "export-zone-ds", DOMAIN)
        ds = tuple(line.split(";")[0].strip() for line in told.splitlines() if " 13 2 " in line)
        assert ds, told
        self.served.replace(_com(ds, serial=2))
        forget(self.folder / _RESOLVER_FOLDER, ".")


@contextmanager
def two_servers() -> Iterator[TwoServers]:
    """Build the world with its two servers as Debian installs them, and leave nothing of it behind."""
    machines = (NAME_SERVER_MACHINE, RESOLVER, ACME, SENDING, *MX.values())
    with ExitStack() as stack:
        made = tempfile.TemporaryDirectory(prefix="mxproof-servers-", dir=WORLDS_FOLDER)
        folder = Path(stack.enter_context(made))
        folder.chmod(0o755)
        wire = stack.enter_context(network("servers", machines, RESOLVER))
        authority = Authority(folder / "ca", dt.datetime.now(dt.UTC))
        served = stack.enter_context(name_server(wire, NAME_SERVER_MACHINE, _zones(), folder / "knot"))
        resolver = stack.enter_context(
            recursive_resolver(
                wire, RESOLVER, NAME_SERVER_MACHINE, served.trust_anchor, folder / _RESOLVER_FOLDER
            )
        )
        acme = stack.enter_context(
            acme_authority(wire, ACME, authority, folder / "pebble", RESOLVER, for_others=True)
        )
        for daemon in (served.daemon, resolver, acme):
            daemon.await_ready()
        systems = {
            name: stack.enter_context(booted_root(wire, machine, folder / name, SERVERS_ROOT))
            for name, machine in MX.items()
        }
        roots = (authority.file.read_text(), _issuing_root(wire, authority, acme))
        pillar = _pillar()
        for name, system in systems.items():
            _prepare(system, folder / name, roots, pillar)
        ca_file = folder / "roots.pem"
        ca_file.write_text("".join(roots))
        yield TwoServers(folder, ca_file, wire, authority, served, systems, pillar)


def _prepare(system: System, shared: Path, roots: tuple[str, ...], pillar: Pillar) -> None:
    """Give a server what it would have from elsewhere: packages, states, pillar, and trust in the authorities of this world."""
    bring(SUITE, CURRENT, shared)
    shutil.copytree(ROOT / "contrib" / "salt", shared / "salt")
    (shared / "pillar").mkdir()
    (shared / "pillar" / "top.sls").write_text("base: {'*': [mxproof]}\n")
    _put_pillar(shared, pillar)
    for number, pem in enumerate(roots):
        (system.root / f"usr/local/share/ca-certificates/root{number}.crt").write_text(pem)
    system.told("update-ca-certificates")


def _put_pillar(shared: Path, pillar: Pillar) -> None:
    (shared / "pillar" / "mxproof.sls").write_text(msgspec.json.encode({"mxproof": pillar}).decode())


def _pillar() -> Pillar:
    """Return what the states are told first; the key of the API is one that YAML takes for a number where nobody quotes it."""
    return Pillar(
        domains=[DOMAIN],
        contact=f"postmaster@{DOMAIN}",
        packages=SHARED,
        resolver=RESOLVER.ipv4,
        ttl=TTL_S,
        servers={
            name: {"name": machine.host, "ipv4": machine.ipv4, "ipv6": machine.ipv6}
            for name, machine in MX.items()
        },
        database={"server": "mx1", "passwords": {"pdns": "of-pdns", "mxproof": "of-mxproof"}},
        powerdns={"api_key": "0123456"},
        acme={"directory": f"https://{ACME.host}:{ACME_PORT}/dir"},
    )


def _issuing_root(wire: Network, authority: Authority, acme: Daemon) -> str:
    """Return the root that the authority issues under, which it makes anew at each start."""
    url = f"https://localhost:{MANAGEMENT_PORT}/roots/0"
    command = wire.inside(ACME, "curl", "-s", "--cacert", str(authority.file), url)
    return subprocess.check_output(command, text=True, timeout=60)


def _zones() -> tuple[Zone, ...]:
    """Return what is above the domain, and beside it, parents before children."""
    others = (RESOLVER, ACME, SENDING)
    return (
        Zone(".", None, True, addresses(NAME_SERVER_MACHINE)),
        _com((), serial=1),
        Zone("net.", ".", True, ()),
        Zone(
            "example.net.",
            "net.",
            False,
            (
                *(record for machine in others for record in addresses(machine)),
                f"@ MX 10 {SENDING.host}.",
                '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@example.net"',
            ),
        ),
        *reverse_zones((*others, *MX.values())),
    )


def _com(ds: tuple[str, ...], serial: int) -> Zone:
    delegation = (f"{DOMAIN}. NS {machine.host}." for machine in MX.values())
    glue = (record for machine in MX.values() for record in addresses(machine))
    return Zone("com.", ".", True, (*delegation, *glue, *ds), serial)
