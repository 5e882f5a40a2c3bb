"""The record that asks for TLS reports."""

import pytest

from mxproof.formats import Objection
from mxproof.judge.checks.tlsrpt import check
from mxproof.judge.codes import Code
from mxproof.mail.change import Publish, TxtValue, Withdraw
from support_findings import codes, found, only
from support_world import ZoneWorld

NAME = "_smtp._tls.example.com"


def world(*texts: str) -> ZoneWorld:
    return ZoneWorld().zone_with(*(f"{NAME} TXT {text}" for text in texts))


def test_a_valid_record_is_in_order() -> None:
    finding = only(
        world("v=TLSRPTv1; rua=mailto:a@example.com,https://example.net/tls"), Code.TLSRPT_OK, check
    )
    assert finding.params["rua"] == ("mailto:a@example.com", "https://example.net/tls")


def test_no_record_is_missing_and_no_answer_is_not() -> None:
    assert codes(world(""), check) == [Code.TLSRPT_MISSING]
    assert codes(world("v=spf1 -all"), check) == [Code.TLSRPT_MISSING]
    assert codes(world("!timeout"), check) == [Code.TLSRPT_UNANSWERED]


def test_two_records_are_none() -> None:
    text = "v=TLSRPTv1; rua=mailto:a@example.com"
    assert codes(world(text, text + ";"), check) == [Code.TLSRPT_MULTIPLE]


def test_one_record_with_every_address_takes_the_place_of_several() -> None:
    (finding,) = found(
        world("v=TLSRPTv1; rua=mailto:a@x.example", "v=TLSRPTv1; rua=mailto:b@x.example"), check
    )
    assert finding.changes[-1] == Publish(
        NAME, TxtValue("v=TLSRPTv1; rua=mailto:a@x.example,mailto:b@x.example")
    )
    assert len(finding.changes) == 3


def test_a_destination_that_is_none_makes_the_record_invalid() -> None:
    assert codes(world("v=TLSRPTv1; rua=ftp://example.com/"), check) == [Code.TLSRPT_INVALID]
    assert codes(world("v=TLSRPTv1;"), check) == [Code.TLSRPT_INVALID]


def test_a_record_with_a_slip_in_its_version_is_invalid_rather_than_missing() -> None:
    for text in ("V=TLSRPTv1; rua=mailto:a@example.com", "v=TLSRPTv1 ; rua=mailto:a@example.com"):
        finding = only(world(text), Code.TLSRPT_INVALID, check)
        faults = finding.params["faults"]
        assert isinstance(faults, tuple)
        assert [one.source for one in faults if isinstance(one, Objection)] == ["RFC 8460 section 3"]


def test_a_domain_that_takes_no_mail_needs_no_reports() -> None:
    assert codes(world("").zone_with("example.com MX 0 ."), check) == []


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        ((), [Code.TLSRPT_OK, Code.TLSRPT_UNDELIVERABLE]),
        (("reports.example.net MX 0 .",), [Code.TLSRPT_OK, Code.TLSRPT_UNDELIVERABLE]),
        (("reports.example.net A 192.0.2.9",), [Code.TLSRPT_OK]),
        (("reports.example.net MX !timeout",), [Code.TLSRPT_OK]),
    ],
)
def test_a_destination_that_takes_no_mail_is_shown(lines: tuple[str, ...], want: list[Code]) -> None:
    record = "_smtp._tls.example.com TXT v=TLSRPTv1; rua=mailto:a@reports.example.net,https://x.example.org/"
    web = "x.example.org A 192.0.2.8"
    assert codes(ZoneWorld().zone_with(record, web, *lines), check) == want


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        ((), [Code.TLSRPT_OK, Code.TLSRPT_HOST_MISSING]),
        (("x.example.org TXT here",), [Code.TLSRPT_OK, Code.TLSRPT_HOST_MISSING]),
        (("x.example.org AAAA 2001:db8::8",), [Code.TLSRPT_OK]),
        (("x.example.org A !timeout",), [Code.TLSRPT_OK]),
        (("x.example.org AAAA !servfail",), [Code.TLSRPT_OK]),
    ],
)
def test_a_host_that_has_no_address_is_shown(lines: tuple[str, ...], want: list[Code]) -> None:
    record = "_smtp._tls.example.com TXT v=TLSRPTv1; rua=https://x.example.org:8443/v1/tls"
    assert codes(ZoneWorld().zone_with(record, *lines), check) == want


def test_a_family_that_is_not_asked_may_have_the_address() -> None:
    record = "_smtp._tls.example.com TXT v=TLSRPTv1; rua=https://x.example.org/"
    assert codes(ZoneWorld(families=(4,)).zone_with(record), check) == [Code.TLSRPT_OK]


def test_addresses_of_texts_that_are_nearly_records_are_kept_in_the_one_that_takes_their_place() -> None:
    near, record = "v=TLSRPTv1 ; rua=mailto:b@x.example", "v=TLSRPTv1; rua=mailto:a@x.example"
    finding = only(world(near), Code.TLSRPT_INVALID, check)
    wanted = Publish(NAME, TxtValue("v=TLSRPTv1; rua=mailto:b@x.example"))
    assert finding.changes == (Withdraw(NAME, TxtValue(near)), wanted)
    assert finding.params["record"] == wanted
    several = only(world(near, record, record + ";"), Code.TLSRPT_MULTIPLE, check)
    *old, new = several.changes
    assert set(old) == {Withdraw(NAME, TxtValue(one)) for one in (near, record, record + ";")}
    assert new == Publish(NAME, TxtValue("v=TLSRPTv1; rua=mailto:a@x.example,mailto:b@x.example"))
    assert several.params["count"] == 2
