"""Evidence that is passed on holds no local parts and nothing of the machine that asked, and is judged the same."""

import re

import pytest

from mxproof.evidence import Evidence, Vantage
from mxproof.evidence.codec import decode, encode
from mxproof.evidence.redaction import redacted
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.lab.making import made
from mxproof.lab.scenario import load, scenarios
from mxproof.render import json
from mxproof.survey.inbound import wanted
from mxproof.world.answer import observed
from support_certificates import NOW
from support_world import ZoneWorld, collect
from support_worlds import WORLDS

_LOCAL = re.compile(rb"[A-Za-z0-9.+_-]+@")
_HOST = re.compile(rb'"host": *"[^"]*"')


def _judged(evidence: Evidence) -> bytes:
    """Return the report without what a redaction takes out."""
    report = json.encode(report_on(evidence, now=evidence.observed_at()))
    return _HOST.sub(b"", _LOCAL.sub(b"@", report))


def _world(scenario: str) -> Evidence:
    one = load(scenario)
    start = Evidence(one.domain, Vantage(host="workstation.example.org", validating=True, simulated=scenario))
    return observed(made(one, NOW).world, start, wanted, NOW)


@pytest.mark.parametrize("code", WORLDS)
def test_a_redacted_world_is_judged_the_same(code: Code) -> None:
    evidence = collect(WORLDS[code].world)
    assert _judged(redacted(evidence)) == _judged(evidence)


@pytest.mark.parametrize("scenario", scenarios())
def test_a_redacted_scenario_is_judged_the_same_and_names_nobody(scenario: str) -> None:
    evidence = _world(scenario)
    left = decode(encode(redacted(evidence)))
    assert _judged(left) == _judged(evidence)
    assert b"workstation" not in encode(left)


def test_addresses_of_reports_lose_their_local_part_and_stay_two() -> None:
    record = "_smtp._tls.example.com TXT v=TLSRPTv1; rua=mailto:jane.doe@example.com,mailto:max@example.com"
    evidence = redacted(collect(ZoneWorld().zone_with(record)))
    file = encode(evidence)
    report = json.encode(report_on(evidence, now=evidence.observed_at()))
    assert (b"jane" in report, b"max@" in report, report.count(b"@example.com") > 1) == (False, False, True)
    assert decode(file) == evidence
