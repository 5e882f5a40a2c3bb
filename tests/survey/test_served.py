"""What each name server is asked for, and which versions of a zone come of it."""

from mxproof.evidence import Evidence, Kind, Outcome, Question, Transport, TxtRecord
from mxproof.survey import inbound
from mxproof.survey.served import as_served, compared, needed, wanted
from support_name_servers import At
from support_world import ZoneWorld, collect
from support_worlds import COMPARED, GOOD, MX1, NS1, NS2

SILENT = At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)
OLD = COMPARED.zone_with("_mta-sts.example.com TXT v=STSv1; id=1;").zone


def at_servers(evidence: Evidence) -> list[Question]:
    return [question for question in evidence.answers if question.server]


def test_the_records_that_decide_are_asked_of_one_address_of_each_server() -> None:
    asked = at_servers(collect(COMPARED))
    assert {one.server for one in asked} == {NS1[0], NS2[0]}
    assert {(one.kind, one.name) for one in asked} == {
        (Kind.SOA, "example.com"),
        (Kind.MX, "example.com"),
        (Kind.TXT, "_mta-sts.example.com"),
        (Kind.TXT, "_smtp._tls.example.com"),
        *((kind, name) for kind in (Kind.A, Kind.AAAA) for name in (MX1, "mx2.example.com")),
        *((kind, "mta-sts.example.com") for kind in (Kind.A, Kind.AAAA)),
    }


def test_tlsa_records_are_asked_for_where_they_count() -> None:
    signed = COMPARED.but(signed=("example.com",))
    assert {one.kind for one in at_servers(collect(COMPARED))} & {Kind.TLSA} == set()
    assert {one.name for one in at_servers(collect(signed)) if one.kind is Kind.TLSA} == {
        f"_25._tcp.{MX1}",
        "_25._tcp.mx2.example.com",
    }


def test_a_silent_server_is_asked_one_question() -> None:
    asked = at_servers(collect(COMPARED.at_servers(NS2, SILENT)))
    assert [one for one in asked if one.server == NS2[0]] == [
        Question(Kind.SOA, "example.com", server=NS2[0], transport=Transport.UDP)
    ]


def test_records_without_a_zone_are_asked_of_nobody() -> None:
    assert at_servers(collect(GOOD, wanted)) == []


def test_servers_that_agree_are_one_version() -> None:
    (zone,) = compared(collect(COMPARED))
    assert (zone.name, zone.versions, zone.silent, zone.asked) == ("example.com", (), (), 2)


def test_servers_that_differ_are_versions_with_their_serial_numbers() -> None:
    (zone,) = compared(collect(COMPARED.at_servers(NS2, At(zone=OLD, serial=6))))
    assert [(version.servers[0].server, version.serial) for version in zone.versions] == [
        ("ns1.example.com", 7),
        ("ns2.example.com", 6),
    ]
    assert [record.name for record, _ in zone.versions[0].held] == ["_mta-sts.example.com"]


def test_a_version_is_what_a_resolver_would_have_that_asks_its_servers() -> None:
    evidence = collect(COMPARED.at_servers(NS2, At(zone=OLD, serial=6)))
    (zone,) = compared(evidence)
    same, other = (as_served(evidence, version) for version in zone.versions)
    _, data = other.dns(Kind.TXT, "_mta-sts.example.com")
    assert data is not None
    assert data.records == (TxtRecord(b"v=STSv1; id=1;"),)
    assert same.dns(Kind.TXT, "_mta-sts.example.com")[1] != data
    assert other.dns(Kind.MX, "example.com") == evidence.dns(Kind.MX, "example.com")


def test_where_another_version_leads_is_asked_too() -> None:
    moved = COMPARED.zone_with("example.com MX 10 old.example.com", "old.example.com A 192.0.2.9")
    world = COMPARED.zone_with("old.example.com A 192.0.2.9").at_servers(NS2, At(zone=moved.zone, serial=6))
    assert Question(Kind.SMTP, "old.example.com", "192.0.2.9") in collect(world).answers


def test_addresses_that_servers_of_one_version_give_differ_by_design() -> None:
    elsewhere = COMPARED.zone_with("mx2.example.com A 192.0.2.1").zone
    designed, stale = (
        compared(collect(COMPARED.at_servers(NS2, At(zone=elsewhere, serial=serial))))[0] for serial in (7, 6)
    )
    assert (designed.differs_by_design, designed.differs_in_addresses_only) == (True, True)
    assert (stale.differs_by_design, stale.differs_in_addresses_only) == (False, True)


def test_an_answer_that_is_not_of_the_zone_itself_is_compared_with_nothing() -> None:
    cached = At(zone=OLD, authoritative=False)
    (zone,) = compared(collect(COMPARED.at_servers(NS2, cached)))
    assert zone.versions == ()
    assert [where.server for where, _ in zone.silent] == ["ns2.example.com"]


def test_the_resolver_is_asked_no_less_than_without() -> None:
    evidence = collect(COMPARED)
    assert set(inbound.needed(evidence)) <= set(needed(evidence))


def test_more_answers_only_add_questions() -> None:
    evidence = collect(COMPARED.at_servers(NS2, At(zone=OLD, serial=6)))
    grown = Evidence(evidence.domain, evidence.vantage)
    before: set[Question] = set()
    assert len(evidence.answers) > 10
    for question, answer in evidence.answers.items():
        grown = grown.with_answers([(question, answer)])
        now = set(needed(grown))
        assert before <= now
        before = now


def test_only_the_most_preferred_hosts_are_compared() -> None:
    many = [f"mx{place}.example.com" for place in range(1, 9)]
    world = COMPARED.zone_with(
        *(f"example.com MX {place} {name}" for place, name in enumerate(many)),
        *(f"{name} A 192.0.2.1" for name in many),
    )
    names = {one.name for one in at_servers(collect(world)) if one.kind is Kind.A}
    assert names == {*many[:4], "mta-sts.example.com"}


def test_of_a_vantage_without_ipv4_the_other_address_is_asked() -> None:
    world: ZoneWorld = COMPARED.but(families=(6,))
    assert {one.server for one in at_servers(collect(world))} == {NS1[1], NS2[1]}


def test_of_a_zone_of_others_tlsa_records_are_compared_and_addresses_are_not() -> None:
    hosted = COMPARED.but(signed=("example.com", "example.net")).zone_with(
        "example.com MX 10 mx.example.net",
        "mx.example.net A 192.0.2.9",
        "example.net NS ns1.example.com",
    )
    asked = {(one.kind, one.name) for one in at_servers(collect(hosted)) if one.name.endswith("example.net")}
    assert asked == {(Kind.TLSA, "_25._tcp.mx.example.net"), (Kind.SOA, "example.net")}
