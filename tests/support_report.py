"""Reports for tests, written by hand: the founding incident and its fix."""

from datetime import UTC, datetime
from typing import Any

import msgspec
from hypothesis import strategies as st

from mxproof.evidence import Vantage
from mxproof.formats.result_type import ResultType
from mxproof.judge.report import (
    SCHEMA_VERSION,
    Attempt,
    Bounce,
    Delivery,
    Report,
    Summary,
    Unknown,
    WordedFinding,
)
from mxproof.judge.vocabulary import Confidence, Security, Severity, Verdict
from mxproof.mail.change import CnameValue, Ipv4Value, Publish, Withdraw

OBSERVED_AT = datetime(2026, 11, 3, 12, 0, 5, tzinfo=UTC)
BOUNCE = Bounce(
    transient="451 4.4.8 MX hosts of 'example.com' failed MTA-STS validation",
    final="550 5.4.317 Message expired, cannot connect to remote server [Message=451 4.4.8 MX hosts of "
    "'example.com' failed MTA-STS validation]",
    after_s=86_400,
)
HOSTS = {
    "mxi1.example.com": ("smol.example.com", "192.0.2.1"),
    "mxi2.example.com": ("tol.example.com", "192.0.2.2"),
}
VANTAGE = Vantage(
    software="mxproof 0.1.0",
    host="mail.example.net",
    resolvers=("127.0.0.1:53",),
    validating=True,
    validating_because="it was told to be trusted",
    roots="system",
)
ALIAS = WordedFinding(
    code="mx-alias",
    severity=Severity.ERROR,
    subject="example.com",
    summary="The MX hosts mxi1.example.com and mxi2.example.com are aliases (CNAME) of smol.example.com and "
    "tol.example.com, which the policy does not list.",
    detail="An MX record must name a host, not an alias. RFC 8461 section 4.1 leaves open which of the two names is "
    "compared with the policy; Microsoft compares the name that the alias leads to.",
    fix="Give mxi1.example.com and mxi2.example.com A and AAAA records instead of CNAME records.\n"
    "Or list smol.example.com and tol.example.com in the policy, and put both names into the certificates.",
    rfc=("RFC 2181 section 10.3", "RFC 5321 section 5.1", "RFC 8461 section 4.1"),
    affects=("microsoft",),
    evidence=("MX example.com", "A mxi1.example.com", "A mxi2.example.com"),
    steps=("Give mxi1.example.com and mxi2.example.com A and AAAA records instead of CNAME records.",),
    otherwise=(
        "Or list smol.example.com and tol.example.com in the policy, and put both names into the certificates.",
    ),
    changes=(
        Withdraw("mxi1.example.com", CnameValue("smol.example.com")),
        Publish("mxi1.example.com", Ipv4Value("192.0.2.1")),
        Withdraw("mxi2.example.com", CnameValue("tol.example.com")),
        Publish("mxi2.example.com", Ipv4Value("192.0.2.2")),
    ),
)
REVERSE = WordedFinding(
    code="ptr-missing",
    severity=Severity.WARNING,
    subject="192.0.2.2",
    summary="192.0.2.2 has no reverse name.",
    detail="Some receivers distrust a host without one; it matters when this host sends.",
    fix="Have the owner of the address set a PTR record.",
    rfc=("RFC 1912 section 2.1",),
    affects=(),
    evidence=("PTR 2.2.0.192.in-addr.arpa",),
    steps=("Have the owner of the address set a PTR record.",),
)


def incident() -> Report:
    """Return the report of two MX hosts that are aliases, under a policy that lists the MX names only."""
    senders = (
        _delivering("rfc8461", "A sender that follows RFC 8461", Security.MTA_STS, Confidence.DOCUMENTED),
        Delivery(
            id="microsoft",
            name="Microsoft (Exchange Online, outlook.com)",
            outcome=Verdict.REFUSED,
            confidence=Confidence.OBSERVED,
            security=None,
            because=("mx-alias",),
            bounce=BOUNCE,
            attempts=_refusals(),
        ),
        Delivery(
            id="microsoft-ptr",
            name="Microsoft, if it judged the reverse name",
            outcome=Verdict.REFUSED,
            confidence=Confidence.GUESS,
            security=None,
            because=("ptr-missing",),
            bounce=BOUNCE,
            attempts=_refusals(),
        ),
        _delivering("google", "Google (Gmail, Workspace)", Security.MTA_STS, Confidence.DOCUMENTED),
        _delivering("postfix-sts", "Postfix with a policy daemon", Security.MTA_STS, Confidence.SOURCE_CODE),
        _delivering("postfix-dane", "Postfix with DANE", Security.OPPORTUNISTIC, Confidence.SOURCE_CODE),
        _delivering(
            "opportunistic", "A sender without policy", Security.OPPORTUNISTIC, Confidence.DOCUMENTED
        ),
    )
    return Report(
        schema_version=SCHEMA_VERSION,
        domain="example.com",
        observed_at=OBSERVED_AT,
        vantage=VANTAGE,
        summary=Summary(Verdict.REFUSED, "Microsoft refuses mail for example.com; 5 other senders deliver"),
        senders=senders,
        findings=(_fine("tlsrpt-ok"), REVERSE, ALIAS, _fine("cert-ok")),
        unknowns=(),
    )


