"""Every failing lab scenario, told by the reports of Microsoft, Google and Postfix, ends at its cause and finding."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.row_join import SeenDomain
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.explain.tlsrpt.telling import told
from mxproof.explain.tlsrpt.told import ToldFailure
from mxproof.lab.scenario import scenarios
from mxproof.mail.assemble import assemble
from support_scenarios import SeenScenario, seen
from support_tls_senders import Written, written

SEEN = {name: seen(name) for name in scenarios()}
WRITTEN = [(name, one) for name, world in SEEN.items() for one in written(world)]
REPAIRED = "good"


def looked_at(world: SeenScenario) -> SeenDomain:
    return SeenDomain(assemble(world.evidence, world.at), world.report(), world.memories)


def failures(one: Written, world: SeenScenario) -> list[ToldFailure]:
    got = told(one.found, "a report", {world.evidence.domain: looked_at(world)})
    return [failure for policy in got.policies for failure in policy.failures]


@pytest.mark.parametrize(
    ("name", "one"), WRITTEN, ids=lambda part: part if isinstance(part, str) else part.traits.id
)
def test_a_row_ends_at_the_cause_and_the_finding_of_its_scenario(name: str, one: Written) -> None:
    world = SEEN[name]
    report = world.report()
    for failure in failures(one, world):
        assert failure.standing in {RowStanding.CONFIRMED, RowStanding.HELD}
        assert failure.cause in CATALOGUE
        if one.delivery.because:
            assert failure.finding in one.delivery.because
        assert failure.finding in {finding.code for finding in report.findings}


def test_enough_scenarios_are_reported() -> None:
    assert len({name for name, _ in WRITTEN}) > 25
    assert {one.traits.id for _, one in WRITTEN} == {"microsoft", "google", "postfix-sts", "postfix-dane"}
