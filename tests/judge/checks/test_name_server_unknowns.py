"""What could not be found out about name servers from here is told with why, and is no finding."""

import pytest

from mxproof.evidence import Kind, Outcome, Question, Transport
from mxproof.judge.checks.name_server_unknowns import unknowns
from mxproof.mail.assemble import assemble
from support_name_servers import At
from support_world import ZoneWorld, collect
from support_worlds import ALL_V6, ANSWERED_WELL, DEAD, KEY, NAMED, NS1, NS2

EVERY = ("203.0.113.1", "203.0.113.53", *ALL_V6, *NS1, *NS2)
NS_OF_TOP = str(Question(Kind.NS, "com"))
NS_OF_DOMAIN = str(Question(Kind.NS, "example.com"))
NS_OF_OTHER = str(Question(Kind.NS, "example.net"))


def unknown(world: ZoneWorld) -> dict[str, str]:
    """Return why each question came to nothing."""
    found = unknowns(assemble(collect(world), world.at))
    assert len({one.question for one in found}) == len(found)
    return {one.question: one.why for one in found}


@pytest.mark.parametrize("world", ANSWERED_WELL)
def test_nothing_is_unknown_where_every_server_answers(world: ZoneWorld) -> None:
    assert unknown(world) == {}


def test_nothing_is_unknown_of_servers_that_were_not_asked() -> None:
    assert unknown(NAMED.but(name_servers=None).zone_with("example.com NS !servfail")) == {}


@pytest.mark.parametrize("transport", [Transport.UDP, Transport.TCP])
def test_a_way_over_which_nobody_answers_is_told_once_for_each_family(transport: Transport) -> None:
    udp, tcp = (Outcome.TIMEOUT, None) if transport is Transport.UDP else (None, Outcome.REFUSED)
    over = transport.upper()
    found = unknown(NAMED.at_servers(EVERY, At(udp=udp, tcp=tcp)))
    assert list(found) == [f"{over} over IPv4", f"{over} over IPv6"]
    assert found[f"{over} over IPv6"].startswith(f"no name server at all answers over {over} and IPv6 ")


@pytest.mark.parametrize("outcome", [Outcome.TIMEOUT, Outcome.UNREACHABLE])
def test_a_family_that_does_not_reach_any_server_is_told(outcome: Outcome) -> None:
    found = unknown(NAMED.at_servers(ALL_V6, At(udp=outcome, tcp=outcome)))
    assert list(found) == ["UDP over IPv6", "TCP over IPv6"]


def test_a_single_question_that_was_broken_off_is_told_with_the_server_and_the_record() -> None:
    broken_off = At(udp=Outcome.TIMEOUT, tcp=Outcome.UNASKED, elapsed_ms=0)
    found = unknown(NAMED.at_servers(NS2[:1], broken_off))
    asked = [
        Question(kind, name, server=NS2[0], transport=transport)
        for kind, name in ((Kind.TXT, "example.com"), (Kind.TXT, "_dmarc.example.com"), (Kind.TXT, KEY))
        for transport in (Transport.UDP, Transport.TCP)
    ]
    assert list(found) == [str(one) for one in asked]
    assert (
        found[str(asked[3])]
        == f"ns2.example.com ({NS2[0]}) could not be asked for _dmarc.example.com over TCP"
    )


def test_a_server_that_was_asked_and_stays_silent_is_a_fault_and_not_unknown() -> None:
    assert unknown(NAMED.at_servers(NS2, DEAD)) == {}


def test_a_resolver_that_fails_for_the_top_level_domain_too_tells_nothing() -> None:
    fails = ("example.com TXT !servfail", "example.com NS !servfail")
    assert NS_OF_TOP not in unknown(NAMED.zone_with(*fails))
    assert NS_OF_TOP in unknown(NAMED.zone_with(*fails, "com NS !servfail"))


def test_a_zone_whose_servers_the_resolver_does_not_tell_is_unknown() -> None:
    found = unknown(NAMED.zone_with("example.com NS !servfail"))
    assert found[NS_OF_DOMAIN] == "the name servers of example.com could not be found"


def test_a_domain_that_the_resolver_knows_not_to_exist_is_told_for_what_was_asked() -> None:
    world = NAMED.but(domain="gone.example.com", keys=())
    assert unknown(world) == {
        str(
            Question(Kind.TXT, "gone.example.com")
        ): "gone.example.com does not exist, as far as the resolver knows"
    }


def test_another_name_that_does_not_exist_is_not_unknown() -> None:
    assert unknown(NAMED.zone_with("_dmarc.example.com TXT")) == {}


def test_servers_whose_addresses_could_not_be_found_are_told_once_for_their_zone() -> None:
    lost = NAMED.zone_with("ns.example.net A !servfail")
    assert unknown(lost) == {
        NS_OF_OTHER: "the addresses of the name servers of example.net could not be found"
    }


def test_servers_that_have_no_address_at_all_are_a_fault_and_not_unknown() -> None:
    assert unknown(NAMED.zone_with("ns.example.net A")) == {}
