"""Where a change would be seen, and whether it is: yes, no, or not to be found out from here."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    Answer,
    AssumedLeaf,
    Der,
    DnsData,
    Edns,
    Evidence,
    Kind,
    NameRecord,
    Outcome,
    PolicyData,
    Question,
    SmtpData,
    SmtpStage,
    TlsData,
    Transport,
    TxtRecord,
)
from mxproof.formats.mtasts import Mode, Policy, print_policy
from mxproof.mail.change import (
    Awaited,
    Change,
    Configure,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.remedy.place import RESOLVER, places
from support_answers import Said, told
from support_certificates import leaf
from support_evidence import OBSERVED_AT

NAME = "_mta-sts.example.com"
TXT = Question(Kind.TXT, NAME)
OLD, NEW = TxtRecord(b"v=STSv1; id=1;"), TxtRecord(b"v=STSv1; id=2;")
PUBLISH, WITHDRAW = Publish(NAME, TxtValue("v=STSv1; id=2;")), Withdraw(NAME, TxtValue("v=STSv1; id=2;"))
POLICY = Policy(Mode.TESTING, 86_400, ("mx.example.com",))
HOST = "mta-sts.example.com"


def seen(change: Change, answers: dict[Question, Said]) -> dict[str, bool | None]:
    return dict(places(told(answers), change))


@pytest.mark.parametrize(
    ("said", "published"),
    [
        ((NEW,), True),
        ((OLD, NEW), True),
        ((OLD,), False),
        (Outcome.TIMEOUT, None),
    ],
)
def test_a_record_is_published_where_the_resolver_has_it_and_withdrawn_where_not(
    said: Said, published: bool | None
) -> None:
    assert seen(PUBLISH, {TXT: said}) == {RESOLVER: published}
    assert seen(WITHDRAW, {TXT: said}) == {RESOLVER: None if published is None else not published}


def test_a_record_that_nobody_was_asked_for_is_not_known() -> None:
    assert seen(PUBLISH, {}) == {RESOLVER: None}


def test_each_name_server_that_was_asked_for_it_is_a_place_of_its_own_with_its_name_where_known() -> None:
    at = {place: Question(Kind.TXT, NAME, server=f"192.0.2.{place}") for place in (1, 2, 3)}
    answers: dict[Question, Said] = {
        TXT: (OLD,),
        at[1]: (NEW,),
        at[2]: (OLD,),
        Question(Kind.MX, "example.com", server="192.0.2.3"): (OLD,),
        Question(Kind.NS, "example.com"): (NameRecord("ns1.example.com"),),
        Question(Kind.A, "ns1.example.com"): (AddressRecord("192.0.2.1"),),
    }
    assert seen(PUBLISH, answers) == {
        RESOLVER: False,
        "ns1.example.com (192.0.2.1)": True,
        "192.0.2.2": False,
    }


def test_what_a_server_says_over_one_transport_or_of_signatures_is_no_place() -> None:
    answers: dict[Question, Said] = {
        TXT: (OLD,),
        Question(Kind.TXT, NAME, server="192.0.2.1", transport=Transport.UDP): (NEW,),
        Question(Kind.TXT, NAME, edns=Edns.SIGNED): (NEW,),
    }
    assert seen(PUBLISH, answers) == {RESOLVER: False}


@pytest.mark.parametrize(
    ("said", "is_served"),
    [
        (PolicyData(200, body=print_policy(POLICY)), True),
        (PolicyData(200, body=print_policy(Policy(Mode.ENFORCE, 86_400, POLICY.mx))), False),
        (PolicyData(200, body=b""), False),
        (Outcome.TIMEOUT, None),
    ],
)
def test_a_policy_is_served_at_an_address_or_not(said: Said, is_served: bool | None) -> None:
    answers = {Question(Kind.POLICY, HOST, "192.0.2.80"): said}
    assert seen(ServePolicy("example.com", POLICY), answers) == {f"{HOST} at 192.0.2.80": is_served}


def test_a_policy_is_looked_for_at_its_own_addresses_alone() -> None:
    served = PolicyData(200, body=print_policy(POLICY))
    answers: dict[Question, Said] = {
        Question(Kind.POLICY, HOST, "192.0.2.80"): served,
        Question(Kind.POLICY, HOST, "192.0.2.81"): Outcome.TIMEOUT,
        Question(Kind.POLICY, "mta-sts.example.net", "192.0.2.80"): served,
    }
    everywhere = {f"{HOST} at 192.0.2.80": True, f"{HOST} at 192.0.2.81": None}
    assert seen(ServePolicy("example.com", POLICY), answers) == everywhere
    one = ServePolicy("example.com", POLICY, ("192.0.2.81",))
    assert seen(one, answers) == {f"{HOST} at 192.0.2.81": None}


def shown(*names: str, assumed: AssumedLeaf | None = None) -> SmtpData:
    return SmtpData(SmtpStage.SECURED, tls=TlsData("TLSv1.3", "", (Der(leaf(names).der),), assumed))


@pytest.mark.parametrize(
    ("said", "is_shown"),
    [
        (shown("a.example", "b.example"), True),
        (shown("a.example", "b.example", "c.example"), True),
        (shown("a.example"), False),
        (shown("c.example", assumed=AssumedLeaf(("a.example", "b.example"), keeps_key=False)), True),
        (SmtpData(SmtpStage.SECURED, tls=TlsData("TLSv1.3", "", (Der(b"none"),))), False),
        (SmtpData(SmtpStage.SECURED, tls=TlsData("TLSv1.3", "", ())), None),
        (SmtpData(SmtpStage.EHLO), None),
        (Outcome.TIMEOUT, None),
    ],
)
def test_a_certificate_is_shown_that_has_all_of_the_names(said: Said, is_shown: bool | None) -> None:
    change = PresentCertificate(
        Service.SMTP,
        "mx.example.com",
        ("192.0.2.1", "192.0.2.2"),
        ("a.example", "b.example"),
        keeps_key=False,
    )
    got = seen(change, {Question(Kind.SMTP, "mx.example.com", "192.0.2.1"): said})
    assert got == {"mx.example.com at 192.0.2.1": is_shown, "mx.example.com at 192.0.2.2": None}


@pytest.mark.parametrize(
    ("said", "is_so"),
    [
        (SmtpData(SmtpStage.SECURED), True),
        (SmtpData(SmtpStage.EHLO), False),
        (Outcome.TIMEOUT, False),
        (Outcome.UNASKED, None),
    ],
)
def test_a_server_is_set_right_that_comes_as_far_as_tls(said: Said, is_so: bool | None) -> None:
    change = Configure(Service.SMTP, "mx.example.com", ("192.0.2.1",), Setting.STARTTLS)
    answers = {Question(Kind.SMTP, "mx.example.com", "192.0.2.1"): said}
    assert seen(change, answers) == {"mx.example.com at 192.0.2.1": is_so}
    assert seen(change, {}) == {"mx.example.com at 192.0.2.1": None}


@pytest.mark.parametrize(
    ("outcomes", "is_so"),
    [
        ((Outcome.EMPTY, Outcome.NXDOMAIN), True),
        ((Outcome.EMPTY, Outcome.SERVFAIL), False),
        ((), None),
    ],
)
def test_name_servers_are_set_right_that_answer_all_that_they_are_asked(
    outcomes: tuple[Outcome, ...], is_so: bool | None
) -> None:
    kinds = (Kind.MX, Kind.TXT)
    answers: dict[Question, Said] = {
        Question(kind, "example.com"): one for kind, one in zip(kinds, outcomes, strict=False)
    }
    answers[TXT] = Outcome.SERVFAIL
    change = Configure(Service.DNS, "example.com", (), Setting.ANSWERING)
    assert seen(change, answers) == {"name servers of example.com": is_so}


def test_a_wait_is_seen_nowhere() -> None:
    assert seen(Wait("example.com", Awaited.TTL, 300), {TXT: (OLD,)}) == {}


def test_a_record_behind_an_alias_does_not_stand_at_the_name_itself() -> None:
    data = DnsData("NOERROR", secure=False, records=(NEW,), chain=(Alias(NAME, "sts.example.net"),))
    evidence = Evidence("example.com").with_answers([(TXT, Answer(Outcome.FOUND, OBSERVED_AT, data))])
    assert dict(places(evidence, PUBLISH)) == {RESOLVER: False}
