"""The survey of DKIM keys: those of the selectors that were named, or else of selectors in common use.

A domain does not say which selectors it has (RFC 6376 section 3.6.2.1), so a key that is not found under a common name
says nothing; one that was named and is not found does.
"""

from typing import Final

from mxproof.evidence import Evidence, Kind, Question
from mxproof.formats.dkim import signature

SELECTORS_MAX = 20
"""Selectors that are asked for."""
COMMON_SELECTORS: Final = (
    "default",
    "dkim",
    "mail",
    "email",
    "smtp",
    "mta",
    "key1",
    "k1",
    "k2",
    "s1",
    "s2",
    "s2048",
    "selector1",
    "selector2",
    "google",
    "fm1",
    "protonmail",
    "sig1",
    "zmail",
    "mandrill",
)
"""What mail servers and large providers call theirs."""


def wanted(evidence: Evidence) -> tuple[Question, ...]:
    """Return the questions that the evidence so far does not answer."""
    return tuple(question for question in needed(evidence) if question not in evidence.answers)


def needed(evidence: Evidence) -> tuple[Question, ...]:
    """Return all questions: one for each selector."""
    selectors = evidence.vantage.selectors or COMMON_SELECTORS
    keys = (signature(evidence.domain, selector) for selector in selectors[:SELECTORS_MAX])
    return tuple(Question(Kind.TXT, key.key_name) for key in keys if key is not None)
