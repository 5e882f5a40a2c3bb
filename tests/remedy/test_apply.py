"""Changes applied to evidence: held against worlds in which the changes were really made."""

import pytest

from mxproof.evidence import CONNECTION_KINDS, Answer, DnsData, Evidence, Kind, Outcome, Question, SmtpStage
from mxproof.formats.mtasts import Mode, Policy
from mxproof.formats.tlsa import Tlsa
from mxproof.judge.codes import Code
from mxproof.mail.change import (
    Awaited,
    Change,
    CnameValue,
    Configure,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    PtrValue,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TlsaValue,
    TxtValue,
    Wait,
    Withdraw,
)
from mxproof.mail.trust import chain_of
from mxproof.remedy.apply import Assumption, Supposition, apply
from support_long import some
from support_world import ZoneWorld, collect
from support_worlds import GOOD, INCIDENT, MX1, MX2, SIGNED, WORLDS

STS = "_mta-sts.example.com"
TLSA = f"_25._tcp.{MX1}"
LISTED = Policy(Mode.ENFORCE, 86_400, (MX1, MX2))


def settled(evidence: Evidence) -> dict[Question, object]:
    """Return what each answer of a resolver says, in no order."""
    return {
        question: _said(answer)
        for question, answer in evidence.answers.items()
        if question.kind not in CONNECTION_KINDS
    }


def _said(answer: Answer) -> object:
    data = answer.data
    if not isinstance(data, DnsData):
        return answer.outcome
    return answer.outcome, data.secure, frozenset(map(repr, data.records)), [one.target for one in data.chain]


@pytest.mark.parametrize("code", some(WORLDS, 6))
def test_no_change_changes_nothing(code: Code) -> None:
    evidence = collect(WORLDS[code].world)
    got = apply((), evidence)
    assert (got.evidence, got.assumed, got.waited_s) == (evidence, (), 0)


MADE: list[tuple[ZoneWorld, tuple[Change, ...], ZoneWorld]] = [
    (
        INCIDENT,
        (
            Withdraw(MX1, CnameValue("smol.example.com")),
            Publish(MX1, Ipv4Value("192.0.2.1")),
            Publish(MX1, Ipv6Value("2001:db8::1")),
        ),
        INCIDENT.zone_with(f"{MX1} CNAME", f"{MX1} A 192.0.2.1", f"{MX1} AAAA 2001:db8::1"),
    ),
    (
        INCIDENT,
        (
            Withdraw("example.com", MxValue(10, MX1)),
            Publish("example.com", MxValue(10, "smol.example.com")),
        ),
        INCIDENT.zone_with("example.com MX 10 smol.example.com", f"example.com MX 20 {MX2}"),
    ),
    (
        GOOD.zone_with("tol.example.com A 192.0.2.2"),
        (
            Withdraw(MX2, Ipv4Value("192.0.2.2")),
            Publish(MX2, CnameValue("tol.example.com")),
            Publish("tol.example.com", Ipv4Value("192.0.2.2")),
        ),
        GOOD.zone_with(f"{MX2} CNAME tol.example.com", "tol.example.com A 192.0.2.2"),
    ),
    (
        GOOD,
        (Withdraw(STS, TxtValue("v=STSv1; id=20260601;")), Publish(STS, TxtValue("v=STSv1; id=2;"))),
        GOOD.zone_with(f"{STS} TXT v=STSv1; id=2;"),
    ),
    (
        SIGNED,
        (Publish(TLSA, TlsaValue(3, 1, 1, "ab" * 32)),),
        SIGNED.zone_with(f"{TLSA} TLSA 3 1 1 {'ab' * 32}"),
    ),
    (
        GOOD,
        (Withdraw("1.2.0.192.in-addr.arpa", PtrValue(MX1)),),
        GOOD.zone_with("192.0.2.1 PTR"),
    ),
    (
        GOOD,
        (Withdraw("example.com", MxValue(20, MX2)),),
        GOOD.zone_with(f"example.com MX 10 {MX1}"),
    ),
]


