"""Which server of a world stands at an address, what it shows, and which zones it holds."""

import pytest

from mxproof.evidence import Der, Outcome, SmtpStage
from mxproof.formats.tls_offer import Offer
from mxproof.world.world import (
    SOA_TIMERS,
    AuthoritativeServer,
    PolicyServer,
    RRset,
    SmtpServer,
    World,
    ZoneContents,
)

AT, OTHER = "192.0.2.1", "192.0.2.2"
LEAF, NAMED = (Der(b"leaf"),), (Der(b"named"),)
OWN = ZoneContents("example.com", serial=7)
ZONES = (ZoneContents("example.com"), ZoneContents("example.org"))


@pytest.mark.parametrize(
    ("version", "offers"),
    [
        ("TLSv1.3", (Offer.TLS_1_3, Offer.TLS_1_2)),
        ("TLSv1.2", (Offer.TLS_1_2,)),
        ("TLSv1.1", (Offer.TLS_1_1,)),
        ("TLSv1", (Offer.TLS_1_1,)),
    ],
)
def test_a_server_takes_the_offers_that_go_with_its_version(version: str, offers: tuple[Offer, ...]) -> None:
    assert SmtpServer("mx", (AT,), tls_version=version).offers_taken == offers


def test_a_server_that_says_which_offers_it_takes_takes_those_alone() -> None:
    assert SmtpServer("mx", (AT,), offers=(Offer.KEY_TRANSPORT,)).offers_taken == (Offer.KEY_TRANSPORT,)


def test_a_chain_is_shown_by_the_name_in_sni_and_else_the_usual_one() -> None:
    server = SmtpServer("mx", (AT,), LEAF, (("mx1.example.com", NAMED), ("mx1.example.com", LEAF)))
    assert server.shown("mx1.example.com") == NAMED
    assert server.shown("mx2.example.com") == LEAF
    assert server.shown("") == LEAF


@pytest.mark.parametrize(
    ("stage", "outcome", "begun"),
    [
        (SmtpStage.GREETING, Outcome.TIMEOUT, b"220-"),
        (SmtpStage.GREETING, Outcome.FOUND, b""),
        (SmtpStage.EHLO, Outcome.TIMEOUT, b""),
    ],
)
def test_only_a_greeting_that_never_ends_was_begun(stage: SmtpStage, outcome: Outcome, begun: bytes) -> None:
    assert SmtpServer("mx", (AT,), stage=stage, outcome=outcome, reply=b"220-").begun_greeting == begun


def test_of_two_servers_at_one_address_the_last_stands_there() -> None:
    first, last = SmtpServer("a", (OTHER, AT)), SmtpServer("b", (AT,))
    world = World(smtp_servers=(first, last))
    assert (world.smtp_server_at(AT), world.smtp_server_at(OTHER)) == (last, first)
    assert world.smtp_server_at("192.0.2.3") is None


def test_of_two_name_servers_at_one_address_the_last_stands_there() -> None:
    first, last = AuthoritativeServer("a", (OTHER, AT)), AuthoritativeServer("b", (AT,))
    world = World(name_servers=(first, last))
    assert (world.name_server_at(AT), world.name_server_at(OTHER)) == (last, first)
    assert world.name_server_at("192.0.2.3") is None


def test_of_policy_hosts_at_one_address_that_of_the_name_answers_and_else_the_last() -> None:
    first, second, last = PolicyServer("a", (OTHER, AT)), PolicyServer("b", (AT,)), PolicyServer("c", (AT,))
    world = World(policy_servers=(first, second, last))
    assert [world.policy_server_at(AT, name) for name in ("a", "b", "d", "")] == [first, second, last, last]
    assert world.policy_server_at(OTHER, "b") == first
    assert world.policy_server_at("192.0.2.3", "a") is None


def test_a_name_server_holds_its_own_versions_of_zones_and_the_others_as_they_are() -> None:
    server = AuthoritativeServer("ns", (AT,), zones=(OWN, ZoneContents("example.net")))
    assert World(ZONES).zones_at(server) == (OWN, ZONES[1])
    assert World(ZONES).zones_at(AuthoritativeServer("ns", (AT,))) == ZONES


def test_records_without_a_time_of_their_own_and_absences_are_kept_for_five_minutes() -> None:
    """RFC 2308 section 5: the last of the timers is that of absence."""
    assert RRset("example.com", "A").ttl_s == 300
    assert SOA_TIMERS == "3600 900 604800 300"
