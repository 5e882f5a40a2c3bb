"""Changes in words: a zone line with its sign, a policy line by line, what a server is to do, and how long to wait."""

from datetime import UTC, datetime

import pytest

from mxproof.formats.mtasts import Mode, Policy
from mxproof.mail.change import (
    Awaited,
    Change,
    CnameValue,
    Configure,
    Ipv4Value,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.render.text.change import change_lines, changes_laid_out
from mxproof.render.text.paper import Label, Paper

MX1, MX2 = "mx1.example.com", "mx2.example.com"
AT = ("192.0.2.1", "192.0.2.2")
POLICY = Policy(mode=Mode.ENFORCE, max_age_s=86_400, mx=(MX1, MX2))
POLICY_LINES = [
    "  version: STSv1",
    "  mode: enforce",
    "  mx: mx1.example.com",
    "  mx: mx2.example.com",
    "  max_age: 86400",
]
FRONT = Label(2, "changes")


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (Publish(MX1, Ipv4Value("192.0.2.1")), "+ mx1.example.com. A 192.0.2.1"),
        (Withdraw(MX1, CnameValue(MX2)), "- mx1.example.com. CNAME mx2.example.com."),
        (
            PresentCertificate(Service.SMTP, MX1, AT, (MX1, MX2), keeps_key=False),
            "the SMTP server at 192.0.2.1, 192.0.2.2 shows whoever asks for mx1.example.com a certificate with mx1.example.com, mx2.example.com",
        ),
        (
            PresentCertificate(Service.HTTPS, MX1, AT[:1], (MX1,), keeps_key=True),
            "the web server at 192.0.2.1 shows whoever asks for mx1.example.com a certificate with mx1.example.com, with the key it has now",
        ),
        (
            Configure(Service.SMTP, MX1, AT, Setting.STARTTLS),
            "the SMTP server of mx1.example.com at 192.0.2.1, 192.0.2.2 offers STARTTLS, and the handshake succeeds",
        ),
        (
            Configure(Service.SMTP, MX1, AT[:1], Setting.ANSWERING),
            "the SMTP server of mx1.example.com at 192.0.2.1 answers everyone who asks",
        ),
        (
            Configure(Service.HTTPS, MX1, AT[:1], Setting.TLS),
            "the web server of mx1.example.com at 192.0.2.1 speaks TLS 1.2 or later",
        ),
        (
            Configure(Service.DNS, "example.com", AT, Setting.CURRENT),
            "the name servers of example.com at 192.0.2.1, 192.0.2.2: see that each serves the version of the zone that the others have",
        ),
        (
            Configure(Service.DNS, "example.com", (), Setting.SIGNED),
            "the name servers of example.com: see that each signs its answers with DNSSEC",
        ),
        (
            Wait("example.com", Awaited.MAX_AGE, 604_800),
            "wait 7 days: senders may hold an older policy of example.com",
        ),
        (
            Wait("example.com", Awaited.MAX_AGE, 3600, datetime(2026, 11, 20, 12, 30, tzinfo=UTC)),
            "wait 1 h, until 2026-11-20 12:30 UTC: senders may hold an older policy of example.com",
        ),
    ],
)
def test_a_change_is_a_line_that_can_be_acted_on(change: Change, line: str) -> None:
    assert change_lines((change,)) == [line]


def test_a_policy_stands_line_by_line_below_where_it_is_served() -> None:
    assert change_lines((ServePolicy("example.com", POLICY),)) == [
        "serve at mta-sts.example.com:",
        *POLICY_LINES,
    ]
    assert change_lines((ServePolicy("example.com", POLICY, AT),))[0] == (
        "serve at mta-sts.example.com (192.0.2.1, 192.0.2.2):"
    )


def laid_out(*changes: Change, width: int = 60, front: tuple[Label, ...] = (FRONT,)) -> list[str]:
    return changes_laid_out(changes, 12, Paper(width=width), *front)


def test_the_label_stands_before_the_first_of_them() -> None:
    address = Publish(MX1, Ipv4Value("192.0.2.1"))
    assert laid_out(address, ServePolicy("example.com", POLICY)) == [
        "  changes   + mx1.example.com. A 192.0.2.1",
        "            serve at mta-sts.example.com:",
        *(f"            {line}" for line in POLICY_LINES),
    ]


def test_what_is_no_record_is_wrapped() -> None:
    assert laid_out(Configure(Service.SMTP, MX1, AT, Setting.STARTTLS)) == [
        "  changes   the SMTP server of mx1.example.com at 192.0.2.1,",
        "            192.0.2.2 offers STARTTLS, and the handshake",
        "            succeeds",
    ]


def test_a_record_that_is_too_long_there_stands_whole_further_left() -> None:
    text = Publish("a.example.com", TxtValue("x" * 26))
    line = f'+ a.example.com. TXT "{"x" * 26}"'
    assert laid_out(text, width=12 + len(line)) == [f"  changes   {line}"]
    assert laid_out(text, text, width=11 + len(line)) == ["  changes", f"    {line}", f"    {line}"]
    assert laid_out(text, width=11 + len(line), front=()) == [f"    {line}"]
