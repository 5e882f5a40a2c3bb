"""From one row of failure-details to the cause in the catalogue: by its reason code, else by policy and result type.

The same ids stand for the same causes in bounces: `MX_HOSTS_MISMATCH` of a report of Microsoft and its bounce 451 4.4.8 are
`mtasts_mx_mismatch`.

| result type | under sts | under tlsa | under none |
|---|---|---|---|
| starttls-not-supported | starttls_missing | dane_starttls | starttls_missing |
| certificate-host-mismatch | mtasts_cert_name | dane_cert_name | cert_not_verified |
| certificate-expired | mtasts_cert_invalid | dane_cert_expired | cert_not_verified |
| certificate-not-trusted | mtasts_cert_invalid | dane_tlsa_mismatch (Postfix says so) | cert_not_verified |
| validation-failure | mtasts_cert_or_validation with a host, else mtasts_validation | dane_generic | cert_not_verified |
| mx-mismatch, which reports write as validation-failure | mtasts_mx_mismatch | the same | the same |
| tlsa-invalid | dane_tlsa_mismatch | the same | the same |
| dnssec-invalid | dnssec_bogus | the same | the same |
| dane-required | dane_required_no_tlsa | the same | the same |
| sts-policy-fetch-error, sts-policy-invalid, sts-webpki-invalid | mtasts_fetch | the same | the same |
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

import msgspec

from mxproof.explain.causes import CATALOGUE
from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.report import FailureDetails, PolicyType

REASONS_CACHED_MAX: Final = 1024

_STS: Final[Mapping[ResultType, str]] = MappingProxyType(
    {
        ResultType.STARTTLS_NOT_SUPPORTED: "starttls_missing",
        ResultType.CERTIFICATE_HOST_MISMATCH: "mtasts_cert_name",
        ResultType.CERTIFICATE_EXPIRED: "mtasts_cert_invalid",
        ResultType.CERTIFICATE_NOT_TRUSTED: "mtasts_cert_invalid",
        ResultType.VALIDATION_FAILURE: "mtasts_validation",
        ResultType.MX_MISMATCH: "mtasts_mx_mismatch",
        ResultType.TLSA_INVALID: "dane_tlsa_mismatch",
        ResultType.DNSSEC_INVALID: "dnssec_bogus",
        ResultType.DANE_REQUIRED: "dane_required_no_tlsa",
        ResultType.STS_POLICY_FETCH_ERROR: "mtasts_fetch",
        ResultType.STS_POLICY_INVALID: "mtasts_fetch",
        ResultType.STS_WEBPKI_INVALID: "mtasts_fetch",
    }
)
_TLSA: Final[Mapping[ResultType, str]] = MappingProxyType(
    {
        **_STS,
        ResultType.STARTTLS_NOT_SUPPORTED: "dane_starttls",
        ResultType.CERTIFICATE_HOST_MISMATCH: "dane_cert_name",
        ResultType.CERTIFICATE_EXPIRED: "dane_cert_expired",
        ResultType.CERTIFICATE_NOT_TRUSTED: "dane_tlsa_mismatch",
        ResultType.VALIDATION_FAILURE: "dane_generic",
    }
)
_NONE: Final[Mapping[ResultType, str]] = MappingProxyType(
    {
        **_STS,
        ResultType.CERTIFICATE_HOST_MISMATCH: "cert_not_verified",
        ResultType.CERTIFICATE_EXPIRED: "cert_not_verified",
        ResultType.CERTIFICATE_NOT_TRUSTED: "cert_not_verified",
        ResultType.VALIDATION_FAILURE: "cert_not_verified",
    }
)
_BY_POLICY: Final = {PolicyType.STS: _STS, PolicyType.TLSA: _TLSA}
_SEPARATORS: Final = re.compile(r"[_\s-]+")
_MX_REASONS: Final = frozenset({"mx hosts mismatch", "mx mismatch"})
"""What Microsoft writes, and what this program writes."""
_CAUSE_REASONS: Final = {
    "all tlsa records unusable": "dane_unusable",
    "tls handshake failure": "tls_handshake",
}
"""What Postfix writes (src/tls/tls_client.c)."""
_RESULT_REASONS: Final = (
    ("self signed", ResultType.CERTIFICATE_NOT_TRUSTED),
    ("self-signed", ResultType.CERTIFICATE_NOT_TRUSTED),
    ("local issuer", ResultType.CERTIFICATE_NOT_TRUSTED),
    ("unknown authority", ResultType.CERTIFICATE_NOT_TRUSTED),
    ("untrusted", ResultType.CERTIFICATE_NOT_TRUSTED),
    ("expired", ResultType.CERTIFICATE_EXPIRED),
    ("hostname mismatch", ResultType.CERTIFICATE_HOST_MISMATCH),
    ("subject mismatch", ResultType.CERTIFICATE_HOST_MISMATCH),
    ("subjectmismatch", ResultType.CERTIFICATE_HOST_MISMATCH),
    ("not valid for", ResultType.CERTIFICATE_HOST_MISMATCH),
)
"""Words of OpenSSL, Go and Windows behind a validation-failure, the more telling first."""
_KNOWN: Final = {str(one): one for one in ResultType}


class RowCause(msgspec.Struct, frozen=True):
    """The cause of a row, and the result type that it comes to once its reason is read; None for what is not known."""

    cause: str | None
    result_type: ResultType | None


def row_cause(policy_type: str, details: FailureDetails) -> RowCause:
    """Return the cause that a row names by itself."""
    return _row_cause(
        policy_type, details.result_type, details.reason, bool(details.receiving_mx or details.receiving_ip)
    )


def cause_of(policy_type: str, result_type: ResultType, *, at_host: bool) -> str:
    """Return the cause of sessions that ended so under a policy of this type; `at_host` where a host was reached."""
    if result_type is ResultType.VALIDATION_FAILURE and policy_type == PolicyType.STS and at_host:
        return "mtasts_cert_or_validation"
    known = (
        _BY_POLICY.get(PolicyType(policy_type)) if policy_type in {str(one) for one in PolicyType} else None
    )
    return (known or _NONE)[result_type]


@lru_cache(maxsize=REASONS_CACHED_MAX)
def _row_cause(policy_type: str, written: str, reason: str, at_host: bool) -> RowCause:
    result_type = _KNOWN.get(written)
    words = _SEPARATORS.sub(" ", reason).strip().lower()
    if words in _MX_REASONS:
        return RowCause("mtasts_mx_mismatch", ResultType.MX_MISMATCH)
    if words in _CAUSE_REASONS:
        cause = _CAUSE_REASONS[words]
        return RowCause(cause, CATALOGUE[cause].result_type)
    if words and result_type in (ResultType.VALIDATION_FAILURE, None):
        result_type = next((one for sign, one in _RESULT_REASONS if sign in words), result_type)
        if result_type is None:
            return _stated(reason.replace("_", " "))
    if result_type is None:
        return RowCause(None, None)
    return RowCause(cause_of(policy_type, result_type, at_host=at_host), result_type)


def _stated(words: str) -> RowCause:
    """Return the cause that the words of a reason state, as they would in a bounce."""
    from mxproof.explain.match.claiming import stated  # noqa: PLC0415 - few reasons are words, and those need all rules

    found = next((one.cause for one in stated(words) if not one.lead), None)
    return RowCause(found, CATALOGUE[found].result_type if found else None)