@pytest.mark.parametrize(("before", "changes", "after"), MADE)
def test_answers_are_those_of_a_world_in_which_the_change_was_made(
    before: ZoneWorld, changes: tuple[Change, ...], after: ZoneWorld
) -> None:
    got, want = settled(apply(changes, collect(before)).evidence), settled(collect(after))
    common = got.keys() & want.keys()
    assert {one: got[one] for one in common} == {one: want[one] for one in common}
    assert len(common) > len(want) / 2


@pytest.mark.parametrize(("before", "changes"), [(before, changes) for before, changes, _ in MADE])
def test_changes_undone_leave_what_was_there(before: ZoneWorld, changes: tuple[Change, ...]) -> None:
    evidence = collect(before)
    back = [_undone(change) for change in reversed(changes)]
    got, want = settled(apply((*changes, *back), evidence).evidence), settled(evidence)
    assert {one: got.get(one) for one in want} == want


def _undone(change: Change) -> Change:
    match change:
        case Publish(name, record):
            return Withdraw(name, record)
        case Withdraw(name, record):
            return Publish(name, record)
        case _:
            raise AssertionError(change)


def test_what_nobody_asked_about_is_left_to_be_asked() -> None:
    got = apply((Publish("example.com", MxValue(5, "new.example.com")),), collect(GOOD))
    assert {Question(Kind.A, "new.example.com"), Question(Kind.AAAA, "new.example.com")} <= set(got.unseen)
    assert apply((), collect(GOOD)).unseen == ()


def test_a_record_at_a_name_that_was_not_asked_about_is_taken_for_the_only_one() -> None:
    new = Publish("new.example.com", Ipv4Value("192.0.2.1"))
    got = apply((Publish("example.com", MxValue(5, "new.example.com")), new), collect(GOOD))
    assert got.assumed == (Assumption(Supposition.NO_OTHER_RECORDS, "new.example.com A"),)
    answer, _ = got.evidence.dns(Kind.A, "new.example.com")
    assert answer.outcome is Outcome.FOUND
    assert Question(Kind.SMTP, "new.example.com", "192.0.2.1") in got.unseen


def test_answers_that_no_change_touches_stay_the_very_same() -> None:
    evidence = collect(GOOD)
    got = apply((Publish(STS, TxtValue("v=STSv1; id=2;")),), evidence).evidence
    touched = Question(Kind.TXT, STS)
    assert got.answers[touched] != evidence.answers[touched]
    assert all(got.answers[one] is answer for one, answer in evidence.answers.items() if one != touched)


def test_a_policy_is_served_at_every_address() -> None:
    evidence = collect(WORLDS[Code.STS_POLICY_STATUS].world)
    got = apply((ServePolicy("example.com", LISTED),), evidence)
    fetches = [answer for one, answer in got.evidence.answers.items() if one.kind is Kind.POLICY]
    assert fetches
    assert all(answer.outcome is Outcome.FOUND for answer in fetches)


def test_a_policy_where_none_could_be_fetched_is_supposed() -> None:
    evidence = collect(WORLDS[Code.STS_POLICY_UNCONNECTED].world)
    got = apply((ServePolicy("example.com", LISTED),), evidence)
    assert {one.what for one in got.assumed} == {Supposition.SERVING}


def test_a_certificate_that_is_not_issued_is_supposed() -> None:
    change = PresentCertificate(Service.SMTP, MX1, ("192.0.2.1",), (MX1,), keeps_key=False)
    got = apply((change,), collect(GOOD))
    assert got.assumed == (Assumption(Supposition.CERTIFICATE, f"{MX1} 192.0.2.1"),)


@pytest.mark.parametrize(
    ("change", "gone"),
    [
        (
            Configure(Service.SMTP, MX1, ("192.0.2.1",), Setting.STARTTLS),
            Question(Kind.SMTP, MX1, "192.0.2.1"),
        ),
        (Configure(Service.DNS, MX1, (), Setting.ANSWERING), Question(Kind.A, MX1)),
    ],
)
def test_what_a_server_will_do_once_it_is_configured_is_to_be_asked(change: Change, gone: Question) -> None:
    got = apply((change,), collect(GOOD))
    assert gone not in got.evidence.answers
    assert gone in got.unseen


