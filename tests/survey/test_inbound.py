"""What is asked, and in particular that everything the model reads is asked."""

import msgspec
import pytest

from mxproof.evidence import Answer, Evidence, Kind, Outcome, Question, SmtpStage, Vantage
from mxproof.judge.senders import SENDERS, deliver
from mxproof.mail.assemble import assemble
from mxproof.survey.inbound import (
    control,
    is_record_lost,
    is_unheard,
    misplaced_questions,
    needed,
    other_port_questions,
    report_domains,
    report_hosts,
    unanswered,
    wanted,
)
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
        (ZoneWorld().zone_with("_25._tcp.mx2.example.com TLSA !servfail"), set()),
        (
            ZoneWorld(validating=False).zone_with("_25._tcp.mx2.example.com TLSA !servfail"),
            {Question(Kind.TLSA, "_25._tcp.mx2.example.com")},
        ),
        (
            ZoneWorld(signed=("example.com",)).zone_with("_25._tcp.mx2.example.com TLSA !servfail"),
            {Question(Kind.TLSA, "_25._tcp.mx2.example.com")},
        ),
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


def lost(*lines: str) -> bool:
    return is_record_lost(collect(ZoneWorld().zone_with(*lines)))


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        pytest.param((), False, id="there is one"),
        pytest.param(("_mta-sts.example.com TXT",), True, id="no text"),
        pytest.param(("_mta-sts.example.com TXT !nxdomain",), True, id="no name"),
        pytest.param(("_mta-sts.example.com TXT v=spf1 -all",), True, id="another text"),
        pytest.param(
            ("_mta-sts.example.com TXT V=STSV1 ; id=1",), False, id="a text that is meant to be one"
        ),
        pytest.param(
            ("_mta-sts.example.com TXT v=spf1 -all", "_mta-sts.example.com TXT v=STSv1; id=1;"),
            False,
            id="one beside another text",
        ),
        pytest.param(("_mta-sts.example.com TXT !timeout",), False, id="no answer"),
        pytest.param(("_mta-sts.example.com TXT !bogus",), False, id="an answer that failed validation"),
        pytest.param(("_mta-sts.example.com TXT", "mta-sts.example.com A"), False, id="no policy host"),
    ],
)
def test_the_record_is_lost_where_a_policy_host_has_none(lines: tuple[str, ...], *, want: bool) -> None:
    assert lost(*lines) is want


def test_a_lost_record_is_looked_for_where_it_is_put_by_mistake() -> None:
    names = ("example.com", "www.example.com", "_mta_sts.example.com", "mta-sts.example.com")
    asked = tuple(Question(Kind.TXT, name) for name in names)
    assert misplaced_questions("example.com") == asked
    gone = needed(collect(ZoneWorld().zone_with("_mta-sts.example.com TXT")))
    assert [one for one in gone if one in asked] == [*asked]
    assert not {*needed(collect(ZoneWorld()))} & {*asked}


REPORTS = "_smtp._tls.example.com TXT"


@pytest.mark.parametrize(
    ("lines", "domains", "hosts"),
    [
        ((f"{REPORTS} v=TLSRPTv1; rua=mailto:tls@example.net",), ("example.net",), ()),
        (
            (f"{REPORTS} v=TLSRPTv1; rua=https://reports.example.net/,mailto:tls@example.org",),
            ("example.org",),
            ("reports.example.net",),
        ),
        ((f"{REPORTS} v=TLSRPTv1; rua=mailto:a@example.net", f"{REPORTS} v=spf1 -all"), ("example.net",), ()),
        (
            (
                f"{REPORTS} v=TLSRPTv1; rua=mailto:a@example.net",
                f"{REPORTS} v=TLSRPTv1; rua=mailto:b@example.net",
            ),
            (),
            (),
        ),
        ((f"{REPORTS} v=spf1 -all",), (), ()),
        ((f"{REPORTS} !timeout",), (), ()),
        ((REPORTS,), (), ()),
    ],
)
def test_reports_go_where_the_only_record_says(
    lines: tuple[str, ...], domains: tuple[str, ...], hosts: tuple[str, ...]
) -> None:
    evidence = collect(ZoneWorld().zone_with(*lines))
    assert (report_domains(evidence), report_hosts(evidence)) == (domains, hosts)


