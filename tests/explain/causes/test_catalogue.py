"""The catalogue of causes: words for a reader, and fields that agree with one another."""

import string

import pytest

from mxproof.explain.causes import CATALOGUE
from mxproof.explain.causes.base_rate import BASE_RATES
from mxproof.explain.causes.cause import Cause, CauseKind, Failing
from mxproof.formats.result_type import ResultType
from mxproof.judge.vocabulary import Security

PLACEHOLDERS = {"domain", "host", "address", "key"}
DEMANDED = {
    ResultType.MX_MISMATCH: Security.MTA_STS,
    ResultType.STS_POLICY_FETCH_ERROR: Security.MTA_STS,
    ResultType.STS_POLICY_INVALID: Security.MTA_STS,
    ResultType.STS_WEBPKI_INVALID: Security.MTA_STS,
    ResultType.TLSA_INVALID: Security.DANE,
    ResultType.DANE_REQUIRED: Security.DANE,
}


@pytest.mark.parametrize("cause", CATALOGUE.values(), ids=CATALOGUE)
def test_a_cause_has_words_for_its_reader(cause: Cause) -> None:
    assert cause.words.endswith(".")
    assert cause.check.endswith((".", "HOST."))
    assert 1 <= cause.words.count(". ") + 1 <= 4
    names = {name for _, name, _, _ in string.Formatter().parse(cause.next) if name}
    assert names <= PLACEHOLDERS


@pytest.mark.parametrize("cause", CATALOGUE.values(), ids=CATALOGUE)
def test_a_protection_is_demanded_only_of_a_session(cause: Cause) -> None:
    if cause.demanded_by is not None:
        assert cause.kind is CauseKind.TRANSPORT_SECURITY
    if cause.result_type in DEMANDED:
        assert cause.demanded_by is DEMANDED[cause.result_type]


def test_a_published_rate_is_about_look_ups_that_failed() -> None:
    failed = {cause.id for cause in CATALOGUE.values() if cause.failing is Failing.LOOK_UP}
    assert {cause for rate in BASE_RATES for cause in rate.causes} == failed


@pytest.mark.parametrize(
    ("failing", "kind"),
    [
        (Failing.LOOK_UP, CauseKind.AUTHENTICATION),
        (Failing.CONNECTION, CauseKind.CONNECTION),
    ],
)
def test_what_failed_belongs_to_its_area(failing: Failing, kind: CauseKind) -> None:
    assert {cause.kind for cause in CATALOGUE.values() if cause.failing is failing} == {kind}
