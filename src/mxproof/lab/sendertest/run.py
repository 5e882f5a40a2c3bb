"""One run of a sender test: a set with names of its own, what a check sees of it, and in the end what was seen."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

import msgspec

from mxproof import __version__
from mxproof.evidence import Evidence, Vantage
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.observation import CaseDomain, SenderTest
from mxproof.lab.making import LabWorld, made
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.changing import Becoming, later_setups, later_world
from mxproof.lab.sendertest.setup import BASE, CaseSetup, domain_of, scenario_of, sender_of
from mxproof.lab.sendertest.watching import Watching
from mxproof.mail.trust import with_anchors
from mxproof.survey import inbound
from mxproof.world.answer import observed
from mxproof.world.world import PolicyServer, World

RUN_CHARACTERS = 6
"""How long the name of a run is: two runs in two billion have the same."""
RUN_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class Run(msgspec.Struct, frozen=True):
    """A set that can be served; `cases` are its domains, and `evidence` what a check sees of them.

    `becoming` is what some of them become once a first mail was taken, None where none does.
    """

    name: str
    begun: datetime
    lab: LabWorld
    cases: tuple[CaseDomain, ...]
    evidence: Evidence
    becoming: Becoming | None = None

    def without(self, addresses: tuple[str, ...]) -> "Run":
        """Return the run without the cases that need an address which this machine does not have."""
        lost = {
            server.name for server in self.lab.world.smtp_servers if set(server.addresses) & set(addresses)
        }
        kept = tuple(one for one in self.cases if not any(name.endswith(f".{one.domain}") for name in lost))
        return msgspec.structs.replace(self, cases=kept)

    @property
    def sender(self) -> str:
        """The address that the mails are from."""
        return sender_of(self.name)

    def recipients(self, token: str) -> tuple[str, ...]:
        """Return the address to send one mail to, of each case."""
        return tuple(f"{token}@{one.domain}" for one in self.cases)

    def recipients_again(self, token: str) -> tuple[str, ...]:
        """Return the address to send a second mail to, of each case that becomes another."""
        return tuple(f"{token}@{one.domain}" for one in self.cases if CASES[one.case].again)

    def watching(self, clock: Callable[[], datetime], log: Callable[[str], None]) -> Watching:
        """Return what notes all of it, and knows what the domains have become."""
        return Watching(clock, log, self.becoming)

    def world_of(self, name: str, watching: Watching) -> World:
        """Return the world in which `name` is now."""
        if self.becoming is not None and watching.has_changed(name):
            return self.becoming.world
        return self.lab.world

    def policy_server(self, server: PolicyServer, watching: Watching) -> PolicyServer:
        """Return what a policy host is now."""
        world = self.world_of(server.name, watching)
        if world is self.lab.world:
            return server
        return next(one for one in world.policy_servers if one.name == server.name)

    def seen(self, watching: Watching) -> SenderTest:
        """Return what was seen."""
        return SenderTest(
            software=f"mxproof {__version__}",
            run=self.name,
            begun=self.begun,
            ended=watching.now(),
            cases=self.cases,
            evidence=self.evidence,
            queries=tuple(watching.queries),
            fetches=tuple(watching.fetches),
            connections=tuple(watching.connections),
            lost=MappingProxyType(dict(watching.lost)),
            reports=tuple(watching.reports),
            changes=watching.changes,
            later=None if self.becoming is None else self.becoming.evidence,
            bounces=tuple(watching.bounces),
        )


def run_of(name: str, now: datetime, setups: Mapping[str, CaseSetup] = SETUPS) -> Run:
    """Make the set of the run `name`, with certificates for the time `now`."""
    lab = made(scenario_of(setups, name), now)
    cases = tuple(CaseDomain(case, domain_of(case, name)) for case in CASES if case in setups)
    roots = (lab.authority.root_der(),)
    evidence = seen_by_a_check(BASE, lab.world, [one.domain for one in cases], now, roots)
    changing = changing_of(cases, setups)
    after = later_world(lab.world, scenario_of(later_setups(setups), name), changing)
    becoming = becoming_of(BASE, after, changing, now, roots)
    return Run(name, now, lab, cases, evidence, becoming)


def changing_of(cases: Iterable[CaseDomain], setups: Mapping[str, CaseSetup]) -> dict[str, str]:
    """Return the cases that become others, by domain."""
    return {one.domain: one.case for one in cases if setups[one.case].then is not None}


def becoming_of(
    top: str, after: World, changing: Mapping[str, str], now: datetime, roots: tuple[bytes, ...]
) -> Becoming | None:
    """Return what the domains `changing`, with their cases, become in the world `after`; None where there are none."""
    if not changing:
        return None
    return Becoming(after, changing, seen_by_a_check(top, after, changing, now, roots))


def seen_by_a_check(
    top: str, world: World, domains: Iterable[str], now: datetime, roots: tuple[bytes, ...]
) -> Evidence:
    """Return what a check sees of all `domains`, as one value that is called `top` and trusts `roots`."""
    vantage = Vantage(software=f"mxproof {__version__}", validating=True, simulated="sendertest")
    answers = {
        question: answer
        for one in domains
        for question, answer in observed(world, Evidence(one, vantage), inbound.wanted, now).answers.items()
    }
    return with_anchors(Evidence(top, vantage, MappingProxyType(answers)), roots)