def test_nowhere_go_reports_by_an_answer_that_failed_validation() -> None:
    evidence = collect(ZoneWorld())
    question = Question(Kind.TXT, "_smtp._tls.example.com")
    failed = msgspec.structs.replace(evidence.answer(question), outcome=Outcome.BOGUS)
    assert report_domains(evidence.with_answers([(question, failed)])) == ()


SIGNED = ZoneWorld(signed=("example.com",))
BASE = "_25._tcp.mx1.example.com TLSA"


@pytest.mark.parametrize(
    ("world", "want"),
    [
        pytest.param(SIGNED, (443, 465, 587), id="none for port 25"),
        pytest.param(SIGNED.zone_with(f"{BASE} 3 1 1 @192.0.2.1"), (), id="some for port 25"),
        pytest.param(SIGNED.zone_with(f"{BASE} !servfail"), (), id="not told"),
        pytest.param(ZoneWorld(), (), id="not signed"),
        pytest.param(SIGNED.but(validating=False), (), id="a resolver that does not validate"),
    ],
)
def test_a_host_that_could_have_tlsa_records_and_has_none_is_asked_for_those_of_other_ports(
    world: ZoneWorld, want: tuple[int, ...]
) -> None:
    asked = other_port_questions(collect(world), "mx1.example.com")
    assert asked == tuple(Question(Kind.TLSA, f"_{port}._tcp.mx1.example.com") for port in want)


def test_an_alias_is_asked_for_them_at_the_name_that_is_tried_first() -> None:
    alias = SIGNED.zone_with("mx1.example.com CNAME smol.example.com", "smol.example.com A 192.0.2.1")
    names = {one.name for one in other_port_questions(collect(alias), "mx1.example.com")}
    assert names == {f"_{port}._tcp.smol.example.com" for port in (443, 465, 587)}


def test_a_resolver_is_unheard_that_answers_nothing_of_what_is_asked_of_every_domain() -> None:
    first = wanted(Evidence("example.com"))
    silent = Evidence("example.com").with_answers(
        (one, Answer(Outcome.TIMEOUT, ZoneWorld().at)) for one in first
    )
    assert is_unheard(silent)
    assert control(silent) == Question(Kind.NS, "com")
    assert wanted(silent) == (Question(Kind.NS, "com"),)
    assert not is_unheard(silent.without(first[:1]))
    for outcome in (Outcome.EMPTY, Outcome.NXDOMAIN, Outcome.BOGUS):
        assert not is_unheard(silent.with_answers([(first[-1], Answer(outcome, ZoneWorld().at))]))


def test_the_address_of_a_reverse_name_is_asked_over_the_family_of_the_address() -> None:
    world = ZoneWorld().zone_with("192.0.2.1 PTR four.example.com", "2001:db8::1 PTR six.example.com")
    asked = needed(collect(world))
    assert [one.kind for one in asked if one.name == "four.example.com"] == [Kind.A]
    assert [one.kind for one in asked if one.name == "six.example.com"] == [Kind.AAAA]


def test_the_addresses_of_all_hosts_are_more_urgent_than_what_one_of_them_leads_to() -> None:
    whole = collect(ZoneWorld())
    seen = ("MX example.com", "A mx1.example.com", "AAAA mx1.example.com")
    known = [(one, answer) for one, answer in whole.answers.items() if str(one) in seen]
    later = wanted(Evidence("example.com").with_answers(known))[4:]
    assert [str(one) for one in later[:5]] == [
        "A mx2.example.com",
        "AAAA mx2.example.com",
        "SMTP 192.0.2.1 (mx1.example.com)",
        "SMTP 2001:db8::1 (mx1.example.com)",
        "TLSA _25._tcp.mx1.example.com",
    ]
    assert [one.kind for one in later[-2:]] == [Kind.PTR, Kind.PTR]


def test_the_hosts_that_reports_are_posted_to_are_asked_for_their_addresses_and_nothing_else() -> None:
    lines = f"{REPORTS} v=TLSRPTv1; rua=https://reports.example.net/a,mailto:tls@example.org"
    asked = [one for one in needed(collect(ZoneWorld().zone_with(lines))) if "example.com" not in one.name]
    reports = [(one.kind, one.name) for one in asked if one.name in {"reports.example.net", "example.org"}]
    assert reports == [
        (Kind.MX, "example.org"),
        (Kind.A, "reports.example.net"),
        (Kind.AAAA, "reports.example.net"),
    ]
