"""Golden cases: recorded evidence in, report out, to the byte. `tools/cases.py` records the evidence."""

from json import loads
from pathlib import Path

import jsonschema
import pytest

from mxproof.evidence.codec import decode, encode
from mxproof.judge.judging import report_on
from mxproof.render import json
from mxproof.render.paper import Paper
from mxproof.render.text import text
from support_golden import golden

HERE = Path(__file__).parent
SCHEMAS = HERE.parent.parent / "docs" / "reference"
CASES = sorted(path.name.removesuffix(".evidence.json") for path in HERE.glob("*.evidence.json"))


def test_there_are_cases() -> None:
    assert CASES == ["fixed", "half-fixed", "incident"]


@pytest.mark.parametrize("case", CASES)
def test_the_same_evidence_gives_the_same_report(case: str) -> None:
    data = (HERE / f"{case}.evidence.json").read_bytes()
    evidence = decode(data)
    report = report_on(evidence, now=evidence.observed_at())
    in_json, in_text = json.encode(report), text(report, Paper(unicode=True)).encode()
    assert in_json == golden(HERE / f"{case}.report.json", in_json)
    assert in_text == golden(HERE / f"{case}.report.txt", in_text)
    assert encode(evidence) == data


@pytest.mark.parametrize("case", CASES)
def test_a_case_agrees_with_the_published_schemas(case: str) -> None:
    for kind in ("evidence", "report"):
        schema = SCHEMAS / f"{kind}.schema.json"
        instance = loads((HERE / f"{case}.{kind}.json").read_bytes())
        jsonschema.validate(instance, loads(schema.read_bytes()))
