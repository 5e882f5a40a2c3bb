"""What a report comes to as a whole, for whoever acts on one word: an exit status, a monitoring state, a build."""

from enum import StrEnum

from mxproof.judge.codes import Code
from mxproof.judge.report import Report, WordedFinding
from mxproof.judge.vocabulary import Severity, Verdict

_WORST_FIRST = (Severity.ERROR, Severity.WARNING, Severity.NOTICE, Severity.OK)


class Conclusion(StrEnum):
    """The three ways in which a report can end."""

    GOOD = "good"
    """Every sender that decides delivers, and no finding is a problem."""
    PROBLEM = "problem"
    """A sender that decides does not simply deliver, or a finding weighs enough to be one."""
    UNKNOWN = "unknown"
    """Nothing wrong was seen, and something needed could not be found out."""


def concluded(report: Report, fail_on: Severity = Severity.ERROR) -> Conclusion:
    """Return the conclusion; a sender that rests on a guess counts for nothing.

    `fail_on` is the least severity of a finding that is a problem. Where the resolver of the machine that asks does not
    answer, nothing is known of the domain and no problem of it was found.
    """
    if any(finding.code == Code.RESOLVER_UNANSWERED for finding in report.findings):
        return Conclusion.UNKNOWN
    deciding = [sender.outcome for sender in report.senders if sender.decides]
    if any(is_problem(finding, fail_on) for finding in report.findings):
        return Conclusion.PROBLEM
    if Verdict.REFUSED in deciding or Verdict.AT_RISK in deciding:
        return Conclusion.PROBLEM
    return Conclusion.UNKNOWN if report.unknowns or Verdict.UNKNOWN in deciding else Conclusion.GOOD


def is_problem(finding: WordedFinding, fail_on: Severity) -> bool:
    """Tell whether a finding weighs as much as `fail_on` or more; one that all is in order never does."""
    return weighs(finding.severity, fail_on)


def weighs(severity: Severity, fail_on: Severity) -> bool:
    """Tell whether a severity is that of a problem."""
    return severity is not Severity.OK and _WORST_FIRST.index(severity) <= _WORST_FIRST.index(fail_on)
