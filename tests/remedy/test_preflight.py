"""A planned state before it exists: what changes, who fares worse and until when, and in which order nobody does."""

import msgspec
import pytest

from mxproof.evidence import Answer, Der, DnsData, Kind, Outcome
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.report import Bounce, Delivery
from mxproof.judge.vocabulary import Confidence, Security, Verdict
from mxproof.mail.change import CnameValue, Ipv4Value, PresentCertificate, Publish, ServePolicy, Withdraw
from mxproof.net.dns.zone_file import read_lines
from mxproof.remedy.apply import Applied, Supposition, apply
from mxproof.remedy.plan import Pause, Suffering
from mxproof.remedy.planned import PlannedCertificate, PlannedState, planned, wanted_for
from mxproof.remedy.planned_zone import PlannedZone
from mxproof.remedy.preflight import (
    Weakening,
    Worsening,
    _bounce,
    _end,
    _unseen,
    _weaker,
    _worsening,
    preflight,
    what_if,
    worst_after,
)
from mxproof.survey import inbound
from support_certificates import ROOT, Defect, chain
from support_moments import deliveries, does, moment
from support_scenarios import AT, seen

INCIDENT = seen("incident").evidence
DIRECT = seen("direct").evidence


def part(*lines: str) -> PlannedZone:
    return PlannedZone(read_lines(lines, "example.com"), None)


def whole(*lines: str) -> PlannedZone:
    return PlannedZone(read_lines(("@ SOA ns h 1 1 1 1 300", *lines), "example.com"), "example.com")


AS_IT_IS = (
    "@ MX 10 mxi1",
    "@ MX 20 mxi2",
    "mxi1 CNAME smol",
    "mxi2 CNAME tol",
    "smol A 192.0.2.25",
    "smol AAAA 2001:db8:1::25",
    "tol A 198.51.100.25",
    "tol AAAA 2001:db8:2::25",
    "mta-sts A 203.0.113.80",
    "mta-sts AAAA 2001:db8:3::80",
    '_mta-sts TXT "v=STSv1; id=20260301T090000;"',
    '_smtp._tls TXT "v=TLSRPTv1; rua=mailto:tlsrpt@example.com"',
)


def test_a_zone_as_it_is_changes_nothing() -> None:
    assert planned(PlannedState((whole(*AS_IT_IS),)), INCIDENT).changes == ()
    made = preflight(PlannedState((whole(*AS_IT_IS),)), INCIDENT, now=AT)
    assert (made.worse, made.weaker, made.order, made.unseen) == ((), (), (), ())


def test_addresses_take_the_place_of_an_alias() -> None:
    got = planned(PlannedState((part("mxi1 A 192.0.2.25"),)), INCIDENT).changes
    assert got == (
        Withdraw("mxi1.example.com", CnameValue("smol.example.com")),
        Publish("mxi1.example.com", Ipv4Value("192.0.2.25")),
    )


def test_what_mends_the_incident_has_all_deliver() -> None:
    state = PlannedState((part("mxi1 A 192.0.2.25", "mxi2 A 198.51.100.25"),))
    made = what_if(state, INCIDENT, now=AT)
    assert {one.outcome for one in made.after if one.decides} == {Verdict.DELIVERS}
    rehearsed = preflight(state, INCIDENT, now=AT)
    assert (rehearsed.worse, rehearsed.order) == ((), ())


def test_an_old_policy_that_is_held_is_told_with_its_end_and_an_order_without_it() -> None:
    policy = Policy(Mode.ENFORCE, 604_800, ("mxa.example.com",))
    zone = part("@ MX 10 mxa", "mxa A 192.0.2.25", '_mta-sts TXT "v=STSv1; id=2;"')
    shown = PlannedCertificate(
        "mxa.example.com", tuple(map(Der, chain(("mxa.example.com",), Defect.ENDLESS)))
    )
    made = preflight(
        PlannedState((zone,), policy, certificates=(shown,), anchors=(Der(ROOT.der),), supposes=True),
        DIRECT,
        now=AT,
    )
    ends = {one.until: one.until_s or 0 for one in made.worse if one.sender == "microsoft"}
    assert ends[Pause.MAX_AGE] >= 604_800
    assert len(made.order) > 3
    assert {one.outcome for one in made.after if one.decides} == {Verdict.DELIVERS}


