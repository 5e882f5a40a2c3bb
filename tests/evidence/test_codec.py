"""The evidence file: what is written is read back whole, and nothing else is taken for evidence."""

import contextlib
import hashlib
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.evidence import (
    AddressRecord,
    Answer,
    DnsData,
    DnsRecord,
    Evidence,
    Kind,
    MxRecord,
    Outcome,
    Question,
    Transport,
)
from mxproof.evidence.codec import EVIDENCE_BYTES_MAX, decode, encode
from mxproof.formats import FormatError
from support_evidence import CERTIFICATE, OBSERVED_AT, evidences, small_evidence
from support_long import EXHAUSTIVE
from support_schema import agrees

ROOT = Path(__file__).resolve().parent.parent.parent


class Asked(msgspec.Struct, frozen=True):
    """The part of a line that says what was asked."""

    question: Question


def _rule(data: bytes) -> str:
    with pytest.raises(FormatError) as caught:
        decode(data)
    (objection,) = caught.value.objections
    return objection.rule


def _changed(old: str, new: str) -> bytes:
    text = encode(small_evidence()).decode()
    assert old in text
    return text.replace(old, new).encode()


@given(evidences())
def test_what_is_written_is_read_back(evidence: Evidence) -> None:
    assert decode(encode(evidence)) == evidence


@given(evidences())
def test_every_file_agrees_with_the_published_schema(evidence: Evidence) -> None:
    agrees(encode(evidence), "evidence")


@given(evidences())
def test_the_order_of_answering_leaves_no_trace(evidence: Evidence) -> None:
    backwards = reversed(list(evidence.answers.items()))
    same = Evidence(evidence.domain, evidence.vantage).with_answers(backwards)
    assert encode(same) == encode(evidence)


@given(st.binary())
def test_random_bytes_are_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        decode(data)


@given(st.integers(min_value=0), st.binary(min_size=1, max_size=3))
def test_a_damaged_file_is_read_or_refused_and_never_breaks(position: int, replacement: bytes) -> None:
    data = encode(small_evidence())
    position %= len(data)
    with contextlib.suppress(FormatError):
        read = decode(data[:position] + replacement + data[position + len(replacement) :])
        assert decode(encode(read)) == read


@given(st.integers(min_value=0))
def test_a_file_cut_short_is_refused(length: int) -> None:
    data = encode(small_evidence()).rstrip()
    assert _rule(data[: length % len(data)]) == "evidence-not-json"


def test_one_answer_stands_on_one_line_in_order_of_the_questions() -> None:
    evidence = small_evidence()
    lines = [line for line in encode(evidence).decode().splitlines() if line.startswith('  {"question"')]
    got = [
        msgspec.json.decode(line.removesuffix(",").removesuffix("]}"), type=Asked).question for line in lines
    ]
    assert got == sorted(evidence.answers)


def test_a_certificate_seen_three_times_is_stored_once() -> None:
    text = encode(small_evidence()).decode()
    stored = json.loads(text)["certificates"]
    digest = hashlib.sha256(CERTIFICATE).hexdigest()
    assert list(stored) == [digest]
    assert text.count(stored[digest]) == 1
    assert text.count(digest) == 4


def test_a_later_version_is_named_as_such() -> None:
    assert _rule(_changed('"evidence_version":1', '"evidence_version":2')) == "evidence-version"
    assert _rule(b'{"evidence_version":7,"certificates":"in another form"}') == "evidence-version"


@pytest.mark.parametrize(
    "data", [b"{}", b"[]", b"3", b'{"name":"package","version":"1"}', b'{"schema_version":1}']
)
def test_json_of_others_is_foreign(data: bytes) -> None:
    assert _rule(data) == "evidence-foreign"


