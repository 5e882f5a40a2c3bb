"""Reports as rows and back: which texts are kept as they are, and what a row says of times and causes."""

import msgspec

from mxproof.explain.tlsrpt.counted import counted
from mxproof.formats.tlsrpt.found import Authenticated, FoundReport
from mxproof.formats.tlsrpt.reading import ReadReport
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.report import FailureDetails
from mxproof.store.journal.rows import (
    COUNTED_KEY_CHARACTERS_MAX,
    failure_values,
    key_text,
    policy_of,
    policy_values,
    report_values,
    written,
)
from support_journal import AT, altered, arrival, report
from support_tlsrpt import SOUND

(POLICY,) = SOUND.policies
FAILED = msgspec.structs.replace(
    POLICY,
    strings=("version: STSv1", "mode: enforce\rx"),
    mx_hosts=("mx1.example.com", "mx2.example.com"),
    failures=(
        FailureDetails("certificate-expired", 3, "198.51.100.7", "mx1", "helo1", "192.0.2.1", "why", "more"),
        FailureDetails("of-our-own-making", 4),
    ),
)


def test_a_text_is_kept_without_what_no_database_takes() -> None:
    assert written("Grüße\n\0\ud800") == "Grüße\n\ufffd?"


def test_a_text_that_rows_are_told_apart_by_is_cut() -> None:
    assert key_text("x" * COUNTED_KEY_CHARACTERS_MAX) == "x" * COUNTED_KEY_CHARACTERS_MAX
    assert key_text("x" * COUNTED_KEY_CHARACTERS_MAX + "y\0") == "x" * COUNTED_KEY_CHARACTERS_MAX


def test_a_report_is_written_with_its_times_in_seconds() -> None:
    read = ReadReport(SOUND, (Repair.PACKING_OTHER, Repair.SUBMITTER_DIFFERS))
    found = FoundReport(read, "", "", Authenticated.VERIFIED)
    got = report_values(counted(found, lambda _: True), arrival())
    assert {name: value for name, value in got.items() if name != "fingerprint"} == {
        "submitter": "sender.example",
        "report_id": "2026-03-01T00:00:00Z_example.com",
        "begin_at": 1_772_323_200,
        "end_at": 1_772_409_599,
        "organization": "Example Inc.",
        "contact": "tls@sender.example",
        "sender": "",
        "authenticated": "verified",
        "repairs": "packing-other submitter-differs",
        "source": "a test",
        "received_at": AT.timestamp(),
    }


def test_a_report_of_no_known_time_has_none() -> None:
    got = report_values(report(altered(begin=None, end=None)), arrival())
    assert (got["begin_at"], got["end_at"]) == (None, None)


def test_a_policy_comes_back_as_it_was_but_for_breaks_within_its_lines() -> None:
    rows = report(altered(policies=(FAILED,))).rows
    (policy,) = policy_values(7, rows)
    failures = failure_values(7, rows)
    assert [policy.pop(name) for name in ("report", "place", "recipient_domain")] == [7, 0, "example.com"]
    about = [[one.pop(name) for name in ("report", "policy", "place")] for one in failures]
    assert about == [[7, 0, 0], [7, 0, 1]]
    assert [one.pop("cause") for one in failures] == ["mtasts_cert_invalid", ""]
    whole = policy_of(list(policy.values()), [list(one.values()) for one in failures])
    assert whole == msgspec.structs.replace(FAILED, strings=("version: STSv1", "mode: enforce x"))
