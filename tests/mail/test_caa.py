"""Who may issue for a host, beside whose certificate it shows."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    AssumedLeaf,
    Der,
    Kind,
    MxRecord,
    PolicyData,
    Question,
    SmtpData,
    SmtpStage,
    TlsData,
)
from mxproof.mail.caa import caa_of
from support_answers import Said, told
from support_certificates import Defect, leaf

HOST = "mx.example.com"
SMTP = Question(Kind.SMTP, HOST, "192.0.2.1")
ZONE: dict[Question, Said] = {
    Question(Kind.MX, "example.com"): (MxRecord(10, HOST),),
    Question(Kind.A, HOST): (AddressRecord("192.0.2.1"),),
}


def tls(*names: str, defect: Defect = Defect.NONE, assumed: AssumedLeaf | None = None) -> TlsData:
    return TlsData("TLSv1.3", "", (Der(leaf(names, defect).der),), assumed)


def session(shown: TlsData | None) -> SmtpData:
    return SmtpData(SmtpStage.SECURED, tls=shown)


@pytest.mark.parametrize(
    ("question", "data", "is_seen"),
    [
        (SMTP, session(tls(HOST)), True),
        (SMTP, session(tls("*.example.com")), True),
        (SMTP, session(tls("mx.example.net")), False),
        (SMTP, session(tls(HOST, defect=Defect.SELF_SIGNED)), False),
        (SMTP, session(tls(HOST, assumed=AssumedLeaf((HOST,), keeps_key=False))), False),
        (SMTP, session(TlsData("TLSv1.3", "", ())), False),
        (SMTP, session(TlsData("TLSv1.3", "", (Der(b"none"),))), False),
        (SMTP, session(None), False),
        (Question(Kind.SMTP, "mx.example.net", "192.0.2.1"), session(tls(HOST)), False),
        (Question(Kind.POLICY, HOST, "192.0.2.1"), PolicyData(200, tls=tls(HOST)), True),
    ],
)
def test_the_issuer_of_a_host_is_that_of_a_certificate_shown_for_its_name(
    question: Question, data: Said, is_seen: bool
) -> None:
    found = {one.host: one for one in caa_of(told(ZONE | {question: data}))}[HOST]
    assert found.session == (question if is_seen else None)
    assert bool(found.issuer) is is_seen


@pytest.mark.parametrize(("name", "is_wildcard"), [(HOST, False), ("*.example.com", True)])
def test_of_a_wildcard_the_records_above_the_host_decide(name: str, is_wildcard: bool) -> None:
    found = {one.host: one for one in caa_of(told(ZONE | {SMTP: session(tls(name))}))}[HOST]
    assert found.wildcard is is_wildcard
    assert found.asked[0].name == ("example.com" if is_wildcard else HOST)
