"""MX names that are aliases: what senders miss that look at one name or the other, and the ways to mend it."""

import pytest

from mxproof.evidence import Outcome, SmtpStage
from mxproof.judge.checks import mx_alias
from mxproof.judge.report import Finding
from mxproof.judge.value import AliasLacks, NameLack, Unseen
from mxproof.mail.change import (
    CnameValue,
    Ipv4Value,
    Ipv6Value,
    MxValue,
    PresentCertificate,
    Publish,
    ServePolicy,
    TlsaValue,
    Withdraw,
)
from support_certificates import Defect
from support_findings import asked, codes, found
from support_world import Smtp, ZoneWorld
from support_worlds import GOOD, INCIDENT, MX1, MX2, policy

SMOL, TOL = "smol.example.com", "tol.example.com"
HALF_FIXED = INCIDENT.but(policy=policy(MX1, MX2, "smol.example.com", "tol.example.com"))
BOTH = {
    "192.0.2.1": (MX1, "smol.example.com"),
    "2001:db8::1": (MX1, "smol.example.com"),
    "192.0.2.2": (MX2, "tol.example.com"),
}
FIXED = HALF_FIXED.but(smtp={address: Smtp(names) for address, names in BOTH.items()})


def test_all_aliases_are_one_finding() -> None:
    (finding,) = found(INCIDENT, mx_alias.check)
    assert finding.subject == "example.com"
    assert finding.params["aliases"] == ((MX1, SMOL), (MX2, TOL))
    assert finding.params["lacks"] == AliasLacks((SMOL, TOL), (NameLack(SMOL), NameLack(TOL)))


def test_the_first_fix_has_addresses_or_the_targets_and_the_second_has_both_names() -> None:
    (finding,) = found(INCIDENT, mx_alias.check)
    assert finding.params["address_records"] == (
        Publish(MX1, Ipv4Value("192.0.2.1")),
        Publish(MX1, Ipv6Value("2001:db8::1")),
        Publish(MX2, Ipv4Value("192.0.2.2")),
    )
    assert finding.params["mx_records"] == (
        Publish("example.com", MxValue(10, SMOL)),
        Publish("example.com", MxValue(20, TOL)),
    )
    assert [way.name for way in finding.others] == ["targets", "names-in-both"]


def test_what_is_mended_is_no_longer_missing() -> None:
    (half,) = found(HALF_FIXED, mx_alias.check)
    assert half.params["lacks"] == AliasLacks((), (NameLack(SMOL), NameLack(TOL)))
    (fixed,) = found(FIXED, mx_alias.check)
    assert fixed.params["lacks"] == AliasLacks((), ())


def test_a_name_missing_at_one_address_only_is_said_with_it() -> None:
    servers = {**FIXED.smtp, "2001:db8::1": Smtp((MX1,))}
    (finding,) = found(FIXED.but(smtp=servers), mx_alias.check)
    assert finding.params["certificate_lacks"] == (NameLack(SMOL, ("2001:db8::1",)),)


def test_a_certificate_that_differs_by_server_name_is_judged_for_each_name() -> None:
    by_sni = {MX1: (MX1,), "smol.example.com": ("smol.example.com",)}
    servers = {**FIXED.smtp, "192.0.2.1": Smtp((), by_sni=by_sni), "2001:db8::1": Smtp((), by_sni=by_sni)}
    (finding,) = found(FIXED.but(smtp=servers), mx_alias.check)
    assert finding.params["certificate_lacks"] == (
        NameLack(MX1, asked=SMOL),
        NameLack(SMOL, asked=MX1),
    )
    assert [way.name for way in finding.others] == ["targets", "names-in-one"]


def test_certificates_never_seen_lack_nothing_that_is_known() -> None:
    silent = Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.TIMEOUT)
    (finding,) = found(INCIDENT.but(smtp=dict.fromkeys(BOTH, silent)), mx_alias.check)
    assert finding.params["certificate_lacks"] is Unseen.CERTIFICATE


def test_an_alias_without_policy_is_still_an_alias() -> None:
    world = INCIDENT.zone_with("_mta-sts.example.com TXT", "mta-sts.example.com A")
    (finding,) = found(world, mx_alias.check)
    assert finding.params["policy_lacks"] is Unseen.POLICY


def test_a_chain_of_aliases_is_shown_whole() -> None:
    world = GOOD.zone_with(
        "mx1.example.com CNAME a.example.net",
        "a.example.net CNAME b.example.net",
        "b.example.net A 192.0.2.1",
    )
    (finding,) = found(world, mx_alias.check)
    assert finding.params["aliases"] == ((MX1, "a.example.net", "b.example.net"),)
    assert "CNAME mx1.example.com" not in asked(finding)


