"""What a command prints of evidence: the report, with every fix in it verified before anybody reads it."""

from datetime import datetime

from mxproof.evidence import Evidence
from mxproof.judge.judging import report_on
from mxproof.judge.report import Report
from mxproof.mail.memory import SenderMemory
from mxproof.remedy.proving import proven


def judged(
    evidence: Evidence, *, now: datetime, memories: tuple[SenderMemory, ...] = (), shows_fixes: bool = True
) -> Report:
    """Return the report on `evidence` as of `now`, its fixes applied and judged for every modelled sender.

    Where nobody is shown a fix (`shows_fixes`), none is verified, which is most of the work.
    """
    report = report_on(evidence, now=now, memories=memories)
    return proven(report, evidence, now=now, memories=memories) if shows_fixes else report
