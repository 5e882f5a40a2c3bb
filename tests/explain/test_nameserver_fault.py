"""What is said of name servers that answer well, badly, differently, or not at all."""

import pytest

from mxproof.evidence import Outcome, Transport
from mxproof.explain.nameserver_fault import SLOW_MS, FaultCode, faults, unknowns
from mxproof.explain.nameserver_words import FIXES, sentence
from mxproof.judge.vocabulary import Severity
from support_nameserver import KEY, NS1, NS2, ZONE, At, Net, measured

DEAD = At(udp=Outcome.TIMEOUT, tcp=Outcome.TIMEOUT)
NO_WAY = At(udp=Outcome.UNREACHABLE, tcp=Outcome.UNREACHABLE)
ALL_V6 = ("2001:db8::53", "2001:db8:2::53", "2001:db8:ff::1")
CUT = At(udp=Outcome.TRUNCATED, tcp=Outcome.REFUSED)
OLDER = Net(zone=ZONE).zone_with(f"{KEY} TXT").zone
OTHER = Net(zone=ZONE).zone_with("_dmarc.example.com TXT v=DMARC1; p=reject").zone


def codes(net: Net, keys: tuple[str, ...] = (KEY,)) -> list[FaultCode]:
    return [fault.code for fault in faults(measured(net, keys))]


@pytest.mark.parametrize(
    ("net", "want", "where"),
    [
        (Net().at(NS2[1], At(udp=Outcome.TIMEOUT)), FaultCode.UDP_SILENT, NS2[1:]),
        (Net().all_at(NS2, DEAD), FaultCode.UDP_SILENT, NS2),
        (Net().at(NS2[0], At(udp=Outcome.REFUSED, tcp=Outcome.REFUSED)), FaultCode.UDP_SILENT, NS2[:1]),
        (Net().at(NS2[0], At(udp=Outcome.MALFORMED)), FaultCode.UDP_SILENT, NS2[:1]),
        (Net().all_at(NS2, At(tcp=Outcome.REFUSED)), FaultCode.TCP_FAILED, NS2),
        (Net().all_at(NS2, At(tcp=Outcome.TIMEOUT)), FaultCode.TCP_FAILED, NS2),
        (Net().all_at(NS2, At(tcp=Outcome.CLOSED)), FaultCode.TCP_FAILED, NS2),
        (Net().all_at(NS2, CUT), FaultCode.ANSWER_CUT, NS2),
        (Net().all_at(NS2, At(rcode="REFUSED")), FaultCode.LAME, NS2),
        (Net().all_at(NS2, At(rcode="SERVFAIL")), FaultCode.LAME, NS2),
        (Net().all_at(NS2, At(authoritative=False)), FaultCode.LAME, NS2),
        (Net().all_at(NS2, At(zone=OLDER)), FaultCode.RECORD_MISSING, NS2),
        (Net().at(NS2[0], At(zone=OTHER)), FaultCode.RECORDS_DIFFER, NS2[:1]),
        (Net().all_at(NS2, At(zone=OTHER)), FaultCode.RECORDS_DIFFER, (*NS1, *NS2)),
        (Net().at(NS2[0], At(elapsed_ms=SLOW_MS + 1)), FaultCode.SLOW, NS2[:1]),
        (Net().at(NS2[0], At(size_bytes=1233)), FaultCode.ANSWER_LARGE, NS2[:1]),
        (Net().zone_with(f"{KEY} TXT"), FaultCode.KEY_ABSENT, ()),
        (
            Net().all_at((*NS1, *NS2), At(zone=ZONE)).zone_with("example.com TXT !bogus"),
            FaultCode.LOOKUP_FAILED,
            (),
        ),
        (
            Net().zone_with(
                "example.com NS ns1.example.com", "ns3.example.com TXT x", "example.net NS ns3.example.com"
            ),
            FaultCode.NO_ADDRESS,
            (),
        ),
    ],
)
def test_a_fault_is_found_where_it_is(net: Net, want: FaultCode, where: tuple[str, ...]) -> None:
    found = {fault.code: fault for fault in faults(measured(net))}
    assert set(found) == {want}
    assert tuple(place.address for place in found[want].places) == where


