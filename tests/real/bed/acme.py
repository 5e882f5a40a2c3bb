"""An authority that issues certificates by ACME (RFC 8555): Pebble, which looks at proofs, or takes each for met."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from real.bed.ca import Authority
from real.bed.network import Machine, Network
from real.bed.process import Daemon, running

ACME_PORT = 14000
MANAGEMENT_PORT = 15000
NAME = "localhost"


@contextmanager
def acme_authority(
    network: Network,
    machine: Machine,
    authority: Authority,
    folder: Path,
    look_up_at: Machine | None = None,
    *,
    for_others: bool = False,
    refused: tuple[str, ...] = (),
) -> Iterator[Daemon]:
    """Issue certificates on `machine`; its own certificate is of `authority`. It looks names up at `look_up_at`, without a cache.

    It is reached from that machine alone, unless it is there `for_others`, under the name of the machine. It issues none for `refused`
    names and those below them.
    """
    folder.mkdir()
    identity = authority.issue((NAME, machine.host))
    address = machine.ipv4 if for_others else "127.0.0.1"
    conf = folder / "pebble.json"
    settings = {
        "listenAddress": f"{address}:{ACME_PORT}",
        "managementListenAddress": f"127.0.0.1:{MANAGEMENT_PORT}",
        "certificate": str(identity.pem),
        "privateKey": str(identity.pem),
        "httpPort": 80,
        "tlsPort": 443,
        "domainBlocklist": list(refused),
    }
    conf.write_text(json.dumps({"pebble": settings}))
    believes = "0" if look_up_at is not None else "1"
    around = ("env", f"PEBBLE_VA_ALWAYS_VALID={believes}", "PEBBLE_VA_NOSLEEP=1", "PEBBLE_WFE_NONCEREJECT=0")
    looks = () if look_up_at is None else ("-dnsserver", f"{look_up_at.ipv4}:53")
    inside = network.inside(machine, *around, "pebble", "-config", str(conf), *looks)
    with running("pebble", inside, folder / "pebble.log", ready="Listening on") as daemon:
        yield daemon
