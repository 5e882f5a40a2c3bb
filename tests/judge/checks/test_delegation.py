"""What is said where the zone above leads elsewhere than the zone itself says."""

import pytest

from mxproof.evidence import Kind, Outcome, Question
from mxproof.judge.checks import delegation, name_servers
from mxproof.judge.codes import Code
from mxproof.judge.value import AddressDifference, ServerDifference
from support_findings import found
from support_name_servers import At
from support_world import ZoneWorld, collect
from support_worlds import NS1, NS2, PATHS, WORLDS

ABOVE = "203.0.113.1"


def codes(world: ZoneWorld) -> list[str]:
    return [one.code for one in found(world, delegation.check)]


def led(*lines: str) -> ZoneWorld:
    """Return the good world, to which these lines lead."""
    return PATHS.but(above=PATHS.zone_with(*lines).zone)


@pytest.mark.parametrize(
    ("world", "want"),
    [
        (PATHS, []),
        (PATHS.but(families=(4,)), []),
        (led("example.com NS ns1.example.com"), [Code.NS_DELEGATION_DIFFERS]),
        (led("ns1.example.com A"), [Code.NS_GLUE_DIFFERS]),
        (led("ns1.example.com A", "ns1.example.com AAAA"), []),
        (led("ns1.example.com A 192.0.2.153"), [Code.NS_GLUE_DIFFERS]),
        (led("ns1.example.com AAAA 2001:db8::153").but(families=(4,)), []),
    ],
)
def test_a_difference_is_found_where_there_is_one(world: ZoneWorld, want: list[Code]) -> None:
    assert codes(world) == want


def test_each_side_is_said_with_what_it_has_alone() -> None:
    (servers,) = found(
        led("example.com NS ns2.example.com", "example.com NS a.example.net"), delegation.check
    )
    (glue,) = found(led("ns2.example.com A 192.0.2.153"), delegation.check)
    assert servers.params["seen"] == ServerDifference(("a.example.net",), ("ns1.example.com",))
    assert glue.params["seen"] == AddressDifference(("192.0.2.153",), (NS2[0],))


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.UNREACHABLE, Outcome.SERVFAIL])
def test_nothing_is_said_where_one_of_the_two_does_not_tell(outcome: Outcome) -> None:
    for code in (Code.NS_DELEGATION_DIFFERS, Code.NS_GLUE_DIFFERS):
        world = WORLDS[code].world
        silent = At(udp=outcome, tcp=outcome)
        assert codes(world.at_servers((*NS1, *NS2), silent)) in ([], [Code.NS_GLUE_DIFFERS])
        assert codes(world.at_servers((*NS1, *NS2), At(authoritative=False))) in ([], [Code.NS_GLUE_DIFFERS])
        assert codes(world.at_servers((ABOVE, "2001:db8:ff::1"), silent)) == []


def test_nothing_is_said_of_glue_where_the_servers_addresses_are_not_known() -> None:
    assert codes(led("ns2.example.com A 192.0.2.153").zone_with("ns2.example.com AAAA !timeout")) == []


def test_a_server_that_has_both_zones_tells_nothing_of_what_leads_down() -> None:
    world = WORLDS[Code.NS_DELEGATION_DIFFERS].world
    assert codes(world.but(leads=False)) == []


def test_a_server_that_only_the_zone_above_names_is_asked_whether_it_serves_the_zone() -> None:
    world = led(
        "example.com NS ns1.example.com", "example.com NS ns2.example.com", "example.com NS ns3.example.com"
    )
    world = world.zone_with("ns3.example.com A 192.0.2.153")
    lame = world.at_servers(["192.0.2.153"], At(rcode="REFUSED"))
    assert [one.code for one in found(world, name_servers.check)] == []
    (finding,) = found(lame, name_servers.check)
    assert (finding.code, finding.subject) == (Code.NS_LAME, "ns3.example.com")


def test_the_zone_above_is_asked_where_its_servers_are() -> None:
    asked = collect(PATHS).answers
    assert Question(Kind.DELEGATION, "example.com", server=ABOVE) in asked


def test_an_alias_beside_other_records_is_told_with_both() -> None:
    world = WORLDS[Code.NS_ALIAS_CLASH].world
    (finding,) = found(world, delegation.check)
    assert (finding.code, finding.subject) == (Code.NS_ALIAS_CLASH, "_mta-sts.example.com")
    assert dict(finding.params) == {"kind": "TXT", "target": "sts.example.net"}
    alone = PATHS.zone_with(
        "_mta-sts.example.com CNAME sts.example.net", "sts.example.net TXT v=STSv1; id=1;"
    )
    assert codes(alone) == []
