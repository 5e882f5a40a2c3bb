"""What is said of DMARC records and of those who get the reports."""

import pytest

from mxproof.judge.checks import dmarc
from mxproof.judge.codes import Code
from support_findings import codes, found, only, places
from support_sending import DMARC_WORLDS, SENDING
from support_sending import dmarc as with_record

RUA = "rua=mailto:dmarc@example.com"
BELOW = SENDING.but(domain="mail.example.com")


@pytest.mark.parametrize("code", DMARC_WORLDS)
def test_each_bad_world_has_its_fault_alone(code: Code) -> None:
    beside = {Code.DMARC_OK, Code.DMARC_POLICY_NONE}
    assert {*codes(DMARC_WORLDS[code], dmarc.check)} - beside == {code} - beside


def test_nothing_is_said_where_nobody_asked() -> None:
    assert codes(SENDING.but(sets=()), dmarc.check) == []


@pytest.mark.parametrize(
    ("record", "want"),
    [
        ("v=DMARC1; p=quarantine; " + RUA, Code.DMARC_OK),
        ("v=DMARC1; p=reject; t=y; " + RUA, Code.DMARC_PARTIAL),
        ("v=DMARC1; p=none; pct=20; " + RUA, Code.DMARC_POLICY_NONE),
    ],
)
def test_a_policy_is_weighed_by_what_it_asks(record: str, want: Code) -> None:
    assert codes(with_record(record), dmarc.check) == [want]


def test_a_record_above_counts_for_a_subdomain_by_its_own_policy_for_them() -> None:
    assert places(BELOW, dmarc.check) == [(Code.DMARC_OK, "_dmarc.example.com")]
    open_below = BELOW.zone_with("_dmarc.example.com TXT v=DMARC1; p=reject; sp=none; " + RUA)
    assert codes(open_below, dmarc.check) == [Code.DMARC_POLICY_NONE]


def test_a_broken_record_is_shown_with_what_is_wrong() -> None:
    found = only(with_record("v=dmarc1; p=none"), Code.DMARC_INVALID, dmarc.check)
    assert (found.params["texts"], found.params["faults"]) == ((b"v=dmarc1; p=none",), ())


def test_while_the_walk_is_open_nobody_is_said_to_have_no_record_and_no_consent() -> None:
    silent = with_record("", "_dmarc.com TXT !timeout")
    assert codes(silent, dmarc.check) == [Code.DMARC_UNANSWERED]
    unheard = DMARC_WORLDS[Code.DMARC_REPORT_UNAUTHORIZED].zone_with("_dmarc.com TXT !timeout")
    assert Code.DMARC_REPORT_UNAUTHORIZED not in codes(unheard, dmarc.check)


def test_consent_for_every_domain_is_consent() -> None:
    world = DMARC_WORLDS[Code.DMARC_REPORT_UNAUTHORIZED]
    agreed = world.zone_with("example.com._report._dmarc.reports.example.org TXT v=DMARC1;")
    assert codes(agreed, dmarc.check) == [Code.DMARC_OK]


def test_a_record_above_rests_on_the_whole_walk_and_its_own_on_itself() -> None:
    (own,) = found(SENDING, dmarc.check)
    assert [str(one) for one in own.evidence] == ["TXT _dmarc.example.com"]
    (above,) = found(BELOW, dmarc.check)
    assert [str(one) for one in above.evidence][:2] == [
        "TXT _dmarc.mail.example.com",
        "TXT _dmarc.example.com",
    ]


def test_a_weaker_policy_for_subdomains_is_told_at_the_domain_and_not_below_it() -> None:
    weaker = f"_dmarc.example.com TXT v=DMARC1; p=reject; sp=quarantine; {RUA}"
    assert codes(SENDING.zone_with(weaker), dmarc.check) == [Code.DMARC_OK, Code.DMARC_SUBDOMAIN_OPEN]
    assert codes(BELOW.zone_with(weaker), dmarc.check) == [Code.DMARC_OK]


def test_a_text_that_is_nearly_a_record_is_told_as_that_and_not_as_missing() -> None:
    assert codes(with_record("V=DMARC1; p=reject"), dmarc.check) == [Code.DMARC_INVALID]


def test_above_a_subdomain_the_policy_of_the_domain_counts_where_none_is_given_for_subdomains() -> None:
    partly = SENDING.but(domain="mail.example.com").zone_with(
        f"_dmarc.example.com TXT v=DMARC1; p=none; sp=reject; pct=20; {RUA}"
    )
    told = only(partly, Code.DMARC_PARTIAL, dmarc.check)
    assert (told.subject, told.params) == (
        "_dmarc.example.com",
        {"domain": "mail.example.com", "policy": "reject", "tag": "pct=20"},
    )
    both = with_record(f"v=DMARC1; p=reject; pct=20; t=y; {RUA}")
    assert only(both, Code.DMARC_PARTIAL, dmarc.check).params["tag"] == "t=y"
    whole = with_record(f"v=DMARC1; p=reject; pct=100; {RUA}")
    assert codes(whole, dmarc.check) == [Code.DMARC_OK]


def test_without_reports_the_policy_and_what_is_open_below_are_told_all_the_same() -> None:
    world = with_record("v=DMARC1; p=quarantine; sp=none")
    assert codes(world, dmarc.check) == [
        Code.DMARC_OK,
        Code.DMARC_SUBDOMAIN_OPEN,
        Code.DMARC_REPORTS_MISSING,
    ]
    assert only(world, Code.DMARC_SUBDOMAIN_OPEN, dmarc.check).params == {
        "domain": "example.com",
        "policy": "quarantine",
        "weaker": "none",
    }
    assert codes(with_record("v=DMARC1; p=none; sp=none; " + RUA), dmarc.check) == [Code.DMARC_POLICY_NONE]


def test_a_silence_on_the_way_is_told_beside_what_the_record_itself_comes_to() -> None:
    """The record of the domain counts whatever stands above it; one above rests on all of the walk."""
    silent = with_record(f"v=DMARC1; p=reject; {RUA}", "_dmarc.com TXT !timeout")
    assert places(silent, dmarc.check) == [
        (Code.DMARC_UNANSWERED, "_dmarc.com"),
        (Code.DMARC_OK, "_dmarc.example.com"),
    ]
    told = only(silent, Code.DMARC_UNANSWERED, dmarc.check)
    assert (told.params["domain"], [str(one) for one in told.evidence]) == ("com", ["TXT _dmarc.com"])
