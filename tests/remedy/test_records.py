"""The records behind a resolver's answers: what it would answer once one of them comes or goes, and what stays unknown."""

from itertools import pairwise

import pytest

from mxproof.evidence import (
    AddressRecord,
    Alias,
    Answer,
    CaaRecord,
    DnsData,
    DnsRecord,
    Edns,
    Evidence,
    Kind,
    MxRecord,
    NameRecord,
    OtherRecord,
    Outcome,
    Question,
    TlsaRecord,
    TxtRecord,
    Vantage,
)
from mxproof.mail.change import (
    CaaValue,
    CnameValue,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PtrValue,
    Publish,
    RecordValue,
    TlsaValue,
    TxtValue,
    Withdraw,
)
from mxproof.remedy.records import RecordFacts, facts_of, record_of, value_of
from mxproof.survey.reading import ALIASES_MAX
from support_evidence import OBSERVED_AT

MX = Question(Kind.MX, "example.com")
HOST = Question(Kind.A, "mx.example.com")
Rows = dict[Question, Answer]


def found(*records: DnsRecord, aliases: str = "", secure: bool = False, ttl_s: int | None = 300) -> Answer:
    """Return an answer with records at the end of aliases, which are named from the first to the last."""
    names = aliases.split()
    chain = tuple(Alias(name, target) for name, target in pairwise(names))
    outcome = Outcome.FOUND if records else Outcome.EMPTY
    return Answer(outcome, OBSERVED_AT, DnsData("NOERROR", secure, records, chain), ttl_s)


def missing(*, secure: bool = False) -> Answer:
    return Answer(Outcome.NXDOMAIN, OBSERVED_AT, DnsData("NXDOMAIN", secure=secure))


def facts(rows: Rows) -> RecordFacts:
    return RecordFacts(Evidence("example.com", Vantage()).with_answers(rows.items()))


def data(known: RecordFacts, question: Question) -> DnsData:
    answer = known.answer(question, OBSERVED_AT)
    assert answer is not None
    assert isinstance(answer.data, DnsData)
    return answer.data


def outcome(known: RecordFacts, question: Question) -> Outcome | None:
    answer = known.answer(question, OBSERVED_AT)
    return None if answer is None else answer.outcome


ALIASED: Rows = {HOST: found(AddressRecord("192.0.2.1"), aliases="mx.example.com edge.example.net")}


def test_what_was_answered_is_answered_again_with_its_time_to_live() -> None:
    rows = {**ALIASED, MX: found(MxRecord(10, "mx.example.com"), secure=True, ttl_s=60)}
    known = facts(rows)
    for question, answer in rows.items():
        assert known.answer(question, OBSERVED_AT) == answer


@pytest.mark.parametrize("outcome_seen", [Outcome.TIMEOUT, Outcome.SERVFAIL, Outcome.UNASKED])
def test_a_look_up_that_failed_teaches_nothing(outcome_seen: Outcome) -> None:
    assert facts({HOST: Answer(outcome_seen, OBSERVED_AT)}).answer(HOST, OBSERVED_AT) is None


def test_what_one_name_server_says_or_what_is_asked_for_its_signature_is_no_answer_of_the_resolver() -> None:
    at_server = Question(Kind.A, "mx.example.com", server="192.0.2.53")
    signed = Question(Kind.A, "mx.example.com", edns=Edns.SIGNED)
    assert outcome(facts(dict.fromkeys((at_server, signed), found(AddressRecord("192.0.2.1")))), HOST) is None


def test_a_published_record_stands_beside_the_others_and_comes_once() -> None:
    known = facts({HOST: found(AddressRecord("192.0.2.1"))})
    for address in ("192.0.2.2", "192.0.2.1"):
        known.publish(Publish("mx.example.com", Ipv4Value(address)))
    assert data(known, HOST).records == (AddressRecord("192.0.2.1"), AddressRecord("192.0.2.2"))
    assert known.assumed == []


@pytest.mark.parametrize(("ttl_s", "want"), [(None, 300), (60, 60)])
def test_a_published_record_has_the_time_to_live_that_is_said_or_that_of_before(
    ttl_s: int | None, want: int
) -> None:
    known = facts({HOST: found(AddressRecord("192.0.2.1"))})
    known.publish(Publish("mx.example.com", Ipv4Value("192.0.2.2"), ttl_s))
    assert known.ttl_s("mx.example.com", Kind.A) == want


def test_a_record_where_nothing_was_known_is_taken_for_all_there_is_and_that_is_said() -> None:
    known = facts({MX: found(MxRecord(10, "mx.example.com"), secure=True)})
    known.publish(Publish("mx.example.com", Ipv4Value("192.0.2.2")))
    assert known.assumed == [("mx.example.com", Kind.A)]
    assert data(known, HOST) == DnsData("NOERROR", secure=True, records=(AddressRecord("192.0.2.2"),))


