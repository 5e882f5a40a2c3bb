"""Evidence of a world where any answer may be anything: it is judged, said and steers no terminal."""

import unicodedata
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import Answer, Evidence, Question
from mxproof.evidence.codec import decode
from mxproof.judge.judging import report_on
from mxproof.render import json
from mxproof.render.text.paper import Paper
from mxproof.render.text.report import text
from support_evidence import answers
from support_long import EXHAUSTIVE

CASES = Path(__file__).parent.parent / "cases"
INCIDENT = decode((CASES / "incident.evidence.json").read_bytes())
QUESTIONS = sorted(INCIDENT.answers)


@st.composite
def disturbed(draw: st.DrawFn) -> Evidence:
    """Generate the evidence of the incident with other answers to some of its questions."""
    chosen = draw(st.lists(st.sampled_from(QUESTIONS), min_size=1, max_size=6, unique=True))
    rows: list[tuple[Question, Answer]] = [(question, draw(answers(question.kind))) for question in chosen]
    return INCIDENT.with_answers(rows)


@EXHAUSTIVE
@given(disturbed())
def test_whatever_is_answered_there_is_a_report(evidence: Evidence) -> None:
    report = report_on(evidence, now=evidence.observed_at())
    shown = text(report, Paper(unicode=True, verbose=True))
    steering = {sign for sign in shown if unicodedata.category(sign) in ("Cc", "Cf", "Zl", "Zp")}
    assert steering <= {"\n"}
    assert json.encode(report).isascii()
