"""The causes that the rows of a TLS report state, as an explanation has them."""

from mxproof.explain.knowledge.rule import Side
from mxproof.explain.tlsrpt.stated_rows import stated_in_rows
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.report import FailureDetails, ReportedPolicy, TlsReport
from mxproof.formats.tlsrpt.writing import print_report
from mxproof.judge.vocabulary import Confidence
from support_evidence import OBSERVED_AT


def report(*policies: ReportedPolicy, contact: str = "tls@google.com") -> bytes:
    return print_report(TlsReport("Example", OBSERVED_AT, OBSERVED_AT, contact, "1", policies))


def policy(*failures: FailureDetails, kind: str = "sts", domain: str = "example.com") -> ReportedPolicy:
    return ReportedPolicy(kind, domain, 0, sum(one.count for one in failures), failures=failures)


def row(result_type: ResultType, count: int = 1, reason: str = "", mx: str = "") -> FailureDetails:
    return FailureDetails(str(result_type), count, receiving_mx=mx, reason=reason)


def test_what_is_no_report_states_nothing_and_a_report_without_failures_no_cause() -> None:
    assert stated_in_rows(b"{}") is None
    assert stated_in_rows(b"550 no") is None
    assert stated_in_rows(report(ReportedPolicy("sts", "example.com", 5, 0))) == ()


def test_a_row_states_its_cause_of_which_host_and_domain_and_who_says_so() -> None:
    (stated,) = (
        stated_in_rows(report(policy(row(ResultType.STARTTLS_NOT_SUPPORTED, 3, mx="mx.example.com")))) or ()
    )
    assert (stated.cause, stated.side, stated.system) == ("starttls_missing", Side.SENDER, "google")
    assert (stated.host, stated.domain, stated.lead) == ("mx.example.com", "example.com", False)


def test_the_most_frequent_way_comes_first_whatever_its_policy() -> None:
    first = policy(row(ResultType.STARTTLS_NOT_SUPPORTED, 2), row(ResultType.CERTIFICATE_EXPIRED, 9))
    second = policy(row(ResultType.TLSA_INVALID, 5), kind="tlsa")
    stated = stated_in_rows(report(first, second)) or ()
    assert [one.cause for one in stated] == ["mtasts_cert_invalid", "dane_tlsa_mismatch", "starttls_missing"]


def test_a_validation_failure_is_a_lead_unless_it_has_a_reason_of_its_own() -> None:
    vague, reasoned, plain = (
        row(ResultType.VALIDATION_FAILURE, 3),
        row(ResultType.VALIDATION_FAILURE, 2, "MX_HOSTS_MISMATCH"),
        row(ResultType.CERTIFICATE_EXPIRED, 1),
    )
    stated = stated_in_rows(report(policy(vague, reasoned, plain))) or ()
    assert [(one.cause, one.lead, one.confidence) for one in stated] == [
        ("mtasts_validation", True, Confidence.DOCUMENTED),
        ("mtasts_mx_mismatch", False, Confidence.OBSERVED),
        ("mtasts_cert_invalid", False, Confidence.DOCUMENTED),
    ]
