"""What is said of name servers that answer well, badly, differently, or not at all."""

import msgspec
import pytest

from mxproof.evidence import Outcome, Transport
from mxproof.judge.catalogue import CATALOGUE
from mxproof.judge.checks import name_servers
from mxproof.judge.checks.name_servers import SLOW_MS
from mxproof.judge.codes import Code
from mxproof.judge.judging import report_on
from mxproof.judge.report import Finding
from mxproof.judge.value import (
    AskedServers,
    LameAnswer,
    RecordDifference,
    SerialBehind,
    ServerAddresses,
    TransportFailure,
    Value,
)
from mxproof.judge.vocabulary import Severity
from mxproof.mail.assemble import assemble
from mxproof.survey.check_set import CheckSet
from mxproof.survey.served import ComparedZone, ZoneVersion
from support_findings import found
from support_name_servers import At
from support_world import ZoneWorld, collect
from support_worlds import ALL_V6, ANSWERED_WELL, DEAD, KEY, NAMED, NS1, NS2, WORLDS

NO_WAY = At(udp=Outcome.UNREACHABLE, tcp=Outcome.UNREACHABLE)
CUT = At(udp=Outcome.TRUNCATED, tcp=Outcome.REFUSED)
OLDER = NAMED.zone_with(f"{KEY} TXT").zone
OTHER = NAMED.zone_with("_dmarc.example.com TXT v=DMARC1; p=reject").zone


def faults(world: ZoneWorld) -> tuple[Finding, ...]:
    return found(world, name_servers.check)


def codes(world: ZoneWorld) -> list[str]:
    return [fault.code for fault in faults(world)]


def at(addresses: tuple[str, ...]) -> tuple[ServerAddresses, ...]:
    """Return the servers as a finding names them."""
    by_server = {
        "ns1.example.com": tuple(one for one in addresses if one in NS1),
        "ns2.example.com": tuple(one for one in addresses if one in NS2),
    }
    return tuple(ServerAddresses(server, those) for server, those in by_server.items() if those)


@pytest.mark.parametrize(
    ("world", "want", "where"),
    [
        (NAMED.at_servers(NS2[1:], At(udp=Outcome.TIMEOUT)), Code.NS_UDP_SILENT, NS2[1:]),
        (NAMED.at_servers(NS2, DEAD), Code.NS_UDP_SILENT, NS2),
        (
            NAMED.at_servers(NS2[:1], At(udp=Outcome.REFUSED, tcp=Outcome.REFUSED)),
            Code.NS_UDP_SILENT,
            NS2[:1],
        ),
        (NAMED.at_servers(NS2[:1], At(udp=Outcome.MALFORMED)), Code.NS_UDP_SILENT, NS2[:1]),
        (NAMED.at_servers(NS2, At(tcp=Outcome.REFUSED)), Code.NS_TCP_FAILED, NS2),
        (NAMED.at_servers(NS2, At(tcp=Outcome.TIMEOUT)), Code.NS_TCP_FAILED, NS2),
        (NAMED.at_servers(NS2, At(tcp=Outcome.CLOSED)), Code.NS_TCP_FAILED, NS2),
        (NAMED.at_servers(NS2, CUT), Code.NS_ANSWER_CUT, NS2),
        (NAMED.at_servers(NS2, At(rcode="REFUSED")), Code.NS_LAME, NS2),
        (NAMED.at_servers(NS2, At(rcode="SERVFAIL")), Code.NS_LAME, NS2),
        (NAMED.at_servers(NS2, At(authoritative=False)), Code.NS_LAME, NS2),
        (NAMED.at_servers(NS2, At(zone=OLDER)), Code.NS_RECORD_MISSING, NS2),
        (NAMED.at_servers(NS2[:1], At(zone=OTHER)), Code.NS_RECORDS_DIFFER, NS2[:1]),
        (NAMED.at_servers(NS2, At(zone=OTHER)), Code.NS_RECORDS_DIFFER, (*NS1, *NS2)),
        (NAMED.at_servers(NS2[:1], At(elapsed_ms=SLOW_MS + 1)), Code.NS_SLOW, NS2[:1]),
        (NAMED.at_servers(NS2[:1], At(size_bytes=1233)), Code.NS_ANSWER_LARGE, NS2[:1]),
        (NAMED.zone_with(f"{KEY} TXT"), Code.NS_KEY_ABSENT, ()),
        (
            NAMED.at_servers((*NS1, *NS2), At(zone=NAMED.zone)).zone_with("example.com TXT !bogus"),
            Code.NS_LOOKUP_FAILED,
            (),
        ),
        (
            NAMED.zone_with(
                "example.com NS ns1.example.com", "ns3.example.com TXT x", "example.net NS ns3.example.com"
            ),
            Code.NS_NO_ADDRESS,
            (),
        ),
    ],
)
def test_a_fault_is_found_where_it_is(world: ZoneWorld, want: Code, where: tuple[str, ...]) -> None:
    got = {fault.code: fault for fault in faults(world)}
    assert set(got) == {want}
    assert got[want].params.get("servers", ()) == at(where)


