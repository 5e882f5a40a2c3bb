"""`mxproof policyd` on a machine of a world, and questions put to it as Postfix puts them."""

import ctypes
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec

from mxproof.formats.postfix.netstring import print_netstring, read_netstring
from real.bed.machines import RESOLVER
from real.bed.network import Machine, Network
from real.bed.process import Daemon, running

PORT = 8461
ANSWERED_WITHIN_S = 120.0
SOCKETMAP_REPLY_BYTES_MAX = 100_000
PAGE_BYTES_MAX = 1_000_000

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


class PolicyDaemon(msgspec.Struct, frozen=True):
    """A running daemon, where it runs and the file of its configuration."""

    daemon: Daemon
    network: Network
    machine: Machine
    config: Path
    port: int

    def asked(self, table: str, key: str) -> str:
        """Return the reply to one look-up, as Postfix gets it over TCP."""
        with closing(self.connected(ANSWERED_WITHIN_S)) as one:
            return asked_over(one, table, key)

    def page(self, port: int, path: str) -> str:
        """Return what the daemon serves over HTTP at `port`, headers and all."""
        with closing(self.connected(ANSWERED_WITHIN_S, port)) as one:
            one.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
            with one.makefile("rb") as file:
                return file.read(PAGE_BYTES_MAX).decode()

    def connected(self, patience_s: float, port: int = 0) -> socket.socket:
        """Return a new connection, to another port if need be; no reply is waited for longer than `patience_s`."""
        made = socket_inside(self.network, self.machine)
        try:
            made.settimeout(patience_s)
            made.connect(("127.0.0.1", port or self.port))
        except OSError:
            made.close()
            raise
        return made

    def query(self, destination: str) -> str:
        """Return what `mxproof policyd query` says: the whole chain of reasons for a destination."""
        command = (*_PROGRAM, "--config", str(self.config), "query", destination)
        inside = self.network.inside(self.machine, *command)
        return subprocess.check_output(inside, text=True, timeout=ANSWERED_WITHIN_S)


def asked_over(connection: socket.socket, table: str, key: str) -> str:
    """Return the reply to one look-up; raises OSError where there is none."""
    connection.sendall(print_netstring(f"{table} {key}".encode()))
    received = b""
    while (framed := read_netstring(received, SOCKETMAP_REPLY_BYTES_MAX)) is None:
        data = connection.recv(SOCKETMAP_REPLY_BYTES_MAX)
        if not data:
            raise ConnectionError(f"closed after {received!r}")
        received += data
    return framed.payload.decode()


_PROGRAM = (sys.executable, "-m", "mxproof", "policyd")


@contextmanager
def policy_daemon(
    network: Network,
    machine: Machine,
    ca_file: Path,
    folder: Path,
    *,
    port: int = PORT,
    listen: tuple[str, ...] = (),
    grace_s: float = 0.001,
    store: str = "",
    more: str = "",
    before: tuple[str, ...] = (),
    collector: str = "",
    resolver: str = RESOLVER.ipv4,
) -> Iterator[PolicyDaemon]:
    """Run the daemon on `machine`, also at `listen`; `more` is what else its configuration says, as TOML.

    `store` is the URL of another store than its own file, `before` a command that runs the daemon, `collector` who is told what
    Postfix cannot see, `resolver` whom it asks.

    Unless `grace_s` says otherwise it looks at the world anew for each question, so that a test need not wait until an
    answer is no longer fresh.
    What it learns outlives it in `folder`.
    """
    folder.mkdir(exist_ok=True)
    config = folder / "policyd.toml"
    everywhere = json.dumps([f"inet:127.0.0.1:{port}", *listen])
    config.write_text(
        _CONFIG.format(
            listen=everywhere,
            resolver=resolver,
            ca_file=ca_file,
            store=store or f"sqlite:{folder}/policies.db",
            grace_s=grace_s,
            collector=collector,
        )
        + more
    )
    log = folder / "policyd.log"
    log.unlink(missing_ok=True)
    command = network.inside(machine, *before, *_PROGRAM, "--config", str(config))
    with running("mxproof policyd", command, log, ready="ready version=") as daemon:
        yield PolicyDaemon(daemon, network, machine, config, port)


_CONFIG = """\
listen = {listen}
collector = "{collector}"
log = "debug"

[answers]
grace_s = {grace_s}
report_testing = true

[dns]
resolvers = ["{resolver}"]
trust_ad = true

[https]
ca_file = "{ca_file}"

[store]
url = "{store}"
"""


def socket_inside(network: Network, machine: Machine) -> socket.socket:
    """Return a new TCP socket of the network of `machine`; a socket stays where it was made."""
    made: list[socket.socket] = []

    def make() -> None:
        """Enter the namespace with this thread alone, which ends at once."""
        namespace = os.open(f"/run/netns/{network.namespace(machine.name)}", os.O_RDONLY)
        try:
            if _libc.setns(namespace, _CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        finally:
            os.close(namespace)
        made.append(socket.socket(socket.AF_INET, socket.SOCK_STREAM))

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    return made[0]
