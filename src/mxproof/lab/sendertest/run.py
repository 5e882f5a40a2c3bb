"""One run of a sender test: a set with names of its own, what a check sees of it, and in the end what was seen."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

import msgspec

from mxproof import __version__
from mxproof.evidence import Evidence, Vantage
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.observation import CaseDomain, SenderTest
from mxproof.lab.making import LabWorld, made
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.setup import BASE, CaseSetup, domain_of, scenario_of, sender_of
from mxproof.lab.sendertest.watching import Watching
from mxproof.mail.trust import with_anchors
from mxproof.survey import inbound
from mxproof.world.answer import observed

RUN_CHARACTERS = 6
"""How long the name of a run is: two runs in two billion have the same."""
RUN_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"


class Run(msgspec.Struct, frozen=True):
    """A set that can be served; `cases` are its domains, and `evidence` what a check sees of them."""

    name: str
    begun: datetime
    lab: LabWorld
    cases: tuple[CaseDomain, ...]
    evidence: Evidence

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
        )


def run_of(name: str, now: datetime, setups: Mapping[str, CaseSetup] = SETUPS) -> Run:
    """Make the set of the run `name`, with certificates for the time `now`."""
    lab = made(scenario_of(setups, name), now)
    cases = tuple(CaseDomain(case, domain_of(case, name)) for case in CASES if case in setups)
    vantage = Vantage(software=f"mxproof {__version__}", validating=True, simulated="sendertest")
    answers = {
        question: answer
        for one in cases
        for question, answer in observed(
            lab.world, Evidence(one.domain, vantage), inbound.wanted, now
        ).answers.items()
    }
    evidence = Evidence(BASE, vantage, MappingProxyType(answers))
    return Run(name, now, lab, cases, with_anchors(evidence, (lab.authority.root_der(),)))
