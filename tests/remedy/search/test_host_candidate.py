"""Measures at one MX host: its name, its addresses, its certificate, its server, its TLSA records, or its end."""

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.codes import Code
from mxproof.judge.senders import SENDERS
from mxproof.judge.vocabulary import Verdict
from mxproof.mail.change import (
    CnameValue,
    Configure,
    Ipv4Value,
    MxValue,
    PresentCertificate,
    Publish,
    Setting,
    TlsaValue,
    Withdraw,
)
from mxproof.remedy.judgement import Judge
from mxproof.remedy.measure import Measure, MeasureKind
from mxproof.remedy.search.host_candidate import host_measures
from mxproof.remedy.search.trouble import troubles
from support_certificates import Defect
from support_incident import INCIDENT
from support_world import Smtp, ZoneWorld, collect
from support_worlds import DANE, GOOD, MX1, MX2, SIGNED, WORLDS

ALIAS, TARGET = "mxi1.example.com", "smol.example.com"


def at(world: ZoneWorld, host: str, *remembered: str) -> dict[MeasureKind, list[Measure]]:
    state = Judge(collect(world), world.at, (), SENDERS).after(())
    failing = [one for one in state.deliveries if one.decides and one.outcome is not Verdict.DELIVERS]
    trouble = next(one for one in troubles(state.domain, failing) if one.host.name == host)
    found: dict[MeasureKind, list[Measure]] = {}
    for one in host_measures(state.domain, trouble, remembered):
        found.setdefault(one.kind, []).append(one)
    assert {one.about for measures in found.values() for one in measures} <= {host}
    return found


def test_an_alias_gets_all_addresses_of_its_target_or_the_mx_record_names_the_target() -> None:
    got = at(INCIDENT, ALIAS)
    (instead,) = got[MeasureKind.ADDRESSES]
    assert instead.changes[0] == Withdraw(ALIAS, CnameValue(TARGET))
    assert {one.name for one in instead.changes if isinstance(one, Publish | Withdraw)} == {ALIAS}
    assert len(instead.changes) == 3
    assert got[MeasureKind.MX_TARGET][0].changes == (
        Withdraw("example.com", MxValue(10, ALIAS)),
        Publish("example.com", MxValue(10, TARGET)),
    )


def test_a_host_that_is_no_alias_gets_neither() -> None:
    world = GOOD.but(smtp={"192.0.2.2": Smtp(("other.example.com",))})
    assert not at(world, MX2).keys() & {MeasureKind.ADDRESSES, MeasureKind.MX_TARGET}


def test_the_keys_at_the_target_of_an_alias_go_along_to_its_own_name() -> None:
    world = INCIDENT.zone_with(f"_25._tcp.{TARGET} TLSA 3 1 1 @192.0.2.1").but(signed=("example.com",))
    (instead,) = at(world, ALIAS)[MeasureKind.ADDRESSES]
    keys = [one for one in instead.changes if isinstance(one, Publish) and isinstance(one.record, TlsaValue)]
    assert [one.name for one in keys] == [f"_25._tcp.{ALIAS}"]


@pytest.mark.parametrize(
    ("server", "setting"),
    [
        (Smtp(stage=SmtpStage.EHLO), Setting.STARTTLS),
        (Smtp(version="TLSv1.1"), Setting.TLS),
        (Smtp(outcome=Outcome.REFUSED), Setting.ANSWERING),
    ],
)
def test_a_server_is_set_up_to_get_past_where_sessions_end(server: Smtp, setting: Setting) -> None:
    world = GOOD.but(smtp={"192.0.2.2": server})
    (measure,) = at(world, MX2)[MeasureKind.SERVER]
    configured = [one for one in measure.changes if isinstance(one, Configure)]
    assert [(one.addresses, one.setting) for one in configured] == [(("192.0.2.2",), setting)]
    assert any(isinstance(one, PresentCertificate) for one in measure.changes)


def test_of_a_server_that_does_not_answer_nothing_is_known_to_be_wrong() -> None:
    world = GOOD.but(
        smtp={"2001:db8::1": Smtp(outcome=Outcome.TIMEOUT), "192.0.2.1": Smtp(("a.example.com",))}
    )
    (measure,) = at(world, MX1)[MeasureKind.CERTIFICATE]
    assert MeasureKind.SERVER not in at(world, MX1)
    assert [one.addresses for one in measure.changes if isinstance(one, PresentCertificate)] == [
        ("192.0.2.1",)
    ]


