"""What the evidence shows of the DMARC of a domain: the names of the walk, and whoever gets its reports."""

import pytest

from mxproof.evidence import Outcome, Question
from mxproof.mail.dmarc import Dmarc, ReportDestination, dmarc_of
from support_sending import SENDING, dmarc
from support_world import ZoneWorld, collect

ELSEWHERE = dmarc(
    "v=DMARC1; p=none; rua=mailto:a@reports.example.org", "reports.example.org MX 10 mx1.example.com"
)
CONSENT = "example.com._report._dmarc.reports.example.org"


def seen(world: ZoneWorld) -> Dmarc:
    return dmarc_of(collect(world))


def destination(*lines: str) -> ReportDestination:
    (found,) = seen(ELSEWHERE.zone_with(*lines)).destinations
    return found


def test_each_name_of_the_walk_has_its_records_and_those_that_were_meant_to_be_one() -> None:
    texts = ("v=DMARC1; p=none", "v=dmarc1; p=none", "v=spf1 -all")
    found = seen(SENDING.zone_with(*(f"_dmarc.example.com TXT {one}" for one in texts)))
    assert [one.name for one in found.names] == ["example.com", "com"]
    assert (found.own.candidates, found.own.near) == ((b"v=DMARC1; p=none",), (b"v=dmarc1; p=none",))
    assert (found.own.answer.outcome, found.names[1].candidates) == (Outcome.FOUND, ())
    assert [one.name for one in found.questions] == ["_dmarc.example.com", "_dmarc.com"]


def test_without_a_record_that_counts_nobody_gets_reports() -> None:
    found = seen(dmarc(""))
    assert (found.applying, found.destinations, found.is_walked) == (None, (), True)
    silent = seen(dmarc("", "_dmarc.com TXT !timeout"))
    assert (silent.applying, silent.is_walked) == (None, False)


def test_reports_that_stay_in_the_organisation_need_no_consent() -> None:
    """RFC 7489 section 7.1."""
    (own,) = seen(dmarc("v=DMARC1; p=none; rua=mailto:a@reports.example.com")).destinations
    assert (own.name, own.consent, own.consents) == ("reports.example.com", None, True)


@pytest.mark.parametrize(
    ("record", "consents"),
    [
        ("v=DMARC1;", True),
        ("v=DMARC1; rua=mailto:b@reports.example.org", True),
        ("yes", False),
        ("!nxdomain", False),
        ("!servfail", None),
        ("!timeout", None),
        ("", False),
    ],
)
def test_reports_that_leave_it_need_a_record_of_whoever_gets_them(record: str, consents: bool | None) -> None:
    found = destination(f"{CONSENT} TXT {record}".strip())
    assert isinstance(found.consent, Question)
    assert (found.consent.name, found.consents) == (CONSENT, consents)


def test_one_record_of_consent_is_enough_whatever_stands_beside_it() -> None:
    assert destination(f"{CONSENT} TXT v=DMARC1", f"{CONSENT} TXT other").consents is True


@pytest.mark.parametrize(
    ("lines", "receives"),
    [
        ((), True),
        (("reports.example.org MX 0 .",), False),
        (("reports.example.org MX !nxdomain",), False),
        (("reports.example.org MX !timeout",), None),
        (("reports.example.org MX", "reports.example.org A 192.0.2.9"), True),
        (("reports.example.org MX", "reports.example.org TXT here"), False),
        (
            (
                "reports.example.org MX",
                "reports.example.org A !timeout",
                "reports.example.org AAAA 2001:db8::9",
            ),
            True,
        ),
        (("reports.example.org MX", "reports.example.org A !timeout"), None),
    ],
    ids=[
        "an MX record",
        "a null MX record",
        "no such name",
        "no answer",
        "an address alone",
        "neither",
        "one address",
        "no answer for its address",
    ],
)
def test_a_destination_takes_mail_as_any_domain_does(lines: tuple[str, ...], receives: bool | None) -> None:
    """RFC 5321 section 5.1, RFC 7505."""
    assert destination(*lines).receives is receives
