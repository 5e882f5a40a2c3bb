"""A mail domain holds what its records say, and of the named sets of checks what these have found out."""

import msgspec
import pytest

from mxproof.evidence import UNASKED, Answer, DnsData, Kind, Outcome, Question, Vantage
from mxproof.judge.codes import Code
from mxproof.mail.assemble import assemble
from mxproof.mail.domain import MailDomain, RecordState
from mxproof.mail.misplaced_record import MisplacedRecord
from mxproof.survey.check_set import CheckSet
from mxproof.survey.served import VERSIONS_MAX
from support_answers import told
from support_evidence import OBSERVED_AT
from support_name_servers import At
from support_world import ZoneWorld, collect
from support_worlds import COMPARED, GOOD, MX1, MX2, WORLDS

STS_ASKED = Question(Kind.TXT, "_mta-sts.example.com")
TLSRPT_ASKED = Question(Kind.TXT, "_smtp._tls.example.com")
NOUNS = {
    CheckSet.SPF: "spf",
    CheckSet.DMARC: "dmarc",
    CheckSet.DKIM: "dkim",
    CheckSet.SENDING: "sending",
    CheckSet.CAA: "caa",
    CheckSet.DNSSEC: "signing",
    CheckSet.DNSBL: "listings",
    CheckSet.REPORTS: "reports",
    CheckSet.NAME_SERVER_PATHS: "paths",
}


@pytest.mark.parametrize("named", [CheckSet.ARRIVAL, *NOUNS])
def test_a_set_that_was_named_has_its_noun_and_no_other_has(named: CheckSet) -> None:
    domain = assemble(told({}, vantage=Vantage(sets=(str(named),))), OBSERVED_AT)
    held = {one for one, noun in NOUNS.items() if getattr(domain, noun) is not None}
    assert held == ({named} & NOUNS.keys())
    assert domain.sets == (named,)


def test_of_the_usual_checks_there_is_none_of_these() -> None:
    domain = assemble(told({}), OBSERVED_AT)
    assert [noun for noun in NOUNS.values() if getattr(domain, noun) is not None] == []


def domain_of(world: ZoneWorld) -> MailDomain:
    return assemble(collect(world), world.at)


def test_answers_that_failed_validation_stand_in_the_order_in_which_they_are_asked() -> None:
    said = {TLSRPT_ASKED: ("6 bogus",), STS_ASKED: ("9 no key", "6 bogus")}
    failed = {
        one: Answer(Outcome.BOGUS, OBSERVED_AT, DnsData("SERVFAIL", secure=False, extended=extended))
        for one, extended in said.items()
    }
    seen = msgspec.structs.replace(collect(GOOD), answers={**failed, **collect(GOOD).answers, **failed})
    domain = assemble(seen, GOOD.at)
    assert (domain.bogus, domain.bogus_said) == ((STS_ASKED, TLSRPT_ASKED), ("9 no key", "6 bogus"))
    sound = domain_of(GOOD)
    assert (sound.bogus, sound.bogus_said) == ((), ())


def test_an_answer_that_failed_validation_and_that_nothing_leads_to_is_left_out() -> None:
    stray = Question(Kind.A, "www.example.com")
    seen = collect(GOOD).with_answers([(stray, Answer(Outcome.BOGUS, OBSERVED_AT))])
    assert assemble(seen, GOOD.at).bogus == ()


ONE, SPACED, OTHER = "v=STSv1; id=1;", "v=STSv1 ; id=2;", "v=spf1 -all"


