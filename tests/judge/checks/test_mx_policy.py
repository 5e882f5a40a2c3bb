"""The MX hosts against the policy: which host is missing, in which of several policies, and which way out is the best."""

import pytest

from mxproof.judge.checks import mx_policy
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.mail.change import CnameValue, MxValue, Publish, ServePolicy, TxtValue, Wait, Withdraw
from support_findings import codes, found, only, places
from support_world import Https, ZoneWorld
from support_worlds import GOOD, INCIDENT, MX1, MX2, WORLDS, policy

OLD = policy("old.example.net")
ANNOUNCED = Publish("_mta-sts.example.com", TxtValue.of(b"v=STSv1; id=20260601;"))
PROVIDER = "mta-sts.provider.example"


def test_every_host_in_the_policy_is_no_finding() -> None:
    assert codes(GOOD, mx_policy.check) == []
    assert codes(GOOD.but(policy=policy("*.example.com")), mx_policy.check) == []


def test_each_host_outside_the_policy_is_a_finding() -> None:
    world = GOOD.but(policy=policy(MX1))
    assert places(world, mx_policy.check) == [(Code.STS_MX_UNLISTED, MX2)]


def test_a_wildcard_at_the_wrong_depth_is_explained() -> None:
    world = GOOD.but(policy=policy("*.com", "*.mx1.example.com"))
    unlisted = [finding for finding in found(world, mx_policy.check) if finding.code == Code.STS_MX_UNLISTED]
    near = {finding.subject: finding.params["near"] for finding in unlisted}
    assert near == {MX1: "*.com", MX2: "*.com"}


def test_hosts_are_compared_in_mode_testing_too_and_not_in_mode_none() -> None:
    testing, none = policy(MX1, mode="testing"), policy(MX1, mode="none")
    assert codes(GOOD.but(policy=testing), mx_policy.check) == [Code.STS_MX_UNLISTED]
    assert codes(GOOD.but(policy=none), mx_policy.check) == []


def test_a_host_that_does_not_exist_is_not_compared_with_the_policy() -> None:
    world = GOOD.zone_with("example.com MX 10 mx1.example.com", "example.com MX 20 gone.example.com")
    assert Code.STS_MX_UNLISTED not in codes(world, mx_policy.check)


def test_hosts_that_are_not_tested_are_compared_all_the_same() -> None:
    world = WORLDS[Code.MX_MANY].world.but(policy=policy("mx1.example.com"))
    assert codes(world, mx_policy.check) == [Code.STS_MX_UNLISTED] * 21


def test_a_host_missing_from_the_policy_at_one_address_only_is_found() -> None:
    world = WORLDS[Code.STS_POLICY_DIFFERS].world
    assert codes(world, mx_policy.check) == [Code.STS_MX_UNLISTED] * 2


def test_a_pattern_for_the_target_of_an_alias_or_a_reverse_name_is_used() -> None:
    targets = policy(MX1, MX2, "smol.example.com", "tol.example.com")
    assert codes(INCIDENT.but(policy=targets), mx_policy.check) == []
    world = GOOD.zone_with("192.0.2.2 PTR host.example.net").but(policy=policy(MX1, MX2, "host.example.net"))
    assert codes(world, mx_policy.check) == []


def serving(first: bytes, second: bytes) -> ZoneWorld:
    """Return the good world with a policy of its own at each of two addresses of the policy host."""
    return GOOD.zone_with("mta-sts.example.com A 192.0.2.80", "mta-sts.example.com A 192.0.2.81").but(
        https={"192.0.2.80": Https(body=first), "192.0.2.81": Https(body=second)}
    )


def provided(served: bytes, *lines: str) -> ZoneWorld:
    """Return the good world in which a provider serves the policy: the policy host is an alias that leads to one."""
    alias = (f"mta-sts.example.com CNAME {PROVIDER}", f"{PROVIDER} A 192.0.2.80")
    return GOOD.zone_with(*alias, *lines).but(policy=served)


def unlisted(world: ZoneWorld) -> Finding:
    """Return the first finding of a host that no pattern fits."""
    return next(one for one in found(world, mx_policy.check) if one.code == Code.STS_MX_UNLISTED)


def ways(finding: Finding) -> list[str]:
    """Return the names of the ways out, the best first."""
    return [finding.way, *(one.name for one in finding.others)]