def test_a_policy_that_lists_nobody_makes_everybody_that_reads_it_refuse_for_good() -> None:
    zone = part('_mta-sts TXT "v=STSv1; id=2;"')
    policy = Policy(Mode.ENFORCE, 86_400, ("nowhere.example.com",))
    made = preflight(PlannedState((zone,), policy), DIRECT, now=AT)
    lasting = {one.sender for one in made.worse if one.until_s is None and one.outcome is Verdict.REFUSED}
    assert {"rfc8461", "google", "microsoft"} <= lasting
    assert made.order == ()


def test_less_protection_is_no_worse_and_told() -> None:
    policy = Policy(Mode.NONE, 86_400)
    made = what_if(PlannedState(mode=Mode.NONE, announces=True), DIRECT, now=AT)
    assert any(isinstance(one, ServePolicy) and one.policy.mode is Mode.NONE for one in made.changes)
    told = preflight(PlannedState(policy=policy), DIRECT, now=AT)
    assert "rfc8461" in {one.sender for one in told.weaker}


def test_a_name_that_nobody_knows_is_left_to_be_asked_or_supposed() -> None:
    zone = part("@ MX 10 new", "new A 192.0.2.99")
    asking = wanted_for(PlannedState((zone,)), inbound.wanted)
    first = asking(INCIDENT)
    assert {one.name for one in first} == {"new.example.com"}
    absent = Answer(Outcome.NXDOMAIN, AT, DnsData("NXDOMAIN", secure=False))
    second = INCIDENT.with_answers((one, absent) for one in first)
    third = second.with_answers((one, absent) for one in asking(second))
    asked = {(one.kind, one.name) for one in (*asking(second), *asking(third))}
    assert (Kind.SMTP, "new.example.com") in asked
    made = what_if(PlannedState((zone,), supposes=True), INCIDENT, now=AT)
    assert {one.what for one in made.assumed} == {Supposition.NO_OTHER_RECORDS}
    assert "SMTP 192.0.2.99 (new.example.com)" in made.unseen
    assert Publish("new.example.com", Ipv4Value("192.0.2.99")) in made.changes


def test_a_whole_zone_leaves_no_name_of_its_own_to_be_asked() -> None:
    zone = whole(*AS_IT_IS[2:], "@ MX 10 new", "new CNAME other", "other A 192.0.2.25")
    made = planned(PlannedState((zone,)), INCIDENT)
    left = apply(made.changes, made.evidence).unseen
    assert {one.kind for one in left} <= {Kind.SMTP, Kind.PTR}


@pytest.mark.parametrize("keeps", [True, False])
def test_a_certificate_is_a_change_where_another_one_is_seen(keeps: bool) -> None:
    shown = next(
        answer.data.tls.chain  # type: ignore[union-attr]  # an SMTP answer of a sound world
        for one, answer in DIRECT.answers.items()
        if one.kind is Kind.SMTP and (one.name == "smol.example.com") is keeps
    )
    got = planned(PlannedState(certificates=(PlannedCertificate("smol.example.com", shown),)), DIRECT).changes
    assert [type(one) for one in got] == ([] if keeps else [PresentCertificate])


def test_the_survey_goes_on_only_when_nothing_else_is_wanted() -> None:
    start = INCIDENT.without(one for one in INCIDENT.answers if one.kind is Kind.MX)
    wanted = wanted_for(PlannedState((part("@ MX 10 new"),)), inbound.wanted)
    assert wanted(start) == inbound.wanted(start)


def refuses(sender: str, code: str, bounce: Bounce | None = None) -> Delivery:
    return does(sender, Verdict.REFUSED, because=(code,), bounce=bounce)


def test_a_time_of_suffering_is_told_by_what_the_sender_says_in_it_and_at_no_other_moment() -> None:
    at_once = (
        moment(-1, (refuses("google", "before"),)),
        moment(0, (refuses("google", "too-soon"), refuses("rfc8461", "another"))),
        moment(
            300,
            (refuses("google", "first"), refuses("rfc8461", "another")),
            (refuses("google", "second", Bounce("451 later", "550 gone", 5)), does("rfc8461")),
            (does("google", Verdict.AT_RISK, because=("doubt",)),),
        ),
        moment(600, (refuses("google", "first", Bounce("450 once more", "551 gone", 5)),)),
        moment(900, (refuses("google", "too-late"),)),
    )
    told = _worsening(Suffering("google", Verdict.REFUSED, 300, 900), at_once)
    name = deliveries()["google"].name
    assert told == Worsening(
        "google", name, Verdict.REFUSED, 300, 900, Pause.MAX_AGE, ("first", "second"), "550 gone"
    )
    lasting = _worsening(Suffering("google", Verdict.REFUSED, 600, None), at_once)
    assert (lasting.because, lasting.bounce, lasting.until) == (
        ("first", "too-late"),
        "551 gone",
        Pause.NONE,
    )


