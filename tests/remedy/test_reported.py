"""Set-ups that administrators reported in public: the true cause comes first, nothing false beside it, the fix verified."""

from pathlib import Path
from typing import NamedTuple

import pytest

from mxproof.evidence.codec import decode
from mxproof.judge.report import Report, WordedFinding
from mxproof.judge.vocabulary import Actor, Remedied, Severity
from support_scenarios import SeenScenario, seen

DATA = Path(__file__).parent.parent / "data" / "reported"


class Reported(NamedTuple):
    """A line of the manifest; `first` are the codes of which one comes first, `standing` is what its fix was found to be."""

    case: str
    source: str
    cause: str
    first: frozenset[str]
    beside: frozenset[str]
    standing: str
    actors: tuple[str, ...]


def _read(line: str) -> Reported:
    case, source, cause, first, beside, standing, actors = line.split("\t")
    return Reported(
        case,
        source,
        cause,
        frozenset(first.split("|")),
        frozenset(beside.split()),
        standing,
        tuple(actors.split()),
    )


CASES = {
    one.case: one for one in map(_read, (DATA / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()[1:])
}
UNVERIFIED = "-"
"""The standing of a fix that is no change of what was seen: what is mended there, or what is, is not known from here."""


VERIFIED = [case for case, one in CASES.items() if one.standing != UNVERIFIED]


def report_of(case: str) -> Report:
    if case.endswith(".evidence"):
        evidence = decode((DATA / f"{case}.json").read_bytes())
        return SeenScenario(evidence, (), evidence.observed_at()).proven()
    return seen(DATA / f"{case}.toml").proven()


def told(case: str) -> list[WordedFinding]:
    """Return what a report says that is no good news."""
    return [one for one in report_of(case).findings if one.severity is not Severity.OK]


def test_every_file_has_its_line_and_every_line_its_file() -> None:
    worlds = {path.stem for path in DATA.glob("*.toml")} | {path.stem for path in DATA.glob("*.json")}
    assert worlds == set(CASES)


@pytest.mark.parametrize("case", CASES)
def test_the_true_cause_comes_first(case: str) -> None:
    assert told(case)[0].code in CASES[case].first


@pytest.mark.parametrize("case", CASES)
def test_nothing_false_stands_beside_it(case: str) -> None:
    first, *rest = told(case)
    assert {one.code for one in rest} - {first.code} == CASES[case].beside


@pytest.mark.parametrize("case", CASES)
def test_its_fix_says_who_acts(case: str) -> None:
    first = told(case)[0]
    assert first.steps
    assert tuple(one.actor for one in first.duties) == tuple(map(Actor, CASES[case].actors))


@pytest.mark.parametrize("case", VERIFIED)
def test_its_fix_was_verified(case: str) -> None:
    verified = told(case)[0].verified
    assert verified is not None
    assert verified.standing is Remedied(CASES[case].standing)
    assert verified.then == ()


@pytest.mark.parametrize("case", sorted(CASES.keys() - VERIFIED))
def test_what_changes_nothing_that_was_seen_claims_no_proof(case: str) -> None:
    first = told(case)[0]
    assert (first.changes, first.verified) == ((), None)
