"""Ten thousand domains with a policy each, in one network namespace: Knot for DNS, nginx for HTTPS.

Each policy host has a certificate of its own, sent with the intermediate that issued it, as the public authorities do.
"""

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from bench.policyd_load import ZONE
from mxproof.lab.ca import issue, make_ca
from real.bed.process import Daemon, running

DOMAINS = 10_000
TTL_S = 300
CERTIFICATE_DAYS = 90
COMMAND_WITHIN_S = 60

_KNOT = """\
server:
    rundir: {folder}
    listen: 127.0.0.1@53
log:
  - target: stdout
    any: info
database:
    storage: {folder}/db
zone:
  - domain: {zone}.
    file: {folder}/zone
    zonefile-sync: -1
    journal-content: none
"""
_NGINX = """\
daemon off;
user root;
worker_processes 1;
pid {folder}/nginx/nginx.pid;
error_log {folder}/nginx/nginx.log notice;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    root {folder}/nginx/www;
    default_type text/plain;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache off;
    ssl_session_tickets off;
    server {{
        listen 127.0.0.1:443 ssl backlog=4096;
        ssl_certificate {folder}/certificates/$ssl_server_name.pem;
        ssl_certificate_key {folder}/certificates/$ssl_server_name.pem;
    }}
}}
"""
_POLICY = (
    "version: STSv1\nmode: enforce\nmx: mx1.{zone}\nmx: mx2.{zone}\nmx: *.backup.{zone}\nmax_age: 1209600\n"
)


class BenchWorld(msgspec.Struct, frozen=True):
    """The namespace and the root certificate."""

    namespace: str
    folder: Path
    ca_file: Path

    def inside(self, *argv: str) -> list[str]:
        """Return the command that runs `argv` in the namespace."""
        return ["ip", "netns", "exec", self.namespace, *argv]


@contextmanager
def bench_world(
    *, ttl_s: int = TTL_S, domains: int = DOMAINS, without: int = 0, short: int = 0
) -> Iterator[BenchWorld]:
    """Serve the domains, and behind them some `without` a policy, their records with one TTL; leave nothing behind.

    The records of the last `short` domains, and of their MX host, have a TTL of a second.
    """
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mxproof-bench-")))
        folder.chmod(0o755)
        namespace = folder.name
        etc = Path("/etc/netns") / namespace
        etc.mkdir(parents=True)
        stack.callback(_remove, etc)
        (etc / "resolv.conf").write_text("nameserver 127.0.0.1\noptions edns0\n")
        _run("ip", "netns", "add", namespace)
        stack.callback(_run, "ip", "netns", "delete", namespace)
        _run("ip", "-n", namespace, "link", "set", "lo", "up")
        world = BenchWorld(namespace, folder, folder / "root.pem")
        _certify(world, domains)
        stack.enter_context(
            _knot(world, ttl_s, range(domains - short), range(domains - short, domains), without)
        ).await_ready()
        stack.enter_context(_nginx(world)).await_ready()
        yield world


def _remove(etc: Path) -> None:
    (etc / "resolv.conf").unlink()
    etc.rmdir()
    with suppress(OSError):
        etc.parent.rmdir()


def _certify(world: BenchWorld, domains: int) -> None:
    now = datetime.now(UTC)
    authority = make_ca(now)
    world.ca_file.write_bytes(authority.root_pem())
    folder = world.folder / "certificates"
    folder.mkdir()
    for number in range(domains):
        name = f"mta-sts.d{number}.{ZONE}"
        issued = issue(
            authority,
            (name,),
            not_before=now - timedelta(days=1),
            not_after=now + timedelta(days=CERTIFICATE_DAYS),
        )
        (folder / f"{name}.pem").write_bytes(issued.pem())


@contextmanager
def _knot(world: BenchWorld, ttl_s: int, usual: range, short: range, without: int) -> Iterator[Daemon]:
    folder = world.folder / "knot"
    folder.mkdir()
    (folder / "knot.conf").write_text(_KNOT.format(folder=folder, zone=ZONE))
    head = (
        f"$ORIGIN {ZONE}.",
        f"$TTL {ttl_s}",
        f"@ SOA ns hostmaster 1 3600 600 86400 {ttl_s}",
        "@ NS ns",
        "ns A 127.0.0.1",
        "mx1 A 127.0.0.1",
        f"_25._tcp.mx1 TLSA 3 1 1 {'5a' * 32}",
        "mx2 1 A 127.0.0.1",
        f"_25._tcp.mx2 1 TLSA 3 1 1 {'5a' * 32}",
    )
    lines = (
        f'd{n} {ttl} MX 10 {mx}.{ZONE}.\n_mta-sts.d{n} {ttl} TXT "v=STSv1; id=1;"\nmta-sts.d{n} {ttl} A 127.0.0.1'
        for numbers, ttl, mx in ((usual, ttl_s, "mx1"), (short, 1, "mx2"))
        for n in numbers
    )
    bare = (f"d{n} MX 10 mx1.{ZONE}." for n in range(short.stop, short.stop + without))
    (folder / "zone").write_text("\n".join((*head, *lines, *bare)) + "\n")
    command = world.inside("knotd", "-c", str(folder / "knot.conf"))
    with running("knot", command, folder / "log", ready="server started") as daemon:
        yield daemon


@contextmanager
def _nginx(world: BenchWorld) -> Iterator[Daemon]:
    folder = world.folder / "nginx"
    (folder / "www" / ".well-known").mkdir(parents=True)
    (folder / "www" / ".well-known" / "mta-sts.txt").write_text(_POLICY.format(zone=ZONE))
    (folder / "nginx.conf").write_text(_NGINX.format(folder=world.folder))
    log = folder / "nginx.log"
    command = world.inside("nginx", "-c", str(folder / "nginx.conf"), "-e", str(log))
    with running("nginx", command, log, ready="start worker process ") as daemon:
        yield daemon


def _run(*argv: str) -> None:
    subprocess.run(argv, check=True, timeout=COMMAND_WITHIN_S)
