"""What a mail domain knows of its name servers: nothing where they were not asked, each answer where they were."""

import pytest

from mxproof.evidence import (
    AddressRecord,
    Answer,
    DnsData,
    Evidence,
    Kind,
    MxRecord,
    Outcome,
    Question,
    Transport,
    TxtRecord,
)
from mxproof.mail.assemble import assemble
from mxproof.mail.name_servers import (
    NOT_ASKED,
    NameServersState,
    Response,
    ServedRecord,
    name_servers_of,
    response,
    served_records,
)
from mxproof.survey.authentication import KEYS_ASKED_MAX
from mxproof.survey.name_servers import SERVERS_MAX, controls
from mxproof.survey.zone import ServerAddress, contents
from support_certificates import NOW
from support_name_servers import At
from support_world import ZoneWorld, collect, collect_servers
from support_worlds import KEY, NAMED, NS1, NS2, PATHS


@pytest.mark.parametrize("evidence", [collect(ZoneWorld()), Evidence("example.com")])
def test_a_check_that_asks_a_resolver_alone_has_not_asked_the_servers(evidence: Evidence) -> None:
    assert assemble(evidence, NOW).name_servers is NOT_ASKED


def test_servers_that_could_not_be_found_were_asked_for_all_the_same() -> None:
    servers = name_servers_of(collect_servers(NAMED.zone_with("example.com NS !timeout")))
    assert servers.state is NameServersState.ASKED
    assert [record.zone for record in servers.records] == [None, None, None, "example.net"]


def test_the_nouns_are_the_same_whether_mail_was_checked_too_or_not() -> None:
    assert name_servers_of(collect(NAMED)) == name_servers_of(collect_servers(NAMED))
    assert name_servers_of(collect(NAMED)).keys == (KEY,)


def test_each_answer_knows_its_question() -> None:
    servers = name_servers_of(collect_servers(NAMED))
    asked = {
        one.question(transport) for one in servers.served for transport in (Transport.UDP, Transport.TCP)
    }
    assert {question.server for question in asked} == {*NS1, *NS2, "203.0.113.53"}
    assert Question(Kind.TXT, KEY, server=NS1[0], transport=Transport.TCP) in asked
    assert [record.question for record in servers.records][:1] == [Question(Kind.TXT, "example.com")]


def test_the_serial_of_the_zone_is_known_at_each_address() -> None:
    servers = name_servers_of(collect_servers(NAMED.at_servers(NS2, At(serial=6))))
    assert dict(servers.serials) == {**dict.fromkeys(NS1, 7), **dict.fromkeys(NS2, 6)}


def test_a_text_compares_without_regard_to_how_it_is_split() -> None:
    whole, split = (DnsData("NOERROR", secure=False, records=(TxtRecord(b"v=spf1 -all", n),)) for n in (1, 2))
    assert contents(whole) == contents(split) == {b"v=spf1 -all"}
    assert contents(None) == frozenset()


def test_records_of_any_kind_compare() -> None:
    one, other = (
        DnsData("NOERROR", secure=False, records=(MxRecord(10, "mx.example.com"), AddressRecord(address)))
        for address in NS1
    )
    assert contents(one) == contents(one)
    assert contents(one) != contents(other)


WITH_AUTHORITY = DnsData("NOERROR", secure=False, wire=b"\0\0\x84\0")
WITHOUT = DnsData("NOERROR", secure=False, wire=b"\0\0\x80\0")


@pytest.mark.parametrize(
    ("outcome", "data", "is_definite"),
    [
        (Outcome.FOUND, WITH_AUTHORITY, True),
        (Outcome.EMPTY, WITH_AUTHORITY, True),
        (Outcome.NXDOMAIN, WITH_AUTHORITY, True),
        (Outcome.FOUND, WITHOUT, False),
        (Outcome.NXDOMAIN, WITHOUT, False),
        (Outcome.FOUND, None, False),
        (Outcome.SERVFAIL, WITH_AUTHORITY, False),
        (Outcome.TRUNCATED, WITH_AUTHORITY, False),
        (Outcome.TIMEOUT, None, False),
    ],
)
def test_an_answer_is_definite_that_came_whole_and_with_authority(
    outcome: Outcome, data: DnsData | None, is_definite: bool
) -> None:
    answer, none = Answer(outcome, NOW, data), Answer(Outcome.TIMEOUT, NOW)
    where = ServerAddress("example.com", "ns1.example.com", "192.0.2.53")
    for udp, tcp in ((answer, none), (none, answer)):
        record = ServedRecord(Kind.TXT, "example.com", where, udp, tcp)
        assert record.definite == (answer if is_definite else None)
        assert (record.over(Transport.UDP), record.over(Transport.TCP)) == (udp, tcp)


