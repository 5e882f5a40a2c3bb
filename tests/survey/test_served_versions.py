"""What a resolver would have that asks other servers: whole answers taken over, aliases followed as far as these lead."""

from itertools import pairwise

import msgspec
import pytest

from mxproof.evidence import Answer, DnsData, Evidence, Kind, Outcome, Question, TxtRecord
from mxproof.survey.served import VERSIONS_MAX, ComparedZone, ZoneVersion, as_resolved, as_served, compared
from support_name_servers import At
from support_world import ZoneWorld, collect
from support_worlds import COMPARED, NS1, NS2

RECORD = Question(Kind.TXT, "_mta-sts.example.com")
ALIASED = COMPARED.zone_with(
    "_mta-sts.example.com CNAME _mta-sts.example.net", "_mta-sts.example.net TXT v=STSv1; id=9;"
)
PLAIN = COMPARED.zone_with("_mta-sts.example.com TXT v=STSv1; id=1;").zone


def two_versions(world: ZoneWorld) -> tuple[Evidence, ComparedZone]:
    """Return what was seen of a world whose zone has two versions, and the zone."""
    evidence = collect(world)
    (zone,) = (one for one in compared(evidence) if one.name == "example.com")
    assert len(zone.versions) == 2
    return evidence, zone


def version_of(zone: ComparedZone, server: str) -> ZoneVersion:
    (found,) = (one for one in zone.versions if server in {where.server for where in one.servers})
    return found


def data_of(answer: Answer) -> DnsData:
    assert isinstance(answer.data, DnsData)
    return answer.data


def test_what_servers_said_themselves_stays_as_they_said_it() -> None:
    evidence, zone = two_versions(COMPARED.at_servers(NS2, At(zone=PLAIN, serial=6)))
    said = {question: answer for question, answer in evidence.answers.items() if question.server}
    assert len(said) > 10
    for version in zone.versions:
        other = as_served(evidence, version)
        assert {question: answer for question, answer in other.answers.items() if question.server} == said
        assert (other.domain, other.vantage) == (evidence.domain, evidence.vantage)


def test_nothing_is_left_of_an_alias_that_another_version_does_not_have() -> None:
    evidence, zone = two_versions(ALIASED.at_servers(NS2, At(zone=PLAIN, serial=6)))
    assert [one.target for one in data_of(evidence.answer(RECORD)).chain] == ["_mta-sts.example.net"]
    same = as_served(evidence, version_of(zone, "ns1.example.com"))
    other = as_served(evidence, version_of(zone, "ns2.example.com"))
    assert same.answer(RECORD) == evidence.answer(RECORD)
    assert data_of(other.answer(RECORD)).chain == ()
    assert data_of(other.answer(RECORD)).records == (TxtRecord(b"v=STSv1; id=1;"),)


def test_what_an_alias_leads_to_that_only_another_version_has_is_not_known() -> None:
    world = COMPARED.at_servers(NS2, At(zone=ALIASED.zone, serial=6))
    evidence, zone = two_versions(world)
    other = as_served(evidence, version_of(zone, "ns2.example.com"))
    assert RECORD in evidence.answers
    assert RECORD not in other.answers
    assert {*evidence.answers} - {*other.answers} == {RECORD}
    assert as_served(evidence, version_of(zone, "ns1.example.com")).answer(RECORD) == evidence.answer(RECORD)


def test_another_version_is_as_secure_as_the_one_that_was_seen() -> None:
    for signed, secure in ((("example.com",), True), ((), False)):
        world = COMPARED.but(signed=signed).at_servers(NS2, At(zone=PLAIN, serial=6))
        evidence, zone = two_versions(world)
        answer = as_served(evidence, version_of(zone, "ns2.example.com")).answer(RECORD)
        assert (data_of(answer).secure, data_of(answer).records) == (secure, (TxtRecord(b"v=STSv1; id=1;"),))


def test_an_answer_of_somebody_elses_cache_makes_no_version() -> None:
    evidence, zone = two_versions(COMPARED.at_servers(NS2, At(zone=PLAIN, serial=6)))
    for server in (NS1[0], NS2[0]):
        question = msgspec.structs.replace(RECORD, server=server)
        answer = evidence.answer(question)
        cached = msgspec.structs.replace(answer, data=msgspec.structs.replace(data_of(answer), wire=b""))
        (seen,) = compared(evidence.with_answers([(question, cached)]))
        assert (seen.versions, seen.asked, seen.silent) == ((), zone.asked, ())


def test_an_address_of_several_servers_is_that_of_the_first() -> None:
    world = COMPARED.zone_with(f"ns2.example.com A {NS1[0]}", f"ns2.example.com AAAA {NS1[1]}")
    evidence = collect(world.at_servers(NS1, At(rcode="REFUSED")))
    (zone,) = compared(evidence)
    assert [where.server for where, _ in zone.silent] == ["ns1.example.com"]
    assert zone.asked == 1


