"""What the depth of a scan does not ask: no silence is told of it, and silence is told of whom was asked."""

import pytest

from mxproof.evidence import CONNECTION_KINDS, Answer, Evidence, Kind, Outcome
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.vocabulary import Verdict
from mxproof.judge.weighed import weighed
from mxproof.mail.assemble import assemble
from mxproof.scan.depth import ScanDepth, wanted
from mxproof.scan.rehearsal import CLASSES, WHOLE, MadeUp
from mxproof.scan.row import rows_of
from mxproof.scan.unasked import NOT_ASKED, as_asked, reasons_asked, unasked_codes
from support_certificates import NOW
from support_scan import VANTAGE

PEOPLE = MadeUp(WHOLE, CLASSES)
ENFORCING = "d000000.example"
SILENCES = {Code.SMTP_UNANSWERED, Code.STS_POLICY_TIMEOUT}


def observed(depth: ScanDepth, silent: frozenset[Kind] = frozenset()) -> Evidence:
    """Return what a scan of this depth holds of a domain that enforces a policy; kinds of servers may be `silent`."""
    evidence = Evidence(ENFORCING, VANTAGE)
    while questions := tuple(wanted(evidence, depth)):
        evidence = evidence.with_answers(
            (one, Answer(Outcome.TIMEOUT, NOW) if one.kind in silent else PEOPLE.answer(one, NOW))
            for one in questions
        )
    return evidence


UNASKED = {
    ScanDepth.RECORDS: SILENCES,
    ScanDepth.POLICY: {Code.SMTP_UNANSWERED},
    ScanDepth.PROBE: set[Code](),
}


@pytest.mark.parametrize("depth", ScanDepth)
def test_each_depth_leaves_out_the_silence_of_those_it_does_not_ask(depth: ScanDepth) -> None:
    assert unasked_codes(assemble(observed(depth), NOW)) == UNASKED[depth]


def test_the_silence_of_whom_was_asked_is_told() -> None:
    domain = assemble(observed(ScanDepth.PROBE, CONNECTION_KINDS), NOW)
    assert unasked_codes(domain) == set()
    domain = assemble(observed(ScanDepth.POLICY, frozenset({Kind.POLICY})), NOW)
    assert unasked_codes(domain) == {Code.SMTP_UNANSWERED}


@pytest.mark.parametrize("depth", [ScanDepth.RECORDS, ScanDepth.POLICY])
def test_the_report_of_a_shallow_scan_says_not_asked_and_of_nobody_that_he_is_silent(
    depth: ScanDepth,
) -> None:
    evidence = observed(depth)
    before = report_on(evidence, now=NOW)
    assert {one.code for one in before.findings} & SILENCES
    report = as_asked(before, assemble(evidence, NOW))
    assert {one.code for one in report.findings} & SILENCES == set()
    assert [one.code for one in report.findings] == [
        one.code for one in before.findings if one.code not in SILENCES
    ]
    reasons = {reason for one in report.senders for reason in one.because}
    assert NOT_ASKED in reasons
    assert reasons & SILENCES == set()
    assert [one.outcome for one in report.senders] == [one.outcome for one in before.senders]


def test_a_report_of_all_that_is_asked_stays_as_it_is() -> None:
    evidence = observed(ScanDepth.PROBE, CONNECTION_KINDS)
    report = report_on(evidence, now=NOW)
    assert as_asked(report, assemble(evidence, NOW)) == report


def test_the_verdicts_of_a_table_name_what_was_not_asked() -> None:
    verdicts = rows_of(weighed(observed(ScanDepth.RECORDS), now=NOW), 0).verdicts
    assert {(row[3], row[6]) for row in verdicts} == {(Verdict.UNKNOWN.value, (NOT_ASKED,))}
    silent = rows_of(weighed(observed(ScanDepth.PROBE, CONNECTION_KINDS), now=NOW), 0).verdicts
    assert NOT_ASKED not in {reason for row in silent for reason in row[6]}  # type: ignore[attr-defined]


def test_reasons_keep_their_order_and_what_was_not_asked_is_said_once() -> None:
    because = (Code.STS_MX_UNLISTED, Code.STS_POLICY_TIMEOUT, Code.DANE_UNANSWERED, Code.SMTP_UNANSWERED)
    want = (Code.STS_MX_UNLISTED, NOT_ASKED, Code.DANE_UNANSWERED)
    assert reasons_asked(because, SILENCES) == want