def test_a_record_at_a_name_that_did_not_exist_is_all_there_is() -> None:
    known = facts({HOST: missing()})
    known.publish(Publish("mx.example.com", Ipv6Value("2001:db8::2")))
    assert known.assumed == []
    assert outcome(known, Question(Kind.AAAA, "mx.example.com")) is Outcome.FOUND


def test_only_the_record_that_is_withdrawn_goes() -> None:
    known = facts({HOST: found(AddressRecord("192.0.2.1"), AddressRecord("192.0.2.2"))})
    known.withdraw(Withdraw("mx.example.com", Ipv4Value("192.0.2.1")))
    known.withdraw(Withdraw("mx.example.com", Ipv4Value("192.0.2.9")))
    assert data(known, HOST).records == (AddressRecord("192.0.2.2"),)


def test_a_name_whose_last_record_went_is_gone_unless_something_else_stands_at_or_below_it() -> None:
    gone = Withdraw("mx.example.com", Ipv4Value("192.0.2.1"))
    v6 = Question(Kind.AAAA, "mx.example.com")
    below = Question(Kind.TLSA, "_25._tcp.mx.example.com")
    alone = {HOST: found(AddressRecord("192.0.2.1"))}
    for more, want in (
        ({}, Outcome.NXDOMAIN),
        ({v6: found(AddressRecord("2001:db8::1"))}, Outcome.EMPTY),
        ({v6: found()}, Outcome.NXDOMAIN),
        ({below: found(TlsaRecord(3, 1, 1, bytes(32)))}, Outcome.EMPTY),
        (
            {Question(Kind.TXT, "www.example.com"): found(aliases="x.mx.example.com y.example.net")},
            Outcome.EMPTY,
        ),
        ({Question(Kind.TXT, "xmx.example.com"): found(TxtRecord(b"x"))}, Outcome.NXDOMAIN),
    ):
        known = facts({**alone, **more})
        known.withdraw(gone)
        assert outcome(known, HOST) is want, more


def test_without_its_alias_a_name_has_nothing_and_with_a_new_one_what_stands_at_its_end() -> None:
    known = facts(ALIASED)
    known.withdraw(Withdraw("mx.example.com", CnameValue("other.example.net")))
    assert data(known, HOST).records == (AddressRecord("192.0.2.1"),)
    known.withdraw(Withdraw("mx.example.com", CnameValue("edge.example.net")))
    assert outcome(known, HOST) is Outcome.NXDOMAIN
    known.publish(Publish("mx.example.com", CnameValue("edge.example.net"), 60))
    assert data(known, HOST).chain == (Alias("mx.example.com", "edge.example.net", 60),)
    known.publish(Publish("mx.example.com", CnameValue("never.seen.example")))
    assert known.answer(HOST, OBSERVED_AT) is None


def test_aliases_that_lead_back_or_go_on_for_too_long_have_no_end() -> None:
    known = facts(ALIASED)
    known.publish(Publish("edge.example.net", CnameValue("mx.example.com")))
    assert known.walk(HOST) == ("mx.example.com", "edge.example.net")
    assert outcome(known, HOST) is Outcome.SERVFAIL
    for count, want in ((ALIASES_MAX, Outcome.FOUND), (ALIASES_MAX + 1, Outcome.SERVFAIL)):
        names = ["mx.example.com", *(f"a{place}.example.net" for place in range(count))]
        long = facts({Question(Kind.A, names[-1]): found(AddressRecord("192.0.2.1"))})
        for name, target in pairwise(names):
            long.publish(Publish(name, CnameValue(target)))
        assert outcome(long, HOST) is want


def test_who_asks_for_the_alias_itself_is_told_it_and_follows_none() -> None:
    known = facts(ALIASED)
    asked = Question(Kind.CNAME, "mx.example.com")
    assert known.walk(asked) == ("mx.example.com",)
    assert data(known, asked).records == (NameRecord("edge.example.net"),)
    assert outcome(known, Question(Kind.CNAME, "edge.example.net")) is Outcome.EMPTY
    assert outcome(known, Question(Kind.CNAME, "never.seen.example")) is Outcome.NXDOMAIN


def test_an_alias_that_was_asked_for_leads_all_other_questions_too() -> None:
    known = facts(
        {
            Question(Kind.CNAME, "mx.example.com"): found(
                NameRecord("edge.example.net"), secure=True, ttl_s=60
            ),
            Question(Kind.A, "edge.example.net"): found(AddressRecord("192.0.2.1"), secure=True),
        }
    )
    assert data(known, HOST).chain == (Alias("mx.example.com", "edge.example.net", 60),)
    assert data(known, HOST).secure


