"""One behaviour tried: its world on loopback, asked by the real asker, judged by the real models, said as text and JSON.

| limit | of |
|---|---|
| `endpoint_s` | each question, in total |
| 6 x `endpoint_s` | the domain |
| GROWTH_BYTES_MAX | what the process grew by at its highest, the servers of the lab included |
"""

import asyncio
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic

import msgspec

from hostile.table import Behaviour, Expectation
from mxproof.cli.exit import status_of_report
from mxproof.evidence import Evidence, Vantage
from mxproof.judge.checks import name_servers
from mxproof.judge.checks.name_server_unknowns import unknowns as name_server_unknowns
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report
from mxproof.judge.value import ServerAddresses
from mxproof.lab.running import running
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.mail.memory import Memory
from mxproof.mail.trust import with_anchors
from mxproof.net.asker import Asker
from mxproof.net.asking import DOMAIN_TIMEOUT_S, ENDPOINT_TIMEOUT_S, Asking, Peer
from mxproof.net.collect import collect
from mxproof.render import json
from mxproof.render.text.paper import Paper
from mxproof.render.text.report import text
from mxproof.survey.authentication import wanted as servers_wanted
from mxproof.survey.check_set import survey_of
from mxproof.survey.inbound import wanted
from mxproof.survey.together import Wanted, together
from mxproof.world.world import World

GROWTH_BYTES_MAX = 8 * 1024**2
ENDPOINTS_IN_DOMAIN_TIME = DOMAIN_TIMEOUT_S / ENDPOINT_TIMEOUT_S
TENTH_S = 0.05
"""What rounds to the limit at a tenth of a second."""

_SURVEY_OF_SERVERS = together(wanted, partial(servers_wanted, keys=("s1._domainkey.example.com",)))
_STEERING = ("Cc", "Cf", "Zl", "Zp")
"""Categories of Unicode whose characters may steer a terminal."""


class Trial(msgspec.Struct, frozen=True):
    """What came of it; `slowest_s` is the longest that one question took."""

    report: Report
    domain: MailDomain
    evidence: Evidence
    elapsed_s: float
    slowest_s: float
    growth_bytes: int


def tried(behaviour: Behaviour, endpoint_s: float) -> Trial:
    """Try `behaviour` with `endpoint_s` for each endpoint."""
    before = _resident_bytes(peak=False)
    evidence, memories, elapsed_s = asyncio.run(_observed(behaviour, endpoint_s))
    report = report_on(evidence, now=evidence.observed_at(), memories=memories)
    slowest_ms = max((answer.elapsed_ms for answer in evidence.answers.values()), default=0)
    return Trial(
        report=report,
        domain=assemble(evidence, evidence.observed_at()),
        evidence=evidence,
        elapsed_s=elapsed_s,
        slowest_s=slowest_ms / 1000,
        growth_bytes=_resident_bytes(peak=True) - before,
    )


def verdict(trial: Trial, expect: Expectation) -> dict[str, object]:
    """Return what the report says of all that `expect` speaks of, to be compared with `wish`."""
    codes = {finding.code for finding in trial.report.findings}
    deciding = {sender.id: sender.outcome for sender in trial.report.senders if sender.decides}
    senders = {sender.id: sender.outcome for sender in trial.report.senders if sender.id in expect.senders}
    unknowns = [one.question for one in name_server_unknowns(trial.domain)]
    return {
        "senders": (deciding if expect.every is not None else {}) | senders,
        "findings": codes & {*expect.findings},
        "absent": codes & {*expect.absent},
        "exit": None if expect.exit is None else status_of_report(trial.report),
        "name servers": None if expect.name_servers is None else _named(trial.domain, expect.name_servers),
        "unknowns": None if expect.unknowns is None else len(unknowns),
    }


def wish(trial: Trial, expect: Expectation) -> dict[str, object]:
    """Return what `verdict` is where the report is right."""
    every = {sender.id: expect.every for sender in trial.report.senders if sender.decides}
    return {
        "senders": (every if expect.every is not None else {}) | dict(expect.senders),
        "findings": {*expect.findings},
        "absent": set(),
        "exit": expect.exit,
        "name servers": expect.name_servers
        and {code: set(names) for code, names in expect.name_servers.items()},
        "unknowns": expect.unknowns,
    }


def _named(domain: MailDomain, expected: Iterable[Code]) -> dict[str, set[str]]:
    """Return each finding about name servers with the servers that it names, or what it is about where it names none.

    Slowness is left aside where it is not expected: a lost datagram costs a third of the time for an endpoint.
    """
    named: dict[str, set[str]] = {}
    for finding in name_servers.check(domain):
        if finding.code == Code.NS_SLOW and Code.NS_SLOW not in expected:
            continue
        servers = finding.params.get("servers", ())
        assert isinstance(servers, tuple)
        those = {one.server for one in servers if isinstance(one, ServerAddresses)}
        named.setdefault(finding.code, set()).update(those or {finding.subject})
    return named


def steering(report: Report) -> set[str]:
    """Return the characters that a terminal would obey, in all that is printed of `report`."""
    shown = text(report, Paper(unicode=True, verbose=True)) + json.encode(report).decode()
    return {sign for sign in shown if unicodedata.category(sign) in _STEERING and sign != "\n"}


async def _observed(behaviour: Behaviour, endpoint_s: float) -> tuple[Evidence, tuple[Memory, ...], float]:
    async with running(behaviour.scenario(endpoint_s), now=datetime.now(UTC)) as lab:
        asking = Asking(
            resolvers=(Peer(*lab.resolver),),
            connect_to=lab.connect_to,
            timeout_s=endpoint_s,
            domain_timeout_s=endpoint_s * ENDPOINTS_IN_DOMAIN_TIME,
        )
        with Asker(asking) as asker:
            begun = monotonic()
            start = Evidence(lab.domain, Vantage(sets=behaviour.sets))
            evidence = await collect(lab.domain, asker, _survey(behaviour, lab.world), evidence=start)
            elapsed_s = monotonic() - begun
        memories = () if lab.memory is None else (lab.memory,)
        return with_anchors(evidence, lab.roots), memories, elapsed_s


def _survey(behaviour: Behaviour, world: World) -> Wanted:
    if behaviour.sets:
        return survey_of(behaviour.sets)
    return _SURVEY_OF_SERVERS if world.name_servers else wanted


def _resident_bytes(*, peak: bool) -> int:
    """Return what this process holds in memory, or with `peak` the most since it was asked for without."""
    if not peak:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # forget the peak, proc(5)
    name = "VmHWM:" if peak else "VmRSS:"
    with Path("/proc/self/status").open(encoding="ascii") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name))