@pytest.mark.parametrize(
    ("texts", "state", "candidates", "near", "strict", "lenient"),
    [
        ((ONE,), RecordState.ONE, 1, 0, True, True),
        ((ONE, OTHER), RecordState.ONE, 1, 0, True, True),
        ((ONE, SPACED), RecordState.ONE, 1, 1, True, True),
        ((ONE, "v=STSv1; id=3;"), RecordState.SEVERAL, 2, 0, False, False),
        ((SPACED,), RecordState.NONE, 0, 1, False, True),
        ((SPACED, "V=STSv1; id=3;"), RecordState.NONE, 0, 2, False, False),
        ((OTHER,), RecordState.NONE, 0, 0, False, False),
        (("!nxdomain",), RecordState.NONE, 0, 0, False, False),
        (("",), RecordState.NONE, 0, 0, False, False),
        (("!timeout",), RecordState.UNKNOWN, 0, 0, False, False),
        (("!bogus",), RecordState.UNKNOWN, 0, 0, False, False),
    ],
)
def test_exactly_one_text_is_a_record_and_only_a_lenient_reader_takes_another_where_there_is_none(
    texts: tuple[str, ...], state: RecordState, candidates: int, near: int, *, strict: bool, lenient: bool
) -> None:
    record = domain_of(GOOD.zone_with(*(f"{STS_ASKED.name} TXT {one}".strip() for one in texts))).record
    assert (record.name, record.question, record.state) == (STS_ASKED.name, STS_ASKED, state)
    assert (len(record.candidates), len(record.near)) == (candidates, near)
    assert (record.strict is not None, record.lenient is not None) == (strict, lenient)


def test_what_is_wrong_with_the_only_record_is_told_with_it() -> None:
    record = domain_of(GOOD.zone_with(f"{STS_ASKED.name} TXT v=STSv1; version=20260601;")).record
    assert (record.state, record.strict) == (RecordState.ONE, None)
    assert record.objections
    assert domain_of(GOOD).record.objections == ()


def test_the_texts_of_an_answer_that_failed_are_no_records() -> None:
    evidence = collect(GOOD)
    failed = msgspec.structs.replace(evidence.answer(STS_ASKED), outcome=Outcome.BOGUS)
    record = assemble(evidence.with_answers([(STS_ASKED, failed)]), GOOD.at).record
    assert (record.state, record.texts) == (RecordState.UNKNOWN, ())


def test_a_record_behind_an_alias_is_told_with_the_way_to_it() -> None:
    alias = GOOD.zone_with(f"{STS_ASKED.name} CNAME sts.example.net", "sts.example.net TXT v=STSv1; id=1;")
    record = domain_of(alias).record
    assert (record.state, record.aliases) == (RecordState.ONE, ("sts.example.net",))
    assert domain_of(GOOD).record.aliases == ()


def test_a_record_that_was_put_elsewhere_is_told_only_where_it_is_missing() -> None:
    misplaced = ("example.com TXT v=stsv1; id=1;", "www.example.com TXT hello")
    lost = collect(GOOD.zone_with(f"{STS_ASKED.name} TXT", *misplaced))
    record = assemble(lost, GOOD.at).record
    assert record.misplaced == (MisplacedRecord(Question(Kind.TXT, "example.com"), b"v=stsv1; id=1;"),)
    found = lost.with_answers([(STS_ASKED, collect(GOOD).answers[STS_ASKED])])
    assert assemble(found, GOOD.at).record.misplaced == ()


RUA = "v=TLSRPTv1; rua=mailto:tls@example.com"


@pytest.mark.parametrize(
    ("texts", "state", "rua", "objected"),
    [
        ((RUA,), RecordState.ONE, ("mailto:tls@example.com",), False),
        ((RUA, OTHER), RecordState.ONE, ("mailto:tls@example.com",), False),
        ((RUA, "v=TLSRPTv1 ; rua=mailto:b@example.com"), RecordState.ONE, ("mailto:tls@example.com",), False),
        ((RUA, "v=TLSRPTv1; rua=mailto:b@example.com"), RecordState.SEVERAL, (), False),
        (("v=TLSRPTv1; rua=tls@example.com",), RecordState.ONE, (), True),
        (("v=TLSRPTv1 ; rua=tls@example.com",), RecordState.NONE, (), True),
        ((OTHER,), RecordState.NONE, (), False),
        (("",), RecordState.NONE, (), False),
        (("!servfail",), RecordState.UNKNOWN, (), False),
    ],
)
def test_reports_go_where_the_only_record_has_them_go(
    texts: tuple[str, ...], state: RecordState, rua: tuple[str, ...], *, objected: bool
) -> None:
    record = domain_of(GOOD.zone_with(*(f"{TLSRPT_ASKED.name} TXT {one}".strip() for one in texts))).tlsrpt
    assert (record.question, record.state, record.rua) == (TLSRPT_ASKED, state, rua)
    assert bool(record.objections) is objected