def test_a_sound_certificate_keeps_its_names_and_a_faulty_one_only_gives_way() -> None:
    lacking = at(GOOD.but(smtp={"192.0.2.2": Smtp(("kept.example.com",))}), MX2)[MeasureKind.CERTIFICATE]
    expired = at(GOOD.but(smtp={"192.0.2.2": Smtp(("kept.example.com", MX2), Defect.EXPIRED)}), MX2)
    for measures, kept in ((lacking, True), (expired[MeasureKind.CERTIFICATE], False)):
        (change,) = measures[0].changes
        assert isinstance(change, PresentCertificate)
        assert MX2 in change.names
        assert ("kept.example.com" in change.names) is kept


@pytest.mark.parametrize(("world", "keeps"), [(GOOD, False), (DANE, True)])
def test_a_key_that_tlsa_records_name_is_kept(world: ZoneWorld, keeps: bool) -> None:
    expired = world.but(smtp={"192.0.2.2": Smtp((MX2,), Defect.EXPIRED)})
    (change,) = at(expired, MX2)[MeasureKind.CERTIFICATE][0].changes
    assert isinstance(change, PresentCertificate)
    assert change.keeps_key is keeps


def test_tlsa_records_name_the_keys_that_are_shown_and_those_that_match_none_go() -> None:
    world = WORLDS[Code.DANE_MISMATCH].world
    (measure,) = at(world, MX1)[MeasureKind.TLSA_RECORDS]
    assert {type(one) for one in measure.changes} == {Publish, Withdraw}
    names = {one.name for one in measure.changes if isinstance(one, Publish | Withdraw)}
    assert names == {f"_25._tcp.{MX1}"}


def test_a_record_that_one_of_two_addresses_shows_the_key_of_stays() -> None:
    two = SIGNED.zone_with(
        f"{MX1} A 192.0.2.1", f"{MX1} A 192.0.2.7", f"_25._tcp.{MX1} TLSA 3 1 1 @192.0.2.1"
    ).but(smtp={"192.0.2.7": Smtp((MX2,))})
    (measure,) = at(two, MX1)[MeasureKind.TLSA_RECORDS]
    assert [type(one) for one in measure.changes] == [Publish]


def test_name_servers_that_fail_for_tlsa_records_are_to_answer() -> None:
    world = SIGNED.zone_with(f"_25._tcp.{MX1} TLSA !servfail")
    (measure,) = at(world, MX1)[MeasureKind.NAME_SERVERS]
    (change,) = measure.changes
    assert isinstance(change, Configure)
    assert (change.host, change.setting) == (f"_25._tcp.{MX1}", Setting.ANSWERING)


def test_the_address_that_fails_goes_only_where_another_is_left() -> None:
    one_bad = at(GOOD.but(smtp={"2001:db8::1": Smtp(("other.example.com",))}), MX1)
    assert [len(one.changes) for one in one_bad[MeasureKind.DROP_ADDRESS]] == [1]
    all_bad = at(GOOD.but(smtp={"192.0.2.2": Smtp(("other.example.com",))}), MX2)
    assert MeasureKind.DROP_ADDRESS not in all_bad


def test_the_last_host_is_not_retired() -> None:
    bad = GOOD.but(smtp={"192.0.2.2": Smtp(("other.example.com",))})
    assert at(bad, MX2)[MeasureKind.RETIRE_HOST][0].changes == (Withdraw("example.com", MxValue(20, MX2)),)
    alone = bad.zone_with("example.com MX", f"example.com MX 20 {MX2}")
    assert MeasureKind.RETIRE_HOST not in at(alone, MX2)


def test_a_host_may_go_by_a_name_that_its_certificate_has_with_its_addresses() -> None:
    named = GOOD.but(smtp={"192.0.2.2": Smtp(("mail.example.com",))})
    (measure,) = at(named, MX2)[MeasureKind.MX_NAME]
    assert measure.changes == (
        Publish("mail.example.com", Ipv4Value("192.0.2.2")),
        Withdraw("example.com", MxValue(20, MX2)),
        Publish("example.com", MxValue(20, "mail.example.com")),
    )


def test_names_elsewhere_and_names_of_other_hosts_are_not_tried_and_of_many_the_first() -> None:
    many = tuple(f"n{number}.example.com" for number in range(9))
    world = GOOD.but(smtp={"192.0.2.2": Smtp((MX1, "mail.example.net", *many))})
    got = at(world, MX2)[MeasureKind.MX_NAME]
    assert len(got) == 4
    tried = {one.name for measure in got for one in measure.changes if isinstance(one, Publish)}
    assert not tried & {MX1, "mail.example.net"}


def test_a_name_that_a_held_policy_lists_is_tried_as_well() -> None:
    world = GOOD.but(smtp={"192.0.2.2": Smtp(("other.example.net",))})
    got = at(world, MX2, "held.example.com")[MeasureKind.MX_NAME]
    assert any(one.name == "held.example.com" for one in got[0].changes if isinstance(one, Publish))
