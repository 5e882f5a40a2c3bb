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


WEAKEST_FIRST = (None, Security.NONE, Security.OPPORTUNISTIC, Security.MTA_STS, Security.DANE)
"""How well mail is protected, None where it is not delivered."""


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


class Remedied(StrEnum):
    """What becomes of mail through some changes, every sender judged before and after; `mxproof.remedy.verify` says when."""

    MENDS = "mends"
    SECURES = "secures"
    HELPS = "helps"
    IDLE = "idle"
    HARMS = "harms"
    UNKNOWN = "unknown"


class Actor(StrEnum):
    """Who can make a change, as far as names and aliases show it."""

    DNS = "dns"
    """You, in the zone of the domain."""
    SERVER = "server"
    """You, at a server whose name is in the domain."""
    DNS_HOST = "dns-host"
    """Whoever runs the name servers of the domain: you, your DNS host or your registrar."""
    ALIAS_PROVIDER = "alias-provider"
    """The provider behind a name to which a name of the domain is an alias."""
    MX_OWNER = "mx-owner"
    """Whoever runs an MX host whose name is not in the domain."""
    ADDRESS_OWNER = "address-owner"
    """Whoever gave out the address, who sets its reverse name."""
    HERE = "here"
    """You, at the place where the check runs."""
