"""A finding about name servers: whom it names, which records it names, and whose set-up it asks for."""

from mxproof.evidence import Answer, DnsData, Kind, Outcome, Question, Transport
from mxproof.judge.checks.name_server_finding import addressed, at_servers, questions
from mxproof.judge.codes import Code
from mxproof.judge.report import Finding
from mxproof.judge.value import AskedServers, ServerAddresses
from mxproof.mail.change import Configure, Service, Setting
from mxproof.mail.name_servers import NameServers, NameServersState, ServedRecord
from mxproof.survey.zone import ServerAddress
from support_evidence import OBSERVED_AT

ZONE, MX, TXT = "example.com", (Kind.MX, "example.com"), (Kind.TXT, "_mta-sts.example.com")
ONE, ONE_V6 = ServerAddress(ZONE, "ns1", "192.0.2.1"), ServerAddress(ZONE, "ns1", "2001:db8::1")
TWO = ServerAddress(ZONE, "ns2", "192.0.2.2")
ELSEWHERE = ServerAddress("example.net", "ns3", "192.0.2.3")
ANSWERED = Answer(Outcome.EMPTY, OBSERVED_AT, DnsData("NOERROR", secure=False))
SILENCE = Answer(Outcome.TIMEOUT, OBSERVED_AT, elapsed_ms=5_000)
UNASKED = Answer(Outcome.UNASKED, OBSERVED_AT)


def at(
    where: ServerAddress, record: tuple[Kind, str] = MX, udp: Answer = ANSWERED, tcp: Answer = ANSWERED
) -> ServedRecord:
    return ServedRecord(*record, where, udp, tcp)


def finding(
    those: tuple[ServedRecord, ...], *others: ServedRecord, setting: Setting | None = None
) -> Finding:
    """Return the finding that `those` show something, and `others` that were asked for do not."""
    servers = NameServers(NameServersState.ASKED, served=(*those, *others))
    return at_servers(Code.NS_LAME, those, servers, "what was seen", setting)


def test_each_server_is_named_once_with_all_of_its_addresses() -> None:
    assert addressed([ONE, TWO, ONE_V6, ONE]) == (
        ServerAddresses("ns1", ("192.0.2.1", "2001:db8::1")),
        ServerAddresses("ns2", ("192.0.2.2",)),
    )


def test_what_was_seen_is_told_of_the_servers_by_name() -> None:
    found = finding((at(ONE), at(ONE_V6), at(TWO)))
    assert (found.code, found.subject, found.params["seen"]) == (Code.NS_LAME, "ns1, ns2", "what was seen")
    assert found.params["servers"] == addressed([ONE, ONE_V6, TWO])
    assert found.changes == ()


def test_records_are_named_unless_all_that_were_asked_for_there_show_it() -> None:
    servers = addressed([ONE])
    every = finding((at(ONE), at(ONE, TXT)))
    assert every.params["where"] == AskedServers(servers)
    some = finding((at(ONE),), at(ONE, TXT))
    assert some.params["where"] == AskedServers(servers, (MX[1],))


def test_what_other_servers_were_asked_for_is_not_asked_for_there() -> None:
    found = finding((at(ONE), at(ONE, TXT)), at(TWO, (Kind.TXT, "_smtp._tls.example.com")))
    assert found.params["where"] == AskedServers(addressed([ONE]))


def test_the_only_record_that_was_asked_for_is_named() -> None:
    assert finding((at(ONE),), at(TWO)).params["where"] == AskedServers(addressed([ONE]), (MX[1],))


def test_two_types_at_one_name_are_two_records() -> None:
    found = finding((at(ONE), at(ONE, (Kind.NS, ZONE))))
    assert found.params["where"] == AskedServers(addressed([ONE]))
    assert found.params["records"] == (ZONE,)


def test_a_finding_rests_on_what_came_to_something_silence_among_it() -> None:
    asked = questions([at(ONE, udp=SILENCE, tcp=UNASKED), at(TWO, udp=UNASKED)])
    assert asked == (
        Question(*MX, server="192.0.2.1", transport=Transport.UDP),
        Question(*MX, server="192.0.2.2", transport=Transport.TCP),
    )


def test_servers_are_set_up_in_each_of_their_zones() -> None:
    found = finding((at(ONE), at(ONE, TXT), at(ELSEWHERE)), at(TWO), setting=Setting.ANSWERING)
    assert found.changes == (
        Configure(Service.DNS, ZONE, ("192.0.2.1",), Setting.ANSWERING),
        Configure(Service.DNS, "example.net", ("192.0.2.3",), Setting.ANSWERING),
    )


def test_servers_become_as_current_as_the_others_of_their_zone_and_only_where_there_are_others() -> None:
    current = Configure(Service.DNS, ZONE, ("192.0.2.1",), Setting.CURRENT)
    assert finding((at(ONE),), at(TWO), setting=Setting.CURRENT).changes == (current,)
    assert finding((at(ONE),), at(ELSEWHERE), setting=Setting.CURRENT).changes == ()
    assert finding((at(ONE), at(TWO)), setting=Setting.CURRENT).changes == ()
    assert finding((at(ONE),), at(ONE, TXT), setting=Setting.CURRENT).changes == ()
