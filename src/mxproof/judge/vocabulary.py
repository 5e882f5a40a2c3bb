"""The closed sets of words that a verdict is made of; one word, one meaning, everywhere."""

from enum import StrEnum


class ResultType(StrEnum):
    """How securing a session failed: RFC 8460 section 4.3, and `mx-mismatch`, for which the RFC has no type."""

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


class Verdict(StrEnum):
    """What becomes of mail.

    `at_risk`: some MX host or some reading of an ambiguous rule refuses, or a policy still cached would; `unknown`:
    something that decides it could not be found out.
    """

    DELIVERS = "delivers"
    AT_RISK = "at_risk"
    REFUSED = "refused"
    UNKNOWN = "unknown"


WORST_FIRST = (Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN, Verdict.DELIVERS)


class Security(StrEnum):
    """How the session that accepts the mail is protected."""

    DANE = "dane"
    MTA_STS = "mta-sts"
    OPPORTUNISTIC = "opportunistic"
    NONE = "none"


class Confidence(StrEnum):
    """Where a sender model has its facts from, best first; `guess` never decides a summary or an exit status."""

    SOURCE_CODE = "source-code"
    DOCUMENTED = "documented"
    OBSERVED = "observed"
    CLAIMED = "claimed"
    GUESS = "guess"


class Severity(StrEnum):
    """How much a finding matters; a finding that makes a deciding sender refuse is always an error."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    OK = "ok"
