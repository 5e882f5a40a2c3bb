"""What stands in the columns, and what was put there by version 0.1.0."""

import math
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from mxproof.evidence.evidence import LATEST, NEVER
from mxproof.store.destinations.destination import DestinationRow, from_row, merged, to_row
from support_store import AT, POLICY, destination

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


def _row(**changes: Any) -> DestinationRow:  # noqa: ANN401 - columns have many types
    return msgspec.structs.replace(to_row(destination()), **changes)


@pytest.mark.parametrize("column", ["asked_at", "refresh_at"])
def test_a_row_is_read_up_to_the_first_and_the_last_time_that_there_is(column: str) -> None:
    first, last = NEVER.timestamp(), LATEST.timestamp()
    assert [from_row(_row(**{column: at})) is not None for at in (first, last)] == [True, True]
    assert [from_row(_row(**{column: at})) for at in (first - 1, last + 1)] == [None, None]


def test_a_destination_that_is_never_refreshed_stays_so() -> None:
    never = msgspec.structs.replace(destination(), refresh_at=None)
    assert to_row(never).refresh_at is None
    assert from_row(to_row(never)) == never


def test_a_policy_without_its_zone_or_beyond_all_time_is_no_row() -> None:
    for at in (AT.replace(tzinfo=None), LATEST + timedelta(seconds=1), NEVER - timedelta(seconds=1)):
        policy = msgspec.json.encode(msgspec.structs.replace(POLICY, fetched_at=at))
        assert from_row(_row(policy=policy)) is None, at


@pytest.mark.parametrize("part", ["failure", "decision"])
def test_of_findings_beyond_all_time_none_is_kept_and_the_policy_is(part: str) -> None:
    one = destination()
    found = getattr(one.held, part)
    wrong = msgspec.structs.replace(found, at=LATEST + timedelta(days=1))
    other = {"failure": one.held.failure, "decision": one.held.decision, part: wrong}
    got = from_row(_row(findings=msgspec.json.encode(other)))
    assert got is not None
    assert (got.held.policy, got.held.failure, got.held.decision) == (POLICY, None, None)


def test_a_destination_without_a_policy_keeps_the_one_that_is_stored_with_its_refresh() -> None:
    without = destination(policy=None, asked_s=60)
    stored = destination()
    assert merged(without, None) == without
    assert merged(without, without) == without
    assert merged(stored, without) == stored
    kept = merged(without, stored)
    assert (kept.held.policy, kept.refresh_at, kept.asked_at) == (
        POLICY,
        stored.refresh_at,
        without.asked_at,
    )
    newer = destination(policy=msgspec.structs.replace(POLICY, id="2"), asked_s=60)
    assert merged(newer, stored) == newer
