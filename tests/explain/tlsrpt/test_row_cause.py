"""The cause of a row by itself: by its reason code, else by policy and result type."""

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.tlsrpt.row_cause import RowCause, cause_of, row_cause
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.report import RESULT_TYPES, FailureDetails, PolicyType


@pytest.mark.parametrize("policy_type", [*map(str, PolicyType), "dane"])
@pytest.mark.parametrize("result_type", sorted(RESULT_TYPES))
def test_every_result_type_has_a_cause_under_every_policy(policy_type: str, result_type: ResultType) -> None:
    for at_host in (True, False):
        assert cause_of(policy_type, result_type, at_host=at_host) in CATALOGUE
    assert row_cause(policy_type, FailureDetails(result_type, 1)).result_type is result_type


@pytest.mark.parametrize(
    ("policy_type", "details", "cause", "result_type"),
    [
        (
            "sts",
            FailureDetails("validation-failure", 1, reason="MX_HOSTS_MISMATCH"),
            "mtasts_mx_mismatch",
            ResultType.MX_MISMATCH,
        ),
        (
            "sts",
            FailureDetails("validation-failure", 1, reason="mx-mismatch"),
            "mtasts_mx_mismatch",
            ResultType.MX_MISMATCH,
        ),
        (
            "sts",
            FailureDetails("validation-failure", 1, receiving_ip="192.0.2.1", reason="VALIDATION_FAILURE"),
            "mtasts_cert_or_validation",
            ResultType.VALIDATION_FAILURE,
        ),
        (
            "sts",
            FailureDetails("validation-failure", 1),
            "mtasts_validation",
            ResultType.VALIDATION_FAILURE,
        ),
        (
            "sts",
            FailureDetails("validation-failure", 1, reason="self-signed_certificate"),
            "mtasts_cert_invalid",
            ResultType.CERTIFICATE_NOT_TRUSTED,
        ),
        (
            "tlsa",
            FailureDetails("validation-failure", 1, reason="all-TLSA-records-unusable"),
            "dane_unusable",
            ResultType.TLSA_INVALID,
        ),
        (
            "sts",
            FailureDetails("validation-failure", 1, reason="tls-handshake-failure"),
            "tls_handshake",
            ResultType.VALIDATION_FAILURE,
        ),
        (
            "tlsa",
            FailureDetails("certificate-not-trusted", 1),
            "dane_tlsa_mismatch",
            ResultType.CERTIFICATE_NOT_TRUSTED,
        ),
        (
            "sts",
            FailureDetails("sts-policy-fetch-error", 1, reason="bad https response code: 404"),
            "mtasts_fetch",
            ResultType.STS_POLICY_FETCH_ERROR,
        ),
        (
            "sts",
            FailureDetails("cosmic-rays", 1, reason="certificate_has_expired"),
            "mtasts_cert_invalid",
            ResultType.CERTIFICATE_EXPIRED,
        ),
    ],
)
def test_a_reason_code_says_more_than_a_type(
    policy_type: str, details: FailureDetails, cause: str, result_type: ResultType
) -> None:
    assert row_cause(policy_type, details) == RowCause(cause, result_type)


def test_what_is_not_known_has_no_cause() -> None:
    assert row_cause("sts", FailureDetails("cosmic-rays", 1)) == RowCause(None, None)
    assert row_cause("sts", FailureDetails("cosmic-rays", 1, reason="sunspots")) == RowCause(None, None)


def test_words_of_a_bounce_in_a_reason_state_its_cause() -> None:
    details = FailureDetails("cosmic-rays", 1, reason="MX hosts of 'example.com' failed MTA-STS validation")
    assert row_cause("sts", details).cause == "mtasts_mx_mismatch"


@pytest.mark.parametrize(
    "result_type", [one for one in ResultType if one is not ResultType.VALIDATION_FAILURE]
)
@pytest.mark.parametrize("reason", ["certificate has expired", "self signed", "hostname mismatch"])
def test_a_reason_says_more_only_of_what_is_no_precise_result(result_type: ResultType, reason: str) -> None:
    precise = row_cause("sts", FailureDetails(str(result_type), 1, reason=reason))
    assert precise == row_cause("sts", FailureDetails(str(result_type), 1))
    vague = row_cause("sts", FailureDetails("validation-failure", 1, reason=reason))
    assert vague == row_cause("sts", FailureDetails("of-no-rfc", 1, reason=reason))
    assert vague.result_type is not ResultType.VALIDATION_FAILURE


def test_of_two_words_in_a_reason_the_more_telling_counts() -> None:
    both = FailureDetails("validation-failure", 1, reason="Certificate_expired-or self signed")
    assert row_cause("tlsa", both) == RowCause("dane_tlsa_mismatch", ResultType.CERTIFICATE_NOT_TRUSTED)
    assert row_cause("no-policy-found", both).cause == "cert_not_verified"


def test_the_cause_of_a_row_is_kept_by_policy_result_reason_and_whether_a_host_was_reached() -> None:
    at_host, nowhere = (
        FailureDetails("validation-failure", 1, receiving_mx="mx"),
        FailureDetails("validation-failure", 1),
    )
    for _ in range(2):
        assert [row_cause(kind, one).cause for kind in ("sts", "tlsa") for one in (at_host, nowhere)] == [
            "mtasts_cert_or_validation",
            "mtasts_validation",
            "dane_generic",
            "dane_generic",
        ]
        unknown = FailureDetails("of-no-rfc", 1)
        assert row_cause("sts", unknown) == RowCause(None, None)