@pytest.mark.parametrize(
    ("world", "want"),
    [
        (
            NAMED.at_servers(NS2, DEAD),
            (
                TransportFailure(Transport.UDP, Outcome.TIMEOUT),
                TransportFailure(Transport.TCP, Outcome.TIMEOUT),
            ),
        ),
        (
            NAMED.at_servers(NS2, At(udp=Outcome.TIMEOUT)),
            (TransportFailure(Transport.UDP, Outcome.TIMEOUT),),
        ),
        (NAMED.at_servers(NS2, CUT), Outcome.REFUSED),
        (NAMED.at_servers(NS2, At(tcp=Outcome.CLOSED)), Outcome.CLOSED),
        (NAMED.at_servers(NS2, At(rcode="SERVFAIL")), LameAnswer("SERVFAIL")),
        (NAMED.at_servers(NS2, At(authoritative=False)), LameAnswer()),
        (NAMED.at_servers(NS2, At(zone=OLDER)), None),
        (NAMED.at_servers(NS2, At(zone=OTHER)), RecordDifference(is_minority=False)),
        (NAMED.at_servers(NS2[:1], At(size_bytes=1233)), 1233),
        (NAMED.at_servers(NS2[:1], At(elapsed_ms=SLOW_MS + 1)), SLOW_MS // 1000),
        (
            NAMED.at_servers((*NS1, *NS2), At(zone=NAMED.zone)).zone_with("example.com TXT !bogus"),
            Outcome.BOGUS,
        ),
    ],
)
def test_what_was_seen_is_a_value(world: ZoneWorld, want: Value) -> None:
    (fault,) = faults(world)
    assert fault.params["seen"] == want


@pytest.mark.parametrize("world", ANSWERED_WELL)
def test_nothing_is_said_of_servers_that_answer_well(world: ZoneWorld) -> None:
    assert codes(world) == []


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_a_way_over_which_nobody_answers_is_no_fault(transport: Transport) -> None:
    closed = (
        At(udp=Outcome.TIMEOUT, tcp=None) if transport is Transport.UDP else At(udp=None, tcp=Outcome.REFUSED)
    )
    world = NAMED.at_servers(("203.0.113.1", "203.0.113.53", *ALL_V6, *NS1, *NS2), closed)
    assert codes(world) == []


def test_no_ipv6_here_is_no_fault() -> None:
    for v6 in (NO_WAY, DEAD):
        world = NAMED.at_servers(ALL_V6, v6)
        assert codes(world) == []


def test_the_servers_of_the_top_level_domain_show_that_the_way_is_open() -> None:
    refusing = At(tcp=Outcome.REFUSED)
    world = NAMED.at_servers((*NS1, *NS2, "203.0.113.53"), refusing)
    assert codes(world) == [Code.NS_TCP_FAILED]
    assert codes(world.at_servers(("203.0.113.1", "2001:db8:ff::1"), refusing)) == []


def test_a_resolver_that_fails_for_everything_shows_nothing() -> None:
    world = NAMED.zone_with("example.com TXT !servfail", "example.com NS !servfail")
    assert codes(world) == [Code.NS_LOOKUP_FAILED]
    broken = world.zone_with("com NS !servfail")
    assert codes(broken) == []


def test_a_question_that_was_broken_off_is_no_fault() -> None:
    broken_off = At(udp=Outcome.TIMEOUT, tcp=Outcome.UNASKED, elapsed_ms=0)
    world = NAMED.at_servers(NS2[:1], broken_off)
    assert codes(world) == []


def test_a_server_behind_with_its_serial_is_told() -> None:
    world = NAMED.at_servers(NS2, At(zone=OTHER, serial=6))
    (fault,) = faults(world)
    assert fault.params["servers"] == at(NS2)
    assert fault.params["seen"] == RecordDifference(is_minority=True, behind=SerialBehind(6, 7))


def test_a_serial_that_has_wrapped_around_is_the_newer_one() -> None:
    """RFC 1982 section 3.2."""
    world = NAMED.at_servers(NS1, At(serial=1)).at_servers(NS2, At(zone=OLDER, serial=2**32 - 1))
    (fault,) = faults(world)
    assert fault.params["seen"] == SerialBehind(2**32 - 1, 1)


def test_the_marsh_case_names_the_servers_that_refuse_tcp() -> None:
    """A text of 4295 bytes, and three of four servers refuse TCP; nobody else has a fault of that kind."""
    world = NAMED.at_servers((*NS1, NS2[0]), At(udp=Outcome.TRUNCATED, tcp=Outcome.REFUSED))
    world = world.at_servers(NS2[1:], At(udp=Outcome.TRUNCATED, size_bytes=4295))
    got = {fault.code: fault for fault in faults(world)}
    assert got[Code.NS_ANSWER_CUT].params["servers"] == at((*NS1, NS2[0]))
    assert got[Code.NS_ANSWER_LARGE].params["servers"] == at(NS2[1:])
    assert CATALOGUE[Code.NS_ANSWER_CUT].severity is Severity.ERROR


def test_the_records_are_named_where_not_all_of_them_are_concerned() -> None:
    (one,) = faults(NAMED.at_servers(NS2, At(zone=OLDER)))
    (every,) = faults(NAMED.at_servers(NS2, DEAD))
    assert one.params["where"] == AskedServers(at(NS2), (KEY,))
    assert every.params["where"] == AskedServers(at(NS2))


def test_a_comparison_rests_on_all_that_told_of_the_record() -> None:
    (missing,) = faults(NAMED.at_servers(NS2, At(zone=OLDER)))
    assert (missing.subject, {question.server for question in missing.evidence}) == (KEY, {*NS1, *NS2})


def test_a_fault_of_a_server_rests_on_what_that_server_was_asked() -> None:
    (silent,) = faults(NAMED.at_servers(NS2, DEAD))
    assert (silent.subject, {question.server for question in silent.evidence}) == ("ns2.example.com", {*NS2})


@pytest.mark.parametrize("code", [code for code in Code if code.startswith("ns-")])
def test_servers_that_were_not_asked_have_no_finding(code: Code) -> None:
    world = WORLDS[code].world.but(name_servers=None, sets=())
    assert codes(world) == []


def test_a_report_tells_of_name_servers_where_the_evidence_does() -> None:
    world = NAMED.at_servers(NS2, DEAD).at_servers(ALL_V6, NO_WAY)
    report = report_on(collect(world), now=world.at)
    assert (Code.NS_UDP_SILENT, Severity.ERROR) in {(one.code, one.severity) for one in report.findings}
    assert [one.question for one in report.unknowns] == ["UDP over IPv6", "TCP over IPv6"]


PATHS = NAMED.but(sets=(CheckSet.NAME_SERVER_PATHS,))


def test_the_set_of_paths_asks_each_address_for_the_records_of_mail_too() -> None:
    asked = {one.name for one in collect(PATHS).answers if one.server}
    mail = {"example.com", "_mta-sts.example.com", "_smtp._tls.example.com"}
    assert asked >= {*mail, "_dmarc.example.com", "_spf.example.net"}
    assert codes(PATHS) == []
    assert codes(PATHS.at_servers(NS2, At(tcp=Outcome.REFUSED))) == [Code.NS_TCP_FAILED]


@pytest.mark.parametrize(
    ("lines", "want"),
    [
        (("ns2.example.com A 192.0.2.54", "ns2.example.com AAAA 2001:db8::54"), [Code.NS_ONE_NETWORK]),
        (("ns2.example.com A 192.0.2.54",), []),
        (("ns2.example.com AAAA 2001:db8::54",), []),
        (("example.com NS ns1.example.com",), [Code.NS_ONE_NETWORK]),
    ],
)
def test_servers_in_one_network_are_shown_where_their_paths_are_asked(
    lines: tuple[str, ...], want: list[Code]
) -> None:
    """RFC 2182 section 3.1."""
    assert codes(PATHS.zone_with(*lines)) == want
    assert codes(NAMED.zone_with(*lines)) == []


def test_the_key_that_was_named_is_asked_at_each_server() -> None:
    evidence = collect(PATHS.but(selectors=("s1",)))
    assert {one.server for one in evidence.answers if one.name == KEY and one.server} == {*NS1, *NS2}


def test_serials_that_differ_are_left_to_the_versions_of_the_zone_where_these_are_told() -> None:
    world = WORLDS[Code.NS_SERIALS_DIFFER].world
    domain = assemble(collect(world), world.at)
    versions = tuple(ZoneVersion((), serial, ()) for serial in (6, 7))

    def told(*zones: ComparedZone) -> list[str]:
        return [one.code for one in name_servers.check(msgspec.structs.replace(domain, compared=zones))]

    agreeing = ComparedZone("example.net", (), (), 2)
    assert told() == told(agreeing) == [Code.NS_SERIALS_DIFFER]
    assert told(agreeing, ComparedZone("example.com", versions, (), 2)) == []
