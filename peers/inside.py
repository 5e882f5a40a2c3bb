"""One world, in namespaces of its own: `python -m peers.inside HOME WORLD FILE CHECKER...` writes what they said to FILE.

A checker of TLS is given each server that the world sets up, at its first IPv4 address, or else its first.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import msgspec

from mxproof.lab.scenario import Scenario, load
from peers.ground import Ground, ground
from peers.programs import OF_DOMAINS, Programs
from peers.said import Messages


def main() -> None:
    """Run the checkers named on the command line, one after another."""
    home, world, file, *checkers = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        said = asyncio.run(_said(Programs(Path(home)), load(world), Path(folder), checkers))
    Path(file).write_bytes(msgspec.json.encode(said))


async def _said(
    programs: Programs, scenario: Scenario, folder: Path, checkers: list[str]
) -> dict[str, Messages]:
    async with ground(scenario, folder) as made:
        programs.prepare(made)
        return {one: await asyncio.to_thread(_one, programs, one, scenario, made) for one in checkers}


def _one(programs: Programs, checker: str, scenario: Scenario, made: Ground) -> Messages:
    if checker in OF_DOMAINS:
        return programs.said_of_domain(checker, made)
    found: set[str] = set()
    for setup, server in zip(scenario.smtp, made.lab.world.smtp_servers, strict=True):
        address = next(iter(sorted(server.addresses, key=lambda one: ":" in one)), None)
        if address is not None:
            found |= {*programs.said_of_server(checker, setup.name, address, made)}
    return tuple(sorted(found)) if scenario.smtp else None


if __name__ == "__main__":
    main()
