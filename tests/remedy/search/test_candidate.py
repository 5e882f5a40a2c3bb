"""Measures that may help, made from what senders refuse for: about the policy, its host, the MX set and the name servers."""

from datetime import timedelta

import pytest

from mxproof.evidence import Outcome
from mxproof.formats.mtasts import Mode, Policy
from mxproof.judge.codes import Code
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import (
    Configure,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    Service,
    Setting,
    Wait,
    Withdraw,
)
from mxproof.mail.memory import LevelMemory, Memory, SenderMemory, SessionLevel
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import Measure, MeasureKind
from mxproof.remedy.search.candidate import _listing, _remembered_names, candidates
from mxproof.remedy.search.trouble import HostTrouble, troubles
from support_certificates import Defect
from support_name_servers import At
from support_world import Https, ZoneWorld, collect
from support_worlds import COMPARED, GOOD, MX1, MX2, NS1, NS2, WORLDS, policy


def of(world: ZoneWorld, *memories: SenderMemory, secure: bool = False) -> dict[MeasureKind, list[Measure]]:
    state = Judge(collect(world), world.at, memories, SENDERS).after(())
    failing = [one for one in state.deliveries if one.decides and one.outcome is not Verdict.DELIVERS]
    found: dict[MeasureKind, list[Measure]] = {}
    for one in candidates(state.domain, failing, memories, secure=secure):
        found.setdefault(one.kind, []).append(one)
    return found


def policy_of(measure: Measure) -> ServePolicy:
    return next(one for one in measure.changes if isinstance(one, ServePolicy))


def test_a_sound_domain_has_none() -> None:
    assert of(GOOD) == {}


def test_where_port_25_is_blocked_here_nothing_is_proposed() -> None:
    assert of(WORLDS[Code.PORT_25_BLOCKED].world) == {}


def test_the_policy_gets_the_names_that_were_compared_and_keeps_what_it_has() -> None:
    world = GOOD.but(policy=policy("other.example.com", MX1))
    (measure,) = of(world)[MeasureKind.SERVE_POLICY]
    assert policy_of(measure).policy.mx == ("other.example.com", MX1, MX2)


@pytest.mark.parametrize("gone", ["gone.example.com", "localhost", "192.0.2.9", "mx_1.example.com"])
def test_the_policy_gets_no_name_of_a_host_that_is_none(gone: str) -> None:
    records = (f"5 {gone}", f"10 {MX1}", f"20 {MX2}")
    world = GOOD.zone_with(*(f"example.com MX {one}" for one in records)).but(policy=policy(MX1))
    (measure,) = of(world)[MeasureKind.SERVE_POLICY]
    assert policy_of(measure).policy.mx == (MX1, MX2)


def test_another_policy_comes_with_a_new_id() -> None:
    (measure,) = of(GOOD.but(policy=policy(MX1)))[MeasureKind.SERVE_POLICY]
    assert [type(one).__name__ for one in measure.changes] == ["ServePolicy", "Withdraw", "Publish"]


def test_without_a_policy_one_is_proposed_only_for_a_verified_session() -> None:
    none = GOOD.zone_with("_mta-sts.example.com TXT").but(https={"192.0.2.80": Https(status=404)})
    assert MeasureKind.SERVE_POLICY not in of(none)
    (measure,) = of(none, secure=True)[MeasureKind.SERVE_POLICY]
    assert (policy_of(measure).policy.mode, policy_of(measure).policy.max_age_s) == (
        Mode.ENFORCE,
        604_800,
    )


def test_a_policy_in_testing_is_enforced_for_a_verified_session() -> None:
    testing = GOOD.but(policy=policy(MX1, MX2, mode="testing"))
    assert MeasureKind.SERVE_POLICY not in of(testing)
    (measure,) = of(testing, secure=True)[MeasureKind.SERVE_POLICY]
    assert policy_of(measure).policy.mode is Mode.ENFORCE


def test_a_faulty_record_gets_one_in_its_place() -> None:
    world = WORLDS[Code.STS_RECORD_INVALID].world
    (measure,) = of(world, secure=True)[MeasureKind.ANNOUNCE]
    assert [type(one).__name__ for one in measure.changes] == ["Withdraw", "Publish"]