def test_what_is_held_at_a_name_is_what_stands_there_itself() -> None:
    known = facts(
        {**ALIASED, MX: found(MxRecord(10, "mx.example.com")), Question(Kind.A, "no.example.com"): missing()}
    )
    assert known.held("example.com", Kind.MX) == (MxValue(10, "mx.example.com"),)
    assert known.held("example.com", Kind.CNAME) == ()
    assert known.held("example.com", Kind.TXT) is None
    assert known.held("mx.example.com", Kind.CNAME) == (CnameValue("edge.example.net"),)
    assert known.held("mx.example.com", Kind.A) == ()
    assert known.held("edge.example.net", Kind.A) == (Ipv4Value("192.0.2.1"),)
    assert known.held("no.example.com", Kind.TXT) == ()
    assert known.held("no.example.com", Kind.CNAME) == ()
    assert known.held("never.seen.example", Kind.CNAME) is None


def test_a_time_to_live_is_known_of_records_that_are_there() -> None:
    known = facts(
        {MX: found(ttl_s=60), HOST: found(NameRecord("x"), aliases="mx.example.com edge.example.net")}
    )
    assert known.ttl_s("example.com", Kind.MX) is None
    assert known.ttl_s("example.com", Kind.A) is None
    assert known.ttl_s("mx.example.com", Kind.CNAME) is None
    assert known.ttl_s("edge.example.net", Kind.CNAME) is None
    known.publish(Publish("mx.example.com", CnameValue("edge.example.net"), 60))
    assert known.ttl_s("mx.example.com", Kind.CNAME) == 60


@pytest.mark.parametrize(
    ("rows", "is_secure"),
    [
        ({MX: found(MxRecord(10, "x"), secure=True)}, True),
        ({MX: found(MxRecord(10, "x"))}, False),
        ({MX: found(MxRecord(10, "x"), secure=True), HOST: found(AddressRecord("192.0.2.1"))}, False),
        ({Question(Kind.TXT, "mx.example.com"): found(secure=True)}, True),
        (
            {
                Question(Kind.TXT, "mx.example.com"): found(secure=True),
                Question(Kind.AAAA, "mx.example.com"): found(),
                MX: found(MxRecord(10, "x"), secure=True),
            },
            False,
        ),
        ({Question(Kind.MX, "com"): found(secure=True)}, False),
        ({}, False),
    ],
)
def test_whether_a_name_is_signed_is_told_by_itself_or_by_the_nearest_above(
    rows: Rows, *, is_secure: bool
) -> None:
    assert facts(rows).security("mx.example.com") is is_secure


def test_an_answer_is_secure_only_where_each_alias_on_the_way_is() -> None:
    end = Question(Kind.A, "edge.example.net")
    for secure in (True, False):
        way = found(AddressRecord("192.0.2.1"), aliases="mx.example.com edge.example.net", secure=secure)
        known = facts({end: found(AddressRecord("192.0.2.1"), secure=True), HOST: way})
        assert data(known, HOST).secure is secure


def test_a_zone_that_is_signed_has_all_at_and_below_its_name_secure() -> None:
    outside = Question(Kind.A, "edge.example.net")
    known = facts({MX: found(MxRecord(10, "x")), HOST: found(), outside: found(AddressRecord("192.0.2.1"))})
    known.sign("example.com")
    assert data(known, MX).secure
    assert data(known, HOST).secure
    assert known.security("never.seen.example.com")
    assert not data(known, outside).secure


def test_a_change_concerns_the_questions_that_come_by_its_name() -> None:
    rows = {**ALIASED, MX: found(MxRecord(10, "mx.example.com"))}
    for name, concerned in (("edge.example.net", [HOST]), ("mx.example.com", [HOST]), ("example.com", [MX])):
        known = facts(rows)
        known.publish(Publish(name, TxtValue("x")))
        assert [one for one in rows if known.concerns(one)] == concerned
    known = facts(rows)
    assert not any(map(known.concerns, rows))
    known.sign("example.net")
    assert [one for one in rows if known.concerns(one)] == [HOST]


def test_a_copy_is_altered_apart_from_what_it_was_made_of() -> None:
    evidence = Evidence("example.com", Vantage()).with_answers(ALIASED.items())
    known = facts_of(evidence)
    other = known.copy()
    other.publish(Publish("new.example.com", Ipv4Value("192.0.2.9")))
    other.withdraw(Withdraw("edge.example.net", Ipv4Value("192.0.2.1")))
    other.withdraw(Withdraw("mx.example.com", CnameValue("edge.example.net")))
    other.sign("example.net")
    assert known.answer(HOST, OBSERVED_AT) == ALIASED[HOST]
    assert (known.assumed, known.security("edge.example.net"), known.concerns(HOST)) == ([], False, False)
    assert outcome(known, Question(Kind.A, "new.example.com")) is None