def half_known() -> Report:
    """Return the report of one host that delivers to some and one that could not be asked."""
    mx = "a-host-with-a-rather-long-name.mail.protection.example.com"
    attempts = tuple(
        Attempt(mx, 0, address, mx, None, outcome, "")
        for address, outcome in (
            ("2001:db8:1234:5678:9abc:def0:1234:5678", Verdict.UNKNOWN),
            ("192.0.2.1", Verdict.DELIVERS),
        )
    )
    name = "A sender that follows RFC 8461"
    sender = Delivery("rfc8461", name, Verdict.UNKNOWN, Confidence.DOCUMENTED, None, (), None, attempts)
    return Report(
        schema_version=SCHEMA_VERSION,
        domain="xn--bcher-kva.example",
        observed_at=OBSERVED_AT,
        vantage=Vantage(simulated="one-silent"),
        summary=Summary(Verdict.UNKNOWN, "Whether mail arrives could not be found out"),
        senders=(sender,),
        findings=(),
        unknowns=(Unknown(f"SMTP 2001:db8:1234:5678:9abc:def0:1234:5678 ({mx})", "timeout after 10 s"),),
    )


def fixed() -> Report:
    """Return the report of the same domain after the fix."""
    healthy = tuple(
        _delivering(id_, name, Security.MTA_STS, Confidence.DOCUMENTED)
        for id_, name in (
            ("rfc8461", "A sender that follows RFC 8461"),
            ("google", "Google (Gmail, Workspace)"),
        )
    )
    return Report(
        schema_version=SCHEMA_VERSION,
        domain="example.com",
        observed_at=OBSERVED_AT,
        vantage=VANTAGE,
        summary=Summary(Verdict.DELIVERS, "every sender delivers mail for example.com"),
        senders=healthy,
        findings=(_fine("tlsrpt-ok"), _fine("cert-ok"), _fine("cert-ok")),
        unknowns=(),
    )


def reports() -> st.SearchStrategy[Report]:
    """Generate reports of every shape that the types allow."""
    return st.builds(
        lambda report, at: msgspec.structs.replace(report, observed_at=at),
        st.from_type(Report),
        st.datetimes(timezones=st.just(UTC)),
    )


def delivery(id_: str, outcome: Verdict = Verdict.DELIVERS, **changes: Any) -> Delivery:  # noqa: ANN401 - the fields have many types
    """Return what a documented sender does that tried nothing and writes nothing."""
    made = Delivery(id_, id_, outcome, Confidence.DOCUMENTED, None, (), None, ())
    return msgspec.structs.replace(made, **changes)


def finding(code: str, severity: Severity = Severity.ERROR, **changes: Any) -> WordedFinding:  # noqa: ANN401 - as above
    """Return a finding about example.com with a summary and a source alone."""
    made = WordedFinding(
        code, severity, "example.com", f"Summary of {code}.", "", "", ("RFC 8461 section 4.1",), (), ()
    )
    return msgspec.structs.replace(made, **changes)


def _delivering(id_: str, name: str, security: Security, confidence: Confidence) -> Delivery:
    attempts = tuple(
        Attempt(mx, 10, address, mx, None, Verdict.DELIVERS, "accepted") for mx, (_, address) in HOSTS.items()
    )
    return Delivery(id_, name, Verdict.DELIVERS, confidence, security, (), None, attempts)


def _refusals() -> tuple[Attempt, ...]:
    return tuple(
        Attempt(
            mx, 10, None, target, ResultType.MX_MISMATCH, Verdict.REFUSED, "no mx line of the policy matches"
        )
        for mx, (target, _) in HOSTS.items()
    )


def _fine(code: str) -> WordedFinding:
    return WordedFinding(code, Severity.OK, "example.com", f"{code} summary", "", "", (), (), ())
