"""Who may issue for a host, beside whose certificate it shows."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    AssumedLeaf,
    CaaRecord,
    Der,
    Kind,
    MxRecord,
    NameRecord,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpStage,
    TlsData,
)
from mxproof.formats.caa import CaaPolicy
from mxproof.mail.caa import HostCaa, caa_of
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


def host_of(answers: dict[Question, Said]) -> HostCaa:
    return {one.host: one for one in caa_of(told(ZONE | answers))}[HOST]


def caa(name: str) -> Question:
    return Question(Kind.CAA, name)


def test_the_records_nearest_above_a_host_are_those_that_count() -> None:
    found = host_of(
        {
            caa(HOST): Outcome.EMPTY,
            caa("example.com"): (CaaRecord(0, "issue", b"ca.example.net"),),
            caa("com"): (CaaRecord(0, "issue", b"other.example.net"),),
        }
    )
    assert (found.question, found.policy) == (caa("example.com"), CaaPolicy(("ca.example.net",), None))
    assert found.asked == (caa(HOST), caa("example.com"))
    assert not found.is_unanswered


def test_an_alias_in_the_answer_is_no_record_of_who_may_issue() -> None:
    records = (NameRecord("other.example.com"), CaaRecord(0, "issue", b"ca.example.net"))
    assert host_of({caa(HOST): records}).policy == CaaPolicy(("ca.example.net",), None)


def test_without_records_up_to_the_top_there_is_no_policy_and_nothing_unanswered() -> None:
    found = host_of(dict.fromkeys(map(caa, (HOST, "example.com", "com")), Outcome.EMPTY))
    assert (found.question, found.policy) == (None, None)
    assert not found.is_unanswered


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.UNASKED])
def test_a_look_up_that_failed_on_the_way_leaves_open_who_may_issue(outcome: Outcome) -> None:
    found = host_of({caa(HOST): Outcome.EMPTY, caa("example.com"): outcome})
    assert (found.question, found.policy) == (caa("example.com"), None)
    assert found.is_unanswered


def test_nothing_is_said_of_an_issuer_where_no_certificate_was_seen() -> None:
    found = host_of({})
    assert (found.issuer, found.names, found.wildcard, found.session) == ("", (), False, None)


def test_the_issuer_is_its_organization_with_its_names_in_caa_records_or_else_its_whole_name() -> None:
    known = host_of({SMTP: session(tls(HOST, defect=Defect.KNOWN_AUTHORITY))})
    assert (known.issuer, known.names) == ("Let's Encrypt", ("letsencrypt.org",))
    unknown = host_of({SMTP: session(tls(HOST))})
    assert unknown.issuer.startswith("CN=")
    assert unknown.names == ()


def test_a_certificate_that_shows_no_issuer_does_not_hide_the_next() -> None:
    other = Question(Kind.SMTP, HOST, "192.0.2.2")
    unreadable = session(TlsData("TLSv1.3", "", (Der(b"none"),)))
    several: list[Said] = [unreadable, session(None), session(tls("mx.example.net")), Outcome.TIMEOUT]
    for nothing in several:
        said: dict[Question, Said] = {SMTP: nothing, other: session(tls(HOST))}
        (found,) = (one for one in caa_of(told(ZONE | said)) if one.host == HOST)
        assert found.session == other
    first: dict[Question, Said] = {other: session(tls(HOST)), SMTP: session(tls("*.example.com"))}
    assert [one.session for one in caa_of(told(ZONE | first)) if one.host == HOST] == [other]
