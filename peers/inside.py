"""One world, in namespaces of its own: `python -m peers.inside HOME WORLD FILE CHECKER...` writes what they said to FILE.

A checker of TLS is given each server that the world sets up, at its first IPv4 address, or else its first.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

import msgspec

from mxproof.evidence import Evidence, Vantage
from mxproof.judge.judging import report_on
from mxproof.lab.scenario import Scenario, load
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import collect
from mxproof.survey.check_set import FULL_SETS, CheckSet, survey_of
from peers.ground import Ground, ground
from peers.programs import OF_DOMAINS, OURS, Programs

DOMAIN_WITHIN_S = 600.0
"""Other programs run beside this one, and what was not asked for want of time would look like a fault unseen."""


MEASURED_SELECTOR = "s1"
"""That of the key whose name servers a scenario is about, as `mxproof explain` takes it from a header."""


def main() -> None:
    """Run the checkers named on the command line, one after another."""
    home, world, file, *checkers = sys.argv[1:]
    with tempfile.TemporaryDirectory() as folder:
        said = asyncio.run(_said(Programs(Path(home)), load(world), Path(folder), checkers))
    Path(file).write_bytes(msgspec.json.encode(said))


async def _said(
    programs: Programs, scenario: Scenario, folder: Path, checkers: list[str]
) -> dict[str, tuple[str, ...] | None]:
    async with ground(scenario, folder) as made:
        programs.prepare(made)
        return {
            one: await _ours(scenario, made)
            if one == OURS
            else await asyncio.to_thread(_one, programs, one, made)
            for one in checkers
        }


async def _ours(scenario: Scenario, made: Ground) -> tuple[str, ...]:
    """Return the codes of our own report, with every set of checks and what the scenario names."""
    lab, expect = made.lab, scenario.expect
    asking = Asking(
        (Peer(*lab.resolver),),
        connect_to={Peer(*meant): Peer(*instead) for meant, instead in lab.connect_to.items()},
        timeout_s=lab.timeout_s,
        domain_timeout_s=DOMAIN_WITHIN_S,
        trust_ad=True,
        simulated=lab.scenario,
    )
    sets = (*FULL_SETS, *([CheckSet.DNSBL] if expect.lists else []))
    selectors = expect.selectors or ((MEASURED_SELECTOR,) if scenario.name_servers else ())
    told = Vantage(sets=sets, selectors=selectors, sending=expect.sending, lists=expect.lists)
    with Asker(asking) as asker:
        evidence = await collect(lab.domain, asker, survey_of(sets), evidence=Evidence(lab.domain, told))
    memories = () if lab.memory is None else (lab.memory,)
    report = report_on(with_anchors(evidence, lab.roots), now=evidence.observed_at(), memories=memories)
    return tuple(sorted({str(one.code) for one in report.findings}))


def _one(programs: Programs, checker: str, made: Ground) -> tuple[str, ...] | None:
    if checker in OF_DOMAINS:
        return programs.said_of_domain(checker, made)
    found: set[str] = set()
    for server in made.lab.world.smtp_servers:
        address = next(iter(sorted(server.addresses, key=lambda one: ":" in one)), None)
        if address is not None:
            found |= {*programs.said_of_server(checker, server.name, address, made)}
    return tuple(sorted(found)) if made.lab.world.smtp_servers else None


if __name__ == "__main__":
    main()
