"""The name server of a sender test knows its own names, refuses all others, and floods nobody."""

from collections.abc import Callable
from datetime import datetime, timedelta

import dns.flags
import dns.message
import dns.rcode
import pytest

from mxproof.evidence import MxRecord, Transport
from mxproof.lab.sendertest import name_server as name_server_module
from mxproof.lab.sendertest.name_server import (
    ANSWERS_A_SECOND_MAX,
    ANSWERS_TO_ALL_MAX,
    NAME_CHARACTERS_KEPT,
    NameServer,
    counted_as,
    resolving,
    signing,
)
from mxproof.lab.sendertest.watching import Watching
from mxproof.lab.signed_zone import SignedZones
from mxproof.world.world import RRset, World, ZoneContents
from support_certificates import NOW
from support_public import signer

BASE = "sendertest.example"
CLIENT = "192.0.2.7"
MX = RRset(BASE, "MX", (MxRecord(10, f"mx1.{BASE}"),))
WORLD = World(zones=(ZoneContents(BASE, (MX,)),))
EMPTY = World(zones=(ZoneContents(BASE),))


class Clock:
    """A time that stands still until it is set on."""

    def __init__(self) -> None:
        self.now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now


def watched() -> Watching:
    return Watching(lambda: NOW, lambda _line: None)


def server(
    watching: Watching | None = None,
    clock: Callable[[], datetime] = lambda: NOW,
    a_second: int = ANSWERS_A_SECOND_MAX,
    to_all: int = ANSWERS_TO_ALL_MAX,
) -> NameServer:
    return NameServer(
        resolving(lambda _name: WORLD),
        (BASE, "other.example"),
        lambda _name: watching,
        clock,
        a_second,
        to_all,
    )


def query(name: str = BASE, kind: str = "MX", *, signed: bool = False) -> dns.message.Message:
    return dns.message.make_query(name, kind, want_dnssec=signed, id=7)


def said(got: bytes | None) -> dns.message.Message:
    assert got is not None
    return dns.message.from_wire(got)


def is_cut(one: NameServer, client: str, over: Transport = Transport.UDP) -> bool:
    return bool(said(one.response(query().to_wire(), client, over)).flags & dns.flags.TC)


def test_a_name_below_one_of_its_origins_is_answered() -> None:
    got = said(server().response(query().to_wire(), CLIENT, Transport.UDP))
    assert (got.rcode(), got.id, len(got.answer)) == (dns.rcode.NOERROR, 7, 1)
    assert got.flags & dns.flags.QR


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        (BASE, False),
        (f"a.b.{BASE}", False),
        ("other.example", False),
        (f"x{BASE}", True),
        ("example", True),
        ("example.com", True),
    ],
)
def test_every_other_name_is_refused_and_never_told_not_to_exist(name: str, *, refused: bool) -> None:
    watching = watched()
    got = said(server(watching).response(query(name).to_wire(), CLIENT, Transport.UDP))
    assert (got.rcode() == dns.rcode.REFUSED) is refused
    assert (watching.queries == []) is refused


def test_what_is_no_query_has_no_answer() -> None:
    assert server().response(b"hello", CLIENT, Transport.UDP) is None


def test_a_query_without_a_question_is_refused() -> None:
    got = said(server().response(dns.message.Message(id=7).to_wire(), CLIENT, Transport.UDP))
    assert (got.rcode(), got.id) == (dns.rcode.REFUSED, 7)


@pytest.mark.parametrize(("signed", "flag"), [(False, dns.flags.AD), (True, 0)])
def test_what_was_asked_is_noted_with_who_asked_how(flag: int, *, signed: bool) -> None:
    watching = watched()
    asked = query(signed=signed)
    asked.flags = asked.flags & ~dns.flags.AD | flag
    server(watching).response(asked.to_wire(), CLIENT, Transport.TCP)
    (seen,) = watching.queries
    assert (seen.at, seen.client, seen.name, seen.type, seen.transport) == (
        NOW,
        CLIENT,
        BASE,
        "MX",
        Transport.TCP,
    )
    assert (seen.signed, seen.authentic) == (signed, bool(flag))


def test_of_a_name_no_more_is_noted_than_a_name_has() -> None:
    watching = watched()
    labels = ".".join(["\\000" * 60] * 3)
    server(watching).response(query(f"{labels}.{BASE}").to_wire(), CLIENT, Transport.UDP)
    (seen,) = watching.queries
    assert len(seen.name) == NAME_CHARACTERS_KEPT == 255


def test_without_anybody_who_watches_it_answers_all_the_same() -> None:
    assert said(server(None).response(query().to_wire(), CLIENT, Transport.UDP)).answer


def test_whoever_asks_too_much_in_a_second_over_udp_gets_no_more_than_was_sent() -> None:
    one, asked = server(a_second=2), query().to_wire()
    got = [one.response(asked, CLIENT, Transport.UDP) or b"" for _ in range(3)]
    assert len(got[0]) == len(got[1]) > len(got[2]) == len(asked)
    assert said(got[2]).flags & dns.flags.TC
    assert not is_cut(one, CLIENT, Transport.TCP)
    assert not is_cut(one, "192.0.2.8")


