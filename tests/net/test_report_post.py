"""Reports posted: only 2xx is taken, nothing is followed, nobody private is reached, and nothing costs more than its limits."""

import asyncio
from types import MappingProxyType

import dns.rcode
import pytest

from mxproof.evidence import Outcome
from mxproof.formats.tlsrpt.destination import WebDestination, report_destination
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer
from mxproof.net.report_post import INTERIM_ANSWERS_MAX, POST_ADDRESSES_MAX, PostOutcome, post_report
from support_clock import run
from support_dns import dns_server, reply
from support_stream import Do, Handler, certified, closed_port, script, stream_server

ADDRESS = "192.0.2.80"
PACKED = b"\x1f\x8b packed"


def to(uri: str = f"https://{ADDRESS}/reports?for=me") -> WebDestination:
    found = report_destination(uri)
    assert isinstance(found, WebDestination)
    return found


def post(handler: Handler, *, timeout_s: float = 60.0) -> PostOutcome:
    async def scenario() -> PostOutcome:
        async with stream_server(handler, certified()) as peer:
            asking = Asking((), connect_to=MappingProxyType({(ADDRESS, 443): peer}))
            with Asker(asking) as asker:
                return await post_report(asker, to(), PACKED, timeout_s)

    return run(scenario())


def answered(*steps: bytes | Do, heard: list[bytes] | None = None) -> PostOutcome:
    return post(script(Do.READ_REQUEST, *steps, heard=heard))


def head(status: str, *fields: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *fields, "", ""]).encode("latin-1")


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "202 Accepted", "204 No Content"])
def test_an_answer_of_2xx_takes_the_report(status: str) -> None:
    assert answered(head(status)).is_accepted


@pytest.mark.parametrize(
    ("status", "is_dead"),
    [
        ("301 Moved Permanently", False),
        ("307 Temporary Redirect", False),
        ("400 Bad Request", False),
        ("404 Not Found", True),
        ("410 Gone", True),
        ("429 Too Many Requests", False),
        ("500 Internal Server Error", False),
        ("503 Service Unavailable", False),
    ],
)
def test_any_other_answer_does_not_and_a_redirect_is_not_followed(status: str, is_dead: bool) -> None:
    got = answered(head(status, f"Location: https://{ADDRESS}/elsewhere"))
    assert not got.is_accepted
    assert (got.outcome, got.status, got.is_dead) == (Outcome.FOUND, int(status[:3]), is_dead)


def test_the_request_has_the_report_as_gzip() -> None:
    heard: list[bytes] = []
    assert post(script(Do.READ_REQUEST, Do.READ_SOME, head("200 OK"), heard=heard)).is_accepted
    lines = heard[0].decode().split("\r\n")
    assert lines[0] == "POST /reports?for=me HTTP/1.1"
    fields = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:-2])}
    assert fields["host"] == ADDRESS
    assert fields["content-type"] == "application/tlsrpt+gzip"
    assert fields["content-length"] == str(len(PACKED))
    assert heard[1] == PACKED


@pytest.mark.parametrize(
    ("uri", "address", "port", "host"),
    [
        ("https://192.0.2.80/in", "192.0.2.80", 443, "192.0.2.80"),
        ("https://192.0.2.80:8443/in", "192.0.2.80", 8443, "192.0.2.80:8443"),
        ("https://[2001:db8::80]/in", "2001:db8::80", 443, "[2001:db8::80]"),
        ("https://[2001:db8::80]:8443/in", "2001:db8::80", 8443, "[2001:db8::80]:8443"),
    ],
)
def test_a_report_goes_to_the_port_that_is_named_and_says_so(
    uri: str, address: str, port: int, host: str
) -> None:
    heard: list[bytes] = []

    async def scenario() -> PostOutcome:
        handler = script(Do.READ_REQUEST, head("200 OK"), heard=heard)
        async with stream_server(handler, certified()) as peer:
            with Asker(Asking((), connect_to={(address, port): peer})) as asker:
                return await post_report(asker, to(uri), PACKED)

    assert run(scenario()).is_accepted
    assert [line for line in heard[0].split(b"\r\n") if line.startswith(b"Host")] == [
        b"Host: " + host.encode()
    ]