def test_four_versions_are_followed_to_where_they_lead() -> None:
    places = range(VERSIONS_MAX + 1)
    hosts = [f"old{place}.example.com" for place in places]
    servers = [f"ns{place}.example.com" for place in places]
    addresses = [f"203.0.113.{place + 1}" for place in places]
    world = COMPARED.zone_with(*(f"{host} A 192.0.2.9" for host in hosts))
    world = world.zone_with(
        *(f"example.com NS {server}" for server in servers),
        *(f"{server} A {address}" for server, address in zip(servers, addresses, strict=True)),
        *(f"{server} AAAA" for server in servers),
    )
    for place, address in zip(places, addresses, strict=True):
        moved = world.zone_with(f"example.com MX 10 {hosts[place]}").zone
        world = world.at_servers([address], At(zone=moved, serial=place + 1))
    evidence = collect(world)
    (zone,) = compared(evidence)
    assert [version.serial for version in zone.versions] == [1, 2, 3, 4, 5]
    followed = {one.name for one in evidence.answers if one.kind is Kind.SMTP and one.name in hosts}
    assert followed == {*hosts[:VERSIONS_MAX]}


def test_as_resolved_holds_what_the_resolver_said_and_nothing_of_the_servers() -> None:
    evidence = collect(COMPARED.at_servers(NS2, At(zone=PLAIN, serial=6)))
    kept = as_resolved(evidence)
    assert {**kept.answers} == {one: said for one, said in evidence.answers.items() if not one.server}
    assert (kept.domain, kept.vantage) == (evidence.domain, evidence.vantage)


def test_a_server_whose_answers_are_not_of_the_zone_itself_is_asked_for_no_records() -> None:
    asked = [
        one
        for one in collect(COMPARED.at_servers(NS2, At(zone=PLAIN, authoritative=False))).answers
        if one.server == NS2[0]
    ]
    assert [one.kind for one in asked] == [Kind.SOA]


def test_a_server_that_was_silent_about_what_others_differ_in_is_a_version_of_which_that_is_not_known() -> (
    None
):
    world = COMPARED.zone_with(
        *(f"example.com NS ns{place}.example.com" for place in (1, 2, 3)),
        "ns3.example.com A 203.0.113.9",
        "ns3.example.com AAAA",
    )
    plain = world.zone_with("_mta-sts.example.com TXT v=STSv1; id=1;").zone
    evidence = collect(world.at_servers(NS2, At(zone=plain, serial=6)))
    seen = evidence.without([msgspec.structs.replace(RECORD, server="203.0.113.9")])
    (zone,) = compared(seen)
    held = [([one.server for one in version.servers], len(version.held)) for version in zone.versions]
    assert held == [(["ns1.example.com"], 1), (["ns2.example.com"], 1), (["ns3.example.com"], 0)]
    assert as_served(seen, zone.versions[2]) == seen


def test_a_zone_of_which_no_server_was_asked_is_compared_with_nothing() -> None:
    evidence = collect(COMPARED.at_servers(NS2, At(zone=PLAIN, serial=6)))
    assert len(compared(evidence)) == 1
    assert compared(evidence.without([one for one in evidence.answers if one.server])) == ()
    assert compared(evidence.without([Question(Kind.NS, "example.com")])) == ()


@pytest.mark.parametrize(
    ("more", "outcome"),
    [((), Outcome.NXDOMAIN), (("_mta-sts.example.com A 192.0.2.7",), Outcome.EMPTY)],
    ids=["no such name", "no text"],
)
def test_a_record_that_another_version_does_not_have_is_as_absent_as_its_servers_say(
    more: tuple[str, ...], outcome: Outcome
) -> None:
    without = COMPARED.zone_with("_mta-sts.example.com TXT", *more).zone
    evidence, zone = two_versions(COMPARED.at_servers(NS2, At(zone=without, serial=6)))
    answer = as_served(evidence, version_of(zone, "ns2.example.com")).answer(RECORD)
    assert (answer.outcome, data_of(answer).records) == (outcome, ())
    assert evidence.answer(RECORD).outcome is Outcome.FOUND


def test_of_a_long_chain_of_aliases_four_links_are_asked_of_servers() -> None:
    names = [RECORD.name, *(f"a{place}.example.com" for place in range(6))]
    links = [f"{name} CNAME {target}" for name, target in pairwise(names)]
    world = COMPARED.zone_with(*links, f"{names[-1]} TXT v=STSv1; id=9;")
    asked = [one.name for one in collect(world).answers if one.kind is Kind.TXT and one.server == NS1[0]]
    assert [name for name in asked if name in names] == names[:5]