@pytest.mark.parametrize(
    ("answer", "want"),
    [
        (Answer(Outcome.FOUND, NOW, WITH_AUTHORITY), Response.ANSWERED),
        (Answer(Outcome.SERVFAIL, NOW, WITHOUT), Response.ANSWERED),
        (Answer(Outcome.MALFORMED, NOW, WITHOUT), Response.FAILED),
        (Answer(Outcome.REFUSED, NOW), Response.FAILED),
        (Answer(Outcome.TIMEOUT, NOW, elapsed_ms=5000), Response.FAILED),
        (Answer(Outcome.TIMEOUT, NOW), Response.UNKNOWN),
        (Answer(Outcome.UNREACHABLE, NOW, elapsed_ms=1), Response.UNKNOWN),
        (Answer(Outcome.UNASKED, NOW), Response.UNKNOWN),
    ],
)
def test_what_could_not_be_tried_from_here_is_no_evidence_against_a_server(
    answer: Answer, want: Response
) -> None:
    assert response(answer) is want


@pytest.mark.parametrize(
    ("closed", "transport"), [(4, Transport.UDP), (4, Transport.TCP), (6, Transport.UDP), (6, Transport.TCP)]
)
def test_a_way_is_open_over_which_any_server_answered(closed: int, transport: Transport) -> None:
    ways = {(family, over) for family in (4, 6) for over in (Transport.UDP, Transport.TCP)}
    whole = collect_servers(NAMED)
    assert name_servers_of(whole).open == ways
    silent = whole.with_answers(
        (one, Answer(Outcome.TIMEOUT, NOW))
        for one in whole.answers
        if one.server and (6 if ":" in one.server else 4) == closed and one.transport is transport
    )
    assert name_servers_of(silent).open == ways - {(closed, transport)}


def test_a_server_without_any_address_is_homeless_and_one_of_which_that_is_not_known_is_none() -> None:
    def homeless(*lines: str) -> tuple[str, ...]:
        zones = name_servers_of(collect_servers(NAMED.zone_with(*lines))).zones
        return next(zone.homeless for zone in zones if zone.name == "example.com")

    assert homeless() == ()
    assert homeless("ns2.example.com A", "ns2.example.com AAAA") == ("ns2.example.com",)
    assert homeless("ns2.example.com A") == ()
    assert homeless("ns2.example.com A !timeout", "ns2.example.com AAAA") == ()


def test_of_two_answers_that_differ_the_one_over_tcp_is_definite_and_where_it_is_none_the_other() -> None:
    where = ServerAddress("example.com", "ns1.example.com", "192.0.2.53")
    udp, tcp = (Answer(outcome, NOW, WITH_AUTHORITY) for outcome in (Outcome.EMPTY, Outcome.FOUND))
    weak = Answer(Outcome.FOUND, NOW, WITHOUT)
    for over_udp, over_tcp, want in ((udp, tcp, tcp), (tcp, udp, udp), (udp, weak, udp), (weak, tcp, tcp)):
        record = ServedRecord(Kind.TXT, "example.com", where, over_udp, over_tcp)
        assert record.definite == want


def test_a_server_beyond_the_limit_is_told_as_unasked_and_never_as_homeless() -> None:
    """Also where it is known from elsewhere that it has no address."""
    names = [f"ns{number}.example.com" for number in range(1, SERVERS_MAX + 3)]
    evidence = collect_servers(NAMED.zone_with(*(f"example.com NS {name}" for name in names)))
    absent = [
        (Question(kind, name), Answer(Outcome.NXDOMAIN, NOW))
        for name in names[2:]
        for kind in (Kind.A, Kind.AAAA)
    ]
    zones = name_servers_of(evidence.with_answers(absent)).zones
    zone = next(one for one in zones if one.name == "example.com")
    assert set(zone.unasked) | set(zone.homeless) == set(names[2:])
    assert (len(zone.unasked), len(zone.homeless)) == (2, SERVERS_MAX - 2)


