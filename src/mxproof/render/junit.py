"""Reports as JUnit XML, which build servers show: a suite for each domain, a case for each sender, finding and unknown.

| case | passes | skipped | fails | error |
|---|---|---|---|---|
| a sender | it delivers | it rests on a guess and does not simply deliver | refuses, or is at risk | unknown |
| a finding | all is in order | it weighs less than what fails | it weighs enough to fail | |
| what was not found out | | | | always |

So a suite has a failure where the report is a problem, and errors alone where it is unknown, as the exit status has it.
"""

from collections.abc import Iterable, Iterator

from mxproof.judge.checked import Checked
from mxproof.judge.conclusion import is_problem
from mxproof.judge.report import Delivery, Unknown, WordedFinding
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.junit_suite import Suite, SuiteCase, suites
from mxproof.render.text.words import VERDICT_WORDS


def document(several: Iterable[Checked], fail_on: Severity) -> Iterator[str]:
    """Yield the document, a suite at a time; findings from the severity `fail_on` on are failures."""
    return suites(_suite(checked, fail_on) for checked in several)


def _suite(checked: Checked, fail_on: Severity) -> Suite:
    report, vantage = checked.report, checked.report.vantage
    cases = (
        *map(_of_sender, report.senders),
        *(_of_finding(one, fail_on) for one in report.findings),
        *map(_of_unknown, report.unknowns),
    )
    properties = (
        ("software", vantage.software),
        ("resolvers", ", ".join(vantage.resolvers)),
        ("simulated", vantage.simulated),
        ("not asked", ", ".join(report.not_asked)),
    )
    headline = report.summary.headline
    return Suite(report.domain, cases, headline, checked.now, properties, vantage.host, checked.seconds)


def _of_sender(sender: Delivery) -> SuiteCase:
    name = f"sender {sender.id}: {sender.name}"
    if sender.outcome is Verdict.DELIVERS:
        return SuiteCase(name)
    result = "error" if sender.outcome is Verdict.UNKNOWN else "failure"
    bounce = sender.bounce
    words = () if bounce is None else tuple(filter(None, (bounce.transient, bounce.final)))
    because = (f"because of {', '.join(sender.because)}",) if sender.because else ()
    return SuiteCase(
        name,
        result if sender.decides else "skipped",
        str(sender.outcome),
        f"{sender.id}: {VERDICT_WORDS[sender.outcome]}",
        "\n".join((*words, *because)),
    )


def _of_finding(finding: WordedFinding, fail_on: Severity) -> SuiteCase:
    name = f"{finding.code}: {finding.subject}"
    if finding.severity is Severity.OK:
        return SuiteCase(name)
    result = "failure" if is_problem(finding, fail_on) else "skipped"
    affected = f"affects {', '.join(finding.affects)}" if finding.affects else ""
    text = "\n\n".join(filter(None, (finding.detail, finding.fix, affected, ", ".join(finding.rfc))))
    return SuiteCase(name, result, finding.code, f"{finding.severity}: {finding.summary}", text)


def _of_unknown(unknown: Unknown) -> SuiteCase:
    return SuiteCase(f"not found out: {unknown.question}", "error", "unknown", unknown.why)
