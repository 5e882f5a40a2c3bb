"""Every exit status of the command line, and which one a report or an explanation calls for.

| status | `check`, `replay` | `explain` | `plan` | any command |
|---|---|---|---|---|
| 0 | every sender that decides delivers and nothing is wrong | a cause was found | nothing is to be done | done |
| 1 | a problem was found: a sender does not simply deliver, or a finding weighs as much as `--fail-on` says | a bounce of another kind | a way out was found | what was asked for failed |
| 2 | | | | wrong usage, or input that is not what it should be |
| 3 | nothing wrong was seen, and something needed could not be found out | not understood | no way was found, or something needed is unknown | this machine cannot ask |
| 130 | | | | interrupted (Ctrl-C), as a shell reports it: 128 + SIGINT |
| 141 | | | | whoever read the output has gone, as a shell reports it: 128 + SIGPIPE |

`main` loads this module before anyone is there to catch Ctrl-C, so it needs no other one to be loaded.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mxproof.explain.explanation import Explanation
    from mxproof.judge.report import Report
    from mxproof.remedy.plan import Plan

DONE = 0
PROBLEM = 1
USAGE = 2
UNKNOWN = 3
INTERRUPTED = 130
READER_GONE = 141


class RunError(Exception):
    """What ends the program with one line on stderr: the subject, what was seen, what was expected."""

    def __init__(self, message: str, status: int = USAGE) -> None:
        super().__init__(message)
        self.status = status


def status_of_report(report: "Report", fail_on: str = "error") -> int:
    """Return DONE, PROBLEM or UNKNOWN; a sender that rests on a guess counts for nothing.

    `fail_on` is the least severity of a finding that is a problem: error, warning or notice.
    """
    from mxproof.judge.vocabulary import Severity, Verdict  # noqa: PLC0415 - whoever has a report has loaded it

    deciding = [sender.outcome for sender in report.senders if sender.decides]
    worst_first = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)
    problems = worst_first[: worst_first.index(Severity(fail_on)) + 1]
    if any(finding.severity in problems for finding in report.findings):
        return PROBLEM
    if Verdict.REFUSED in deciding or Verdict.AT_RISK in deciding:
        return PROBLEM
    return UNKNOWN if report.unknowns or Verdict.UNKNOWN in deciding else DONE


def status_of_explanation(explanation: "Explanation") -> int:
    """Return DONE for a cause, PROBLEM for a bounce of another kind, UNKNOWN for what is not understood."""
    if explanation.causes:
        return DONE
    return PROBLEM if explanation.understood else UNKNOWN


def status_of_plan(plan: "Plan") -> int:
    """Return DONE where nothing is to be done, PROBLEM where a way out was found, UNKNOWN where none was."""
    if plan.reached:
        return DONE
    return PROBLEM if plan.ways else UNKNOWN
