"""Every failing lab scenario, told by the reports of Microsoft, Google and Postfix, ends at its cause and finding."""

from functools import cache

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.policy_then import OLDER
from mxproof.explain.tlsrpt.row_join import SeenDomain
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.explain.tlsrpt.telling import told
from mxproof.explain.tlsrpt.told import ToldFailure
from mxproof.judge.remembering import memories_of
from mxproof.lab.scenario import scenarios
from mxproof.mail.assemble import assemble
from support_long import EXHAUSTIVE, some
from support_scenarios import SeenScenario, seen
from support_tls_senders import Written, written


@cache
def reports_of(name: str) -> tuple[Written, ...]:
    """Return the reports that are written of a scenario, none where no sender meets what it reports."""
    return tuple(written(seen(name)))


def looked_at(world: SeenScenario) -> SeenDomain:
    return SeenDomain(assemble(world.evidence, world.at), world.report(), world.memories)


def failures(one: Written, world: SeenScenario) -> list[ToldFailure]:
    got = told(one.found, "a report", {world.evidence.domain: looked_at(world)})
    return [failure for policy in got.policies for failure in policy.failures]


@pytest.mark.parametrize("name", some(scenarios(), 6))
def test_a_row_ends_at_the_cause_and_the_finding_of_its_scenario(name: str) -> None:
    world = seen(name)
    for one in reports_of(name):
        report = world.report()
        for failure in failures(one, world):
            assert failure.standing in {RowStanding.CONFIRMED, RowStanding.HELD}, one.traits.id
            assert failure.cause in CATALOGUE
            if one.delivery.because:
                assert failure.finding in one.delivery.because
            assert failure.finding in {finding.code for finding in report.findings}


@EXHAUSTIVE
def test_enough_scenarios_are_reported() -> None:
    reported = [name for name in scenarios() if reports_of(name)]
    assert len(reported) > 25
    assert {one.traits.id for name in reported for one in reports_of(name)} == {
        "microsoft",
        "google",
        "postfix-sts",
        "postfix-dane",
    }


@pytest.mark.parametrize("name", some(scenarios(), 6))
def test_in_the_repaired_state_a_row_is_gone_or_held_by_a_cached_policy(name: str) -> None:
    """The repaired state is that of the incident; a policy that was served in the scenario is known as an earlier one."""
    broken, repaired = seen(name), seen("fixed")
    if broken.evidence.domain != repaired.evidence.domain or not reports_of(name):
        return
    served = memories_of(assemble(broken.evidence, broken.at))
    now = SeenDomain(assemble(repaired.evidence, repaired.at), repaired.report(), served)
    got = [told(one.found, "a report", {repaired.evidence.domain: now}) for one in reports_of(name)]
    for policy in (policy for one in got for policy in one.policies):
        for failure in policy.failures:
            assert failure.standing in {RowStanding.GONE, RowStanding.HELD}, failure
            if failure.standing is RowStanding.HELD:
                assert failure.finding == "sts-memory-outlives"
                assert policy.standing in OLDER
                assert policy.until is not None
                assert f"{policy.until:%Y-%m-%d %H:%M}" in failure.words
