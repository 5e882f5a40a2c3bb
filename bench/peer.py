"""`mxproof check` against `checkdmarc --check-mx-tls` on the founding incident, with real daemons and real ports.

Needs root and the packages of `tools/install-real`; the peer lives in a virtual environment of its own. Both run in
the same network namespace against the same servers. The peer tests each MX host once; we test every address of each,
under every name.
"""

import os
from pathlib import Path

from bench.packaged import environment
from bench.timing import paired, python, ratio, verdict
from real.bed.bed import built
from real.bed.machines import OBSERVER, RESOLVER
from real.bed.worlds import WORLDS

PEER = "checkdmarc==6.0.4"
WALL_RATIO_MAX = 0.7
PEAK_RATIO_MAX = 1.0


def main() -> bool:
    """Measure and print; tell whether the figures hold."""
    if os.geteuid() != 0:
        print("not measured: network namespaces need root")
        return True
    peer = installed()
    world = next(world for world in WORLDS if world.name == "incident")
    with built(world) as bed:
        ca = f"SSL_CERT_FILE={bed.ca_file}"
        ours = bed.network.inside(
            OBSERVER, python(), "-m", "mxproof", "check", "example.com", "--format", "json",
            "--resolver", RESOLVER.ipv4, "--ca-file", str(bed.ca_file),
        )  # fmt: skip
        theirs = bed.network.inside(
            OBSERVER, "env", ca, f"REQUESTS_CA_BUNDLE={bed.ca_file}", str(peer),
            "example.com", "--check-mx-tls", "--nameserver", RESOLVER.ipv4,
        )  # fmt: skip
        first, second = paired(("mxproof check", ours), ("checkdmarc --check-mx-tls", theirs))
    print(first.row())
    print(second.row())
    print(f"      exit statuses: {first.runs[0].status} and {second.runs[0].status}")
    wall = verdict("wall time, ratio", ratio(first, second, "wall_s"), WALL_RATIO_MAX)
    peak = verdict("peak memory, ratio", ratio(first, second, "peak_kib"), PEAK_RATIO_MAX)
    return wall and peak


def installed() -> Path:
    """Return the program of the peer, in a virtual environment of its own, on the Python that mxproof runs on here."""
    return environment("check", (PEER,), base=python()).with_name("checkdmarc")
