"""Reverse names: there, true, and known to the policy and the certificate where they are others than the host's."""

from mxproof.evidence import Kind, SmtpStage
from mxproof.judge.checks import ptr
from mxproof.judge.codes import Code
from mxproof.mail.change import PtrValue, Publish, Withdraw
from support_certificates import Defect
from support_findings import codes, only, places
from support_world import Https, Smtp, ZoneWorld
from support_worlds import GOOD, INCIDENT, MX1, MX2, policy


def test_reverse_names_that_agree_are_no_finding() -> None:
    assert codes(GOOD, ptr.check) == []


def test_a_reverse_name_that_is_unknown_is_not_called_missing() -> None:
    assert codes(GOOD.zone_with("192.0.2.2 PTR !timeout"), ptr.check) == []
    assert codes(GOOD.zone_with("192.0.2.2 PTR"), ptr.check) == [Code.PTR_MISSING]


def test_another_reverse_name_matters_only_where_a_policy_is_in_force() -> None:
    lines = ("192.0.2.2 PTR host.example.net", "host.example.net A 192.0.2.2")
    world = GOOD.zone_with(*lines)
    assert places(world, ptr.check) == [(Code.PTR_OTHER_NAME, MX2)]
    assert codes(world.zone_with("mta-sts.example.com A"), ptr.check) == []


def test_a_reverse_name_that_one_of_two_policies_lists_is_missing_in_the_other() -> None:
    """A sender may hold either."""
    name = "host.example.net"
    both, one = policy(MX1, MX2, name), policy(MX1, MX2)
    world = GOOD.zone_with(
        f"192.0.2.2 PTR {name}",
        f"{name} A 192.0.2.2",
        "mta-sts.example.com A 192.0.2.80",
        "mta-sts.example.com A 192.0.2.81",
    ).but(smtp={"192.0.2.2": Smtp((MX2, name))})
    for second, told in ((both, []), (one, [(Code.PTR_OTHER_NAME, MX2)])):
        served = {"192.0.2.80": Https(body=both), "192.0.2.81": Https(body=second)}
        assert places(world.but(https=served), ptr.check) == told


def named(*names: str) -> ZoneWorld:
    """Return a world in which the address of the second host has these reverse names, each of which leads back to it."""
    lines = (line for name in names for line in (f"192.0.2.2 PTR {name}", f"{name} A 192.0.2.2"))
    return GOOD.zone_with(*lines)


def test_a_policy_of_mode_none_asks_for_no_reverse_name() -> None:
    assert codes(named("host.example.net").but(policy=policy(MX1, mode="none")), ptr.check) == []


def test_a_reverse_name_has_to_be_in_the_policy_and_in_the_certificate() -> None:
    world = named("host.example.net")
    in_certificate = {"192.0.2.2": Smtp((MX2, "host.example.net"))}
    listed = policy(MX1, MX2, "host.example.net")
    lacking = {"192.0.2.2": Smtp((MX2,))}
    assert codes(world.but(smtp=in_certificate, policy=listed), ptr.check) == []
    assert codes(world.but(smtp=in_certificate), ptr.check) == [Code.PTR_OTHER_NAME]
    assert codes(world.but(smtp=lacking, policy=listed), ptr.check) == [Code.PTR_OTHER_NAME]


def test_one_of_several_reverse_names_is_enough() -> None:
    """A sender that goes by them takes any that fits."""
    world = named("a.example.net", "b.example.net").but(policy=policy(MX1, MX2, "b.example.net"))
    assert codes(world.but(smtp={"192.0.2.2": Smtp((MX2, "a.example.net"))}), ptr.check) == []


def test_a_certificate_that_was_not_seen_or_not_read_lacks_no_name() -> None:
    world = named("host.example.net").but(policy=policy(MX1, MX2, "host.example.net"))
    for server in (Smtp(stage=SmtpStage.EHLO), Smtp((MX2,), Defect.UNREADABLE)):
        assert codes(world.but(smtp={"192.0.2.2": server}), ptr.check) == []


def test_every_certificate_that_the_address_shows_has_to_have_the_reverse_name() -> None:
    """An alias is asked by both of its names, and may show another certificate for each."""
    world = INCIDENT.zone_with("192.0.2.2 PTR host.example.net", "host.example.net A 192.0.2.2").but(
        policy=policy(MX1, MX2, "host.example.net")
    )
    whole = (MX2, "host.example.net")
    for other, told in ((whole, []), ((MX2,), [(Code.PTR_OTHER_NAME, MX2)])):
        server = Smtp(whole, by_sni={"tol.example.com": other})
        assert places(world.but(smtp={**INCIDENT.smtp, "192.0.2.2": server}), ptr.check) == told


def test_another_reverse_name_is_told_with_the_policy_and_the_sessions_that_lack_it() -> None:
    finding = only(named("host.example.net"), Code.PTR_OTHER_NAME, ptr.check)
    assert finding.params["names"] == ("host.example.net",)
    assert {one.kind for one in finding.evidence} >= {Kind.PTR, Kind.POLICY, Kind.SMTP}
    assert finding.changes == (
        Withdraw("2.2.0.192.in-addr.arpa", PtrValue("host.example.net")),
        Publish("2.2.0.192.in-addr.arpa", PtrValue(MX2)),
    )


def test_the_name_of_the_host_among_the_reverse_names_leaves_what_is_missing_to_the_host() -> None:
    world = named(MX2, "host.example.net").but(policy=policy(MX1))
    assert Code.PTR_OTHER_NAME not in codes(world, ptr.check)
    assert Code.PTR_OTHER_NAME in codes(named("host.example.net").but(policy=policy(MX1)), ptr.check)
