"""All checks together: every code has its world, every check its RFC, and every param its place."""

import inspect
import re
from string import Formatter
from typing import NamedTuple

import pytest

from mxproof.evidence import Evidence
from mxproof.judge.catalogue import CATALOGUE, in_words
from mxproof.judge.checks import Check, checks_of, findings
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.senders import SENDERS
from mxproof.judge.senders.readers import readers
from mxproof.judge.vocabulary import Severity
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain
from mxproof.survey.check_set import CheckSet
from support_sending import SENDING
from support_world import ZoneWorld, collect
from support_worlds import DANE, GOOD, OFFERED, WORLDS

CHECKED = [code for code in Code if not WORLDS[code].memories]
ALL_CHECKS = [check for one in CheckSet for check in checks_of(one)]
FINE = {code for code in Code if CATALOGUE[code].severity is Severity.OK}


def found(world: ZoneWorld) -> tuple[Finding, ...]:
    return findings(assemble(collect(world), world.at))


def codes(world: ZoneWorld) -> list[str]:
    return [finding.code for finding in found(world)]


def test_a_good_world_has_good_findings_only() -> None:
    assert set(codes(GOOD)) <= FINE
    assert {
        *codes(DANE),
        *codes(SENDING),
        *codes(WORLDS[Code.CAA_OK].world),
        *codes(WORLDS[Code.DNSBL_OK].world),
        *codes(OFFERED),
        *codes(WORLDS[Code.DANE_LINES].world),
    } == FINE


class Checked(NamedTuple):
    """The bad world of a code, what was observed there, and what was found."""

    code: Code
    evidence: Evidence
    domain: MailDomain
    found: tuple[Finding, ...]


@pytest.fixture(scope="module", params=CHECKED)
def checked(request: pytest.FixtureRequest) -> Checked:
    """Return each bad world in turn: the tests of one follow one another, and share what was found there."""
    world = WORLDS[request.param].world
    evidence = collect(world)
    domain = assemble(evidence, world.at)
    return Checked(request.param, evidence, domain, findings(domain))


def test_the_bad_world_of_a_code_has_that_finding(checked: Checked) -> None:
    assert checked.code in {one.code for one in checked.found}


def test_no_other_good_world_has_a_finding_that_is_not_fine() -> None:
    assert {*codes(GOOD), *codes(DANE), *codes(SENDING)} - FINE == set()


@pytest.mark.parametrize("check", ALL_CHECKS, ids=lambda check: str(check.__module__).rpartition(".")[2])
def test_a_check_cites_its_rfc(check: Check) -> None:
    assert re.search(r"RFC \d{4} sections? \d", inspect.getdoc(check) or "")


def test_the_params_of_a_finding_fill_its_words(checked: Checked) -> None:
    for finding in checked.found:
        entry = CATALOGUE[Code(finding.code)]
        wanted = {
            name
            for text in (
                entry.summary,
                entry.detail,
                *entry.ways.get(finding.way, entry.fix),
                *entry.otherwise,
            )
            for _, name, _, _ in Formatter().parse(text)
            if name
        }
        assert wanted - {*finding.params, "subject", "record_readers", "policy_readers"} == set()


def test_a_finding_rests_on_answered_questions(checked: Checked) -> None:
    for finding in checked.found:
        assert finding.evidence
        assert [one for one in finding.evidence if one not in checked.evidence.answers] == []


def test_a_finding_is_said_in_one_line_and_a_fault_has_a_fix(checked: Checked) -> None:
    computed = readers(checked.domain, SENDERS)
    for finding in checked.found:
        said = in_words(finding, CATALOGUE[Code(finding.code)].severity, (), computed)
        assert "\n" not in said.summary
        assert said.detail
        assert bool(said.steps) is (said.severity is not Severity.OK)


def test_findings_of_the_same_evidence_are_the_same() -> None:
    evidence = collect(WORLDS[Code.MX_ALIAS].world)
    assert findings(assemble(evidence, GOOD.at)) == findings(assemble(evidence, GOOD.at))