def test_of_a_record_for_reports_that_nobody_asked_for_nothing_is_known() -> None:
    record = assemble(collect(GOOD).without([TLSRPT_ASKED]), GOOD.at).tlsrpt
    assert (record.state, record.answer, record.candidates) == (RecordState.UNKNOWN, UNASKED, ())


def undeliverable(rua: str, *lines: str, families: tuple[int, ...] = (4, 6)) -> list[tuple[str, bool]]:
    world = GOOD.zone_with(f"{TLSRPT_ASKED.name} TXT v=TLSRPTv1; rua={rua}", *lines).but(families=families)
    return [(one.name, one.is_host) for one in domain_of(world).tlsrpt.undeliverable]


def test_reports_cannot_be_delivered_where_it_is_known_that_nobody_takes_them() -> None:
    mail, web = "mailto:tls@gone.example.net", "https://gone.example.net/v1"
    assert undeliverable(mail) == [("gone.example.net", False)]
    assert undeliverable(mail, "gone.example.net A 192.0.2.9") == []
    assert undeliverable(mail, "gone.example.net MX !timeout") == []
    assert undeliverable(web) == [("gone.example.net", True)]
    assert undeliverable(web, "gone.example.net AAAA 2001:db8::9") == []
    assert undeliverable(web, families=(4,)) == []
    assert undeliverable(f"{web},{mail}") == [("gone.example.net", False), ("gone.example.net", True)]


def test_what_each_name_server_serves_is_a_domain_of_its_own_where_it_is_another() -> None:
    differing = WORLDS[Code.NS_MAIL_DIFFERS].world
    domain = domain_of(differing)
    assert [[one.name for one in other.domain.hosts] for other in domain.otherwise] == [[MX2]]
    assert domain.compared
    alike = domain_of(COMPARED)
    assert (alike.otherwise, bool(alike.compared)) == ((), True)
    assert (domain_of(GOOD).otherwise, domain_of(GOOD).compared) == ((), ())


def test_each_domain_that_takes_reports_is_assembled_its_own_first() -> None:
    own = GOOD.but(sets=(CheckSet.ARRIVAL, CheckSet.REPORTS))
    reports = domain_of(own).reports
    assert reports is not None
    assert ([one.name for one in reports.receivers], reports.at_bases) == (["example.com"], ())
    both = own.zone_with(f"{TLSRPT_ASKED.name} TXT v=TLSRPTv1; rua=mailto:a@example.net,mailto:b@example.com")
    reports = domain_of(both).reports
    assert reports is not None
    assert [one.name for one in reports.receivers] == ["example.com", "example.net"]
    elsewhere = domain_of(WORLDS[Code.TLSRPT_REFUSED].world).reports
    assert elsewhere is not None
    assert [one.name for one in elsewhere.receivers] == ["example.net"]
    based = domain_of(WORLDS[Code.TLSRPT_BASE_INVALID].world).reports
    assert based is not None
    assert {one.name: one.state for one in based.at_bases} == {
        f"_smtp._tls.{MX1}": RecordState.ONE,
        f"_smtp._tls.{MX2}": RecordState.NONE,
    }


def test_of_a_zone_of_which_every_server_has_another_version_only_so_many_are_assembled() -> None:
    addresses = [f"192.0.2.{100 + number}" for number in range(VERSIONS_MAX + 2)]
    names = [f"ns{number}.example.com" for number in range(len(addresses))]
    world = COMPARED.zone_with(
        *(f"example.com NS {name}" for name in names),
        *(f"{name} A {address}" for name, address in zip(names, addresses, strict=True)),
    )
    for number, address in enumerate(addresses):
        there = world.zone_with(f"example.com MX {10 + number} {MX1}").zone
        world = world.at_servers((address,), At(zone=there))
    domain = domain_of(world)
    (zone,) = (one for one in domain.compared if one.name == "example.com")
    assert len(zone.versions) > VERSIONS_MAX
    assert [one.version for one in domain.otherwise] == list(zone.versions[:VERSIONS_MAX])
