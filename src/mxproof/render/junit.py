"""Reports as JUnit XML, which build servers show: a suite for each domain, a case for each sender, finding and unknown.

There is no one standard. What is written is valid by both schemas in common use: that of Apache Ant, which wants every
attribute in its place, and that of the Jenkins plug-in xUnit.

| case | passes | skipped | fails | error |
|---|---|---|---|---|
| a sender | it delivers | it rests on a guess and does not simply deliver | refuses, or is at risk | unknown |
| a finding | all is in order | it weighs less than what fails | it weighs enough to fail | |
| what was not found out | | | | always |

So a suite has a failure where the report is a problem, and errors alone where it is unknown, as the exit status has it.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC

import msgspec

from mxproof.judge.checked import Checked
from mxproof.judge.conclusion import is_problem
from mxproof.judge.report import Delivery, Unknown, WordedFinding
from mxproof.judge.vocabulary import Severity, Verdict
from mxproof.render.markup import Content, Element, element, xml
from mxproof.render.text.words import VERDICT_WORDS

_RESULTS = ("failure", "error", "skipped")


class _Case(msgspec.Struct, frozen=True):
    """A case; `result` is the element that says how it ended, empty where it passed."""

    name: str
    result: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


def document(several: Iterable[Checked], fail_on: Severity) -> Iterator[str]:
    """Yield the document, a suite at a time; findings from the severity `fail_on` on are failures."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for number, checked in enumerate(several):
        yield xml(_suite(checked, number, fail_on)) + "\n"
    yield "</testsuites>\n"


def _suite(checked: Checked, number: int, fail_on: Severity) -> Element:
    report = checked.report
    cases = [
        *map(_of_sender, report.senders),
        *(_of_finding(one, fail_on) for one in report.findings),
        *map(_of_unknown, report.unknowns),
    ]
    results = [case.result for case in cases]
    failures, errors, skipped = (str(results.count(result)) for result in _RESULTS)
    return element(
        "testsuite",
        element("properties", *_properties(checked)),
        *(_case(case, report.domain) for case in cases),
        element("system-out", report.summary.headline),
        element("system-err"),
        name=report.domain,
        package="mxproof",
        id_=str(number),
        timestamp=checked.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        hostname=report.vantage.host or "localhost",
        tests=str(len(cases)),
        failures=failures,
        errors=errors,
        skipped=skipped,
        time=f"{checked.seconds:.3f}",
    )


def _properties(checked: Checked) -> Iterator[Element]:
    vantage = checked.report.vantage
    for name, value in (
        ("software", vantage.software),
        ("resolvers", ", ".join(vantage.resolvers)),
        ("simulated", vantage.simulated),
    ):
        if value:
            yield element("property", name=name, value=value)


def _case(case: _Case, domain: str) -> Element:
    result: Content = None
    if case.result:
        kind = None if case.result == "skipped" else case.kind
        result = element(case.result, case.text, message=case.message, type_=kind)
    return element("testcase", result, name=case.name, classname=domain, time="0")


def _of_sender(sender: Delivery) -> _Case:
    name = f"sender {sender.id}: {sender.name}"
    if sender.outcome is Verdict.DELIVERS:
        return _Case(name)
    result = "error" if sender.outcome is Verdict.UNKNOWN else "failure"
    bounce = sender.bounce
    words = () if bounce is None else tuple(filter(None, (bounce.transient, bounce.final)))
    because = (f"because of {', '.join(sender.because)}",) if sender.because else ()
    return _Case(
        name,
        result if sender.decides else "skipped",
        str(sender.outcome),
        f"{sender.id}: {VERDICT_WORDS[sender.outcome]}",
        "\n".join((*words, *because)),
    )


def _of_finding(finding: WordedFinding, fail_on: Severity) -> _Case:
    name = f"{finding.code}: {finding.subject}"
    if finding.severity is Severity.OK:
        return _Case(name)
    result = "failure" if is_problem(finding, fail_on) else "skipped"
    affected = f"affects {', '.join(finding.affects)}" if finding.affects else ""
    text = "\n\n".join(filter(None, (finding.detail, finding.fix, affected, ", ".join(finding.rfc))))
    return _Case(name, result, finding.code, f"{finding.severity}: {finding.summary}", text)


def _of_unknown(unknown: Unknown) -> _Case:
    return _Case(f"not found out: {unknown.question}", "error", "unknown", unknown.why)
