"""Every exit status of the command line, and which one a report or an explanation calls for.

| status | `check`, `replay` | `explain` | `plan` | `diff` | any command |
|---|---|---|---|---|---|
| 0 | every sender that decides delivers and nothing is wrong | a cause was found | nothing is to be done | the same as before, or better | done |
| 1 | a problem was found: a sender does not simply deliver, or a finding weighs as much as `--fail-on` says | a bounce of another kind | a way out was found | worse than before | what was asked for failed |
| 2 | | | | | wrong usage, or input that is not what it should be |
| 3 | nothing wrong was seen, and something needed could not be found out | not understood | no way was found, or something needed is unknown | what was known could not be found out any more | this machine cannot ask |
| 130 | | | | | interrupted (Ctrl-C), as a shell reports it: 128 + SIGINT |
| 141 | | | | | whoever read the output has gone, as a shell reports it: 128 + SIGPIPE |

`preflight` has 0 where nothing gets worse, 1 where something does, 3 where that is unknown; `whatif` 0 where every sender
delivers after the change, 1 where one does not, 3 where that is unknown; `plan --verify` 0 for go on, 3 for wait, 1 for do
not. `deliver-test` has 0 where every address took the mail, 1 where one did not, 3 where one could not be reached; with
`--received` 0 for headers that are understood, 1 for a test mail that came in without TLS, 3 for none.

`sendertest report` has 0 where MTA-STS and DANE are honoured, 1 where one of them is not, 3 where too few cases were sent to.

`tlsrpt show` has 1 where sessions failed, 3 where there is no report; `tlsrpt import` 3 where something was refused, and with
`--pipe` 0 for what is kept, 65 for what is no TLS report, 75 for try again later.

`scan show` has those of `check`, every other `scan` command 0 for done and 1 for what could not be.

With `--format nagios` the status is that of a monitoring plug-in instead, and whatever keeps it from a report is 3:

| status | state |
|---|---|
| 0 | OK |
| 1 | WARNING: a problem, and no sender that decides refuses |
| 2 | CRITICAL: a sender that decides refuses |
| 3 | UNKNOWN: something needed could not be found out, or wrong usage |

`main` may load this module when nothing else is loaded yet, where Ctrl-C came that early, so it needs no other of ours.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mxproof.explain.arrival import ArrivedMail
    from mxproof.explain.explanation import Explanation
    from mxproof.judge.delivery_test import DeliveryTest
    from mxproof.judge.difference import Difference
    from mxproof.judge.report import Report
    from mxproof.judge.senders.inference.conclusion import SenderTestReport
    from mxproof.remedy.plan import Plan
    from mxproof.remedy.preflight import Preflight, WhatIf
    from mxproof.remedy.standing import Standing

NAGIOS = "nagios"
"""The form whose exit statuses are those of a monitoring plug-in."""
DONE = 0
PROBLEM = 1
USAGE = 2
UNKNOWN = 3
INTERRUPTED = 130
READER_GONE = 141
PIPE_OPTION = "--pipe"
"""With this option the exit statuses are those of sysexits.h, as Postfix's pipe(8) reads them."""
TRY_AGAIN = 75
"""EX_TEMPFAIL: the message is tried again, whatever was wrong here."""

_WORST_FIRST = (PROBLEM, UNKNOWN, DONE)
_WORST_STATE_FIRST = (2, 1, 3, 0)


class RunError(Exception):
    """What ends the program with one line on stderr: the subject, what was seen, what was expected."""

    def __init__(self, message: str, status: int = USAGE) -> None:
        super().__init__(message)
        self.status = status


def status_of_report(report: "Report", fail_on: str = "error") -> int:
    """Return DONE, PROBLEM or UNKNOWN; `fail_on` is the least severity of a finding that is a problem."""
    from mxproof.judge.conclusion import Conclusion, concluded  # noqa: PLC0415 - whoever has a report has loaded it
    from mxproof.judge.vocabulary import Severity  # noqa: PLC0415 - as above

    statuses = {Conclusion.GOOD: DONE, Conclusion.PROBLEM: PROBLEM, Conclusion.UNKNOWN: UNKNOWN}
    return statuses[concluded(report, Severity(fail_on))]


def worst_status(statuses: set[int], form: str) -> int:
    """Return the worst of the statuses of several reports written in `form`; where there is no report, UNKNOWN."""
    worst_first = _WORST_STATE_FIRST if form == NAGIOS else _WORST_FIRST
    return next((status for status in worst_first if status in statuses), UNKNOWN)


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


def status_of_preflight(made: "Preflight") -> int:
    """Return DONE where nothing gets worse, PROBLEM where somebody fares worse, UNKNOWN where nobody can tell."""
    from mxproof.judge.vocabulary import Verdict  # noqa: PLC0415 - whoever has a preflight has loaded it

    if any(one.outcome is not Verdict.UNKNOWN for one in made.worse):
        return PROBLEM
    unclear = any(one.decides and one.outcome is Verdict.UNKNOWN for one in made.after)
    return UNKNOWN if made.worse or unclear else DONE


def status_of_what_if(made: "WhatIf") -> int:
    """Return DONE where every sender that decides delivers after the change, PROBLEM where one does not, else UNKNOWN."""
    from mxproof.judge.vocabulary import Verdict  # noqa: PLC0415 - as above

    after = {one.outcome for one in made.after if one.decides}
    if after <= {Verdict.DELIVERS}:
        return DONE
    return PROBLEM if after & {Verdict.REFUSED, Verdict.AT_RISK} else UNKNOWN


def status_of_standing(standing: "Standing") -> int:
    """Return DONE for go on, UNKNOWN for wait, PROBLEM for do not."""
    return {"go-on": DONE, "wait": UNKNOWN, "do-not": PROBLEM}[standing.advice]


def status_of_delivery_test(test: "DeliveryTest") -> int:
    """Return DONE where every address took the mail, PROBLEM where one did not, UNKNOWN where one could not be reached."""
    from mxproof.judge.delivery_test import TryResult  # noqa: PLC0415 - whoever has a test has loaded it

    results = {one.result for one in test.tries}
    if results & {TryResult.WITHHELD, TryResult.DEFERRED, TryResult.REJECTED}:
        return PROBLEM
    return DONE if results <= {TryResult.ACCEPTED} else UNKNOWN


def status_of_arrival(arrival: "ArrivedMail") -> int:
    """Return DONE for headers that are understood, PROBLEM for a test mail that came in without TLS, else UNKNOWN."""
    if not arrival.hops and not arrival.results:
        return UNKNOWN
    return PROBLEM if arrival.entry is not None and not arrival.entry.encrypted else DONE


def status_of_difference(difference: "Difference") -> int:
    """Return PROBLEM for the worse, UNKNOWN for what could not be found out any more, DONE for the same or better."""
    from mxproof.judge.difference import Course  # noqa: PLC0415 - whoever has a difference has loaded it

    statuses = {Course.WORSE: PROBLEM, Course.UNKNOWN: UNKNOWN, Course.BETTER: DONE, Course.SAME: DONE}
    return statuses[difference.course]


def status_of_sender_test(report: "SenderTestReport") -> int:
    """Return the exit status of what a sender test shows: that of the mechanism that stands worst."""
    from mxproof.judge.senders.inference.conclusion import Honoured  # noqa: PLC0415 - see the top

    found = {one.honoured for one in report.mechanisms}
    if found & {Honoured.NO, Honoured.PARTLY}:
        return PROBLEM
    return UNKNOWN if Honoured.UNKNOWN in found else DONE
