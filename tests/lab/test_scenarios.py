"""Every scenario, asked by the real asker and judged by the real models, comes out as its file says."""

import asyncio
from datetime import UTC, datetime

import msgspec
import pytest

from mxproof.evidence import Evidence
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.lab.running import RunningLab, running
from mxproof.lab.scenario import load, scenarios
from mxproof.mail.memory import Memory
from mxproof.mail.trust import relevant_anchors
from mxproof.net.asking import Asking, Peer
from mxproof.net.collect import collect
from mxproof.survey.inbound import wanted

UNSEEN_HERE = frozenset({Code.CERT_UNREADABLE, Code.DANE_UNJUDGED})
"""No TLS library of ours serves a broken certificate, and the lab's resolver is always believed."""
DECIDING = frozenset({"rfc8461", "microsoft", "google", "postfix-sts", "postfix-dane", "opportunistic"})


def observed(scenario: str) -> tuple[Evidence, tuple[Memory, ...]]:
    async def run() -> tuple[Evidence, tuple[Memory, ...]]:
        async with running(load(scenario), now=datetime.now(UTC)) as lab:
            evidence = await collect(lab.domain, asking(lab), wanted)
            anchors = relevant_anchors(evidence, lab.roots)
            vantage = msgspec.structs.replace(evidence.vantage, anchors=anchors)
            memories = (lab.memory,) if lab.memory is not None else ()
            return msgspec.structs.replace(evidence, vantage=vantage), memories

    return asyncio.run(run())


def asking(lab: RunningLab) -> Asking:

    return Asking(resolvers=(Peer(*lab.resolver),), connect_to=lab.connect_to, timeout_s=lab.timeout_s)


@pytest.mark.parametrize("scenario", scenarios())
def test_a_scenario_comes_out_as_its_file_says(scenario: str) -> None:
    expect = load(scenario).expect
    evidence, memories = observed(scenario)
    report = report_on(evidence, now=evidence.observed_at(), memories=memories)
    outcomes = {sender.id: sender.outcome for sender in report.senders if sender.id in expect.senders}
    codes = {Code(finding.code) for finding in report.findings}
    assert outcomes == dict(expect.senders)
    assert set(expect.findings) - codes == set()
    assert report.exit_status() == expect.exit


@pytest.mark.parametrize("scenario", scenarios())
def test_a_scenario_says_what_each_deciding_sender_does(scenario: str) -> None:
    assert set(load(scenario).expect.senders) - {"microsoft-ptr"} == DECIDING


def test_every_finding_has_a_scenario() -> None:
    expected = {code for scenario in scenarios() for code in load(scenario).expect.findings}
    assert set(Code) - expected == UNSEEN_HERE
