"""Golden cases: recorded evidence in, report out, but for its words. `tools/cases.py` records the evidence."""

from pathlib import Path

import msgspec
import pytest

from cases import SCENARIOS
from mxproof.evidence.codec import decode, encode
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report, WordedFinding
from mxproof.remedy.proving import proven
from mxproof.render import json
from support_golden import golden
from support_schema import agrees

HERE = Path(__file__).parent
CASES = sorted(path.name.removesuffix(".evidence.json") for path in HERE.glob("*.evidence.json"))


def test_there_are_cases() -> None:
    assert sorted(SCENARIOS) == CASES


@pytest.mark.parametrize("case", CASES)
def test_the_same_evidence_gives_the_same_report(case: str) -> None:
    data = (HERE / f"{case}.evidence.json").read_bytes()
    evidence = decode(data)
    now = evidence.observed_at()
    report = proven(report_on(evidence, now=now), evidence, now=now)
    got = json.encode(_without_words(report))
    assert got == golden(HERE / f"{case}.report.json", got)
    assert encode(evidence) == data


def _without_words(report: Report) -> Report:
    """Return the report with the words of the catalogue left out, which may be bettered without a change of verdict."""
    findings = tuple(map(_facts, report.findings))
    summary = msgspec.structs.replace(report.summary, headline="")
    return msgspec.structs.replace(report, findings=findings, summary=summary)


def _facts(finding: WordedFinding) -> WordedFinding:
    ways = tuple(msgspec.structs.replace(way, steps=(), who="", verified=None) for way in finding.ways)
    fix = finding.verified and msgspec.structs.replace(finding.verified, words="")
    return msgspec.structs.replace(
        finding, summary="", detail="", fix="", steps=(), otherwise=(), who="", ways=ways, verified=fix
    )


@pytest.mark.parametrize("case", CASES)
def test_a_case_agrees_with_the_published_schemas(case: str) -> None:
    for kind in ("evidence", "report"):
        agrees((HERE / f"{case}.{kind}.json").read_bytes(), kind)
