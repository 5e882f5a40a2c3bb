"""What is left of the mail when a host, a network or an address family fails."""

from mxproof.judge.checks import mx_set, resilience, sts_policy
from mxproof.judge.codes import Code
from support_findings import codes, found, only
from support_world import ZoneWorld
from support_worlds import GOOD, MX1, RESILIENT, WORLDS, policy

APART = RESILIENT.zone_with(
    "mx2.example.com A 198.51.100.2",
    "mx2.example.com AAAA 2001:db8:2::2",
    "mta-sts.example.com AAAA 2001:db8::80",
)
ONE_HOST = RESILIENT.zone_with("example.com MX 10 mx1.example.com").but(policy=policy(MX1))


def test_hosts_in_two_networks_with_both_families_leave_nothing_to_say() -> None:
    assert codes(APART, resilience.check) == []


def test_one_address_of_each_family_is_one_machine_and_no_network() -> None:
    finding = only(ONE_HOST, Code.MX_ONE_ADDRESS, resilience.check)
    assert finding.params["addresses"] == ("192.0.2.1", "2001:db8::1")
    assert Code.MX_ONE_NETWORK not in codes(ONE_HOST, resilience.check)


def test_two_names_of_one_address_are_one_address() -> None:
    world = RESILIENT.zone_with("mx2.example.com A 192.0.2.1")
    assert Code.MX_ONE_ADDRESS in codes(world, resilience.check)


def test_the_network_is_named_as_it_is_routed() -> None:
    finding = only(RESILIENT, Code.MX_ONE_NETWORK, resilience.check)
    assert finding.params["networks"] == ("192.0.2.0/24", "2001:db8::/48")


def test_a_network_of_its_own_in_one_family_is_enough() -> None:
    world = RESILIENT.zone_with("mx2.example.com A 192.0.2.2", "mx2.example.com AAAA 2001:db8:2::2")
    assert Code.MX_ONE_NETWORK not in codes(world, resilience.check)


def test_what_was_not_looked_up_may_be_the_second() -> None:
    for fault in ("!timeout", "!servfail"):
        world = ONE_HOST.zone_with("example.com MX 20 mx2.example.com", f"mx2.example.com A {fault}")
        assert not [one for one in codes(world, resilience.check) if one.startswith("mx-one")]


def test_a_family_that_is_not_asked_tells_nothing() -> None:
    assert codes(RESILIENT.but(families=(4,)), resilience.check) == []
    assert codes(GOOD.but(families=(6,)), mx_set.check) != [Code.MX_IPV4_MISSING]


def test_no_policy_needs_no_address() -> None:
    world = APART.zone_with("_mta-sts.example.com TXT", "mta-sts.example.com AAAA")
    assert codes(world, resilience.check) == []


def test_without_ipv4_most_senders_find_nothing() -> None:
    world = ONE_HOST.zone_with(f"{MX1} A")
    assert Code.MX_IPV4_MISSING in codes(world, mx_set.check)
    assert Code.MX_IPV4_MISSING not in codes(world.zone_with(f"{MX1} A !timeout"), mx_set.check)
    assert Code.MX_IPV4_MISSING not in codes(GOOD, mx_set.check)


def test_a_policy_host_without_ipv4_is_told_apart_from_one_without_ipv6() -> None:
    world: ZoneWorld = RESILIENT.zone_with("mta-sts.example.com A", "mta-sts.example.com AAAA 2001:db8::80")
    assert codes(world, sts_policy.check) == [Code.STS_POLICY_IPV4_MISSING, Code.STS_OK]
    assert Code.STS_POLICY_IPV6_MISSING not in [one.code for one in found(world)]


def test_nothing_is_said_of_hosts_while_some_were_not_looked_at() -> None:
    many = WORLDS[Code.MX_MANY].world
    hosts = {Code.MX_ONE_ADDRESS, Code.MX_ONE_NETWORK, Code.MX_IPV6_MISSING}
    assert hosts.isdisjoint(codes(many, resilience.check))
    few = many.zone_with("example.com MX 1 mx1.example.com", "example.com MX 2 mx2.example.com")
    assert not hosts.isdisjoint(codes(few, resilience.check))
