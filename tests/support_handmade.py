"""What a check found, made by hand for tests of forms: senders, findings, and a domain that was checked."""

from collections.abc import Sequence

import msgspec

from mxproof.evidence import Vantage
from mxproof.evidence.timing import Timed
from mxproof.judge.checked import Checked, Term
from mxproof.judge.report import Attempt, Bounce, Delivery, Report, Summary, Unknown, WordedFinding
from mxproof.judge.vocabulary import Confidence, Security, Severity, Verdict
from support_certificates import NOW


def sender(
    outcome: Verdict,
    id_: str = "a",
    *,
    name: str = "",
    confidence: Confidence = Confidence.OBSERVED,
    security: Security | None = None,
    because: tuple[str, ...] = (),
    bounce: Bounce | None = None,
    attempts: tuple[Attempt, ...] = (),
) -> Delivery:
    """Return what a sender does, whose name is its id in capitals where it is not given."""
    return Delivery(id_, name or id_.upper(), outcome, confidence, security, because, bounce, attempts)


def attempt(outcome: Verdict, mx: str, address: str | None, preference: int = 10) -> Attempt:
    """Return what one try came to."""
    return Attempt(mx, preference, address, mx, None, outcome, "")


def finding(severity: Severity, code: str = "mx-alias", summary: str = "An alias.") -> WordedFinding:
    """Return a finding of which there is nothing more to say."""
    return WordedFinding(code, severity, "mx.example.com", summary, "", "", (), (), ())


def whole_finding() -> WordedFinding:
    """Return an error that says all that a row of a form has room for."""
    return msgspec.structs.replace(
        finding(Severity.ERROR),
        detail="It is none.",
        fix="Mend it.",
        affects=("microsoft", "google"),
        rfc=("RFC 2181 section 10.3", "RFC 5321 section 5.1"),
    )


def checked_of(
    *senders: Delivery,
    domain: str = "example.com",
    findings: tuple[WordedFinding, ...] = (),
    unknowns: tuple[Unknown, ...] = (),
    outcome: Verdict | None = None,
    vantage: Vantage | None = None,
    terms: Sequence[Term] = (),
    timeline: Sequence[Timed] = (),
) -> Checked:
    """Return what was found of a domain; the outcome is that of the first sender where it is not given."""
    whole = outcome or (senders[0].outcome if senders else Verdict.DELIVERS)
    summary = Summary(whole, f"The headline of {domain}")
    report = Report(1, domain, NOW, vantage or Vantage(), summary, senders, findings, unknowns)
    return Checked(report, tuple(timeline), tuple(terms))