def test_where_no_state_has_a_bounce_none_is_told() -> None:
    at_once = (moment(-1, (does("google"),)), moment(0, (refuses("google", "first"),)))
    assert _worsening(Suffering("google", Verdict.REFUSED, 0, None), at_once).bounce is None


@pytest.mark.parametrize(
    ("bounce", "told"),
    [
        (None, None),
        (Bounce("451 later", "550 gone", 5), "550 gone"),
        (Bounce("451 later", None, None), "451 later"),
        (Bounce(None, None, None), None),
    ],
)
def test_the_bounce_that_is_told_is_the_last_one_that_is_known(
    bounce: Bounce | None, told: str | None
) -> None:
    assert _bounce(refuses("google", "first", bounce)) == told


@pytest.mark.parametrize(
    ("counts", "until"),
    [((1, 3, 2, 1), Pause.TTL), ((1, 3, 3, 1), Pause.MAX_AGE), ((1, 3, 4, 1), Pause.MAX_AGE)],
)
def test_caches_end_it_where_fewer_combinations_are_held_from_then_on_and_else_a_policy(
    counts: tuple[int, ...], until: Pause
) -> None:
    at_once = tuple(
        moment(from_s, *(((does("google"),),) * count))
        for from_s, count in zip((-1, 0, 300, 600), counts, strict=True)
    )
    assert _end(Suffering("google", Verdict.REFUSED, 0, 300), at_once) is until
    assert _end(Suffering("google", Verdict.REFUSED, 0, None), at_once) is Pause.NONE


def test_weaker_is_who_decides_and_delivers_before_and_after_less_protected() -> None:
    secure, plain = Security.MTA_STS, Security.OPPORTUNISTIC
    before = (
        does("rfc8461", security=secure),
        does("google", security=secure),
        does("mox", security=plain),
        does("courier", security=secure, confidence=Confidence.GUESS),
        does("chasquid", Verdict.REFUSED, security=None),
        does("kumomta", security=secure),
    )
    after = (
        does("rfc8461", security=plain),
        does("google", security=secure),
        does("mox", security=secure),
        does("courier", security=plain, confidence=Confidence.GUESS),
        does("chasquid", security=plain),
        does("kumomta", Verdict.REFUSED, security=None),
    )
    assert list(_weaker(before, after)) == [Weakening("rfc8461", secure, plain)]


def test_the_worst_is_that_of_senders_that_decide() -> None:
    made = what_if(PlannedState(), DIRECT, now=AT)
    assert worst_after(made) is Verdict.DELIVERS
    first, second, *others = made.after

    def worst(one: Verdict, other: Verdict, *, decides: bool = True) -> Verdict:
        changed = (
            msgspec.structs.replace(first, outcome=one, decides=decides),
            msgspec.structs.replace(second, outcome=other),
        )
        return worst_after(msgspec.structs.replace(made, after=(*changed, *others)))

    assert worst(Verdict.AT_RISK, Verdict.REFUSED) is Verdict.REFUSED
    assert worst(Verdict.AT_RISK, Verdict.UNKNOWN) is Verdict.AT_RISK
    assert worst(Verdict.DELIVERS, Verdict.UNKNOWN) is Verdict.UNKNOWN
    assert worst(Verdict.REFUSED, Verdict.DELIVERS, decides=False) is Verdict.DELIVERS


def test_what_got_no_answer_is_unseen_too_and_told_once() -> None:
    question = next(one for one in DIRECT.answers if one.kind is Kind.SMTP)
    silent = DIRECT.with_answers([(question, Answer(Outcome.TIMEOUT, AT))])
    assert _unseen(Applied(DIRECT)) == ()
    assert _unseen(Applied(silent)) == (str(question),)
    assert _unseen(Applied(silent, (question,))) == (str(question),)
