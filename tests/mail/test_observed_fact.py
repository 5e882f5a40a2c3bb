"""What is compared between two observations: values in words, absent apart from not found out."""

from mxproof.evidence import Evidence
from mxproof.mail.assemble import assemble
from mxproof.mail.observed_fact import FactKind, FactName, ObservedFact, observed_facts
from support_world import ZoneWorld, collect


def facts(world: ZoneWorld) -> dict[FactName, ObservedFact]:
    evidence = collect(world)
    return observed_facts(evidence, assemble(evidence, evidence.observed_at()))


FACTS = facts(ZoneWorld())


def test_every_kind_is_observed() -> None:
    assert {name.kind for name in FACTS} == set(FactKind)


def test_records_are_in_one_order() -> None:
    mx = FACTS[FactName(FactKind.RECORD, "example.com", "MX")]
    assert mx.lines == ("10 mx1.example.com", "20 mx2.example.com")


def test_what_is_absent_has_a_value_and_what_is_unknown_none() -> None:
    found = facts(ZoneWorld().zone_with("_smtp._tls.example.com TXT", "example.com MX !timeout"))
    absent = found[FactName(FactKind.RECORD, "_smtp._tls.example.com", "TXT")]
    unknown = found[FactName(FactKind.RECORD, "example.com", "MX")]
    assert (absent.lines, absent.why) == ((), "")
    assert (unknown.lines, unknown.why) == (None, "timeout")


def test_an_address_stands_with_its_port() -> None:
    places = {name.about for name in FACTS if name.kind is FactKind.SERVER}
    assert places == {"192.0.2.1:25", "192.0.2.2:25", "[2001:db8::1]:25"}


def test_of_no_evidence_only_the_place_is_known() -> None:
    evidence = Evidence("example.com")
    found = observed_facts(evidence, assemble(evidence, evidence.observed_at()))
    assert {name.kind for name in found} == {FactKind.VANTAGE}