@pytest.mark.parametrize(
    "net",
    [
        Net(),
        Net(families=(4,)),
        Net().all_at((*NS1, *NS2), At(elapsed_ms=SLOW_MS, size_bytes=1232)),
        Net().zone_with(f"{KEY} CNAME s1.example.net", "s1.example.net TXT v=DKIM1; p=MIIB"),
        Net(domain="mail.example.com").zone_with("mail.example.com TXT v=spf1 -all"),
    ],
)
def test_nothing_is_said_of_servers_that_answer_well(net: Net) -> None:
    assert codes(net, (KEY,)) == []
    assert unknowns(measured(net)) == ()


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_a_way_over_which_nobody_answers_is_unknown_and_no_fault(transport: Transport) -> None:
    closed = (
        At(udp=Outcome.TIMEOUT, tcp=None) if transport is Transport.UDP else At(udp=None, tcp=Outcome.REFUSED)
    )
    net = Net().all_at(("203.0.113.1", "203.0.113.53", *ALL_V6, *NS1, *NS2), closed)
    assert codes(net) == []
    assert len(unknowns(measured(net))) == 2


def test_no_ipv6_here_is_unknown_and_no_fault() -> None:
    for v6 in (NO_WAY, DEAD):
        net = Net().all_at(ALL_V6, v6)
        assert codes(net) == []
        assert ["IPv6" in words for words in unknowns(measured(net))] == [True, True]


def test_the_servers_of_the_top_level_domain_show_that_the_way_is_open() -> None:
    refusing = At(tcp=Outcome.REFUSED)
    net = Net().all_at((*NS1, *NS2, "203.0.113.53"), refusing)
    assert codes(net) == [FaultCode.TCP_FAILED]
    assert codes(net.all_at(("203.0.113.1", "2001:db8:ff::1"), refusing)) == []


def test_a_resolver_that_fails_for_everything_shows_nothing() -> None:
    net = Net().zone_with("example.com TXT !servfail", "example.com NS !servfail")
    assert codes(net) == [FaultCode.LOOKUP_FAILED]
    broken = net.zone_with("com NS !servfail")
    assert codes(broken) == []
    assert "resolver" in unknowns(measured(broken))[0]


def test_a_question_that_was_broken_off_is_unknown() -> None:
    broken_off = At(udp=Outcome.TIMEOUT, tcp=Outcome.UNASKED, elapsed_ms=0)
    net = Net().at(NS2[0], broken_off)
    assert codes(net) == []
    assert unknowns(measured(net))


def test_a_server_behind_with_its_serial_is_told() -> None:
    net = Net().all_at(NS2, At(zone=OTHER, serial=6))
    (fault,) = faults(measured(net))
    assert tuple(place.address for place in fault.places) == NS2
    assert "serial 6, others have 7" in fault.seen


def test_a_serial_that_has_wrapped_around_is_the_newer_one() -> None:
    """RFC 1982 section 3.2."""
    net = Net().all_at(NS1, At(serial=1)).all_at(NS2, At(zone=OLDER, serial=2**32 - 1))
    (fault,) = faults(measured(net))
    assert f"serial {2**32 - 1}, others have 1" in fault.seen


def test_the_marsh_case_names_the_servers_that_refuse_tcp() -> None:
    """A text of 4295 bytes, and three of four servers refuse TCP; nobody else has a fault of that kind."""
    net = Net().all_at((*NS1, NS2[0]), At(udp=Outcome.TRUNCATED, tcp=Outcome.REFUSED))
    net = net.at(NS2[1], At(udp=Outcome.TRUNCATED, size_bytes=4295))
    found = {fault.code: fault for fault in faults(measured(net))}
    assert [place.address for place in found[FaultCode.ANSWER_CUT].places] == [*NS1, NS2[0]]
    assert [place.address for place in found[FaultCode.ANSWER_LARGE].places] == [NS2[1]]
    assert found[FaultCode.ANSWER_CUT].severity is Severity.ERROR


@pytest.mark.parametrize("code", FaultCode)
def test_every_fault_has_a_fix(code: FaultCode) -> None:
    assert FIXES[code].endswith(".")


def test_the_records_are_told_where_not_all_of_them_are_concerned() -> None:
    one = measured(Net().all_at(NS2, At(zone=OLDER)))
    every = measured(Net().all_at(NS2, DEAD))
    assert KEY in sentence(faults(one)[0], one)
    assert KEY not in sentence(faults(every)[0], every)
