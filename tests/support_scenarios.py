"""The evidence of a scenario without sockets: `seen_of(load("incident"))`, the world made once for one moment."""

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from mxproof.evidence import Evidence, Vantage
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report, WordedFinding
from mxproof.lab.making import made
from mxproof.lab.scenario import Scenario, load
from mxproof.mail.memory import SenderMemory
from mxproof.mail.trust import with_anchors
from mxproof.remedy.proving import proven
from mxproof.survey.check_set import survey_of
from mxproof.survey.served import wanted
from mxproof.world.answer import observed

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


class SeenScenario(NamedTuple):
    """What is seen of a scenario, what senders remember in it, and when."""

    evidence: Evidence
    memories: tuple[SenderMemory, ...]
    at: datetime

    def report(self) -> Report:
        """Return the report before any fix is judged."""
        return report_on(self.evidence, now=self.at, memories=self.memories)

    def proven(self) -> Report:
        """Return the report as the commands print it."""
        return proven(self.report(), self.evidence, now=self.at, memories=self.memories)


@cache
def seen(scenario: str | Path) -> SeenScenario:
    """Return what is seen of a scenario by its name, or of the one in a file."""
    return seen_of(load(str(scenario)))


def seen_of(scenario: Scenario) -> SeenScenario:
    """Return what a survey that asks the world of `scenario` sees, with a resolver that validates."""
    lab = made(scenario, AT)
    vantage = Vantage(
        software="test",
        host="here",
        resolvers=("192.0.2.53",),
        validating=True,
        validating_because="the test says so",
        roots="that of the lab",
        simulated=scenario.name,
        sets=scenario.expect.sets,
        selectors=scenario.expect.selectors,
        sending=scenario.expect.sending,
    )
    walk = survey_of(scenario.expect.sets) if scenario.expect.sets else wanted
    evidence = observed(lab.world, Evidence(scenario.domain, vantage), walk, AT)
    memories = () if lab.memory is None else (lab.memory,)
    return SeenScenario(with_anchors(evidence, [lab.authority.root_der()]), memories, AT)


def printed_fixes(report: Report) -> list[WordedFinding]:
    """Return the findings whose fix is printed and has changes."""
    return [one for one in report.findings if one.steps and one.changes]