def test_a_defect_of_a_certificate_does_not_make_an_alias() -> None:
    assert codes(GOOD.but(smtp={"192.0.2.1": Smtp(defect=Defect.EXPIRED)}), mx_alias.check) == []


def alias(world: ZoneWorld) -> Finding:
    (finding,) = found(world, mx_alias.check)
    return finding


def ways(world: ZoneWorld) -> dict[str, tuple[object, ...]]:
    return {way.name: way.changes for way in alias(world).others}


def listed(changes: tuple[object, ...]) -> list[tuple[str, ...]]:
    return [one.policy.mx for one in changes if isinstance(one, ServePolicy)]


def shown(changes: tuple[object, ...]) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    """Return each certificate to be shown: the name asked for, the addresses, the names in it."""
    return [(one.host, one.addresses, one.names) for one in changes if isinstance(one, PresentCertificate)]


def test_without_aliases_each_host_gets_its_addresses_in_place_of_the_alias_and_no_certificate() -> None:
    assert alias(INCIDENT).changes == (
        Withdraw(MX1, CnameValue(SMOL)),
        Publish(MX1, Ipv4Value("192.0.2.1")),
        Publish(MX1, Ipv6Value("2001:db8::1")),
        Withdraw(MX2, CnameValue(TOL)),
        Publish(MX2, Ipv4Value("192.0.2.2")),
    )


def test_a_certificate_that_lacks_the_name_that_then_stands_alone_is_replaced_where_it_is_shown() -> None:
    servers = {"192.0.2.1": Smtp((SMOL,)), "2001:db8::1": Smtp((MX1,)), "192.0.2.2": Smtp((TOL,))}
    assert shown(alias(INCIDENT.but(smtp=servers)).changes) == [
        (MX1, ("192.0.2.1",), (MX1, SMOL)),
        (MX2, ("192.0.2.2",), (MX2, TOL)),
    ]


def test_the_keys_at_the_target_are_published_at_the_name_that_then_stands_alone() -> None:
    signed = INCIDENT.but(signed=("example.com",))
    keyed = signed.zone_with(f"_25._tcp.{SMOL} TLSA 3 1 1 @192.0.2.1")
    published = [one for one in alias(keyed).changes if isinstance(one, Publish)]
    keys = [one.name for one in published if isinstance(one.record, TlsaValue)]
    assert keys == [f"_25._tcp.{MX1}"]
    both = keyed.zone_with(f"_25._tcp.{MX1} TLSA 3 1 1 @192.0.2.1")
    assert not [one for one in alias(both).changes if isinstance(getattr(one, "record", None), TlsaValue)]


def test_a_policy_that_does_not_list_the_mx_names_lists_them_once_they_stand_alone() -> None:
    assert listed(alias(INCIDENT).changes) == []
    other = INCIDENT.but(policy=policy(SMOL, TOL))
    assert listed(alias(other).changes) == [(SMOL, TOL, MX1, MX2)]


def test_to_name_the_targets_in_mx_they_are_listed_and_certified_first() -> None:
    changes = ways(INCIDENT)["targets"]
    assert listed(changes) == [(MX1, MX2, SMOL, TOL)]
    assert shown(changes) == [
        (SMOL, ("192.0.2.1", "2001:db8::1"), (SMOL,)),
        (TOL, ("192.0.2.2",), (TOL,)),
    ]
    assert changes[-4:] == (
        Withdraw("example.com", MxValue(10, MX1)),
        Withdraw("example.com", MxValue(20, MX2)),
        Publish("example.com", MxValue(10, SMOL)),
        Publish("example.com", MxValue(20, TOL)),
    )


def test_a_host_that_is_no_alias_keeps_its_mx_record() -> None:
    world = INCIDENT.zone_with(f"{MX2} CNAME", f"{MX2} A 192.0.2.2")
    moved = [one for one in ways(world)["targets"] if isinstance(getattr(one, "record", None), MxValue)]
    assert moved == [Withdraw("example.com", MxValue(10, MX1)), Publish("example.com", MxValue(10, SMOL))]
    assert alias(world).params["aliases"] == ((MX1, SMOL),)


def test_an_alias_that_leads_nowhere_is_not_to_be_named_in_mx() -> None:
    lost = INCIDENT.zone_with("tol.example.com A")
    assert "targets" not in ways(lost)
    assert Withdraw(MX2, CnameValue(TOL)) not in alias(lost).changes