def test_what_a_copy_learns_beside_and_below_what_was_known_stays_with_the_copy() -> None:
    known = facts({**ALIASED, Question(Kind.TXT, "example.net"): found(secure=True)})
    beside = Question(Kind.AAAA, "edge.example.net")
    other = known.copy()
    other.publish(Publish(beside.name, Ipv6Value("2001:db8::1")))
    other.publish(Publish("new.edge.example.net", Ipv4Value("192.0.2.9")))
    other.withdraw(Withdraw(beside.name, Ipv4Value("192.0.2.1")))
    assert data(other, beside).records == (AddressRecord("2001:db8::1"),)
    for _ in range(2):
        assert (known.security(beside.name), known.security("other.edge.example.net")) == (False, False)
        assert (known.held(beside.name, Kind.AAAA), known.assumed) == (None, [])
        assert known.answer(HOST, OBSERVED_AT) == ALIASED[HOST]
        known.sign("edge.example.net")
        known = facts(ALIASED)
    again = known.copy()
    again.withdraw(Withdraw(beside.name, Ipv4Value("192.0.2.1")))
    assert outcome(again, Question(Kind.A, beside.name)) is Outcome.NXDOMAIN
    assert outcome(other, Question(Kind.A, beside.name)) is Outcome.EMPTY


def test_an_alias_that_a_copy_takes_away_is_gone_from_the_copy_alone() -> None:
    known = facts(ALIASED)
    alias = CnameValue("edge.example.net")
    one, other = known.copy(), known.copy()
    one.withdraw(Withdraw(HOST.name, alias))
    other.publish(Publish(HOST.name, Ipv4Value("192.0.2.9")))
    assert (one.assumed, outcome(one, HOST)) == ([], Outcome.NXDOMAIN)
    assert other.assumed == [(HOST.name, Kind.A)], "beside an alias nothing is known of the name itself"
    known.publish(Publish(HOST.name, Ipv4Value("192.0.2.9")))
    assert known.assumed == [(HOST.name, Kind.A)]
    one.publish(Publish(HOST.name, Ipv4Value("192.0.2.9")))
    assert (one.assumed, one.held(HOST.name, Kind.A)) == ([], (Ipv4Value("192.0.2.9"),))


def test_of_two_records_at_one_name_the_copy_that_takes_one_back_has_the_other() -> None:
    first, second = Ipv4Value("192.0.2.1"), Ipv4Value("192.0.2.2")
    known = facts({HOST: found(AddressRecord(first.address))})
    one, both = known.copy(), known.copy()
    for copied in (one, both):
        copied.publish(Publish(HOST.name, second))
    one.withdraw(Withdraw(HOST.name, first))
    assert [each.held(HOST.name, Kind.A) for each in (known, one, both)] == [
        (first,),
        (second,),
        (first, second),
    ]
    assert [each.concerns(HOST) for each in (known, one, both)] == [False, True, True]


@pytest.mark.parametrize(
    ("kind", "value", "record"),
    [
        (Kind.A, Ipv4Value("192.0.2.1"), AddressRecord("192.0.2.1")),
        (Kind.AAAA, Ipv6Value("2001:db8::1"), AddressRecord("2001:db8::1")),
        (Kind.MX, MxValue(10, "mx.example.com"), MxRecord(10, "mx.example.com")),
        (Kind.TXT, TxtValue("v=STSv1; id=1;"), TxtRecord(b"v=STSv1; id=1;")),
        (Kind.TLSA, TlsaValue(3, 1, 1, "00ff"), TlsaRecord(3, 1, 1, b"\x00\xff")),
        (Kind.CAA, CaaValue(0, "issue", "ca.example.net"), CaaRecord(0, "issue", b"ca.example.net")),
        (Kind.CNAME, CnameValue("edge.example.net"), NameRecord("edge.example.net")),
        (Kind.PTR, PtrValue("mx.example.com"), NameRecord("mx.example.com")),
    ],
)
def test_a_record_of_a_change_and_one_of_an_answer_are_made_of_one_another(
    kind: Kind, value: RecordValue, record: DnsRecord
) -> None:
    assert record_of(value) == record
    assert value_of(kind, record) == value


def test_no_change_is_about_a_name_server_or_a_record_of_another_type() -> None:
    assert value_of(Kind.NS, NameRecord("ns.example.com")) is None
    assert value_of(Kind.SOA, OtherRecord("SOA x")) is None
