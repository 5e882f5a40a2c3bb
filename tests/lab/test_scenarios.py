"""Every scenario, asked by the real asker and judged by the real models, comes out as its file says.

And it comes out the same where nobody is asked: the world that a lab serves answers purely what its sockets answer.
"""

import asyncio
from datetime import UTC, datetime
from functools import cache, partial
from typing import NamedTuple

import pytest

from mxproof.cli.exit import status_of_report
from mxproof.evidence import Answer, DnsData, Evidence, HelloData, Outcome, PolicyData, SmtpData, Vantage
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report
from mxproof.lab.making import made
from mxproof.lab.running import RunningLab, running
from mxproof.lab.scenario import CLIENT_TIMEOUT_S, load, scenarios
from mxproof.mail.memory import Memory
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import collect
from mxproof.survey.authentication import wanted as survey_of_records
from mxproof.survey.check_set import survey_of
from mxproof.survey.served import wanted
from mxproof.survey.together import Wanted
from mxproof.world.answer import observed as answers_of
from mxproof.world.world import World
from support_long import EXHAUSTIVE, some

UNSEEN_HERE = frozenset({Code.CERT_UNREADABLE, Code.DANE_UNJUDGED})
"""No TLS library of ours serves a broken certificate, and the lab's resolver is always believed."""
ONLY_IN_TEST_WORLDS = frozenset({Code.TLS_LEVEL_FELL, Code.RESOLVER_UNANSWERED})
"""What rests on sessions of earlier days."""
DECIDING = frozenset({"rfc8461", "microsoft", "google", "postfix-sts", "postfix-dane", "opportunistic"})


NEEDS_SOCKETS = {
    "dns-wrong-id": "whether a forged answer is waited out or found out is the client's",
    "ns-slow": "when an answer comes too late is the client's limit",
    "ns-answer-lost": "which answers are large is a matter of bytes",
    "ns-size-ignored": "which answers are large is a matter of bytes",
    "ns-edns-silent": "how a query is put again is the client's",
    "ns-edns-rejected": "how a query is put again is the client's",
    "ns-edns-version": "the version is in the bytes",
    "hostile-banner": "where a greeting without end is cut is the client's limit",
    "hostile-drip": "how long to wait for a greeting of single bytes is the client's limit",
    "policy-cut-short": "that a body is shorter than its length is in the framing",
    "policy-gzip-bomb": "where a body without end is cut is the client's limit",
    "policy-host-reset": "when a reset is noticed is a matter of time",
    "policy-http-9": "the version is in the bytes",
    "policy-huge": "where a body without end is cut is the client's limit",
    "policy-not-http": "the bytes are no HTTP",
    "policy-not-tls": "the bytes are no TLS",
    "reset": "when a reset is noticed is a matter of time",
    "policy-slow": "how long to wait for a body of single bytes is the client's limit",
}
"""Scenarios that cannot be answered without sockets, and why."""
KEPT_PRIVATE = frozenset({"mx-address-mapped", "mx-address-private", "policy-host-private"})
"""Scenarios with addresses that are not public, which nobody connects to."""
_NAMED = frozenset({Outcome.FOUND, Outcome.EMPTY, Outcome.NXDOMAIN})


MEASURED = [name for name in scenarios() if load(name).name_servers]
NEEDS_DATAGRAMS = {
    "ns-slow": "how long an answer takes is a matter of time",
    "ns-tcp-refused": "whether an answer fits into a datagram is a matter of its bytes",
    "ns-answer-lost": "which answers are large is a matter of bytes",
    "ns-size-ignored": "which answers are large is a matter of bytes",
    "ns-edns-silent": "how a query is put again is the client's",
    "ns-edns-rejected": "how a query is put again is the client's",
    "ns-edns-version": "the version is in the bytes",
}
"""Scenarios whose name servers cannot be answered for without sockets, and why."""
KEYS = ("s1._domainkey.example.com",)
PATIENCE_S = 60.0


class Seen(NamedTuple):
    """A scenario as it was asked over loopback, with the world that answered."""

    evidence: Evidence
    memories: tuple[Memory, ...]
    world: World


@cache
def observed(scenario: str) -> Seen:
    async def run() -> Seen:
        async with running(load(scenario), now=datetime.now(UTC)) as lab:
            with Asker(asking(lab)) as asker:
                evidence = await collect(lab.domain, asker, walk_of(scenario), evidence=wished(scenario))
            memories = (lab.memory,) if lab.memory is not None else ()
            return Seen(with_anchors(evidence, lab.roots), memories, lab.world)

    return asyncio.run(run())


def walk_of(scenario: str) -> Wanted:
    """Return the survey that a check of the scenario makes."""
    sets = load(scenario).expect.sets
    return survey_of(sets) if sets else wanted


def wished(scenario: str) -> Evidence:
    """Return evidence without answers, which says what a check of the scenario asks."""
    world = load(scenario)
    expect = world.expect
    return Evidence(
        world.domain,
        Vantage(sets=expect.sets, selectors=expect.selectors, sending=expect.sending, lists=expect.lists),
    )


