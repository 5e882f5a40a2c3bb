"""Suites of JUnit XML, of which there is no one standard: valid by the schema of Apache Ant and that of Jenkins.

The former wants every attribute in its place, the latter is that of the plug-in xUnit.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import msgspec

from mxproof.render.markup import Content, Element, element, xml

_RESULTS = ("failure", "error", "skipped")


class SuiteCase(msgspec.Struct, frozen=True):
    """A case; `result` is the element that says how it ended, empty where it passed."""

    name: str
    result: str = ""
    kind: str = ""
    message: str = ""
    text: str = ""


class Suite(msgspec.Struct, frozen=True):
    """The cases about one domain, with a headline over them; `seconds` is how long finding out took."""

    domain: str
    cases: tuple[SuiteCase, ...]
    headline: str
    at: datetime
    properties: tuple[tuple[str, str], ...] = ()
    host: str = ""
    seconds: float = 0.0


def suites(several: Iterable[Suite]) -> Iterator[str]:
    """Yield the document, a suite at a time."""
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n'
    for number, suite in enumerate(several):
        yield xml(_suite(suite, number)) + "\n"
    yield "</testsuites>\n"


def _suite(suite: Suite, number: int) -> Element:
    results = [case.result for case in suite.cases]
    failures, errors, skipped = (str(results.count(result)) for result in _RESULTS)
    properties = (element("property", name=name, value=value) for name, value in suite.properties if value)
    return element(
        "testsuite",
        element("properties", *properties),
        *(_case(case, suite.domain) for case in suite.cases),
        element("system-out", suite.headline),
        element("system-err"),
        name=suite.domain,
        package="mxproof",
        id_=str(number),
        timestamp=suite.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        hostname=suite.host or "localhost",
        tests=str(len(suite.cases)),
        failures=failures,
        errors=errors,
        skipped=skipped,
        time=f"{suite.seconds:.3f}",
    )


def _case(case: SuiteCase, domain: str) -> Element:
    result: Content = None
    if case.result:
        kind = None if case.result == "skipped" else case.kind
        result = element(case.result, case.text, message=case.message, type_=kind)
    return element("testcase", result, name=case.name, classname=domain, time="0")