@pytest.mark.parametrize(
    ("world", "way", "patterns"),
    [
        (INCIDENT, "names-in-both", [(MX1, MX2, SMOL, TOL)]),
        (HALF_FIXED, "names-in-certificate", []),
        (INCIDENT.but(smtp=FIXED.smtp), "names-in-policy", [(MX1, MX2, SMOL, TOL)]),
        (FIXED, "", []),
    ],
)
def test_both_names_go_where_they_are_missing(
    world: ZoneWorld, way: str, patterns: list[tuple[str, ...]]
) -> None:
    found_ways = ways(world)
    assert [name for name in found_ways if name != "targets"] == ([way] if way else [])
    assert listed(found_ways.get(way, ())) == patterns


def test_a_certificate_with_both_names_is_for_whoever_asks_for_either() -> None:
    assert shown(ways(HALF_FIXED)["names-in-certificate"]) == [
        (MX1, ("192.0.2.1", "2001:db8::1"), (MX1, SMOL)),
        (SMOL, ("192.0.2.1", "2001:db8::1"), (MX1, SMOL)),
        (MX2, ("192.0.2.2",), (MX2, TOL)),
        (TOL, ("192.0.2.2",), (MX2, TOL)),
    ]


def test_a_name_shown_to_some_at_one_address_of_several_is_said_with_that_address() -> None:
    by_sni = {MX1: (MX1,), SMOL: (SMOL,)}
    servers = {**FIXED.smtp, "192.0.2.1": Smtp((), by_sni=by_sni)}
    assert alias(FIXED.but(smtp=servers)).params["certificate_lacks"] == (
        NameLack(MX1, ("192.0.2.1",), asked=SMOL),
        NameLack(SMOL, ("192.0.2.1",), asked=MX1),
    )


def test_what_an_address_that_does_not_answer_lacks_is_not_known() -> None:
    servers = {**INCIDENT.smtp, "2001:db8::1": Smtp(stage=SmtpStage.CONNECT, outcome=Outcome.TIMEOUT)}
    assert alias(INCIDENT.but(smtp=servers)).params["certificate_lacks"] == (NameLack(SMOL), NameLack(TOL))


def test_without_a_policy_none_is_served_for_the_names() -> None:
    none = INCIDENT.zone_with("_mta-sts.example.com TXT", "mta-sts.example.com A")
    assert alias(none).params["policy"] is None
    assert listed(alias(none).changes) == []
    assert all(not listed(changes) for changes in ways(none).values())
    assert list(ways(none)) == ["targets", "names-in-certificate"]


def test_the_finding_rests_on_the_mx_records_each_alias_its_sessions_and_the_policy() -> None:
    questions = list(asked(alias(INCIDENT)))
    for part in ("MX example.com", f"A {MX1}", f"AAAA {MX2}", "SMTP 192.0.2.2", "mta-sts.example.com"):
        assert any(part in one for one in questions), (part, questions)


def test_a_certificate_that_is_only_shown_to_the_other_name_needs_no_new_one_once_the_name_stands_alone() -> (
    None
):
    by_sni = {MX1: (MX1,), SMOL: (SMOL,)}
    split = Smtp((), by_sni=by_sni)
    world = FIXED.but(smtp={**FIXED.smtp, "192.0.2.1": split, "2001:db8::1": split})
    assert alias(world).params["certificate_lacks"] == (NameLack(MX1, asked=SMOL), NameLack(SMOL, asked=MX1))
    assert shown(alias(world).changes) == []


def test_one_name_that_no_certificate_has_is_told_beside_one_that_others_are_not_shown() -> None:
    split = Smtp((), by_sni={MX1: (MX1,), SMOL: (SMOL,)})
    servers = {"192.0.2.1": split, "2001:db8::1": split, "192.0.2.2": Smtp((MX2,))}
    world = FIXED.but(smtp=servers)
    assert alias(world).params["certificate_lacks"] == (
        NameLack(MX1, asked=SMOL),
        NameLack(SMOL, asked=MX1),
        NameLack(TOL),
    )
    found_ways = ways(world)
    assert list(found_ways) == ["targets", "names-in-certificate"]
    assert shown(found_ways["names-in-certificate"]) == [
        (MX1, ("192.0.2.1", "2001:db8::1"), (MX1, SMOL)),
        (SMOL, ("192.0.2.1", "2001:db8::1"), (MX1, SMOL)),
        (MX2, ("192.0.2.2",), (MX2, TOL)),
        (TOL, ("192.0.2.2",), (MX2, TOL)),
    ]