def test_the_policy_is_shown_that_lacks_the_host_and_at_which_address_each_stands() -> None:
    finding = only(serving(policy(MX1, MX2), policy(MX1)), Code.STS_MX_UNLISTED, mx_policy.check)
    params = finding.params
    assert (finding.subject, params["patterns"]) == (MX2, (MX1,))
    assert (params["listed_at"], params["unlisted_at"]) == (("192.0.2.80",), ("192.0.2.81",))
    assert ways(finding) == ["listed-elsewhere"]


def test_an_address_whose_policy_asks_for_nothing_stands_in_no_ones_way() -> None:
    """The other policy is the one that a host is missing from, whatever hosts that of mode none names."""
    finding = unlisted(serving(policy("old.example.net", mode="none"), policy(MX1)))
    params = finding.params
    assert (finding.subject, params["patterns"]) == (MX2, (MX1,))
    assert (params["listed_at"], params["unlisted_at"]) == (("192.0.2.80",), ("192.0.2.81",))


def test_a_policy_that_lenient_senders_alone_can_read_lists_its_hosts() -> None:
    finding = unlisted(serving(policy(MX1, MX2) + b"\nthe end\n", policy(MX1)))
    assert finding.params["listed_at"] == ("192.0.2.80",)


def test_an_address_that_serves_no_policy_lists_no_host() -> None:
    world = serving(policy(MX1), b"").but(
        https={"192.0.2.80": Https(body=policy(MX1)), "192.0.2.81": Https(status=404)}
    )
    params = unlisted(world).params
    assert (params["listed_at"], params["unlisted_at"]) == ((), ("192.0.2.80", "192.0.2.81"))


@pytest.mark.parametrize(
    ("pattern", "near"),
    [
        ("*.com", "*.com"),
        (f"*.{MX2}", f"*.{MX2}"),
        ("*.example.net", None),
        ("*.mple.com", None),
        ("example.com", None),
    ],
    ids=["too high", "too deep", "elsewhere", "no label of its own", "no wildcard"],
)
def test_only_a_wildcard_above_or_at_the_host_looks_as_if_it_should_fit(
    pattern: str, near: str | None
) -> None:
    finding = only(GOOD.but(policy=policy(MX1, pattern)), Code.STS_MX_UNLISTED, mx_policy.check)
    assert finding.params["near"] == near


def test_the_policy_gets_the_host_before_a_new_id_and_the_old_one_is_waited_for() -> None:
    finding = unlisted(GOOD.but(policy=policy(MX1, max_age=86_400)))
    served, *announced, waited = finding.changes
    assert isinstance(served, ServePolicy)
    assert served.policy.mx == (MX1, MX2)
    assert announced[0] == Withdraw(ANNOUNCED.name, ANNOUNCED.record)
    assert isinstance(waited, Wait)
    assert waited.seconds == 86_400


def test_where_another_host_is_listed_the_missing_one_can_leave_the_mx_records() -> None:
    finding = unlisted(GOOD.but(policy=policy(MX1)))
    assert ways(finding) == ["", "retire"]
    assert finding.others[0].changes == (Withdraw("example.com", MxValue(20, MX2)),)


def test_a_policy_that_fits_no_host_can_be_left_and_no_host_is_given_up_for_it() -> None:
    finding = unlisted(GOOD.but(policy=OLD))
    assert ways(finding) == ["", "leave"]
    gone, waited = finding.others[0].changes
    assert gone == Withdraw(ANNOUNCED.name, ANNOUNCED.record)
    assert isinstance(waited, Wait)
    assert (finding.params["announced"], finding.params["left_by"]) == ((ANNOUNCED,), None)


def test_what_a_former_provider_serves_is_left_first() -> None:
    """Whoever reads on learns whose policy it is."""
    finding = unlisted(provided(OLD))
    assert ways(finding) == ["leave", "delegated"]
    assert finding.changes[0] == Withdraw(ANNOUNCED.name, ANNOUNCED.record)
    assert (finding.params["provider"], finding.params["left_by"]) == (PROVIDER, PROVIDER)


def test_a_policy_that_the_provider_announces_too_is_left_by_taking_the_alias_away() -> None:
    aliases = ("_mta-sts.example.com CNAME _mta-sts.provider.example",)
    world = provided(OLD, *aliases, "_mta-sts.provider.example TXT v=STSv1; id=20260601;")
    alias = CnameValue("_mta-sts.provider.example")
    finding = unlisted(world)
    assert finding.params["announced"] == (Publish("_mta-sts.example.com", alias),)
    assert finding.changes[0] == Withdraw("_mta-sts.example.com", alias)


