"""Machines as network namespaces on one wire.

Every machine is a namespace with an IPv4 and an IPv6 documentation address (RFC 5737, RFC 3849) on `eth0`, joined by a
bridge that stands in a namespace of its own, so that the host's own network is never touched. Removing the namespaces
removes the interfaces; before that, whatever still runs inside them is killed by process id.
"""

import os
import select
import signal
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

COMMAND_WITHIN_S = 120.0
ENDED_WITHIN_S = 60.0

IPV4_PREFIXES = ("192.0.2.0/24", "198.51.100.0/24")
IPV6_PREFIX_BITS = 32

_NETNS_FILES = Path("/etc/netns")


class Machine(msgspec.Struct, frozen=True):
    """One machine: a short name, the host name it has in DNS, its two addresses, and more for further services.

    `trust_ad`: its resolv.conf declares that the AD bit of the resolver may be believed.
    """

    name: str
    host: str
    ipv4: str
    ipv6: str
    more_ipv4: tuple[str, ...] = ()
    more_ipv6: tuple[str, ...] = ()
    trust_ad: bool = True


class Network(msgspec.Struct, frozen=True):
    """The namespaces that are up, found by the name of their machine."""

    tag: str

    def inside(self, machine: Machine, *argv: str) -> tuple[str, ...]:
        """Return the command that runs `argv` on `machine`."""
        return ("ip", "netns", "exec", self.namespace(machine.name), *argv)

    def namespace(self, name: str) -> str:
        return f"{self.tag}-{name}"

    @contextmanager
    def cut(self, one: Machine, other: Machine, how: str = "blackhole") -> Iterator[None]:
        """Have nothing that `one` sends arrive at `other`, nor the other way, until the context is left.

        With `unreachable` for `how` whoever sends is told so at once.
        """
        ways = ((one, other), (other, one))
        for here, there in ways:
            _ip(f"route add {how} {there.ipv4}/32\n", self.namespace(here.name))
        try:
            yield
        finally:
            for here, there in ways:
                _ip(f"route del {how} {there.ipv4}/32\n", self.namespace(here.name))

    def fail(self, machine: Machine) -> None:
        """End all that runs on the machine at once, as when its power fails."""
        for pid in _pids(self.namespace(machine.name)):
            _kill(pid)

    def introduce(self, machines: Sequence[Machine]) -> None:
        """Have each machine know all of them, and itself by the name of this host, without asking (hosts(5))."""
        known = "127.0.0.1 localhost\n" + "".join(f"{one.ipv4} {one.host} {one.name}\n" for one in machines)
        for machine in machines:
            own = f"{machine.ipv4} {socket.gethostname()}\n"
            (_NETNS_FILES / self.namespace(machine.name) / "hosts").write_text(known + own)

    def runs(self, machine: Machine, title: str) -> bool:
        """Tell whether a process on the machine calls itself so."""
        return any(title in _title(pid) for pid in _pids(self.namespace(machine.name)))

    def plug(self, machine: Machine, port: str) -> None:
        """Put the device `port` of the switch on the wire, and give `eth0` of the machine its addresses."""
        _ip(f"link set {port} master wire\nlink set {port} up\n", self.namespace("switch"))
        _ip(_addressed(machine), self.namespace(machine.name))


@contextmanager
def network(tag: str, machines: Sequence[Machine], resolver: Machine) -> Iterator[Network]:
    """Put `machines` on one wire, each with `resolver` in its resolv.conf; take all away when the context is left."""
    made = Network(tag)
    switch = made.namespace("switch")
    namespaces = (switch, *(made.namespace(machine.name) for machine in machines))
    try:
        _ip("".join(f"netns add {name}\n" for name in namespaces))
        _ip("link add name wire type bridge mcast_snooping 0\nlink set wire up\n", switch)
        for port, machine in enumerate(machines):
            end = made.namespace(machine.name)
            _ip(f"link add name port{port} netns {switch} type veth peer name eth0 netns {end}\n")
            made.plug(machine, f"port{port}")
            _set_resolver(made.namespace(machine.name), resolver, machine)
        yield made
    finally:
        for name in namespaces:
            _remove(name)
        with suppress(OSError):
            _NETNS_FILES.rmdir()


@contextmanager
def joined(network: Network, machine: Machine, resolver: Machine) -> Iterator[None]:
    """Add the namespace of one more machine, whose cable is yet to be plugged in."""
    namespace = network.namespace(machine.name)
    try:
        _ip(f"netns add {namespace}\n")
        _set_resolver(namespace, resolver, machine)
        yield
    finally:
        _remove(namespace)


def _addressed(machine: Machine) -> str:
    routes = "".join(f"route replace {prefix} dev eth0 src {machine.ipv4}\n" for prefix in IPV4_PREFIXES)
    more = "".join(f"addr add {address}/32 dev eth0\n" for address in machine.more_ipv4)
    more += "".join(f"addr add {address}/128 dev eth0 nodad\n" for address in machine.more_ipv6)
    return (
        "link set lo up\n"
        f"addr add {machine.ipv4}/32 dev eth0\n"
        f"addr add {machine.ipv6}/{IPV6_PREFIX_BITS} dev eth0 nodad\n"
        "link set eth0 up\n" + routes + more
    )


def _set_resolver(namespace: str, resolver: Machine, machine: Machine) -> None:
    """Give the namespace its own resolv.conf, in which `trust-ad` declares that the AD bit may be believed."""
    folder = _NETNS_FILES / namespace
    folder.mkdir(parents=True)
    trust = "trust-ad " if machine.trust_ad else ""
    (folder / "resolv.conf").write_text(f"nameserver {resolver.ipv4}\noptions {trust}edns0\n")


def _remove(namespace: str) -> None:
    """Remove a namespace with all that runs in it, if it exists."""
    folder = _NETNS_FILES / namespace
    if folder.exists():
        for file in ("resolv.conf", "hosts"):
            (folder / file).unlink(missing_ok=True)
        folder.rmdir()
    if not Path("/run/netns", namespace).exists():
        return
    for pid in _pids(namespace):
        _kill(pid)
    subprocess.run(["ip", "netns", "delete", namespace], check=True, timeout=COMMAND_WITHIN_S)


def _pids(namespace: str) -> tuple[int, ...]:
    listed = subprocess.run(
        ["ip", "netns", "pids", namespace], check=True, capture_output=True, timeout=COMMAND_WITHIN_S
    )
    return tuple(int(pid) for pid in listed.stdout.split())


def _title(pid: int) -> str:
    try:
        return Path("/proc", str(pid), "cmdline").read_bytes().decode(errors="replace")
    except OSError:  # it has ended meanwhile
        return ""


def _kill(pid: int) -> None:
    """Kill a process and return when it has ended."""
    with suppress(ProcessLookupError):
        pidfd = os.pidfd_open(pid)
        try:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)
            select.select([pidfd], [], [], ENDED_WITHIN_S)
        finally:
            os.close(pidfd)


def _ip(commands: str, namespace: str | None = None) -> None:
    where = () if namespace is None else ("-n", namespace)
    done = subprocess.run(
        ["ip", *where, "-batch", "-"],
        input=commands,
        text=True,
        capture_output=True,
        timeout=COMMAND_WITHIN_S,
        check=False,
    )
    if done.returncode != 0:
        raise OSError(f"ip failed on {commands!r}: {done.stderr.strip()}")
