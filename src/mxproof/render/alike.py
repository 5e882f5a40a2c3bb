"""Findings that say the same of several subjects, taken together so that it is read once."""

from mxproof.judge.report import WordedFinding
from mxproof.judge.vocabulary import Severity

WEIGHTIEST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTICE, Severity.OK)

SUMMARIES_MAX = 3
"""The summaries shown of findings that share all other words; more of them say nothing new."""

_Alike = tuple[str, Severity, str, str, tuple[str, ...], tuple[str, ...]]


def alike(findings: tuple[WordedFinding, ...]) -> list[list[WordedFinding]]:
    """Return findings that share all words but the summary as one, the weightiest first."""
    together: dict[_Alike, list[WordedFinding]] = {}
    for finding in sorted(findings, key=lambda one: WEIGHTIEST_FIRST.index(one.severity)):
        same = (
            finding.code,
            finding.severity,
            finding.detail,
            finding.fix,
            finding.rfc,
            finding.affects,
        )
        together.setdefault(same, []).append(finding)
    return list(together.values())


def summaries_of(together: list[WordedFinding]) -> list[str]:
    """Return the summaries of findings that are alike, and how many are left out."""
    said = list(dict.fromkeys(one.summary for one in together))
    more = len(said) - SUMMARIES_MAX
    return said if more <= 1 else [*said[:SUMMARIES_MAX], f"and the same of {more} more"]
