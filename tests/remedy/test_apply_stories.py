"""Changes one after another at one place: what an earlier one settled stays, and each is made where it says and nowhere else."""

import msgspec

from mxproof.evidence import AssumedLeaf, Evidence, Kind, Outcome, PolicyData, Question
from mxproof.formats.mtasts import Mode, Policy, print_policy
from mxproof.judge.codes import Code
from mxproof.mail.change import (
    Change,
    Configure,
    Ipv4Value,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    TlsaValue,
    Withdraw,
)
from mxproof.remedy.apply import Applied, Assumption, Supposition, apply
from mxproof.remedy.records import record_of
from support_world import collect
from support_worlds import GOOD, MX1, WORLDS

TLSA = f"_25._tcp.{MX1}"
HOST, AT, OTHER_AT = "mta-sts.example.com", "192.0.2.80", "192.0.2.81"
FIRST, SECOND = (Policy(Mode.ENFORCE, seconds, (MX1,)) for seconds in (86_400, 172_800))
POLICY_TLS_SET_UP = Configure(Service.HTTPS, HOST, (AT,), Setting.TLS)
SMTP_SET_UP = Configure(Service.SMTP, MX1, ("192.0.2.1",), Setting.STARTTLS)


def served(evidence: Evidence, address: str = AT) -> PolicyData:
    data = evidence.answer(Question(Kind.POLICY, HOST, address)).data
    assert isinstance(data, PolicyData)
    return data


def with_two_addresses() -> Evidence:
    evidence = collect(GOOD)
    answer = evidence.answer(Question(Kind.POLICY, HOST, AT))
    return evidence.with_answers([(Question(Kind.POLICY, HOST, OTHER_AT), answer)])


def leaf_of(applied: Applied, address: str = "192.0.2.1") -> AssumedLeaf:
    _, data = applied.evidence.smtp(MX1, address)
    assert data is not None
    assert data.tls is not None
    assert data.tls.assumed is not None
    return data.tls.assumed


def test_a_record_that_is_published_where_name_servers_failed_is_there_once_they_answer() -> None:
    evidence = collect(WORLDS[Code.DANE_LOOKUP_FAILED].world)
    record = TlsaValue(3, 1, 1, "ab" * 32)
    answering, published = Configure(Service.DNS, TLSA, (), Setting.ANSWERING), Publish(TLSA, record)
    for changes in ((answering, published), (published, answering)):
        got = apply(changes, evidence)
        answer, data = got.evidence.dns(Kind.TLSA, TLSA)
        assert data is not None
        assert (answer.outcome, data.records) == (Outcome.FOUND, (record_of(record),))
        assert got.assumed.count(Assumption(Supposition.NO_OTHER_RECORDS, f"{TLSA} TLSA")) == 1


def test_a_policy_is_served_at_the_addresses_that_it_names_and_the_last_one_stays() -> None:
    evidence = with_two_addresses()
    old = served(evidence).body
    here, there = (ServePolicy("example.com", one, (at,)) for one, at in ((FIRST, AT), (SECOND, OTHER_AT)))
    everywhere = ServePolicy("example.com", SECOND)
    first, second = print_policy(FIRST), print_policy(SECOND)
    stories: list[tuple[tuple[Change, ...], tuple[bytes, bytes]]] = [
        ((here,), (first, old)),
        ((there,), (old, second)),
        ((here, there), (first, second)),
        ((everywhere,), (second, second)),
        ((everywhere, here), (first, second)),
        ((here, everywhere), (second, second)),
        ((ServePolicy("other.example", FIRST),), (old, old)),
    ]
    for changes, bodies in stories:
        after = apply(changes, evidence).evidence
        assert (served(after).body, served(after, OTHER_AT).body) == bodies


def test_a_certificate_that_is_shown_stays_when_the_server_is_set_up_and_a_policy_served() -> None:
    shown = PresentCertificate(Service.HTTPS, HOST, (AT,), (HOST, "www.example.com"), keeps_key=False)
    serve = ServePolicy("example.com", FIRST)
    own = served(collect(GOOD)).tls
    assert own is not None
    for changes in ((shown, serve), (shown, POLICY_TLS_SET_UP, serve), (POLICY_TLS_SET_UP, shown, serve)):
        got = apply(changes, collect(GOOD))
        data = served(got.evidence)
        assert data.body == print_policy(FIRST)
        assert data.tls is not None
        assert (data.tls.chain, data.tls.assumed) == (own.chain, AssumedLeaf(shown.names, keeps_key=False))
        assert Assumption(Supposition.CERTIFICATE, f"{HOST} {AT}") in got.assumed
    served_first = served(apply((serve, shown), collect(GOOD)).evidence)
    assert served_first.body == print_policy(FIRST)
    assert served_first.tls == msgspec.structs.replace(own, assumed=AssumedLeaf(shown.names, keeps_key=False))


def test_where_no_certificate_was_seen_there_is_no_key_to_keep() -> None:
    shown = PresentCertificate(Service.SMTP, MX1, ("192.0.2.1",), (MX1,), keeps_key=True)
    unseen = apply((SMTP_SET_UP, shown), collect(WORLDS[Code.STARTTLS_MISSING].world))
    seen = apply((SMTP_SET_UP, shown), collect(GOOD))
    assert [leaf_of(one).keeps_key for one in (unseen, seen)] == [False, True]


def test_a_server_that_shows_a_certificate_is_supposed_to_answer_only_where_it_was_set_up_before() -> None:
    shown = PresentCertificate(Service.SMTP, MX1, ("192.0.2.1",), (MX1,), keeps_key=False)
    subject = f"{MX1} 192.0.2.1"
    certificate = Assumption(Supposition.CERTIFICATE, subject)
    answering = Assumption(Supposition.ANSWERING, subject)
    assert apply((shown,), collect(GOOD)).assumed == (certificate,)
    assert apply((shown, shown), collect(GOOD)).assumed == (certificate,)
    assert apply((SMTP_SET_UP, shown), collect(GOOD)).assumed == (answering, certificate)
    assert apply((SMTP_SET_UP, shown, shown), collect(GOOD)).assumed == (answering, certificate)


def test_what_was_applied_once_leaves_the_evidence_as_it_was_for_the_next() -> None:
    evidence = collect(GOOD)
    first = (Publish(MX1, Ipv4Value("192.0.2.9")), Withdraw(MX1, Ipv4Value("192.0.2.1")))
    before = apply((), evidence)
    once = apply(first, evidence)
    assert once != before
    assert (apply((), evidence), apply(first, evidence)) == (before, once)
