"""What a planned zone says of a name: everything where it is whole, its own sets alone where it is a part."""

from mxproof.evidence import AddressRecord, Kind, MxRecord, NameRecord, OtherRecord
from mxproof.mail.change import CnameValue, Ipv4Value, MxValue
from mxproof.remedy.planned_zone import PlannedSet, PlannedZone
from mxproof.world.world import RRset

ADDRESS = RRset("mx1.example.com", "A", (AddressRecord("192.0.2.1"),), 60)
ALIAS = RRset("mxi.example.com", "CNAME", (NameRecord("mx1.example.com"),), 60)
WILDCARD = RRset("*.dyn.example.com", "MX", (MxRecord(1, "mx1.example.com"),), 60)
CUT = RRset("sub.example.com", "NS", (NameRecord("ns.example.net"),), 60)
APEX = RRset("example.com", "SOA", (OtherRecord("ns. h. 1 1 1 1 1"),), 60)
NOTHING = PlannedSet(())


def test_a_whole_zone_says_what_is_there_and_that_all_else_is_not() -> None:
    zone = PlannedZone((APEX, ADDRESS, ALIAS, WILDCARD, CUT), "example.com")
    said = [
        zone.said("mx1.example.com", Kind.A),
        zone.said("mx1.example.com", Kind.AAAA),
        zone.said("nowhere.example.com", Kind.A),
        zone.said("mxi.example.com", Kind.CNAME),
        zone.said("example.com", Kind.MX),
    ]
    assert said == [
        PlannedSet((Ipv4Value("192.0.2.1"),), 60),
        NOTHING,
        NOTHING,
        PlannedSet((CnameValue("mx1.example.com"),), 60),
        NOTHING,
    ]


def test_names_elsewhere_and_below_a_delegation_are_not_the_zone_s() -> None:
    zone = PlannedZone((APEX, CUT), "example.com")
    names = ("example.net", "badexample.com", "sub.example.com", "a.sub.example.com")
    assert [zone.said(name, Kind.A) for name in names] == [None] * 4


def test_a_wildcard_answers_for_names_that_are_not_there() -> None:
    zone = PlannedZone((APEX, WILDCARD, RRset("here.dyn.example.com", "A")), "example.com")
    mx = PlannedSet((MxValue(1, "mx1.example.com"),), 60)
    names = ("a.dyn.example.com", "a.b.dyn.example.com", "here.dyn.example.com", "dyn.example.com")
    assert [zone.said(name, Kind.MX) for name in names] == [mx, mx, NOTHING, NOTHING]


def test_a_part_of_a_zone_says_its_own_sets_and_what_cannot_be_beside_them() -> None:
    zone = PlannedZone((ADDRESS, ALIAS), None)
    said = {
        "own": zone.said("mx1.example.com", Kind.A),
        "other type": zone.said("mx1.example.com", Kind.AAAA),
        "alias beside": zone.said("mx1.example.com", Kind.CNAME),
        "beside alias": zone.said("mxi.example.com", Kind.A),
        "other name": zone.said("mx2.example.com", Kind.A),
    }
    own = PlannedSet((Ipv4Value("192.0.2.1"),), 60)
    assert said == {
        "own": own,
        "other type": None,
        "alias beside": NOTHING,
        "beside alias": NOTHING,
        "other name": None,
    }


def test_a_set_may_be_planned_to_be_gone() -> None:
    zone = PlannedZone((), None)
    zone.without("mx1.example.com", Kind.A)
    assert zone.said("mx1.example.com", Kind.A) == NOTHING
    assert (zone.has("mx1.example.com"), zone.said("mx1.example.com", Kind.CNAME)) == (False, None)
