"""What stands in the columns, and what was put there by version 0.1.0."""

import math
from typing import Any

import msgspec
import pytest

from mxproof.store.destinations.destination import DestinationRow, from_row, to_row
from support_store import destination

OF_0_1_0 = DestinationRow(
    key="example.com",
    policy=(
        b'{"body":"dmVyc2lvbjogU1RTdjENCm1vZGU6IG5vbmUNCm1heF9hZ2U6IDg2NDAwDQo=",'
        b'"fetched_at":"2026-06-01T12:00:00.123456Z","id":"20260601"}'
    ),
    findings=(
        b'{"failure":{"at":"2026-06-01T12:00:00.123456Z","result_type":"sts-policy-fetch-error",'
        b'"detail":"192.0.2.80: status","id":"7","times":3},'
        b'"decision":{"protection":"sts","reason":"sts-enforce","at":"2026-06-01T12:00:00.123456Z",'
        b'"detail":"in words: Gr\xc3\xbc\xc3\x9fe\\u0000","kept":false,"failure":"sts-policy-invalid"}}'
    ),
    asked_at=1780315200.123456,
    refresh_at=1780401600.123456,
)
"""As that version wrote `support_store.destination()`, whose decision then told of the failure a second time."""


def test_a_row_of_the_first_version_is_read() -> None:
    assert from_row(OF_0_1_0) == destination()


def test_a_row_is_what_the_first_version_wrote_but_for_the_failure_told_twice() -> None:
    findings = OF_0_1_0.findings.replace(b',"failure":"sts-policy-invalid"', b"")
    assert to_row(destination()) == msgspec.structs.replace(OF_0_1_0, findings=findings)


@pytest.mark.parametrize(
    "change",
    [
        {"asked_at": math.inf},
        {"asked_at": math.nan},
        {"asked_at": -1.0},
        {"refresh_at": 1e308},
        {"policy": b'{"body":"","fetched_at":"9999-12-31T23:59:59Z"}'},
        {"policy": b'{"body":"","fetched_at":"2026-06-01T12:00:00"}'},
        {"policy": b'{"body":"","fetched_at":"1969-06-01T12:00:00Z"}'},
        {"policy": b"[" * 100_000},
        {"policy": b'{"id":"\xff"}'},
    ],
    ids=str,
)
def test_a_row_that_no_version_wrote_is_none(change: dict[str, Any]) -> None:
    assert from_row(msgspec.structs.replace(OF_0_1_0, **change)) is None


@pytest.mark.parametrize(
    "findings",
    [
        b"[" * 100_000,
        b'{"failure":{"at":"2026-06-01T12:00:00","result_type":"sts-policy-fetch-error","detail":""}}',
        b'{"decision":{"protection":"sts","reason":"sts-enforce","at":"9999-06-01T12:00:00Z"}}',
    ],
)
def test_findings_that_no_version_wrote_are_dropped_alone(findings: bytes) -> None:
    read = from_row(msgspec.structs.replace(OF_0_1_0, findings=findings))
    assert read is not None
    assert (read.held.failure, read.held.decision) == (None, None)
    assert read.held.policy is not None
