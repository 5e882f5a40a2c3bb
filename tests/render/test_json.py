"""Reports and explanations as JSON: the contract, its schema, and output that steers no terminal."""

import json
from pathlib import Path

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from mxproof.evidence import Der
from mxproof.explain.engine import explain
from mxproof.judge.report import Report, Summary
from mxproof.judge.vocabulary import Verdict
from mxproof.render.json import encode, encode_line
from support_bounce import plain_report
from support_golden import golden
from support_long import EXHAUSTIVE, examples
from support_report import incident, reports
from support_schema import agrees

GOLDEN = Path(__file__).parent / "golden"
REPLY = "451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation."
NASTY = "550 5.7.26 \x1b[31mMultiple authentication checks failed\u202e <\u00fcser@example.com>\x07"


def test_the_incident_is_written_as_the_contract_has_it() -> None:
    got = encode(incident())
    assert got == golden(GOLDEN / "incident.json", got)


@EXHAUSTIVE
@settings(max_examples=examples(20))  # what is drawn is large, and drawing it is most of the time
@given(reports())
def test_every_report_agrees_with_the_published_schema(report: Report) -> None:
    agrees(encode(report), "report")


@given(st.text())
def test_words_from_outside_are_kept_and_steer_nothing(words: str) -> None:
    report = msgspec.structs.replace(incident(), summary=Summary(Verdict.UNKNOWN, words))
    got = encode(report)
    assert json.loads(got)["summary"]["headline"] == words
    assert set(got) <= {*range(0x20, 0x7F), ord("\n")}


def test_a_trust_anchor_is_named_by_its_fingerprint() -> None:
    vantage = msgspec.structs.replace(incident().vantage, anchors=(Der(b""),))
    got = json.loads(encode(msgspec.structs.replace(incident(), vantage=vantage)))
    assert got["vantage"]["anchors"] == ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]


def test_a_document_is_an_object_or_a_line() -> None:
    for got in (incident(), explain(REPLY.encode())):
        assert json.loads(encode(got)) == json.loads(encode_line(got))
        assert encode(got).count(b"\n") > 10
        assert encode_line(got).count(b"\n") == 1


def test_an_explanation_has_the_fields_of_the_contract() -> None:
    got = json.loads(encode(explain(plain_report(REPLY))))
    assert {"schema_version", "kind", "reporter", "recipients", "causes"} <= set(got)
    assert [set(claim) for claim in got["causes"]] == [
        {"code", "confidence", "because", "host", "check", "fault", "known_from", "domain"}
    ]
    assert (got["fault"], [one["fault"] for one in got["suspects"]]) == ("recipient", ["recipient"])
    assert got["kind"] == "transport-security"
    assert got["reporter"]["sender"] == "microsoft"


def test_an_explanation_of_hostile_words_steers_nothing() -> None:
    got = explain(NASTY.encode(), "\x1b]0;x\x07")
    assert set(encode(got) + encode_line(got)) <= {*range(0x20, 0x7F), ord("\n")}