def answered(scenario: str, seen: Seen) -> Evidence:
    """Return what the same world answers without a socket, to one who stands at the same place."""
    start = Evidence(seen.evidence.domain, seen.evidence.vantage)
    return answers_of(seen.world, start, walk_of(scenario), seen.evidence.observed_at())


def essence(answer: Answer) -> tuple[object, ...]:
    """Return all of an answer that is no matter of bytes and time."""
    match answer.data:
        case DnsData() as data if answer.outcome in _NAMED:
            return (
                answer.outcome,
                data.rcode,
                data.secure,
                frozenset(data.records),
                data.chain,
                answer.ttl_s,
            )
        case PolicyData() as data:
            return (answer.outcome, data.status, data.body, data.tls.chain if data.tls else ())
        case SmtpData() as data:
            shown = (data.tls.version, data.tls.chain) if data.tls else ()
            return (answer.outcome, data.stage, data.keywords, data.early, shown)
        case HelloData() as data:
            return (answer.outcome, data.stage, data.version, bool(data.alert))
        case _:
            return (answer.outcome,)


def verdicts(report: Report) -> tuple[object, ...]:
    return (
        {sender.id: (sender.outcome, sender.security, sender.because) for sender in report.senders},
        [(finding.code, finding.severity, finding.subject) for finding in report.findings],
        status_of_report(report),
    )


def asking(lab: RunningLab) -> Asking:
    """Return how a client asks: with the patience of the scenario where it is about silence, else with that of a busy machine."""
    patience_s = lab.timeout_s if lab.timeout_s < CLIENT_TIMEOUT_S else PATIENCE_S
    return Asking(resolvers=(Peer(*lab.resolver),), connect_to=lab.connect_to, timeout_s=patience_s)


@pytest.mark.parametrize("scenario", some(scenarios(), 12))
def test_a_scenario_comes_out_as_its_file_says(scenario: str) -> None:
    expect = load(scenario).expect
    evidence, memories, _ = observed(scenario)
    report = report_on(evidence, now=evidence.observed_at(), memories=memories)
    outcomes = {sender.id: sender.outcome for sender in report.senders if sender.id in expect.senders}
    codes = {Code(finding.code) for finding in report.findings}
    assert outcomes == dict(expect.senders)
    assert set(expect.findings) - codes == set()
    assert status_of_report(report) == expect.exit


@pytest.mark.parametrize("scenario", scenarios())
def test_a_scenario_says_what_each_deciding_sender_does(scenario: str) -> None:
    assert DECIDING - set(load(scenario).expect.senders) == set()


@pytest.mark.parametrize(
    "scenario", [one for one in some(scenarios(), 12) if one.values[0] not in NEEDS_SOCKETS]
)
def test_a_world_answers_purely_what_it_answers_over_sockets(scenario: str) -> None:
    seen = observed(scenario)
    pure = answered(scenario, seen)
    over_sockets = {question: essence(answer) for question, answer in seen.evidence.answers.items()}
    assert {question: essence(answer) for question, answer in pure.answers.items()} == over_sockets
    now = seen.evidence.observed_at()
    got, want = (
        verdicts(report_on(evidence, now=now, memories=seen.memories)) for evidence in (pure, seen.evidence)
    )
    assert got == want


@pytest.mark.parametrize("scenario", some(sorted({*MEASURED} - {*NEEDS_DATAGRAMS}), 8))
def test_name_servers_answer_purely_what_they_answer_over_sockets(scenario: str) -> None:
    walk = partial(survey_of_records, keys=KEYS)

    async def run() -> tuple[Evidence, World]:
        async with running(load(scenario), now=datetime.now(UTC)) as lab:
            with Asker(asking(lab)) as asker:
                return await collect(lab.domain, asker, walk), lab.world

    evidence, world = asyncio.run(run())
    pure = answers_of(world, Evidence(evidence.domain, evidence.vantage), walk, evidence.observed_at())
    got, want = (
        {question: (*essence(answer), own_words(answer)) for question, answer in one.answers.items()}
        for one in (pure, evidence)
    )
    assert got == want


def own_words(answer: Answer) -> bool:
    """Tell whether a name server speaks of a zone of its own; a resolver never does."""
    return isinstance(answer.data, DnsData) and answer.data.authoritative


@EXHAUSTIVE
def test_what_needs_sockets_is_what_a_world_leaves_unasked() -> None:
    now = datetime.now(UTC)
    left = set()
    for scenario in scenarios():
        start = Evidence(load(scenario).domain, Vantage(validating=True))
        sets = load(scenario).expect.sets
        walk = survey_of(sets) if sets else wanted
        pure = answers_of(made(load(scenario), now).world, start, walk, now)
        if Outcome.UNASKED in {answer.outcome for answer in pure.answers.values()}:
            left.add(scenario)
    assert left - KEPT_PRIVATE == set(NEEDS_SOCKETS)
    assert left >= KEPT_PRIVATE


def test_every_finding_has_a_scenario() -> None:
    expects = [load(scenario).expect for scenario in scenarios()]
    expected = {code for one in expects for code in (*one.findings, *one.name_server_faults)}
    assert set(Code) - expected == UNSEEN_HERE | ONLY_IN_TEST_WORLDS
