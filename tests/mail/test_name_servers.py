"""What a mail domain knows of its name servers: nothing where they were not asked, each answer where they were."""

import pytest

from mxproof.evidence import AddressRecord, DnsData, Evidence, Kind, MxRecord, Question, Transport, TxtRecord
from mxproof.mail.assemble import assemble
from mxproof.mail.name_servers import NOT_ASKED, NameServersState, name_servers_of
from mxproof.survey.zone import contents
from support_certificates import NOW
from support_name_servers import At
from support_world import ZoneWorld, collect, collect_servers
from support_worlds import KEY, NAMED, NS1, NS2


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