@pytest.mark.parametrize(
    ("server", "setting"),
    [(Https(outcome=Outcome.REFUSED), Setting.ANSWERING), (Https(version="TLSv1.1"), Setting.TLS)],
)
def test_a_policy_host_that_cannot_be_fetched_from_is_set_up(server: Https, setting: Setting) -> None:
    got = of(GOOD.but(https={"192.0.2.80": server}), secure=True)[MeasureKind.POLICY_HOST]
    made = [one for measure in got for one in measure.changes if isinstance(one, Configure)]
    assert made == [Configure(Service.HTTPS, "mta-sts.example.com", ("192.0.2.80",), setting)]


def test_a_policy_host_with_a_faulty_certificate_gets_another() -> None:
    got = of(GOOD.but(https={"192.0.2.80": Https(defect=Defect.EXPIRED)}), secure=True)
    (shown,) = got[MeasureKind.POLICY_HOST][0].changes
    assert isinstance(shown, PresentCertificate)
    assert (shown.service, shown.addresses) == (Service.HTTPS, ("192.0.2.80",))


def test_a_null_mx_beside_others_goes() -> None:
    (measure,) = of(WORLDS[Code.MX_NULL_MIXED].world)[MeasureKind.NULL_MX]
    assert measure.changes == (Withdraw("example.com", MxValue(0, ".")),)


def test_a_server_of_the_zone_that_is_behind_is_brought_up_and_no_other() -> None:
    (measure,) = of(WORLDS[Code.NS_MAIL_DIFFERS].world)[MeasureKind.NAME_SERVERS]
    (change,) = measure.changes
    assert isinstance(change, Configure)
    assert change.setting is Setting.CURRENT
    assert set(change.addresses) <= set(NS2)


def test_a_policy_that_is_held_is_waited_for_until_it_ends_and_one_that_is_over_is_not() -> None:
    held = Memory(policy("old.example.com", max_age=86_400), GOOD.at - timedelta(hours=1), "1")
    over = Memory(policy("old.example.com", max_age=86_400), GOOD.at - timedelta(days=2), "1")
    (measure,) = of(GOOD, held)[MeasureKind.WAIT]
    (wait,) = measure.changes
    assert isinstance(wait, Wait)
    assert wait.seconds == 86_400 - 3600
    assert MeasureKind.WAIT not in of(GOOD, over)


def test_no_measure_is_proposed_twice() -> None:
    state = Judge(collect(GOOD.but(policy=policy(MX1))), GOOD.at, (), SENDERS).after(())
    failing = [one for one in state.deliveries if one.outcome is not Verdict.DELIVERS]
    found = candidates(state.domain, failing, (), secure=False)
    assert len(found) == len(set(found))


FIRST, SECOND = "192.0.2.80", "192.0.2.81"
TWO = GOOD.zone_with(f"mta-sts.example.com A {FIRST}", f"mta-sts.example.com A {SECOND}")
MUTE = Https(outcome=Outcome.REFUSED)


def set_up(world: ZoneWorld, *, secure: bool = False) -> list[tuple[str, ...]]:
    """Return the addresses of the policy host that are to be set up."""
    found = of(world, secure=secure).get(MeasureKind.POLICY_HOST, [])
    return [one.addresses for each in found for one in each.changes if isinstance(one, Configure)]


def test_an_address_that_serves_nothing_beside_one_that_does_is_set_up_for_the_same_policy() -> None:
    one_mute = TWO.but(https={SECOND: MUTE})
    assert set_up(one_mute) == [(SECOND,)]
    (measure,) = of(one_mute)[MeasureKind.POLICY_HOST]
    assert policy_of(measure).policy.mx == (MX1, MX2)
    assert set_up(TWO) == []


def test_where_no_policy_is_known_a_mute_host_is_set_up_only_for_a_verified_session() -> None:
    all_mute = TWO.but(https=dict.fromkeys((FIRST, SECOND), MUTE))
    assert set_up(all_mute) == []
    assert set_up(all_mute, secure=True) == [(FIRST, SECOND)]
    assert MeasureKind.SERVE_POLICY not in of(all_mute, secure=True)


