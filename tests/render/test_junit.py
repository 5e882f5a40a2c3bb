"""Reports as JUnit: a suite for each domain, and a case for each sender, finding and open question that ends as it stands."""

from datetime import timedelta
from xml.etree import ElementTree as ET

import msgspec
import pytest

from mxproof.evidence import Kind, Outcome, Question, Vantage
from mxproof.evidence.timing import Timed
from mxproof.judge.checked import Checked
from mxproof.judge.report import Bounce, Delivery, Unknown, WordedFinding
from mxproof.judge.vocabulary import Confidence, Severity, Verdict
from mxproof.render.junit import document
from support_certificates import NOW
from support_handmade import checked_of, finding, sender, whole_finding

DELIVERS, REFUSED, AT_RISK, UNKNOWN = Verdict.DELIVERS, Verdict.REFUSED, Verdict.AT_RISK, Verdict.UNKNOWN


def suites(*several: Checked, fail_on: Severity = Severity.ERROR) -> list[ET.Element]:
    return ET.fromstring("".join(document(several, fail_on))).findall("testsuite")


def ended(case: ET.Element) -> tuple[str, ...]:
    """Return how a case ended: its name, and unless it passed the element, its type, its message and its text."""
    result = next(iter(case), None)
    if result is None:
        return (case.attrib["name"],)
    return (
        case.attrib["name"],
        result.tag,
        result.get("type", ""),
        result.attrib["message"],
        result.text or "",
    )


def of_sender(one: Delivery) -> tuple[str, ...]:
    return ended(suites(checked_of(one))[0].findall("testcase")[0])


def of_finding(one: WordedFinding, fail_on: Severity = Severity.ERROR) -> tuple[str, ...]:
    return ended(suites(checked_of(findings=(one,)), fail_on=fail_on)[0].findall("testcase")[0])


def test_a_suite_is_that_of_a_domain_and_says_when_where_and_how_long_it_was_asked() -> None:
    vantage = Vantage(
        software="mxproof 1.0",
        host="mail.example.net",
        resolvers=("127.0.0.1:53", "192.0.2.53:53"),
        simulated="incident",
    )
    asked = Timed(Question(Kind.MX, "example.com"), NOW, 1500, Outcome.FOUND)
    whole = checked_of(sender(DELIVERS), vantage=vantage, timeline=(asked,))
    report = msgspec.structs.replace(
        whole.report, judged_at=NOW + timedelta(days=1), not_asked=("dkim", "dmarc")
    )
    suite, other = suites(msgspec.structs.replace(whole, report=report), checked_of(domain="example.org"))
    assert suite.attrib == {
        "name": "example.com",
        "package": "mxproof",
        "id": "0",
        "timestamp": "2026-06-02T12:00:00",
        "hostname": "mail.example.net",
        "tests": "1",
        "failures": "0",
        "errors": "0",
        "skipped": "0",
        "time": "1.500",
    }
    assert [(one.attrib["name"], one.attrib["value"]) for one in suite.iter("property")] == [
        ("software", "mxproof 1.0"),
        ("resolvers", "127.0.0.1:53, 192.0.2.53:53"),
        ("simulated", "incident"),
        ("not asked", "dkim, dmarc"),
    ]
    assert suite.findtext("system-out") == "The headline of example.com"
    assert (other.attrib["name"], other.attrib["id"]) == ("example.org", "1")


def test_senders_come_first_then_findings_then_what_was_not_found_out() -> None:
    (suite,) = suites(
        checked_of(
            sender(DELIVERS),
            findings=(finding(Severity.OK, "sts-ok"),),
            unknowns=(Unknown("MX example.com", "no answer"),),
        )
    )
    assert [ended(one) for one in suite.iter("testcase")] == [
        ("sender a: A",),
        ("sts-ok: mx.example.com",),
        ("not found out: MX example.com", "error", "unknown", "no answer", ""),
    ]


@pytest.mark.parametrize(
    ("outcome", "ends"),
    [
        (REFUSED, ("failure", "refused", "a: REFUSES")),
        (AT_RISK, ("failure", "at_risk", "a: at risk")),
        (UNKNOWN, ("error", "unknown", "a: unknown")),
    ],
)
def test_a_sender_that_does_not_simply_deliver_fails_and_a_guess_is_skipped(
    outcome: Verdict, ends: tuple[str, str, str]
) -> None:
    assert of_sender(sender(outcome)) == ("sender a: A", *ends, "")
    guess = sender(outcome, confidence=Confidence.GUESS)
    assert of_sender(guess) == ("sender a: A", "skipped", "", ends[2], "")


def test_a_sender_that_fails_quotes_what_it_writes_and_its_reasons() -> None:
    whole = sender(REFUSED, bounce=Bounce("451 later", "550 no", 60), because=("mx-alias", "ptr-missing"))
    assert of_sender(whole)[4] == "451 later\n550 no\nbecause of mx-alias, ptr-missing"
    assert of_sender(sender(REFUSED, bounce=Bounce(None, "550 no", 60)))[4] == "550 no"
    assert of_sender(sender(REFUSED, bounce=Bounce("451 later", None, None)))[4] == "451 later"


def test_a_finding_that_fails_says_what_it_means_how_to_mend_it_and_where_that_stands() -> None:
    whole = whole_finding()
    name = "mx-alias: mx.example.com"
    assert of_finding(whole) == (
        name,
        "failure",
        "mx-alias",
        "error: An alias.",
        "It is none.\n\nMend it.\n\naffects microsoft, google\n\nRFC 2181 section 10.3, RFC 5321 section 5.1",
    )
    assert of_finding(finding(Severity.ERROR)) == (name, "failure", "mx-alias", "error: An alias.", "")


@pytest.mark.parametrize(
    ("severity", "fail_on", "ends"),
    [
        (Severity.ERROR, Severity.ERROR, "failure"),
        (Severity.WARNING, Severity.ERROR, "skipped"),
        (Severity.WARNING, Severity.WARNING, "failure"),
        (Severity.NOTICE, Severity.WARNING, "skipped"),
    ],
)
def test_a_finding_fails_from_the_severity_that_was_asked_for_on(
    severity: Severity, fail_on: Severity, ends: str
) -> None:
    assert of_finding(finding(severity), fail_on)[1] == ends
