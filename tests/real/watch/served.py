"""Serves a provider's world until it is killed: `served.py DOMAINS FOLDER`; how its servers are reached is a line of JSON."""

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mxproof.lab.running import running
from mxproof.lab.scenario import parse
from mxproof.net.asking import Peer
from real.watch.processes import Asked
from support_provider import provider_world


async def main(domains: int, folder: Path) -> None:
    """Serve for good."""
    scenario = parse(provider_world(domains).encode(), "provider")
    async with running(scenario, now=datetime.now(UTC)) as lab:
        ca_file = folder / "ca.pem"
        ca_file.write_bytes(lab.ca_pem)
        detours = tuple(f"{Peer(*meant)}={Peer(*instead)}" for meant, instead in lab.connect_to.items())
        asked = Asked(str(Peer(*lab.resolver)), str(ca_file), detours)
        print(msgspec.json.encode(asked).decode(), flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[2])))
