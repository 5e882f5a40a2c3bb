"""Answers that fail validation: said once, and what they keep from view is told as their consequence."""

import pytest

from mxproof.judge.checks import Check, dane, dnssec, mx_set, sts_policy, sts_record, tlsrpt
from mxproof.judge.codes import Code
from mxproof.mail.change import Configure, Service, Setting
from support_findings import codes, found, only
from support_worlds import DANE

BASE = "_25._tcp.mx1.example.com"


def test_every_name_with_an_answer_that_fails_validation_is_named_in_one_finding() -> None:
    world = DANE.zone_with(
        "example.com MX !bogus", f"{BASE} TLSA !servfail", "_mta-sts.example.com TXT !bogus"
    )
    (finding,) = found(world, dnssec.check)
    assert finding.params["names"] == ("example.com", "_mta-sts.example.com")
    assert finding.changes == tuple(
        Configure(Service.DNS, name, (), Setting.SIGNED) for name in ("example.com", "_mta-sts.example.com")
    )


def test_records_that_fail_validation_are_not_called_unanswered_as_well() -> None:
    assert codes(DANE.zone_with("example.com MX !bogus"), mx_set.check) == []
    assert codes(DANE.zone_with("_smtp._tls.example.com TXT !bogus"), tlsrpt.check) == []


@pytest.mark.parametrize(
    ("lines", "code", "check"),
    [
        (("_mta-sts.example.com TXT !",), Code.STS_RECORD_UNANSWERED, sts_record.check),
        (
            ("mta-sts.example.com A !", "mta-sts.example.com AAAA !"),
            Code.STS_POLICY_HOST_UNANSWERED,
            sts_policy.check,
        ),
        ((f"{BASE} TLSA !",), Code.DANE_LOOKUP_FAILED, dane.check),
    ],
)
def test_what_a_signature_keeps_from_view_is_mended_by_the_signature_and_by_no_server(
    lines: tuple[str, ...], code: Code, check: Check
) -> None:
    for fault, way in (("bogus", "bogus"), ("servfail", "")):
        world = DANE.zone_with(*(f"{line}{fault}" for line in lines))
        assert only(world, code, check).way == way
