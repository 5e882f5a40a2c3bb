"""Sessions are never counted twice."""

from mxproof.explain.tlsrpt.sessions import Sessions, sessions_of
from mxproof.formats.tlsrpt.found import reports_in
from mxproof.formats.tlsrpt.report import ReportedPolicy
from support_tlsrpt import SAMPLES


def test_policies_of_one_type_are_added() -> None:
    rows = (ReportedPolicy("sts", "a.example", 1, 2), ReportedPolicy("sts", "b.example", 3, 4))
    assert sessions_of(rows) == Sessions(4, 6)
    assert sessions_of(()) == Sessions(0, 0)


def test_of_mta_sts_and_dane_the_larger_counts() -> None:
    rows = (
        ReportedPolicy("sts", "a.example", 5, 0),
        ReportedPolicy("tlsa", "mx1.a.example", 2, 1),
        ReportedPolicy("tlsa", "mx2.a.example", 1, 1),
    )
    assert sessions_of(rows) == Sessions(5, 2, at_least=True)


def test_sessions_without_a_policy_are_others() -> None:
    rows = (ReportedPolicy("sts", "a.example", 1, 0), ReportedPolicy("no-policy-found", "a.example", 1, 1))
    assert sessions_of(rows) == Sessions(2, 1)


def test_microsoft_counts_two_sessions_and_not_four() -> None:
    (found,) = reports_in((SAMPLES / "microsoft-2025-sts-tlsa.json").read_bytes())
    assert sessions_of(found.read.report.policies) == Sessions(2, 0, at_least=True)
