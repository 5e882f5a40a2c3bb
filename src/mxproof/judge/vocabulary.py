"""The closed sets of words that a verdict is made of; one word, one meaning, everywhere."""

from enum import StrEnum


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
