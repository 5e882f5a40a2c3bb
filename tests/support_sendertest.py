"""The set of a sender test without a socket: its domains as a check sees them, and senders of every kind run over them."""

import random
from collections.abc import Mapping
from functools import cache

import msgspec

from mxproof.evidence import Evidence, Transport, Vantage
from mxproof.judge.senders.inference.case import CASES
from mxproof.judge.senders.inference.fate import MailFate, fate
from mxproof.judge.senders.inference.inferring import Inference, infer
from mxproof.judge.senders.inference.observation import SeenConnection, SeenQuery, SeenTls, SenderTest
from mxproof.judge.senders.inference.possible import POSSIBLE, settled
from mxproof.judge.senders.inference.table import CaseTable, table_of
from mxproof.lab.making import LabWorld, made
from mxproof.lab.sendertest.cases import SETUPS
from mxproof.lab.sendertest.run import Run, run_of
from mxproof.lab.sendertest.setup import domain_of, scenario_of
from mxproof.lab.sendertest.watching import Watching
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.trust import with_anchors
from mxproof.survey import inbound
from mxproof.world.answer import observed
from support_certificates import NOW

RUN = "k3v9qd"


@cache
def lab_world() -> LabWorld:
    """Return the world of one run."""
    return made(scenario_of(SETUPS, RUN), NOW)


@cache
def domains() -> Mapping[str, MailDomain]:
    """Return the domain of each case, by its id."""
    lab = lab_world()
    found = {}
    for case in CASES:
        start = Evidence(domain_of(case, RUN), Vantage(validating=True))
        evidence = observed(lab.world, start, inbound.wanted, NOW)
        found[case] = assemble(with_anchors(evidence, (lab.authority.root_der(),)), NOW)
    return found


@cache
def tables() -> tuple[CaseTable, ...]:
    """Return what every possible sender does in each case."""
    return tuple(table_of(case, domains()[case.id]) for case in CASES.values())


def drawn(chance: random.Random) -> dict[str, str]:
    """Return a sender with traits drawn at random, a word for each."""
    return {trait: chance.choice(list(words)) for trait, words in POSSIBLE.items()}


def done(words: Mapping[str, str]) -> dict[str, MailFate]:
    """Return what becomes of one mail to each case from a sender with these traits, by the engine."""
    sender = settled(words)
    found = {case.id: fate(domains()[case.id], sender, names=case.names) for case in CASES.values()}
    return {case: one for case, one in found.items() if one is not None}


def found_out(words: Mapping[str, str]) -> Inference:
    """Return what is inferred of a sender with these traits."""
    return infer(tables(), done(words))


@cache
def run() -> Run:
    """Return a run that can be served."""
    return run_of(RUN, NOW)


def sent_by(seen: Mapping[str, MailFate]) -> SenderTest:
    """Return a run of a sender to whose mail this was done, by case: what would have been noted of it."""
    unused = run().seen(Watching(lambda: NOW, lambda line: None))
    queries = tuple(
        SeenQuery(NOW, "198.51.100.20", domains()[case].name, "MX", Transport.UDP) for case in seen
    )
    connections = tuple(_connection(domains()[case], one) for case, one in seen.items() if one.is_taken)
    return msgspec.structs.replace(unused, queries=queries, connections=connections)


def _connection(domain: MailDomain, taken: MailFate) -> SeenConnection:
    host = next(one for one in domain.hosts if one.name == taken.host)
    return SeenConnection(
        NOW,
        "198.51.100.20",
        host.endpoints[0].address,
        taken.host,
        tls=SeenTls(taken.server_name, "TLSv1.3") if taken.encrypted else None,
        headers="Subject: test\n",
    )
