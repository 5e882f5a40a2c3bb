"""Where a command's evidence comes from: the real world, or one that the lab simulates in this process.

What the lab needs is loaded only where a scenario is named, and what senders of that scenario remember comes with it.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import click
import msgspec

from mxproof.cli.exit import UNKNOWN, RunError
from mxproof.cli.options.asking import AskingOptions, Roots
from mxproof.cli.progress import progress
from mxproof.cli.streams import print_stderr
from mxproof.evidence import Evidence, Vantage
from mxproof.formats.errors import ConfigError
from mxproof.formats.names import Domain
from mxproof.formats.sent_header import SendingHost
from mxproof.mail.memory import SenderMemory
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import (
    COMPARING_TIMEOUT_S,
    ENDPOINT_TIMEOUT_S,
    Asking,
    Peer,
    system_resolvers,
    trusted_resolvers,
)
from mxproof.net.collect import Progress, collect
from mxproof.net.loop import run
from mxproof.net.roots import SYSTEM_ROOTS, system_roots
from mxproof.survey.check_set import DEFAULT_SETS, CheckSet, as_recorded, survey_of
from mxproof.survey.together import Wanted

LAB_ROOTS = "that of the lab"


class Survey(msgspec.Struct, frozen=True):
    """What is to be known, and how long one name server may take to tell, None for as long as any endpoint.

    `sets` are the sets of checks that it asks, `selectors` the DKIM selectors, `sending` the hosts and `lists` the lists of
    addresses that were named, as evidence holds them.
    """

    wanted: Wanted
    server_timeout_s: float | None = None
    sets: tuple[str, ...] = ()
    selectors: tuple[str, ...] = ()
    sending: tuple[SendingHost, ...] = ()
    lists: tuple[str, ...] = ()

    def start(self, domain: Domain) -> Evidence:
        """Return evidence about `domain` without answers, which says what is asked."""
        wished = Vantage(sets=self.sets, selectors=self.selectors, sending=self.sending, lists=self.lists)
        return Evidence(domain.name, wished)


class Observation(msgspec.Struct, frozen=True):
    """What was observed, and what senders of a lab remember."""

    evidence: Evidence
    memories: tuple[SenderMemory, ...] = ()


class Surroundings(msgspec.Struct, frozen=True):
    """Where is asked and how, with which roots (DER), and what senders of a lab remember.

    `zones` are those of a lab that mail may be for, None for the real world.
    """

    asking: Asking
    roots: Sequence[bytes]
    memories: tuple[SenderMemory, ...] = ()
    zones: frozenset[str] | None = None

    async def observation(
        self, domain: Domain, asker: Asker, survey: Survey, report: Progress | None = None
    ) -> Observation:
        """Ask all that the survey wants, and keep with the answers those of the roots that their chains need."""
        if self.zones is not None and domain.name not in self.zones:
            played = ", ".join(sorted(self.zones))
            print_stderr(
                f"{domain}: not in this lab, where scenario {self.asking.simulated} is played for {played}"
            )
        start = survey.start(domain)
        evidence = await collect(domain.name, asker, survey.wanted, evidence=start, progress=report)
        return Observation(with_anchors(evidence, self.roots), self.memories)


def observe(domain: Domain, options: AskingOptions, survey: Survey | None = None) -> Observation:
    """Ask all that `survey` wants to know about the mail of `domain`, by default how it arrives there.

    Raises RunError where this machine is not set up to ask or the lab cannot be run.
    """
    return run(_observed(domain, options, survey or arrival(options)))


def arrival(options: AskingOptions) -> Survey:
    """Return how it is found out whether mail arrives: at each name server too, unless the options leave them out."""
    return of_sets(DEFAULT_SETS if options.name_servers else (CheckSet.ARRIVAL,))


def of_sets(
    sets: tuple[CheckSet, ...],
    selectors: tuple[str, ...] = (),
    sending: tuple[SendingHost, ...] = (),
    lists: tuple[str, ...] = (),
) -> Survey:
    """Return the survey of some sets of checks."""
    only_compared = CheckSet.NAME_SERVERS in sets and CheckSet.NAME_SERVER_PATHS not in sets
    patience = COMPARING_TIMEOUT_S if only_compared else None
    return Survey(survey_of(sets), patience, as_recorded(sets), selectors, sending, lists)


async def _observed(domain: Domain, options: AskingOptions, survey: Survey) -> Observation:
    async with surroundings(options, survey) as around:
        with progress() as report, Asker(around.asking) as asker:
            return await around.observation(domain, asker, survey, report)


@asynccontextmanager
async def surroundings(options: AskingOptions, survey: Survey) -> AsyncIterator[Surroundings]:
    """Return where is asked, as long as the block lasts; raises RunError as `observe` does."""
    if options.lab is None:
        yield _real_world(options, survey)
        return
    ways = options.resolver or options.connect_to or options.allow_private
    if ways or options.ca_file is not None or options.trust_ad is not None:
        raise click.UsageError(
            "--lab brings its own resolver, ways and roots; leave out the options that set them"
        )
    from mxproof.lab.scenario import ScenarioError  # noqa: PLC0415 - the real world is asked without a lab

    try:
        async with _lab(options, options.lab, survey) as around:
            yield around
    except ScenarioError as error:
        raise RunError(str(error)) from None


def scenario_domain(scenario: str) -> str:
    """Return the domain that a lab scenario is about; raises RunError where there is no such scenario."""
    from mxproof.lab.scenario import ScenarioError, load  # noqa: PLC0415 - the real world is asked without a lab

    try:
        return load(scenario).domain
    except ScenarioError as error:
        raise RunError(str(error)) from None


def _real_world(options: AskingOptions, survey: Survey) -> Surroundings:
    try:
        roots = options.ca_file or Roots(SYSTEM_ROOTS, system_roots())
        asking = Asking(
            resolvers=options.resolver or system_resolvers(),
            connect_to=dict(options.connect_to),
            families=options.families(),
            timeout_s=options.timeout or ENDPOINT_TIMEOUT_S,
            server_timeout_s=survey.server_timeout_s,
            trust_ad=options.trust_ad,
            trusted=trusted_resolvers(),
            allow_private=options.allow_private,
            roots=roots.name,
        )
    except ConfigError as error:
        raise RunError(str(error), UNKNOWN) from None
    return Surroundings(asking, roots.certificates)


@asynccontextmanager
async def _lab(options: AskingOptions, scenario: str, survey: Survey) -> AsyncIterator[Surroundings]:
    from mxproof.lab.running import running  # noqa: PLC0415 - as above
    from mxproof.lab.scenario import load  # noqa: PLC0415 - as above

    async with running(load(scenario), now=datetime.now(UTC)) as lab:
        asking = Asking(
            resolvers=(Peer(*lab.resolver),),
            connect_to={Peer(*meant): Peer(*instead) for meant, instead in lab.connect_to.items()},
            families=options.families(),
            timeout_s=options.timeout or lab.timeout_s,
            server_timeout_s=survey.server_timeout_s,
            trust_ad=True,
            simulated=lab.scenario,
            roots=LAB_ROOTS,
        )
        memories = () if lab.memory is None else (lab.memory,)
        zones = frozenset(zone.name for zone in lab.world.zones if _is_for_mail(zone.name))
        yield Surroundings(asking, lab.roots, memories, zones)


def _is_for_mail(zone: str) -> bool:
    """Tell whether mail may be for a zone: not for the root, a top-level domain or a reverse zone."""
    return "." in zone.strip(".") and not zone.endswith(".arpa")