def test_a_report_is_told_from_other_json() -> None:
    with pytest.raises(FormatError, match="a report"):
        decode(b'{"schema_version":1}')


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('"domain":"example.com"', '"domain":"Example.com"', "evidence-domain"),
        ('"domain":"example.com"', '"domain":"-"', "evidence-domain"),
        ('"at":"192.0.2.25"', '"at":"mx.example.com"', "evidence-address"),
        ('"address":"192.0.2.25"', '"address":"192.0.2.256"', "evidence-address"),
        ('"name":"example.com"', '"name":"example.com","server":"ns1.example.com"', "evidence-address"),
        ('"name":"example.com"', '"name":"example.com","transport":"quic"', "evidence-foreign"),
        ("2026-11-03T12:00:00Z", "2026-11-03T12:00:00", "evidence-time"),
        ("2026-11-03T12:00:00Z", "9999-11-03T12:00:00Z", "evidence-time"),
        ("2026-11-03T12:00:00Z", "1969-11-03T12:00:00Z", "evidence-time"),
        ('"ttl_s":300', '"ttl_s":99999999999999999999', "evidence-ttl"),
        ('"ttl_s":300', '"ttl_s":4294967296', "evidence-ttl"),
        ('"ttl_s":300', '"ttl_s":-1', "evidence-ttl"),
        ("2026-11-03T12:00:00Z", "2200-01-01T00:00:00.000001Z", "evidence-time"),
        ('"families":[4]', '"families":[5]', "evidence-family"),
        ('"certificates":{', '"certificates":{"00":"AAAA",', "evidence-certificate"),
        ('"chain":["', '"chain":["0', "evidence-foreign"),
        ('"outcome":"found"', '"outcome":"fine"', "evidence-foreign"),
    ],
)
def test_a_file_that_cannot_be_calculated_with_is_refused(old: str, new: str, rule: str) -> None:
    assert _rule(_changed(old, new)) == rule


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"ttl_s":300', '"ttl_s":0'),
        ('"ttl_s":300', '"ttl_s":4294967295'),
        ("2026-11-03T12:00:00Z", "1970-01-01T00:00:00Z"),
        ("2026-11-03T12:00:00Z", "2200-01-01T00:00:00Z"),
        ('"families":[4]', '"families":[4,6]'),
        ('"families":[4]', '"families":[]'),
    ],
)
def test_what_stands_at_the_edge_is_read(old: str, new: str) -> None:
    data = _changed(old, new)
    assert encode(decode(data)) == data


def test_the_age_of_another_version_is_told() -> None:
    for version, age in ((0, "an unknown"), (2, "a newer")):
        with pytest.raises(FormatError, match=f"made by {age} mxproof: version {version}"):
            decode(b'{"evidence_version":%d}' % version)


def test_udp_and_tcp_are_two_questions() -> None:
    (answer,) = [one for question, one in small_evidence().answers.items() if question.kind is Kind.MX]
    rows = [
        (Question(Kind.MX, "example.com", server="192.0.2.53", transport=transport), answer)
        for transport in Transport
    ]
    evidence = Evidence("example.com").with_answers(rows)
    assert decode(encode(evidence)) == evidence
    assert len(evidence.answers) == len(Transport)


def test_a_question_answered_twice_is_refused() -> None:
    rows = json.loads(encode(small_evidence()))
    rows["answers"].append(rows["answers"][0])
    assert _rule(json.dumps(rows).encode()) == "evidence-duplicate"


def test_members_of_a_later_day_are_ignored() -> None:
    data = _changed('{"evidence_version":1', '{"weather":{"rain":true},"evidence_version":1')
    assert decode(data) == small_evidence()


def test_nesting_without_end_is_refused() -> None:
    assert _rule(b'{"evidence_version":1,"x":' + b"[" * 100_000) == "evidence-nesting"


@EXHAUSTIVE
def test_a_file_of_just_the_limit_is_read() -> None:
    assert decode(encode(small_evidence()).ljust(EVIDENCE_BYTES_MAX)) == small_evidence()


def test_a_file_over_the_limit_is_refused_unread() -> None:
    assert _rule(b" " * (EVIDENCE_BYTES_MAX + 1)) == "evidence-oversize"


def test_a_time_keeps_its_fraction_and_zone() -> None:
    at = datetime(2026, 11, 3, 12, 0, 0, 123456, tzinfo=UTC)
    question, answer = (
        Question(Kind.MX, "example.com"),
        small_evidence().answer(Question(Kind.MX, "example.com")),
    )
    evidence = Evidence("example.com").with_answers([(question, msgspec.structs.replace(answer, at=at))])
    assert decode(encode(evidence)).answer(question).at == at
    assert answer.outcome is Outcome.FOUND
    assert answer.at == OBSERVED_AT


@EXHAUSTIVE
def test_the_published_schemas_are_those_of_the_types() -> None:
    checked = subprocess.run([sys.executable, ROOT / "tools" / "schema.py", "--check"], check=False)
    assert checked.returncode == 0


@pytest.mark.parametrize("place", [0, 1, 2])
def test_each_address_of_each_answer_is_one_wherever_it_stands(place: int) -> None:
    addresses = [f"192.0.2.{number}" for number in range(3)]
    addresses[place] = "mx.example.com"
    records: tuple[DnsRecord, ...] = (MxRecord(10, "mx.example.com"), *map(AddressRecord, addresses))
    answer = Answer(Outcome.FOUND, OBSERVED_AT, DnsData("NOERROR", secure=False, records=records))
    sound = small_evidence()
    for question in (Question(Kind.AAAA, "mx.example.com"), Question(Kind.A, "a.example.com")):
        assert _rule(encode(sound.with_answers([(question, answer)]))) == "evidence-address"
