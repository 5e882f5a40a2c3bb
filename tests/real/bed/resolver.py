"""The recursive resolver of a world: Unbound, validating from the key of the world's own root."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.bed.network import COMMAND_WITHIN_S, Machine, Network
from real.bed.process import Daemon, running
from real.bed.zones import NAME_SERVER, reverse_apexes

_CONF = """\
server:
    interface: {resolver.ipv4}
    interface: {resolver.ipv6}
    interface: 127.0.0.1
    access-control: 0.0.0.0/0 allow
    access-control: ::/0 allow
    do-daemonize: no
    chroot: ""
    username: ""
    directory: "{folder}"
    pidfile: ""
    use-syslog: no
    logfile: ""
    num-threads: 1
    module-config: "validator iterator"
    root-hints: "{folder}/root.hints"
    trust-anchor: "{trust_anchor}"
    trust-anchor-signaling: no
    val-log-level: 2
    log-servfail: yes
{local_zones}\
remote-control:
    control-enable: yes
    control-use-cert: no
    control-interface: {folder}/control
"""


@contextmanager
def recursive_resolver(
    network: Network, resolver: Machine, name_server: Machine, trust_anchor: str, folder: Path
) -> Iterator[Daemon]:
    """Resolve on `resolver`, starting at `name_server` as the root, whose key is `trust_anchor`."""
    folder.mkdir()
    (folder / "root.hints").write_text(
        f". 3600 NS {NAME_SERVER}.\n"
        f"{NAME_SERVER}. 3600 A {name_server.ipv4}\n"
        f"{NAME_SERVER}. 3600 AAAA {name_server.ipv6}\n"
    )
    # Unbound answers for the reverse zones of documentation addresses itself unless told not to (RFC 6303).
    local_zones = "".join(f'    local-zone: "{apex}" nodefault\n' for apex in reverse_apexes())
    conf = folder / "unbound.conf"
    conf.write_text(
        _CONF.format(resolver=resolver, folder=folder, trust_anchor=trust_anchor, local_zones=local_zones)
    )
    with resolver_from(network, resolver, folder, "unbound.log") as daemon:
        yield daemon


@contextmanager
def resolver_from(network: Network, resolver: Machine, folder: Path, log: str) -> Iterator[Daemon]:
    """Resolve on `resolver` as `folder` says, where one has resolved before; `log` is a new file there."""
    command = network.inside(resolver, "unbound", "-d", "-c", str(folder / "unbound.conf"))
    with running("unbound", command, folder / log, ready="start of service", before_others=True) as daemon:
        yield daemon


def forget(folder: Path, zone: str) -> None:
    """Have the resolver that runs from `folder` forget all that it knows of `zone`, as when its time is over."""
    command = ("unbound-control", "-c", str(folder / "unbound.conf"), "flush_zone", zone)
    subprocess.run(command, check=True, capture_output=True, timeout=COMMAND_WITHIN_S)
