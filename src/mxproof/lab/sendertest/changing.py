"""What domains become once a first mail for them was taken: other records and another policy, on the same servers."""

from collections.abc import Collection, Mapping

import msgspec

from mxproof.evidence import Evidence
from mxproof.lab.scenario import Scenario
from mxproof.lab.sendertest.setup import CaseSetup
from mxproof.lab.zone import contents_of
from mxproof.world.world import World


class Becoming(msgspec.Struct, frozen=True):
    """The world in which all of them have changed, their cases by domain, and what a check sees of them there."""

    world: World
    cases: Mapping[str, str]
    evidence: Evidence

    def changing(self, name: str) -> str:
        """Return the domain that changes and that `name` is in, empty where it is in none."""
        while name and name not in self.cases:
            name = name.partition(".")[2]
        return name


def later_setups(setups: Mapping[str, CaseSetup]) -> dict[str, CaseSetup]:
    """Return what the domain of each case is in the end."""
    return {case: setup.then or setup for case, setup in setups.items()}


def later_world(world: World, scenario: Scenario, domains: Collection[str]) -> World:
    """Return the world in which `domains` have the records and the policies that they have in `scenario`."""
    zones = {one.name: contents_of(one) for one in scenario.zones if one.name in domains}
    policies = {one.name: one for one in scenario.https}
    hosts = {f"mta-sts.{one}" for one in domains}
    return msgspec.structs.replace(
        world,
        zones=tuple(zones.get(one.name, one) for one in world.zones),
        policy_servers=tuple(
            msgspec.structs.replace(
                one, body=policies[one.name].body.encode(), status=policies[one.name].status
            )
            if one.name in hosts
            else one
            for one in world.policy_servers
        ),
    )
