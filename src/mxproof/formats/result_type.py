"""How securing a session failed: the one vocabulary of failure, in verdicts, logs, reports and explanations."""

from enum import StrEnum


class ResultType(StrEnum):
    """The result types of RFC 8460 section 4.3, and `mx-mismatch`, which the RFC lacks.

    In a TLS report `mx-mismatch` becomes `validation-failure` with a reason code.
    """

    STARTTLS_NOT_SUPPORTED = "starttls-not-supported"
    CERTIFICATE_HOST_MISMATCH = "certificate-host-mismatch"
    CERTIFICATE_EXPIRED = "certificate-expired"
    CERTIFICATE_NOT_TRUSTED = "certificate-not-trusted"
    VALIDATION_FAILURE = "validation-failure"
    TLSA_INVALID = "tlsa-invalid"
    DNSSEC_INVALID = "dnssec-invalid"
    DANE_REQUIRED = "dane-required"
    STS_POLICY_FETCH_ERROR = "sts-policy-fetch-error"
    STS_POLICY_INVALID = "sts-policy-invalid"
    STS_WEBPKI_INVALID = "sts-webpki-invalid"
    MX_MISMATCH = "mx-mismatch"
