"""From a domain and options to evidence: ask the real world, or one simulated in this process."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import click
import msgspec

from mxproof.cli.asking import AskingOptions, Roots
from mxproof.cli.exit import UNKNOWN, RunError
from mxproof.cli.progress import progress
from mxproof.cli.talk import talk
from mxproof.evidence import Evidence
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import Domain
from mxproof.lab.running import RunningLab, running
from mxproof.lab.world import WorldError, load
from mxproof.mail.memory import Memory
from mxproof.mail.trust import relevant_anchors
from mxproof.net.asking import ENDPOINT_TIMEOUT_S, Asking, Peer, system_resolvers
from mxproof.net.collect import collect
from mxproof.net.roots import system_roots
from mxproof.survey.inbound import wanted

SYSTEM_ROOTS = "those of the machine"
LAB_ROOTS = "that of the lab"


class Gathered(msgspec.Struct, frozen=True):
    """What was found out, and what senders of a lab remember."""

    evidence: Evidence
    memories: tuple[Memory, ...] = ()


def gather(domain: Domain, options: AskingOptions) -> Gathered:
    """Ask all that is wanted to know about the mail of `domain`.

    Raises RunError where this machine is not set up to ask or the lab cannot be run.
    """
    if options.lab is None:
        return _gather_real(domain, options)
    if options.resolver or options.connect_to or options.ca_file is not None or options.trust_ad is not None:
        raise click.UsageError(
            "--lab brings its own resolver, ways and roots; leave out the options that set them"
        )
    try:
        return asyncio.run(_ask_lab(domain, options, options.lab))
    except WorldError as error:
        raise RunError(str(error)) from None


def _gather_real(domain: Domain, options: AskingOptions) -> Gathered:
    try:
        roots = options.ca_file or Roots(SYSTEM_ROOTS, system_roots())
        asking = _asking(options, roots)
    except ConfigError as error:
        raise RunError(str(error), UNKNOWN) from None
    return Gathered(asyncio.run(_ask(domain, asking, roots.certificates)))


def _asking(options: AskingOptions, roots: Roots) -> Asking:
    return Asking(
        resolvers=options.resolver or system_resolvers(),
        connect_to=dict(options.connect_to),
        families=options.families(),
        timeout_s=options.timeout or ENDPOINT_TIMEOUT_S,
        trust_ad=options.trust_ad,
        roots=roots.name,
    )


async def _ask_lab(domain: Domain, options: AskingOptions, scenario: str) -> Gathered:
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
        return Gathered(await _ask(domain, asking, lab.roots), _held(lab))


def _held(lab: RunningLab) -> tuple[Memory, ...]:
    held = lab.memory
    return (Memory(held.body, held.fetched_at, held.id),) if held is not None else ()


async def _ask(domain: Domain, asking: Asking, roots: Sequence[bytes]) -> Evidence:
    with progress() as report:
        evidence = await collect(domain.name, asking, wanted, progress=report)
    vantage = msgspec.structs.replace(evidence.vantage, anchors=relevant_anchors(evidence, roots))
    return msgspec.structs.replace(evidence, vantage=vantage)
