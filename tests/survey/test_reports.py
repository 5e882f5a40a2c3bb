"""Where TLS reports go is asked about as the domain itself is."""

import pytest

from mxproof.evidence import DnsData, Kind, MxRecord, Outcome, Question, TlsaRecord, TxtRecord
from mxproof.judge.codes import Code
from mxproof.survey import inbound, reports
from support_answers import Said, told
from support_world import collect
from support_worlds import DANE, GOOD, MX1, MX2, WORLDS

ELSEWHERE = WORLDS[Code.TLSRPT_REFUSED].world


def test_of_reports_that_come_to_the_domain_itself_nothing_more_is_asked() -> None:
    evidence = collect(GOOD)
    assert reports.needed(evidence) == inbound.needed(evidence)


def test_a_destination_is_asked_about_down_to_its_servers() -> None:
    evidence = collect(ELSEWHERE)
    more = {*reports.needed(evidence)} - {*inbound.needed(evidence)}
    assert {
        Question(Kind.TXT, "_mta-sts.example.net"),
        Question(Kind.POLICY, "mta-sts.example.net", "192.0.2.81"),
        Question(Kind.SMTP, "new.example.net", "192.0.2.90"),
        Question(Kind.TLSA, "_25._tcp.new.example.net"),
    } <= more
    assert reports.wanted(evidence) == ()


def test_each_base_domain_with_tlsa_records_is_asked_for_a_record() -> None:
    assert reports.bases(collect(DANE)) == (MX1, MX2)
    assert reports.bases(collect(GOOD)) == ()


@pytest.mark.parametrize(
    ("said", "want"),
    [
        ((TlsaRecord(3, 1, 1, bytes(32)),), ("mx.example.net",)),
        (Outcome.NXDOMAIN, ()),
        (Outcome.EMPTY, ()),
        (Outcome.SERVFAIL, ()),
    ],
)
def test_a_host_without_tlsa_records_is_no_base_domain(said: Said, want: tuple[str, ...]) -> None:
    mx = DnsData(
        "NOERROR", secure=False, records=(MxRecord(10, "mx.example.net"), MxRecord(20, "mx2.example.net"))
    )
    evidence = told(
        {Question(Kind.MX, "example.com"): mx, Question(Kind.TLSA, "_25._tcp.mx.example.net"): said}
    )
    assert reports.bases(evidence) == want


def test_the_domain_itself_is_no_further_base_domain() -> None:
    evidence = told(
        {
            Question(Kind.MX, "example.com"): (MxRecord(10, "example.com"),),
            Question(Kind.TLSA, "_25._tcp.example.com"): (TlsaRecord(3, 1, 1, bytes(32)),),
        }
    )
    assert reports.bases(evidence) == ()


def test_eight_domains_that_can_be_asked_for_are_receivers() -> None:
    names = ["example.com", "localhost", *(f"d{place}.example" for place in range(9))]
    rua = ",".join(f"mailto:tls@{name}" for name in names)
    record = (TxtRecord(f"v=TLSRPTv1; rua={rua}".encode()),)
    evidence = told({Question(Kind.TXT, "_smtp._tls.example.com"): record})
    receivers = ("example.com", *(f"d{place}.example" for place in range(7)))
    assert reports.receivers(evidence) == receivers
    asked = [one.name for one in reports.needed(evidence) if one.name.startswith("_mta-sts.")]
    assert asked == [f"_mta-sts.{name}" for name in receivers]
