"""What domains become once a first mail was taken: other records and another policy, and nothing else of the world."""

import msgspec

from mxproof.evidence import Evidence
from mxproof.lab.sendertest.changing import Becoming, later_setups, later_world
from mxproof.lab.sendertest.setup import CaseSetup, Publishing, scenario_of
from mxproof.lab.zone import contents_of
from mxproof.world.world import PolicyServer, World

RUN = "abc234"
FIRST, OTHER = (f"{case}-{RUN}.sendertest.example" for case in ("first", "other"))
LATER = CaseSetup(
    policy=("version: STSv1", "mode: none"), publishing=Publishing(status=404), records=("v=STSv1; id=2;",)
)
BEFORE = {
    "first": CaseSetup(policy=("version: STSv1",), then=LATER),
    "other": CaseSetup(policy=("version: STSv1",), then=LATER),
    "still": CaseSetup(),
}
HOST = PolicyServer("", ("192.0.2.1",), b"old", status=200, delay_ms=7)


def world() -> World:
    scenario = scenario_of(BEFORE, RUN)
    return World(
        zones=tuple(contents_of(one) for one in scenario.zones),
        policy_servers=tuple(
            msgspec.structs.replace(HOST, name=f"mta-sts.{domain}") for domain in (FIRST, OTHER)
        ),
        name="the world",
    )


def test_a_domain_that_does_not_change_is_what_it_was() -> None:
    assert later_setups(BEFORE) == {"first": LATER, "other": LATER, "still": BEFORE["still"]}


def test_only_the_domains_that_change_have_the_records_and_the_policy_of_later() -> None:
    before, later = world(), scenario_of(later_setups(BEFORE), RUN)
    after = later_world(before, later, [FIRST])
    assert len(after.zones) == len(before.zones)
    changed = [zone for zone, old in zip(after.zones, before.zones, strict=True) if zone != old]
    assert changed == [contents_of(one) for one in later.zones if one.name == FIRST]
    first, other = after.policy_servers
    text = b"version: STSv1\nmode: none\n"
    assert first == msgspec.structs.replace(HOST, name=f"mta-sts.{FIRST}", body=text, status=404)
    assert other == msgspec.structs.replace(HOST, name=f"mta-sts.{OTHER}")
    assert after.name == before.name


def test_where_nothing_changes_the_world_is_what_it_was() -> None:
    assert later_world(world(), scenario_of(later_setups(BEFORE), RUN), []) == world()


def test_a_name_is_in_the_domain_that_changes_above_it() -> None:
    becoming = Becoming(World(), {FIRST: "first"}, Evidence(FIRST))
    assert becoming.changing(FIRST) == FIRST
    assert becoming.changing(f"_25._tcp.mx1.{FIRST}") == FIRST
    assert becoming.changing(f"x{FIRST}") == ""
    assert becoming.changing(OTHER) == ""
    assert becoming.changing("") == ""
