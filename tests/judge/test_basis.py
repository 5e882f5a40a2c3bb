"""No finding asserts what the same report lists as unknown: each fact rests on questions that were answered.

`evidence` of a finding is what it rests on. It is held to that in three ways, in the bad world of every finding, in every
scenario of the lab, and in what is left of them when questions come to nothing: each of its questions was answered; with
these answers and no other the finding is made all the same; and no silence brings a fact about that was none before.
`make thorough` cuts bad worlds and scenarios in some ways, `make hostile` in all, and `make test` has some of them.
"""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import pytest

from mxproof.evidence import Der, Evidence, Vantage
from mxproof.judge.checks import findings
from mxproof.judge.codes import DANE_MISMATCHES, OF_SILENCE, Code
from mxproof.judge.judging import founded
from mxproof.judge.report import Finding
from mxproof.lab.making import made
from mxproof.lab.scenario import load, scenarios
from mxproof.mail.assemble import assemble
from mxproof.survey.inbound import is_silent, wanted
from mxproof.world.answer import observed
from support_certificates import NOW
from support_cuts import alone, cuts
from support_long import IS_LONG, some
from support_world import collect
from support_worlds import WORLDS

LEFT_UNSAID = frozenset({Code.STS_ABSENT, Code.STS_RECORD_MISSING, Code.TLSRPT_MISSING, Code.STS_MX_UNLISTED})
"""True of the records alone, and left unsaid only where another answer makes them idle, as in a domain that takes no mail,
or says more: where the record stands instead."""
OF_NAME_SERVERS = tuple(code for code in Code if code.startswith("ns-"))
"""They rest on what servers say one by one; `mail/name_servers` decides what of it counts."""
UNTOLD = "tlsa-at-alias"
"""Whether the CNAME beside an address answer was answered is not among the nouns, so DANE at an alias is left out."""
SUBJECTS = (
    *(f"world {code}" for code in WORLDS if code not in OF_NAME_SERVERS),
    *(name for name in scenarios() if name != UNTOLD),
)
SUBJECTS_OF = 12
WORLD_CUTS_OF, SCENARIO_CUTS_OF = 6, 24
"""Of so many cuts of a world or scenario, one is tried unless `make hostile` tries all."""


@cache
def _evidence(subject: str) -> Evidence:
    """Return what was observed of the bad world of a finding, or of a scenario."""
    if subject.startswith("world "):
        return collect(WORLDS[Code(subject.removeprefix("world "))].world)
    scenario = load(subject)
    lab = made(scenario, NOW)
    vantage = Vantage(validating=True, anchors=(Der(lab.authority.root_der()),), simulated=subject)
    return observed(lab.world, Evidence(scenario.domain, vantage), wanted, NOW)


def _facts(evidence: Evidence) -> Iterator[Finding]:
    """Yield the findings that state more than that something was not answered."""
    found = founded(findings(assemble(evidence, evidence.observed_at())), evidence)
    yield from (one for one in found if one.code not in OF_SILENCE and one.code not in OF_NAME_SERVERS)


def _unanswered(finding: Finding, evidence: Evidence) -> list[str]:
    return [str(one) for one in finding.evidence if is_silent(one, evidence.answer(one).outcome)]


def _plain(code: str) -> str:
    """Return the code, that of any mismatch for one that only tells why: silence takes the reason and leaves the fact."""
    return Code.DANE_MISMATCH if code in DANE_MISMATCHES else code


class Stated(NamedTuple):
    """Evidence, and the facts that are stated on it."""

    evidence: Evidence
    facts: tuple[Finding, ...]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param(name, marks=(*one.marks, pytest.mark.xdist_group(name)))
        for one, name in zip(some(SUBJECTS, SUBJECTS_OF), SUBJECTS, strict=True)
    ],
)
def whole_and_cut(request: pytest.FixtureRequest) -> tuple[Stated, ...]:
    """Return a subject, whole and then with each of its cuts: the tests of one follow one another and share this."""
    evidence = _evidence(request.param)
    left = (evidence, *cuts(evidence, _tried(request.param)))
    return tuple(Stated(one, tuple(_facts(one))) for one in left)


def _tried(subject: str) -> slice:
    """Return which of the cuts are tried: one in so many, unless `make hostile` tries all."""
    if IS_LONG:
        return slice(None)
    one_of = WORLD_CUTS_OF if subject.startswith("world ") else SCENARIO_CUTS_OF
    return slice(SUBJECTS.index(subject) % one_of, None, one_of)


def test_each_fact_rests_on_answered_questions_whatever_is_cut(whole_and_cut: tuple[Stated, ...]) -> None:
    unfounded = {
        (one.code, *_unanswered(one, left))
        for left, facts in whole_and_cut
        for one in facts
        if not one.evidence or _unanswered(one, left)
    }
    assert unfounded == set()


def test_each_fact_is_stated_on_its_evidence_alone(whole_and_cut: tuple[Stated, ...]) -> None:
    evidence, facts = whole_and_cut[0]
    missed = [
        (one.code, one.subject)
        for one in facts
        if (one.code, one.subject)
        not in {(other.code, other.subject) for other in _facts(alone(evidence, one.evidence))}
    ]
    assert missed == []


def test_no_silence_makes_a_fact(whole_and_cut: tuple[Stated, ...]) -> None:
    whole, *others = whole_and_cut
    known = {(_plain(one.code), one.subject) for one in whole.facts}
    new = {(_plain(one.code), one.subject) for left in others for one in left.facts} - known
    assert {(code, subject) for code, subject in new if code not in LEFT_UNSAID} == set()
