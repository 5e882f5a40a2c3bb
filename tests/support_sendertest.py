"""The set of a sender test without a socket: its domains as a check sees them, and senders of every kind run over them."""

import random
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache

import msgspec

from mxproof.evidence import Transport
from mxproof.judge.senders.inference.case import CASES, Case
from mxproof.judge.senders.inference.fate import MailFate, fate
from mxproof.judge.senders.inference.held import NOTHING_HELD, HeldOver, held_of
from mxproof.judge.senders.inference.inferring import Inference, infer
from mxproof.judge.senders.inference.observation import (
    SeenChange,
    SeenConnection,
    SeenFetch,
    SeenQuery,
    SeenTls,
    SenderTest,
)
from mxproof.judge.senders.inference.possible import POSSIBLE, settled
from mxproof.judge.senders.inference.seen import CaseSeen, cases_seen
from mxproof.judge.senders.inference.table import CaseTable, table_of
from mxproof.lab.making import LabWorld
from mxproof.lab.sendertest.run import Run, run_of
from mxproof.lab.sendertest.setup import domain_of
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from support_certificates import NOW

RUN = "k3v9qd"
CLIENT = "198.51.100.20"
AGAIN_AT = NOW + timedelta(seconds=660)
"""When a second mail comes: later than who looks again every ten minutes has done so."""


@cache
def lab_world() -> LabWorld:
    """Return the world of one run."""
    return run().lab


@cache
def domains() -> Mapping[str, MailDomain]:
    """Return the domain of each case, by its id, as it is in the end, and when the mail comes that counts."""
    return {case.id: _domain(case) for case in CASES.values()}


def _domain(case: Case) -> MailDomain:
    becoming = run().becoming
    assert becoming is not None
    evidence, at = (becoming.evidence, AGAIN_AT) if case.again else (run().evidence, NOW)
    return assemble(msgspec.structs.replace(evidence, domain=domain_of(case.id, RUN)), at)


@cache
def held() -> Mapping[str, HeldOver]:
    """Return what may be remembered of the first mail, by case, where the policy was fetched for it and not again."""
    first = SeenConnection(NOW, CLIENT, "", "", tls=SeenTls("", "TLSv1.3"), headers="")
    return {case: _held(case, first) if CASES[case].again else NOTHING_HELD for case in CASES}


def _held(case: str, first: SeenConnection) -> HeldOver:
    evidence = msgspec.structs.replace(run().evidence, domain=domain_of(case, RUN))
    return held_of(evidence, [_fetch(case)], first, NOW, AGAIN_AT)


def _fetch(case: str) -> SeenFetch:
    host = f"mta-sts.{domain_of(case, RUN)}"
    return SeenFetch(NOW, CLIENT, "", host, SeenTls(host, "TLSv1.3"), "/.well-known/mta-sts.txt", "", 200)


@cache
def tables() -> tuple[CaseTable, ...]:
    """Return what every possible sender does in each case."""
    return tuple(table_of(case, domains()[case.id], held()[case.id]) for case in CASES.values())


def drawn(chance: random.Random) -> dict[str, str]:
    """Return a sender with traits drawn at random, a word for each."""
    return {trait: chance.choice(list(words)) for trait, words in POSSIBLE.items()}


def done(words: Mapping[str, str]) -> dict[str, MailFate]:
    """Return what becomes of one mail to each case from a sender with these traits, by the engine."""
    sender = settled(words)
    found = {
        case.id: fate(
            domains()[case.id],
            sender,
            held()[case.id].of(sender),
            names=case.names,
            waits=_is_slow(case.id),
        )
        for case in CASES.values()
    }
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
    unused = run().seen(run().watching(lambda: NOW, lambda line: None))
    queries = tuple(SeenQuery(NOW, CLIENT, domains()[case].name, "MX", Transport.UDP) for case in seen)
    again = [case for case in seen if CASES[case].again]
    first = [
        _connection(domains()[case], MailFate(domains()[case].hosts[-1].name, True), NOW) for case in again
    ]
    second = [
        _connection(domains()[case], one, AGAIN_AT if case in again else NOW)
        for case, one in seen.items()
        if one.is_taken
    ]
    return msgspec.structs.replace(
        unused,
        queries=queries,
        fetches=(*map(_fetch, again), *(_slow_fetch(case, seen[case]) for case in seen if _is_slow(case))),
        connections=(*first, *second),
        changes=tuple(SeenChange(case, NOW) for case in again),
    )


STS = {trait: next(iter(words)) for trait, words in POSSIBLE.items()} | {
    "mta_sts": "yes",
    "certificate_name": "mx",
}
CHANGING = ("policy-renewed", "policy-altered", "policy-outlived", "policy-gone")
LISTING = ("mx-unlisted", "cert-name", "cert-listed")
"""What shows which names a sender compares, without which a case that changes says less."""


def sent_twice(refresh: str) -> SenderTest:
    """Return a run of a sender that fetches again so, and sent a second mail after eleven minutes."""
    every = done(STS | {"refresh": refresh})
    return sent_by({case: every[case] for case in (*LISTING, *CHANGING)})


def seen_of(test: SenderTest, name: str = "policy-renewed") -> CaseSeen:
    """Return a case of a run."""
    return next(one for one in cases_seen(test) if one.case.id == name)


def again_at(test: SenderTest, when: datetime) -> SenderTest:
    """Return the run with the second mails at another time."""
    moved = [msgspec.structs.replace(one, at=when) if one.at == AGAIN_AT else one for one in test.connections]
    return msgspec.structs.replace(test, connections=tuple(moved))


def _is_slow(case: str) -> bool:
    return CASES[case].policy_after_s > 0


def _slow_fetch(case: str, seen: MailFate) -> SeenFetch:
    """Return the fetch of a policy that is waited for, or not."""
    waited_s = CASES[case].policy_after_s if seen.policy_got else 1
    status = 200 if seen.policy_got else 0
    return msgspec.structs.replace(_fetch(case), status=status, elapsed_ms=1000 * waited_s)


def _connection(domain: MailDomain, taken: MailFate, at: datetime) -> SeenConnection:
    host = next(one for one in domain.hosts if one.name == taken.host)
    return SeenConnection(
        at,
        CLIENT,
        host.endpoints[0].address,
        taken.host,
        tls=SeenTls(taken.server_name, "TLSv1.3") if taken.encrypted else None,
        headers="Subject: test\n",
    )