@pytest.mark.parametrize(
    ("world", "is_served_anew"),
    [
        (GOOD, False),
        (TWO.but(https={SECOND: Https(body=policy(MX1, MX2, max_age=86_400))}), True),
        (GOOD.but(https={FIRST: Https(media_type="text/html")}), True),
        (TWO.but(https={SECOND: Https(media_type="text/html")}), True),
        (TWO.but(https={SECOND: Https(status=404)}), True),
        (TWO.but(https={SECOND: Https(body=b"It works!")}), True),
        (GOOD.but(policy=policy(MX1, MX2) + b"mode: testing\n"), True),
        (GOOD.zone_with("_mta-sts.example.com TXT v=STSv1 ; id=1;"), True),
        (
            GOOD.zone_with(
                "_mta-sts.example.com TXT v=STSv1; id=1;", "_mta-sts.example.com TXT v=STSv1; id=2;"
            ),
            True,
        ),
    ],
)
def test_a_policy_is_served_anew_where_one_sender_reads_another_than_the_next(
    world: ZoneWorld, *, is_served_anew: bool
) -> None:
    assert (MeasureKind.SERVE_POLICY in of(world, secure=True)) is is_served_anew


def test_names_that_a_policy_still_held_lists_may_be_taken_for_a_host() -> None:
    held = Memory(
        policy("old.example.com", "*.example.net", max_age=604_800), GOOD.at - timedelta(hours=1), "1"
    )
    names = {
        one.record.exchange
        for measure in of(GOOD, held).get(MeasureKind.MX_NAME, [])
        for one in measure.changes
        if isinstance(one, Publish) and isinstance(one.record, MxValue)
    }
    assert names == {"old.example.com"}


LEVEL = LevelMemory(SessionLevel.VERIFIED)


def held(*mx: str, days: int = 7) -> Memory:
    return Memory(policy(*mx, max_age=days * 86_400), GOOD.at - timedelta(hours=1), "1")


def test_names_of_hosts_are_remembered_from_policies_that_can_be_read() -> None:
    broken = Memory(b"It works!", GOOD.at, "1")
    memories = (LEVEL, broken, held("old.example.com", "*.example.net"), held("old.example.com", MX1))
    assert _remembered_names(memories) == ("old.example.com", MX1)


def test_of_policies_that_are_held_the_last_to_end_is_waited_for() -> None:
    (measure,) = of(GOOD, held(MX1, days=2), LEVEL, held(MX1, days=9), held(MX1, days=3))[MeasureKind.WAIT]
    (wait,) = measure.changes
    assert isinstance(wait, Wait)
    assert wait.seconds == 9 * 86_400 - 3600
    assert MeasureKind.WAIT not in of(GOOD, LEVEL)


def hosts_in_trouble(world: ZoneWorld) -> tuple[HostTrouble, ...]:
    state = Judge(collect(world), world.at, (), SENDERS).after(())
    return troubles(state.domain, [one for one in state.deliveries if one.outcome is not Verdict.DELIVERS])


def test_a_policy_gets_a_pattern_for_each_name_that_it_does_not_match_yet() -> None:
    found = hosts_in_trouble(GOOD.but(policy=policy("other.example.com")))
    assert {name for one in found for name in one.compared} >= {MX1, MX2}

    def listed(mode: Mode, *mx: str) -> tuple[str, ...]:
        return _listing(Policy(mode, 86_400, mx), found).mx

    assert listed(Mode.ENFORCE, MX2) == (MX2, MX1)
    assert listed(Mode.TESTING, "*.example.com") == ("*.example.com",)
    assert listed(Mode.NONE) == ()


def test_where_one_address_serves_what_some_read_and_the_other_nothing_a_policy_is_served() -> None:
    junk = TWO.but(https={FIRST: Https(body=b"It works!"), SECOND: Https(status=404)})
    (measure,) = of(junk)[MeasureKind.SERVE_POLICY]
    assert policy_of(measure).policy.mx == (MX1, MX2)
    beside_mute = TWO.but(policy=policy(MX1), https={SECOND: MUTE})
    (measure,) = of(beside_mute)[MeasureKind.SERVE_POLICY]
    assert policy_of(measure).policy.mx == (MX1, MX2)


def test_of_versions_of_a_zone_none_of_which_is_newer_each_may_be_the_one_to_keep() -> None:
    other = COMPARED.zone_with("example.com MX 10 mx2.example.com").zone
    made = [
        measure.changes for measure in of(COMPARED.at_servers(NS2, At(zone=other)))[MeasureKind.NAME_SERVERS]
    ]
    assert made == [
        (Configure(Service.DNS, "example.com", at, Setting.CURRENT),) for at in (NS2[:1], NS1[:1])
    ]


def test_servers_that_lead_to_different_addresses_by_design_are_let_be() -> None:
    assert MeasureKind.NAME_SERVERS not in of(WORLDS[Code.NS_ADDRESSES_DIFFER].world)
