"""What is said of name servers that do not take queries with EDNS, and of answers that get lost."""

import pytest

from mxproof.evidence import Outcome
from mxproof.judge.checks import edns
from mxproof.judge.codes import Code
from mxproof.judge.value import AskedServers, EdnsAnswer, ServerAddresses
from support_findings import found
from support_name_servers import At
from support_world import ZoneWorld
from support_worlds import NS1, NS2, PATHS

RECORDS = ("example.com", "_mta-sts.example.com")
"""Large records that are asked for once more, where all are large."""
ABOVE = ("203.0.113.1", "2001:db8:ff::1")


def codes(world: ZoneWorld) -> list[str]:
    return [one.code for one in found(world, edns.check)]


@pytest.mark.parametrize(
    ("server", "want"),
    [
        (At(), []),
        (At(size_bytes=900), []),
        (At(size_bytes=512, lost=True, keeps_size=False), []),
        (At(edns=Outcome.TIMEOUT), [Code.NS_EDNS_SILENT]),
        (At(edns=Outcome.MALFORMED), [Code.NS_EDNS_SILENT]),
        (At(edns_rcode="FORMERR"), [Code.NS_EDNS_REJECTED]),
        (At(edns_rcode="BADVERS"), [Code.NS_EDNS_REJECTED]),
        (At(version_rcode="FORMERR"), [Code.NS_EDNS_VERSION]),
        (At(size_bytes=513, lost=True), [Code.NS_ANSWER_LOST]),
        (At(size_bytes=513, keeps_size=False), [Code.NS_SIZE_IGNORED]),
    ],
)
def test_a_fault_is_found_where_it_is(server: At, want: list[Code]) -> None:
    assert codes(PATHS.at_servers(NS2, server)) == want


@pytest.mark.parametrize(
    "server",
    [
        At(edns=Outcome.UNASKED),
        At(edns=Outcome.UNREACHABLE),
        At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT),
        At(udp=Outcome.TIMEOUT, edns=Outcome.TIMEOUT),
        At(rcode="REFUSED", edns_rcode="REFUSED"),
    ],
)
def test_nothing_is_said_of_edns_where_a_server_does_not_answer_without_it_either(server: At) -> None:
    assert codes(PATHS.at_servers(NS2, server)) == []


def test_a_way_over_which_no_query_with_edns_is_answered_is_not_the_servers_fault() -> None:
    drops = At(edns=Outcome.TIMEOUT)
    assert codes(PATHS.at_servers((*NS1, *NS2, *ABOVE), drops)) == []
    assert codes(PATHS.at_servers((*NS1, *NS2), drops)) == [Code.NS_EDNS_SILENT]
    only_v6 = (NS1[1], NS2[1], ABOVE[1])
    assert codes(PATHS.at_servers(only_v6, drops)) == []


def test_what_was_seen_is_a_value() -> None:
    (rejected,) = found(PATHS.at_servers(NS2[:1], At(edns_rcode="NOTIMP")), edns.check)
    (lost,) = found(PATHS.at_servers(NS2[:1], At(size_bytes=900, lost=True)), edns.check)
    servers = (ServerAddresses("ns2.example.com", NS2[:1]),)
    assert (rejected.params["seen"], rejected.params["servers"]) == (
        EdnsAnswer(Outcome.SERVFAIL, "NOTIMP"),
        servers,
    )
    assert (lost.params["size"], lost.params["where"]) == (900, AskedServers(servers, RECORDS))


def test_servers_are_not_judged_where_their_paths_were_not_asked() -> None:
    assert codes(PATHS.at_servers(NS2, At(edns=Outcome.TIMEOUT)).but(sets=(), compared=True)) == []


def test_servers_that_say_the_same_are_one_finding_and_the_faults_are_told_worst_first() -> None:
    world = (
        PATHS.at_servers(NS1[:1], At(edns_rcode="FORMERR"))
        .at_servers(NS1[1:], At(version_rcode="FORMERR"))
        .at_servers(NS2[:1], At(edns=Outcome.TIMEOUT))
        .at_servers(NS2[1:], At(edns_rcode="NOTIMP"))
    )
    told = [(one.code, one.params["seen"], one.params["servers"]) for one in found(world, edns.check)]
    first, second = "ns1.example.com", "ns2.example.com"
    assert told == [
        (Code.NS_EDNS_SILENT, EdnsAnswer(Outcome.TIMEOUT), (ServerAddresses(second, NS2[:1]),)),
        (
            Code.NS_EDNS_REJECTED,
            EdnsAnswer(Outcome.SERVFAIL, "FORMERR"),
            (ServerAddresses(first, NS1[:1]),),
        ),
        (
            Code.NS_EDNS_REJECTED,
            EdnsAnswer(Outcome.SERVFAIL, "NOTIMP"),
            (ServerAddresses(second, NS2[1:]),),
        ),
        (
            Code.NS_EDNS_VERSION,
            EdnsAnswer(Outcome.SERVFAIL, "FORMERR"),
            (ServerAddresses(first, NS1[1:]),),
        ),
    ]
    alike = PATHS.at_servers((*NS1, *NS2), At(edns_rcode="FORMERR"))
    (one,) = found(alike, edns.check)
    assert one.params["servers"] == (ServerAddresses(first, NS1), ServerAddresses(second, NS2))
    assert {asked.server for asked in one.evidence} == {*NS1, *NS2}
    assert len(one.evidence) == len(set(one.evidence)) == 8


def test_of_large_answers_the_largest_is_told_and_every_server_that_loses_one() -> None:
    world = PATHS.at_servers(NS1[:1], At(size_bytes=900, lost=True)).at_servers(
        NS2[:1], At(size_bytes=1400, lost=True)
    )
    (one,) = found(world, edns.check)
    servers = (ServerAddresses("ns1.example.com", NS1[:1]), ServerAddresses("ns2.example.com", NS2[:1]))
    assert (one.code, one.params["size"], one.params["servers"]) == (Code.NS_ANSWER_LOST, 1400, servers)
    assert one.params["where"] == AskedServers(servers, RECORDS)
    assert {asked.server for asked in one.evidence} == {NS1[0], NS2[0]}