def test_a_question_that_is_refused_counts_for_nobody() -> None:
    one = server(a_second=1)
    for _ in range(3):
        one.response(query("example.com").to_wire(), CLIENT, Transport.UDP)
    assert one.clients_counted == 0
    assert not is_cut(one, CLIENT)


def test_with_the_next_second_counting_begins_anew() -> None:
    clock = Clock()
    one = server(clock=clock, a_second=1, to_all=2)
    assert [is_cut(one, CLIENT) for _ in range(2)] == [False, True]
    clock.now += timedelta(milliseconds=999)
    assert is_cut(one, CLIENT)
    clock.now += timedelta(milliseconds=1)
    assert [is_cut(one, CLIENT), is_cut(one, "192.0.2.8"), is_cut(one, "192.0.2.9")] == [False, False, True]


def test_all_together_get_so_many_answers_in_a_second() -> None:
    one = server(to_all=3)
    assert [is_cut(one, f"192.0.2.{place}") for place in range(5)] == [False, False, False, True, True]
    assert one.clients_counted == 3


def test_no_more_clients_are_counted_than_so_many_and_those_that_are_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(name_server_module, "CLIENTS_COUNTED_MAX", 2)
    one = server()
    cut = [is_cut(one, client) for client in ("192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.1")]
    assert (cut, one.clients_counted) == ([False, False, True, False], 2)


def test_whoever_has_a_network_of_ipv6_is_one_client() -> None:
    assert counted_as("2001:db8:1:2:3::4") == counted_as("2001:db8:1:2::9%eth0") == "2001:db8:1:2::/64"
    assert counted_as("2001:db8:1:3::4") == "2001:db8:1:3::/64"
    assert counted_as("192.0.2.7") == "192.0.2.7"
    one = server(a_second=1)
    assert [is_cut(one, client) for client in ("2001:db8::1", "2001:db8::2")] == [False, True]


def test_what_was_asked_before_is_answered_with_the_id_of_the_question() -> None:
    """And once a domain is another, with what it is then."""
    worlds = [WORLD]
    answer = resolving(lambda _name: worlds[-1])
    asked = query()
    found = []
    for number in (1, 2):
        asked.id = number
        found.append(answer(asked, asked.to_wire(), True) or b"")
    assert found[1] == b"\0\2" + found[0][2:]
    worlds.append(EMPTY)
    assert (answer(asked, asked.to_wire(), True) or b"")[2:] != found[0][2:]


def test_an_answer_over_udp_is_not_that_over_tcp(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_server_module, "response_to", lambda _world, wire, *, udp: wire if udp else None)
    answer, asked = resolving(lambda _name: WORLD), query()
    wire = asked.to_wire()
    assert [answer(asked, wire, over) for over in (True, False, True, False)] == [wire, None, wire, None]


def test_responses_are_kept_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_server_module, "RESPONSES_KEPT_MAX", 2)
    asked: list[bytes] = []

    def answered(_world: World, wire: bytes, *, udp: bool) -> bytes:
        asked.append(wire)
        return wire if udp else b""

    monkeypatch.setattr(name_server_module, "response_to", answered)
    answer = resolving(lambda _name: WORLD)
    for one in "abcbca":
        named = query(f"{one}.example", "A")
        answer(named, named.to_wire(), True)
    assert [wire[13:14] for wire in asked] == [b"a", b"b", b"c", b"a"]


def test_each_name_is_answered_from_the_world_and_the_zones_that_it_is_in() -> None:
    names: list[str] = []

    def world_of(name: str) -> World:
        names.append(name)
        return WORLD

    def zones_of(name: str) -> SignedZones:
        names.append(name)
        return SignedZones(WORLD, BASE, signer())

    asked, empty = query(f"mx1.{BASE}"), dns.message.Message(id=7)
    for answer in (resolving(world_of), signing(zones_of)):
        answer(asked, asked.to_wire(), False)
    resolving(world_of)(empty, empty.to_wire(), False)
    assert names == [f"mx1.{BASE}", f"mx1.{BASE}", ""]


def test_who_answers_is_told_whether_that_goes_over_udp() -> None:
    told: list[bool] = []

    def answer(_query: dns.message.Message, wire: bytes, udp: bool) -> bytes:
        told.append(udp)
        return wire

    one = NameServer(answer, (BASE,), lambda _name: None, lambda: NOW)
    for over in (Transport.UDP, Transport.TCP):
        one.response(query().to_wire(), CLIENT, over)
    assert told == [True, False]


def test_by_itself_it_gives_one_client_500_answers_in_a_second_and_all_together_5000() -> None:
    assert (ANSWERS_A_SECOND_MAX, ANSWERS_TO_ALL_MAX) == (500, 5000)