def test_of_two_families_the_newer_one_is_tried_first() -> None:
    async def scenario() -> list[int]:
        six, four = (script(Do.READ_REQUEST, head(status)) for status in ("202 six", "200 four"))
        async with (
            dns_server(two_addresses) as resolver,
            stream_server(six, certified()) as at_six,
            stream_server(four, certified()) as at_four,
        ):
            ways = {("2001:db8::1", 443): at_six, ("192.0.2.2", 443): at_four}
            got = []
            for families in ((4, 6), (6, 4), (4,)):
                asking = Asking((resolver,), connect_to=ways, families=families, trust_ad=False)
                with Asker(asking) as asker:
                    got.append((await post_report(asker, to("https://t.example.com/"), PACKED)).status)
        return got

    assert run(scenario()) == [202, 202, 200]


def test_a_gigabyte_behind_the_status_is_left_where_it_is() -> None:
    assert answered(head("200 OK", "Content-Length: 1073741824"), b"x" * 4096, Do.FLOOD).is_accepted


def test_a_head_without_end_is_no_answer() -> None:
    got = answered(b"HTTP/1.1 200 OK\r\n", b"X: " + b"x" * 1000 + b"\r\n", Do.FLOOD)
    assert not got.is_accepted
    assert got.outcome in {Outcome.MALFORMED, Outcome.OVERSIZE}


def test_interim_answers_without_end_are_none() -> None:
    got = answered(*[head("100 Continue")] * (INTERIM_ANSWERS_MAX + 1), Do.HANG)
    assert got.outcome == Outcome.OVERSIZE


def test_a_receiver_that_hangs_costs_no_more_than_the_time_it_is_given() -> None:
    got = post(script(Do.READ_REQUEST, Do.HANG), timeout_s=0.5)
    assert (got.outcome, got.status) == (Outcome.TIMEOUT, 0)


@pytest.mark.parametrize(
    ("steps", "want"),
    [
        ((Do.READ_REQUEST, b"SSH-2.0-x\r\n\r\n", Do.HANG), Outcome.MALFORMED),
        ((Do.READ_REQUEST,), Outcome.CLOSED),
    ],
)
def test_what_is_no_answer_is_told_apart(steps: tuple[bytes | Do, ...], want: Outcome) -> None:
    assert post(script(*steps)).outcome == want


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "10.1.2.3", "169.254.169.254", "::1", "fd00::1", "::ffff:127.0.0.1"]
)
def test_nobody_connects_to_an_address_that_is_not_public(address: str) -> None:
    async def scenario() -> PostOutcome:
        touched: list[bytes] = []
        async with stream_server(script(Do.READ_SOME, heard=touched), certified()) as peer:
            host = f"[{address}]" if ":" in address else address
            with Asker(Asking(())) as asker:
                got = await post_report(asker, to(f"https://{host}:{peer.port}/"), PACKED)
        assert touched == []
        return got

    got = run(scenario())
    assert (got.outcome, got.status) == (Outcome.UNASKED, 0)


def test_a_name_that_resolves_to_a_private_address_is_not_connected_to() -> None:
    def respond(wire: bytes, _: str) -> list[bytes]:
        return [reply(wire, "t.example.com. 60 IN A 127.0.0.1")] if b"\0\1\0\1" in wire else [reply(wire)]

    async def scenario() -> PostOutcome:
        async with dns_server(respond) as resolver:
            with Asker(Asking((resolver,), trust_ad=False)) as asker:
                return await post_report(asker, to("https://t.example.com/"), PACKED)

    got = run(scenario())
    assert (got.outcome, got.status) == (Outcome.UNASKED, 0)


def two_addresses(wire: bytes, _: str) -> list[bytes]:
    """Answer with one of each family, for the IPv6 address is always the first."""
    if b"\0\1\0\1" in wire:
        return [reply(wire, "t.example.com. 60 IN A 192.0.2.2")]
    return [reply(wire, "t.example.com. 60 IN AAAA 2001:db8::1")]