def test_a_zone_that_is_signed_answers_securely() -> None:
    got = apply((Configure(Service.DNS, MX1, (), Setting.SIGNED),), collect(GOOD)).evidence
    _, data = got.dns(Kind.A, MX1)
    assert data is not None
    assert data.secure


def test_waits_add_up() -> None:
    waits = (Wait("example.com", Awaited.TTL, 300), Wait("example.com", Awaited.MAX_AGE, 86_400))
    got = apply(waits, collect(GOOD))
    assert (got.waited_s, got.evidence) == (86_700, collect(GOOD))


def test_an_alias_that_leads_in_a_circle_ends() -> None:
    loop = (
        Withdraw(MX1, Ipv4Value("192.0.2.1")),
        Publish(MX1, CnameValue(MX2)),
        Publish(MX2, CnameValue(MX1)),
    )
    answer, _ = apply(loop, collect(GOOD)).evidence.dns(Kind.A, MX1)
    assert answer.outcome is not Outcome.FOUND


def test_a_server_that_is_set_up_with_a_certificate_is_supposed_to_take_mail() -> None:
    evidence = collect(WORLDS[Code.STARTTLS_MISSING].world)
    set_up = Configure(Service.SMTP, MX1, ("192.0.2.1",), Setting.STARTTLS)
    shown = PresentCertificate(Service.SMTP, MX1, ("192.0.2.1",), (MX1,), keeps_key=False)
    got = apply((set_up, shown), evidence)
    _, data = got.evidence.smtp(MX1, "192.0.2.1")
    assert data is not None
    assert data.stage is SmtpStage.SECURED
    assert Supposition.ANSWERING in {one.what for one in got.assumed}


def test_name_servers_that_answer_are_supposed_to_have_no_tlsa_records() -> None:
    evidence = collect(WORLDS[Code.DANE_LOOKUP_FAILED].world)
    got = apply((Configure(Service.DNS, TLSA, (), Setting.ANSWERING),), evidence)
    answer, _ = got.evidence.dns(Kind.TLSA, TLSA)
    assert answer.outcome is Outcome.EMPTY
    assert Assumption(Supposition.NO_OTHER_RECORDS, f"{TLSA} TLSA") in got.assumed


def test_a_certificate_matches_the_records_that_are_known_to_name_it() -> None:
    record = TlsaValue(3, 1, 1, "ab" * 32)
    shown = PresentCertificate(Service.SMTP, MX1, ("192.0.2.1",), (MX1,), keeps_key=False, matches=(record,))
    evidence = apply((shown,), collect(GOOD)).evidence
    _, data = evidence.smtp(MX1, "192.0.2.1")
    assert data is not None
    assert data.tls is not None
    chain = chain_of(data.tls, (), GOOD.at)
    assert chain.matched_by(Tlsa(3, 1, 1, bytes.fromhex("ab" * 32))) == 0
    assert chain.matched_by(Tlsa(3, 1, 1, bytes.fromhex("cd" * 32))) is None


@pytest.mark.parametrize("set_up", [(), (Configure(Service.SMTP, MX1, ("192.0.2.1",), Setting.TLS),)])
def test_a_key_that_is_kept_after_another_change_is_the_one_that_came_with_it(
    set_up: tuple[Change, ...],
) -> None:
    record = TlsaValue(3, 1, 1, "ab" * 32)
    new = PresentCertificate(Service.SMTP, MX1, ("192.0.2.1",), (MX1,), keeps_key=False, matches=(record,))
    kept = PresentCertificate(Service.SMTP, MX1, ("192.0.2.1",), (MX1,), keeps_key=True)
    _, data = apply((new, *set_up, kept), collect(GOOD)).evidence.smtp(MX1, "192.0.2.1")
    assert data is not None
    assert data.tls is not None
    assert data.tls.assumed is not None
    assert not data.tls.assumed.keeps_key
    assert chain_of(data.tls, (), GOOD.at).matched_by(Tlsa(3, 1, 1, bytes.fromhex("ab" * 32))) == 0