def test_a_text_that_is_only_meant_to_announce_the_policy_goes_with_it() -> None:
    world = GOOD.zone_with("_mta-sts.example.com TXT v=STSv1 ; id=20260601;").but(policy=OLD)
    text = TxtValue.of(b"v=STSv1 ; id=20260601;")
    assert unlisted(world).params["announced"] == (Publish("_mta-sts.example.com", text),)


def test_a_policy_that_nothing_announces_cannot_be_left() -> None:
    """So there the provider is asked to list the host, though the policy fits none."""
    assert ways(unlisted(provided(OLD, "_mta-sts.example.com TXT"))) == ["delegated"]
    assert ways(unlisted(GOOD.zone_with("_mta-sts.example.com TXT").but(policy=OLD))) == [""]


@pytest.mark.parametrize(
    ("served", "lines"),
    [
        pytest.param(policy("*.mx2.example.com"), (), id="a pattern is near one of the hosts"),
        pytest.param(
            OLD,
            (
                "example.com MX 10 mx1.example.com",
                "example.com MX 20 mx.provider.example",
                "mx.provider.example A 192.0.2.2",
            ),
            id="one of the hosts is the provider's",
        ),
    ],
)
def test_a_provider_who_has_to_do_with_the_mx_hosts_is_asked_to_list_them(
    served: bytes, lines: tuple[str, ...]
) -> None:
    finding = unlisted(provided(served, *lines))
    assert ways(finding) == ["delegated", "leave"]
    assert finding.params["left_by"] is None


def test_an_alias_within_the_domain_is_nobody_elses_policy() -> None:
    world = GOOD.zone_with("mta-sts.example.com CNAME www.example.com", "www.example.com A 192.0.2.80")
    assert ways(unlisted(world.but(policy=OLD))) == ["", "leave"]


def test_a_pattern_that_no_host_needs_is_told_with_the_policy_without_it() -> None:
    finding = only(GOOD.but(policy=policy(MX1, "mx3.example.com", MX2)), Code.STS_MX_UNUSED, mx_policy.check)
    assert finding.params["patterns"] == ("mx3.example.com",)
    served = finding.changes[0]
    assert isinstance(served, ServePolicy)
    assert served.policy.mx == (MX1, MX2)


def test_an_unused_pattern_is_told_beside_a_host_that_is_missing() -> None:
    world = GOOD.but(policy=policy(MX1, "mx3.example.com"))
    assert codes(world, mx_policy.check) == [Code.STS_MX_UNLISTED, Code.STS_MX_UNUSED]


def test_a_policy_that_fits_no_host_has_no_unused_patterns_besides() -> None:
    assert set(codes(GOOD.but(policy=OLD), mx_policy.check)) == {Code.STS_MX_UNLISTED}


@pytest.mark.parametrize(
    "world",
    [
        pytest.param(GOOD.zone_with(f"{MX2} A !timeout", f"{MX2} AAAA !timeout"), id="an address"),
        pytest.param(GOOD.zone_with("2001:db8::1 PTR !timeout"), id="one reverse name of several"),
        pytest.param(GOOD.zone_with("example.com MX !timeout"), id="the hosts"),
    ],
)
def test_no_pattern_is_called_unused_while_a_name_is_unknown(world: ZoneWorld) -> None:
    """A host may be an alias of what it stands for, or have it for its reverse name."""
    assert codes(world.but(policy=policy(MX1, MX2, "mx3.example.com")), mx_policy.check) == []


def test_no_pattern_is_called_unused_while_hosts_were_not_looked_at() -> None:
    world = WORLDS[Code.MX_MANY].world.but(policy=policy("*.example.com", "mx3.example.net"))
    assert codes(world, mx_policy.check) == []


def test_no_pattern_is_called_unused_where_addresses_serve_different_policies() -> None:
    both = serving(policy(MX1, MX2, "mx3.example.com"), policy(MX1, MX2, "mx4.example.com"))
    assert codes(both, mx_policy.check) == []


def test_all_patterns_that_no_host_needs_are_told_in_their_order() -> None:
    world = GOOD.but(policy=policy("b.example.com", MX1, "a.example.com", MX2))
    finding = only(world, Code.STS_MX_UNUSED, mx_policy.check)
    assert finding.params["patterns"] == ("b.example.com", "a.example.com")
