"""What name servers make of EDNS: each address of the zone with what it says to each form of a query."""

import pytest

from mxproof.evidence import Answer, DnsData, Edns, Kind, Outcome, Question, Transport
from mxproof.mail.edns import LargeAnswer, ServersEdns, servers_edns_of, understood
from support_name_servers import At
from support_world import ZoneWorld, collect
from support_worlds import NS1, NS2, PATHS

ABOVE = ("203.0.113.1", "2001:db8:ff::1")
DROPS = At(edns=Outcome.TIMEOUT)
LARGE_RECORDS = 2
AT = PATHS.at


def of(world: ZoneWorld) -> ServersEdns:
    found = servers_edns_of(collect(world))
    assert found is not None
    return found


def test_where_the_zone_was_not_found_nothing_is_known() -> None:
    assert servers_edns_of(collect(PATHS.zone_with("example.com NS !servfail", "com NS !servfail"))) is None


def test_each_address_of_the_zone_is_looked_at_by_each_form() -> None:
    found = of(PATHS.at_servers(NS2[:1], At(edns_rcode="FORMERR")))
    assert found.zone == "example.com"
    assert [one.where.address for one in found.servers] == [*NS1, *NS2]
    first, _, other, _ = found.servers
    said = [
        [at.data.rcode for at in (one.usual, one.only, one.version_1) if isinstance(at.data, DnsData)]
        for one in (first, other)
    ]
    assert said == [["NOERROR", "NOERROR", "BADVERS"], ["NOERROR", "FORMERR", "FORMERR"]]


def test_the_answers_are_those_to_the_questions_of_each_form() -> None:
    evidence = collect(PATHS)
    found = servers_edns_of(evidence)
    assert found is not None
    for one in found.servers:
        usual, only, version_1 = (
            evidence.answers[
                Question(
                    Kind.SOA, "example.com", server=one.where.address, transport=Transport.UDP, edns=edns
                )
            ]
            for edns in (Edns.USUAL, Edns.ONLY, Edns.VERSION_1)
        )
        assert (one.usual, one.only, one.version_1) == (usual, only, version_1)


def test_small_records_are_not_asked_for_again() -> None:
    assert [one.large for one in of(PATHS.at_servers(NS2, At(size_bytes=512))).servers] == [()] * 4


def test_a_large_record_is_told_with_its_size_over_tcp_at_each_address() -> None:
    found = of(PATHS.at_servers(NS2, At(size_bytes=513)))
    sizes = [[one.size_bytes for one in at.large] for at in found.servers]
    assert sizes == [[120] * LARGE_RECORDS] * 2 + [[513] * LARGE_RECORDS] * 2
    large = found.servers[2].large[0]
    assert isinstance(large, LargeAnswer)
    assert large.record == Question(Kind.MX, "example.com")
    assert (large.only.outcome, large.small.outcome) == (Outcome.FOUND, Outcome.TRUNCATED)


def test_where_an_answer_did_not_come_whole_over_tcp_its_size_is_not_known() -> None:
    found = of(PATHS.at_servers(NS2, At(size_bytes=513)).at_servers(NS1, At(tcp=Outcome.REFUSED)))
    assert [one.large[0].size_bytes for one in found.servers] == [0, 0, 513, 513]


def test_a_family_is_open_where_any_server_at_all_answers_with_edns() -> None:
    every = (*NS1, *NS2, *ABOVE)
    assert of(PATHS.at_servers(every, DROPS)).open == frozenset()
    assert of(PATHS.at_servers((*NS1, *NS2), DROPS)).open == {4, 6}
    assert of(PATHS.at_servers((*NS1, NS2[0], *ABOVE), DROPS)).open == {6}


@pytest.mark.parametrize(
    ("outcome", "want"),
    [
        (Outcome.FOUND, True),
        (Outcome.EMPTY, True),
        (Outcome.NXDOMAIN, True),
        (Outcome.TRUNCATED, True),
        (Outcome.SERVFAIL, False),
        (Outcome.REFUSED, False),
        (Outcome.MALFORMED, False),
    ],
)
def test_a_query_is_understood_where_a_message_answers_it(outcome: Outcome, *, want: bool) -> None:
    assert understood(Answer(outcome, AT, DnsData("NOERROR", secure=False))) is want
    assert not understood(Answer(outcome, AT))


@pytest.mark.parametrize("outcome", [Outcome.SERVFAIL, Outcome.EMPTY, Outcome.REFUSED])
def test_a_message_over_tcp_without_the_record_tells_nothing_of_its_size(outcome: Outcome) -> None:
    evidence = collect(PATHS.at_servers(NS2, At(size_bytes=513)))
    over_tcp = Question(Kind.MX, "example.com", server=NS2[0], transport=Transport.TCP)
    data = DnsData("SERVFAIL", secure=False, wire=bytes(600))
    found = servers_edns_of(evidence.with_answers([(over_tcp, Answer(outcome, AT, data))]))
    assert found is not None
    assert [[one.size_bytes for one in at.large[:1]] for at in found.servers] == [[120], [120], [0], [513]]
