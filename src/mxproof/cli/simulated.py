"""Gather from a mail world simulated in this process."""

from datetime import UTC, datetime

from mxproof.cli.exit import RunError
from mxproof.cli.gathered import Gathered, observed
from mxproof.cli.options.asking import AskingOptions
from mxproof.cli.streams import talk
from mxproof.formats.names import Domain
from mxproof.lab.running import RunningLab, running
from mxproof.lab.scenario import ScenarioError, load
from mxproof.mail.memory import Memory
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import Wanted
from mxproof.net.loop import run

LAB_ROOTS = "that of the lab"


def gather_simulated(domain: Domain, options: AskingOptions, scenario: str, wanted: Wanted) -> Gathered:
    """Run the lab with `scenario`, and ask all that is `wanted` to know about `domain` there.

    Raises RunError where the lab cannot be run.
    """
    try:
        return run(_ask_lab(domain, options, scenario, wanted))
    except ScenarioError as error:
        raise RunError(str(error)) from None


def domain_of(scenario: str) -> str:
    """Return the domain that a scenario is about; raises RunError where there is no such scenario."""
    try:
        return load(scenario).domain
    except ScenarioError as error:
        raise RunError(str(error)) from None


async def _ask_lab(domain: Domain, options: AskingOptions, scenario: str, wanted: Wanted) -> Gathered:
    async with running(load(scenario), now=datetime.now(UTC)) as lab:
        if domain.name != lab.domain:
            talk(f"{domain}: not in this lab, whose scenario {lab.scenario} is about {lab.domain}")
        asking = Asking(
            resolvers=(Peer(*lab.resolver),),
            connect_to={Peer(*meant): Peer(*instead) for meant, instead in lab.connect_to.items()},
            families=options.families(),
            timeout_s=options.timeout or lab.timeout_s,
            trust_ad=True,
            simulated=lab.scenario,
            roots=LAB_ROOTS,
        )
        return Gathered(await observed(domain, asking, lab.roots, wanted), _held(lab))


def _held(lab: RunningLab) -> tuple[Memory, ...]:
    held = lab.memory
    return (Memory(held.body, held.fetched_at, held.id),) if held is not None else ()
