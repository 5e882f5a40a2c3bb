"""The quick way through a report: what it leaves to the tolerant one. `test_laws` holds that both read the same."""

import json

import msgspec
import pytest

from mxproof.formats.tlsrpt.by_the_letter import report_by_the_letter
from mxproof.formats.tlsrpt.reading import read_report
from mxproof.formats.tlsrpt.repair import Repair
from mxproof.formats.tlsrpt.report import ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.writing import print_report
from support_tlsrpt import SOUND

DATA = print_report(SOUND)


def test_a_report_that_needs_no_repair_is_read_however_it_is_laid_out() -> None:
    laid_out = json.dumps(json.loads(DATA), indent=2, separators=(" , ", " : ")).encode()
    assert report_by_the_letter(DATA) == report_by_the_letter(laid_out) == SOUND


@pytest.mark.parametrize("space", ["", " ", "\t", " \r\n "])
def test_a_key_that_stands_twice_is_seen_whatever_is_before_its_colon(space: str) -> None:
    twice = DATA.replace(b'"report-id"', f'"report-id"{space}:"first","report-id"'.encode())
    assert report_by_the_letter(twice) is None
    assert read_report(twice).repairs == (Repair.KEY_REPEATED,)


@pytest.mark.parametrize("space", ["", " "])
def test_a_text_does_not_hide_a_key_that_stands_twice(space: str) -> None:
    twice = DATA.replace(b'"report-id"', f'"report-id"{space}:"\\":","report-id"'.encode())
    assert report_by_the_letter(twice) is None
    assert read_report(twice).repairs == (Repair.KEY_REPEATED,)


def altered(report: TlsReport, old: str = "", new: str = "") -> bytes:
    """Return a report as a sender may write it that is not ours."""
    return json.dumps(document(report)).replace(old, new).encode()


def document(report: TlsReport) -> dict[str, object]:
    found: dict[str, object] = json.loads(print_report(report))
    return found


@pytest.mark.parametrize(
    ("counts", "total", "is_exact"),
    [
        ((1, 2), 3, True),
        ((2, 1), 3, True),
        ((3, 1), 3, False),
        ((1, 3), 3, False),
        ((3, 3), 3, False),
        ((), 3, True),
    ],
)
def test_failures_are_added_before_they_are_held_against_their_total(
    counts: tuple[int, ...], total: int, is_exact: bool
) -> None:
    (row,) = SOUND.policies
    failures = tuple(msgspec.structs.replace(row.failures[0], count=count) for count in counts)
    policy = msgspec.structs.replace(row, failure=total, failures=failures)
    report = msgspec.structs.replace(SOUND, policies=(policy,))
    assert report_by_the_letter(print_report(report)) == (report if is_exact else None)
    assert read_report(print_report(report)).repairs == (() if is_exact else (Repair.DETAILS_EXCEED_TOTAL,))


@pytest.mark.parametrize(
    ("old", "new", "repair"),
    [
        ("2026-03-01T23:59:59Z", "2026-02-28T23:59:59Z", Repair.DATE_ORDER),
        ("2026-03-01T23:59:59Z", "2026-03-01T23:59:59", Repair.DATE_NO_ZONE),
        ("tls@sender.example", "mailto:tls@sender.example", Repair.CONTACT_FORM),
        (
            '["version: STSv1", "mode: enforce"',
            '["version: STSv1\\nmode: enforce"',
            Repair.POLICY_STRING_JOINED,
        ),
        (
            '"mx-host": ["mx.example.com"]',
            '"mx-host": ["mx.example.com\\nb.example"]',
            Repair.POLICY_STRING_JOINED,
        ),
        (
            '"mx-host": ["mx.example.com"]',
            '"mx-host": ["a.example", "b.example c.example"]',
            Repair.POLICY_STRING_JOINED,
        ),
        ('"mx-host": ["mx.example.com"]', '"mx-host": ["mx: mx.example.com"]', Repair.MX_HOST_PREFIX),
        ('"policy-domain": "example.com"', '"policy-domain": "example.com:25"', Repair.HOST_FORM),
        ('"policy-type": "sts"', '"policy-type": "STS"', Repair.POLICY_TYPE_SPELLING),
        ('"receiving-ip": "192.0.2.25"', '"receiving-ip": "[192.0.2.25]"', Repair.ADDRESS_UNREADABLE),
        (
            '"receiving-mx-helo": "mx.example.com"',
            '"receiving-mx-helo": "mx.example.com hello"',
            Repair.HELO_MULTILINE,
        ),
        ('"result-type": "certificate-expired"', '"result-type": "expired"', Repair.RESULT_TYPE_UNKNOWN),
        ('"report-id"', '"Report_ID"', Repair.KEY_SPELLING),
    ],
)
def test_what_needs_a_repair_is_left_to_the_tolerant_reader(old: str, new: str, repair: Repair) -> None:
    data = altered(SOUND, old, new)
    assert data != altered(SOUND)
    assert report_by_the_letter(data) is None
    assert repair in read_report(data).repairs
    assert report_by_the_letter(altered(SOUND)) == SOUND


def test_policies_that_may_count_the_same_sessions_are_looked_at_twice() -> None:
    tlsa = ReportedPolicy("tlsa", "mx.example.com", 7, 0, ("3 1 1 00ff",))
    none = ReportedPolicy("no-policy-found", "example.com", 1, 0)
    for policies, is_exact in (
        ((*SOUND.policies, tlsa), False),
        ((tlsa, none), True),
        ((none, *SOUND.policies), True),
    ):
        report = msgspec.structs.replace(SOUND, policies=policies)
        assert report_by_the_letter(print_report(report)) == (report if is_exact else None)