def test_the_next_address_is_tried_where_one_cannot_be_connected_to() -> None:
    async def scenario() -> tuple[PostOutcome, int]:
        served = 0

        async def handler(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal served
            served += 1
            await script(Do.READ_REQUEST, head("200 OK"))(reader, writer)

        shut = await closed_port()
        async with dns_server(two_addresses) as resolver, stream_server(handler, certified()) as peer:
            ways: dict[tuple[str, int], Peer] = {("2001:db8::1", 443): shut, ("192.0.2.2", 443): peer}
            asking = Asking((resolver,), connect_to=MappingProxyType(ways), trust_ad=False)
            with Asker(asking) as asker:
                return await post_report(asker, to("https://t.example.com/"), PACKED), served

    got, served = run(scenario())
    assert got.is_accepted
    assert served == 1


def test_a_private_address_is_passed_over_for_a_public_one_behind_it() -> None:
    """And the one that could not be connected to is what is told in the end, where there is no other."""

    def respond(wire: bytes, _: str) -> list[bytes]:
        if b"\0\1\0\1" in wire:
            return [reply(wire, "t.example.com. 60 IN A 192.0.2.2")]
        return [reply(wire, "t.example.com. 60 IN AAAA fd00::1")]

    async def scenario() -> list[PostOutcome]:
        taken = script(Do.READ_REQUEST, head("200 OK"))
        shut = await closed_port()
        got = []
        async with dns_server(respond) as resolver, stream_server(taken, certified()) as peer:
            for way in (peer, shut):
                asking = Asking((resolver,), connect_to={("192.0.2.2", 443): way}, trust_ad=False)
                with Asker(asking) as asker:
                    got.append(await post_report(asker, to("https://t.example.com/"), PACKED))
        return got

    assert [(one.outcome, one.status) for one in run(scenario())] == [
        (Outcome.FOUND, 200),
        (Outcome.REFUSED, 0),
    ]


def test_no_more_addresses_are_tried_than_the_limit_and_private_ones_do_not_count() -> None:
    six = ["fd00::1", "2001:db8::1", "2001:db8::2"]
    four = [f"192.0.2.{number}" for number in range(1, POST_ADDRESSES_MAX)]
    reached: list[None] = []

    def respond(wire: bytes, _: str) -> list[bytes]:
        kind, addresses = ("A", four) if b"\0\1\0\1" in wire else ("AAAA", six)
        return [reply(wire, *(f"t.example.com. 60 IN {kind} {one}" for one in addresses))]

    async def turn_away(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        reached.append(None)

    async def scenario() -> PostOutcome:
        async with dns_server(respond) as resolver, stream_server(turn_away) as peer:
            ways = {(one, 443): peer for one in (*six, *four)}
            with Asker(Asking((resolver,), connect_to=ways, trust_ad=False)) as asker:
                return await post_report(asker, to("https://t.example.com/"), PACKED)

    last = run(scenario())
    assert (last.outcome, last.status, last.detail[:8]) == (Outcome.CLOSED, 0, "192.0.2.")
    assert len(reached) == POST_ADDRESSES_MAX


def test_one_family_without_an_answer_does_not_keep_the_report_from_the_other() -> None:
    """What is told where none takes it is the last that was tried."""

    def respond(wire: bytes, _: str) -> list[bytes]:
        if b"\0\1\0\1" in wire:
            return [reply(wire, "t.example.com. 60 IN A 192.0.2.2")]
        return [reply(wire, rcode=dns.rcode.SERVFAIL)]

    async def scenario(families: tuple[int, ...]) -> PostOutcome:
        taken = script(Do.READ_REQUEST, head("200 OK"))
        async with dns_server(respond) as resolver, stream_server(taken, certified()) as peer:
            ways = {("192.0.2.2", 443): peer}
            asking = Asking((resolver,), connect_to=ways, families=families, trust_ad=False)
            with Asker(asking) as asker:
                return await post_report(asker, to("https://t.example.com/"), PACKED)

    assert run(scenario((4, 6))).is_accepted
    assert run(scenario((6,))).outcome is Outcome.SERVFAIL


def test_a_report_that_went_out_whole_is_posted_to_no_further_address() -> None:
    heard: list[bytes] = []

    async def scenario() -> PostOutcome:
        cut = script(Do.READ_REQUEST, Do.READ_SOME, heard=heard)
        async with dns_server(two_addresses) as resolver, stream_server(cut, certified()) as peer:
            ways: dict[tuple[str, int], Peer] = {("2001:db8::1", 443): peer, ("192.0.2.2", 443): peer}
            asking = Asking((resolver,), connect_to=MappingProxyType(ways), trust_ad=False)
            with Asker(asking) as asker:
                return await post_report(asker, to("https://t.example.com/"), PACKED)

    got = run(scenario())
    assert (got.outcome, got.status) == (Outcome.CLOSED, 0)
    assert heard[1:] == [PACKED], "one request, although there is another address"
