"""What mxproof says of a world, with every set of checks and what the scenario names: the same each time, for nobody is asked.

What only sockets can show (`tests/lab/test_scenarios.py` has the list) is what the scenario expects, which tests hold a check to.
"""

from datetime import UTC, datetime

from mxproof.evidence import Evidence, Vantage
from mxproof.judge.judging import report_on
from mxproof.lab.making import made
from mxproof.lab.scenario import Scenario
from mxproof.mail.trust import with_anchors
from mxproof.survey.check_set import FULL_SETS, CheckSet, survey_of
from mxproof.world.answer import observed

MEASURED_SELECTOR = "s1"
"""That of the key whose name servers a scenario is about, as `mxproof explain` takes it from a header."""


def ours(scenario: Scenario) -> tuple[str, ...]:
    """Return the codes of the report, and of those that the scenario expects."""
    expect, now = scenario.expect, datetime.now(UTC)
    lab = made(scenario, now)
    sets = (*FULL_SETS, *([CheckSet.DNSBL] if expect.lists else []))
    selectors = expect.selectors or ((MEASURED_SELECTOR,) if scenario.name_servers else ())
    told = Vantage(
        validating=True,
        validating_because="the lab says so",
        families=(4, 6),
        simulated=scenario.name,
        sets=sets,
        selectors=selectors,
        sending=expect.sending,
        lists=expect.lists,
    )
    evidence = observed(lab.world, Evidence(scenario.domain, told), survey_of(sets), now)
    memories = () if lab.memory is None else (lab.memory,)
    report = report_on(with_anchors(evidence, (lab.authority.root_der(),)), now=now, memories=memories)
    found = {str(one.code) for one in report.findings}
    return tuple(sorted(found | {*map(str, (*expect.findings, *expect.name_server_faults))}))
