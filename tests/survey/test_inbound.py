"""What is asked, and in particular that everything the model reads is asked."""

import msgspec
import pytest

from mxproof.evidence import Evidence, Kind, Outcome, Question, SmtpStage, Vantage
from mxproof.judge.senders import SENDERS, deliver
from mxproof.mail.assemble import assemble
from mxproof.survey.inbound import needed, unanswered, wanted
from mxproof.survey.reading import mx_set
from support_evidence import Spy
from support_incident import FIXED, INCIDENT
from support_world import Smtp, ZoneWorld, collect

WORLDS = {
    "good": ZoneWorld(),
    "incident": INCIDENT,
    "fixed": FIXED,
    "signed": ZoneWorld(signed=("example.com",)).zone_with("_25._tcp.mx1.example.com TLSA 3 1 1 @192.0.2.1"),
    "implicit": ZoneWorld(zone="example.com A 192.0.2.1", smtp={"192.0.2.1": Smtp(names=("example.com",))}),
    "null": ZoneWorld(zone="example.com MX 0 ."),
    "address": ZoneWorld().zone_with("example.com MX 10 192.0.2.1"),
    "silent": ZoneWorld().zone_with("example.com MX !timeout"),
    "ipv4": ZoneWorld(families=(4,)),
}


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_all_that_the_model_reads_is_asked(world: ZoneWorld) -> None:
    evidence = collect(world)
    spy = Spy(evidence.answers)
    spied = msgspec.structs.replace(evidence, answers=spy)
    domain = assemble(spied, world.at)
    for traits in SENDERS:
        deliver(domain, traits)
    assert spy.read - set(needed(evidence)) == set()


@pytest.mark.parametrize("world", WORLDS.values(), ids=WORLDS.keys())
def test_all_that_is_asked_is_read(world: ZoneWorld) -> None:
    evidence = collect(world)
    spy = Spy(evidence.answers)
    assemble(msgspec.structs.replace(evidence, answers=spy), world.at)
    assert set(needed(evidence)) - spy.read == set()


def test_the_first_questions_wait_for_nothing() -> None:
    """SD-06: discovery is one TXT question, and nothing else stands in its way."""
    assert wanted(Evidence("example.com")) == (
        Question(Kind.MX, "example.com"),
        Question(Kind.TXT, "_mta-sts.example.com"),
        Question(Kind.A, "mta-sts.example.com"),
        Question(Kind.AAAA, "mta-sts.example.com"),
        Question(Kind.TXT, "_smtp._tls.example.com"),
    )


def test_more_answers_only_add_questions() -> None:
    whole = collect(INCIDENT)
    assert len(whole.answers) > 10
    asked: set[Question] = set()
    evidence = Evidence(whole.domain, whole.vantage)
    for question, answer in sorted(whole.answers.items(), key=lambda item: item[0]):
        now_needed = set(needed(evidence))
        assert asked - now_needed == set()
        asked = now_needed
        evidence = evidence.with_answers([(question, answer)])


def test_an_alias_is_probed_under_both_names_at_every_address() -> None:
    """TL-03: the certificate may depend on the name in SNI."""
    probes = {(one.name, one.at) for one in needed(collect(INCIDENT)) if one.kind is Kind.SMTP}
    assert probes == {
        (name, address)
        for names, addresses in (
            (("mxi1.example.com", "smol.example.com"), ("192.0.2.1", "2001:db8::1")),
            (("mxi2.example.com", "tol.example.com"), ("192.0.2.2", "2001:db8::2")),
        )
        for name in names
        for address in addresses
    }


def test_a_family_that_is_not_wanted_is_not_asked() -> None:
    asked = needed(collect(ZoneWorld(families=(6,))))
    assert [one for one in asked if one.kind is Kind.A or (one.at and ":" not in one.at)] == []


def test_hosts_beyond_the_limit_are_listed_and_not_probed() -> None:
    zone = "\n".join(f"example.com MX 10 mx{number:02}.example.com" for number in range(30))
    found = mx_set(collect(ZoneWorld(zone=zone)))
    assert [len(found.exchanges), len(found.unprobed)] == [20, 10]


def test_the_same_host_named_twice_counts_with_its_best_preference() -> None:
    zone = "example.com MX 20 mx.example.com\nexample.com MX 10 MX.example.com"
    assert [(one.preference, one.name) for one in mx_set(collect(ZoneWorld(zone=zone))).exchanges] == [
        (10, "mx.example.com")
    ]


def test_an_address_in_an_mx_record_is_not_asked_for_addresses() -> None:
    """MX-07."""
    asked = needed(collect(ZoneWorld(zone="example.com MX 10 192.0.2.1")))
    assert [str(one) for one in asked if "192.0.2.1" in (one.name, one.at)] == ["SMTP 192.0.2.1 (192.0.2.1)"]


def test_an_address_of_a_family_that_is_not_asked_over_is_not_connected_to() -> None:
    asked = needed(collect(ZoneWorld(zone="example.com MX 10 192.0.2.1", families=(6,))))
    assert [one for one in asked if one.at] == []


def test_localhost_is_not_looked_up() -> None:
    for name in ("localhost", "mail.localhost"):
        asked = needed(collect(ZoneWorld(zone=f"example.com MX 10 {name}")))
        assert [one for one in asked if one.name == name] == []


def test_a_parent_domain_is_never_asked() -> None:
    """SM-02: no fallback to the policy of the parent."""
    asked = needed(collect(ZoneWorld(domain="sub.example.com")))
    assert [one for one in asked if one.name == "_mta-sts.example.com"] == []


def test_an_unanswered_survey_has_an_empty_evidence_of_everything() -> None:
    evidence = Evidence("example.com", Vantage(families=(4, 6)))
    domain = assemble(evidence, ZoneWorld().at)
    assert domain.mx.answer.outcome is Outcome.UNASKED
    assert domain.hosts == ()


@pytest.mark.parametrize(
    ("world", "want"),
    [
        (ZoneWorld(), set()),
        (ZoneWorld().zone_with("example.com MX !timeout"), {Question(Kind.MX, "example.com")}),
        (
            ZoneWorld().zone_with("_mta-sts.example.com TXT !servfail"),
            {Question(Kind.TXT, "_mta-sts.example.com")},
        ),
        (ZoneWorld().zone_with("mx2.example.com AAAA !servfail"), {Question(Kind.AAAA, "mx2.example.com")}),
        (ZoneWorld().zone_with("192.0.2.1 PTR !timeout"), set()),
        (
            ZoneWorld(smtp={"192.0.2.2": Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.TIMEOUT)}),
            {Question(Kind.SMTP, "mx2.example.com", "192.0.2.2")},
        ),
        (
            ZoneWorld(smtp={"192.0.2.2": Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.UNREACHABLE)}),
            {Question(Kind.SMTP, "mx2.example.com", "192.0.2.2")},
        ),
        (ZoneWorld(smtp={"192.0.2.2": Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.REFUSED)}), set()),
        (ZoneWorld(smtp={"192.0.2.2": Smtp(stage=SmtpStage.STARTTLS)}), set()),
    ],
)
def test_what_ended_without_an_answer_is_told_and_nothing_else(world: ZoneWorld, want: set[Question]) -> None:
    assert {*unanswered(collect(world))} == want
