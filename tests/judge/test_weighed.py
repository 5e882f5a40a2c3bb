"""What a scan keeps of a domain is what the report says of it: the same verdicts, findings, weights and senders that are stopped."""

import pytest

from mxproof.judge.judging import report_on
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.judge.weighed import weighed
from support_certificates import Defect
from support_incident import INCIDENT
from support_world import Smtp, ZoneWorld, collect

WORLDS = {
    "good": ZoneWorld(),
    "an alias": INCIDENT,
    "one bad address": ZoneWorld(smtp={"192.0.2.2": Smtp(defect=Defect.EXPIRED)}),
    "no answer": ZoneWorld().zone_with("example.com MX !timeout"),
    "a guess alone": ZoneWorld().zone_with(
        *(f"{one} PTR h.example.net" for one in ("192.0.2.1", "2001:db8::1", "192.0.2.2"))
    ),
}


@pytest.mark.parametrize("name", WORLDS)
def test_a_domain_is_weighed_as_it_is_reported(name: str) -> None:
    world = WORLDS[name]
    evidence = collect(world)
    found, report = weighed(evidence, now=world.at), report_on(evidence, now=world.at)
    assert found.outcome is report.summary.outcome
    assert found.senders == report.senders
    told = {(one.code, one.subject, one.severity, one.affects) for one in report.findings}
    assert {(one.code, one.subject, one.severity, one.affects) for one in found.findings} == told
    assert (found.domain.name, found.domain.at) == ("example.com", world.at)


def test_a_finding_weighs_as_an_error_only_where_a_sender_that_decides_is_stopped() -> None:
    guess, bad = (
        weighed(collect(WORLDS[name]), now=ZoneWorld().at) for name in ("a guess alone", "an alias")
    )
    others = [one for one in guess.findings if "microsoft-ptr" in one.affects]
    assert {one.affects for one in others} == {("microsoft-ptr",)}
    assert Severity.ERROR not in {one.severity for one in others}
    (alias,) = [one for one in bad.findings if one.code == "mx-alias"]
    assert (alias.affects, alias.severity) == (("microsoft",), Severity.ERROR)
    assert (guess.outcome, bad.outcome) == (Verdict.DELIVERS, Verdict.REFUSED)