def test_a_way_is_open_over_which_a_server_of_the_top_level_domain_alone_answered() -> None:
    whole = collect_servers(NAMED)
    controls_at = {one.server for one in controls(whole)}
    silent = whole.with_answers(
        (one, Answer(Outcome.TIMEOUT, NOW, elapsed_ms=5000))
        for one in whole.answers
        if one.server and one.server not in controls_at
    )
    ways = {(6 if ":" in one.server else 4, one.transport) for one in controls(whole)}
    assert ways
    assert name_servers_of(silent).open == ways
    shut = silent.with_answers((one, Answer(Outcome.TIMEOUT, NOW)) for one in controls(whole))
    assert name_servers_of(shut).open == frozenset()


def test_what_a_server_says_that_only_the_zone_above_names_is_served_as_well() -> None:
    above = PATHS.zone_with("example.com NS ns1.example.com", "example.com NS ns3.example.com")
    evidence = collect(PATHS.but(above=above.zone_with("ns3.example.com A 192.0.2.153").zone))
    served = [one for one in name_servers_of(evidence).served if one.where.server == "ns3.example.com"]
    assert [(one.kind, one.name, one.where.address) for one in served] == [
        (Kind.SOA, "example.com", "192.0.2.153")
    ]
    (one,) = served
    assert (one.udp, one.tcp) == tuple(
        evidence.answer(one.question(transport)) for transport in (Transport.UDP, Transport.TCP)
    )


def test_no_more_keys_are_told_than_are_asked_for() -> None:
    keys = tuple(f"s{number}._domainkey.example.com" for number in range(KEYS_ASKED_MAX + 2))
    lines = [f"{key} TXT v=DKIM1; p=MIIB" for key in keys]
    found = name_servers_of(collect_servers(NAMED.but(keys=keys).zone_with(*lines)))
    assert found.keys == keys[:KEYS_ASKED_MAX]
    named = PATHS.but(selectors=tuple(f"s{number}" for number in range(KEYS_ASKED_MAX + 2)))
    assert name_servers_of(collect(named.zone_with(*lines))).keys == keys[:KEYS_ASKED_MAX]


def test_a_server_that_has_addresses_of_a_family_that_is_not_asked_here_is_not_homeless() -> None:
    evidence = collect_servers(NAMED.but(families=(4,)).zone_with("ns2.example.com A"))
    assert all(one.homeless == () for one in name_servers_of(evidence).zones)


def test_terms_that_were_not_looked_up_are_told_from_each_record_once_and_no_others() -> None:
    own = "v=spf1 exists:%{i}.own.example.com mx include:_spf.example.net ip4:192.0.2.0/24 -all"
    included = "v=spf1 a:%{l}.example.net exists:%{i}.own.example.com a:a.example.net -all"
    world = NAMED.zone_with(f"example.com TXT {own}", f"_spf.example.net TXT {included}")
    terms = name_servers_of(collect_servers(world)).other_terms
    assert terms == ("exists:%{i}.own.example.com", "mx", "a:%{l}.example.net", "a:a.example.net")
    assert name_servers_of(collect_servers(NAMED)).other_terms == ()


def test_of_a_name_that_could_not_be_looked_up_the_servers_of_the_nearest_zone_above_are_told() -> None:
    evidence = collect_servers(NAMED)
    question = Question(Kind.TXT, "a.example.com")
    cut = Question(Kind.NS, "a.example.com")
    for outcome in (Outcome.SERVFAIL, Outcome.TIMEOUT, Outcome.EMPTY):
        served = served_records(evidence.with_answers([(cut, Answer(outcome, NOW))]), question)
        assert {one.where.address for one in served} == {*NS1, *NS2}
        assert {(one.kind, one.name, one.where.zone) for one in served} == {
            (Kind.TXT, "a.example.com", "example.com")
        }
