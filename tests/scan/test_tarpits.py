"""How a scan treats servers, over real sockets: who keeps it waiting delays nobody else, and everybody is told who asks."""

import asyncio
import resource
from datetime import UTC, datetime

import dns.flags

from mxproof.evidence import AddressRecord, Answer, DnsData, Kind, Outcome, Question
from mxproof.net.asking import Peer
from mxproof.scan.asking import FILES_KEPT, all_answered
from mxproof.scan.depth import ScanDepth
from mxproof.scan.manifest import ScanAsking, ScanManifest
from mxproof.scan.network import NetworkAsk
from mxproof.scan.rate import Rates
from support_clock import run
from support_dns import Respond, dns_server, reply
from support_scan import VANTAGE
from support_stream import Do, certified, script, stream_server

QUICK_COUNT = 140
TARPITS_COUNT = 60
"""Three of ten, and more than there are places."""
PLACES = 16


CONTACT = "https://scan.example/who"


def manifest(ways: dict[str, Peer], port: int = 25) -> ScanManifest:
    asking = ScanAsking(
        resolvers=("192.0.2.53:53",),
        connect_to=tuple(f"{address}:{port}={peer}" for address, peer in ways.items()),
        connections=PLACES,
        timeout_s=30.0,
        helo_name="scan.example",
        contact=CONTACT,
    )
    return ScanManifest(
        scan_version=1,
        software="test",
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
        depth=ScanDepth.PROBE,
        domains=1,
        chunks=1,
        buckets=4,
        asking=asking,
        vantage=VANTAGE,
    )


def asked(address: str) -> Question:
    return Question(Kind.SMTP, "mx.example", address)


def test_tarpits_delay_nobody_else() -> None:
    quick = [f"192.0.2.{number}" for number in range(1, QUICK_COUNT + 1)]
    slow = [f"198.51.100.{number}" for number in range(1, TARPITS_COUNT + 1)]
    order: list[str] = []
    outcomes: dict[str, Outcome] = {}

    async def scenario() -> None:
        all_quick = asyncio.Event()

        async def tarpit(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await all_quick.wait()
            writer.write(b"554 at last\r\n")

        async with stream_server(script(b"554 not today\r\n")) as prompt, stream_server(tarpit) as held:
            ways = {**dict.fromkeys(quick, prompt), **dict.fromkeys(slow, held)}
            with NetworkAsk(manifest(ways)) as network:

                async def ask(question: Question) -> Answer:
                    answer = await network(question)
                    order.append(question.at)
                    outcomes[question.at] = answer.outcome
                    if set(quick) <= set(order):
                        all_quick.set()
                    return answer

                await all_answered([asked(one) for one in (*slow, *quick)], ask, PLACES, Rates(60, 600))

    run(scenario())
    assert set(order[:QUICK_COUNT]) == set(quick)
    assert set(order[QUICK_COUNT:]) == set(slow)
    assert set(outcomes.values()) == {Outcome.FOUND}


def test_one_address_has_its_connections_a_minute() -> None:
    """Three names at one address, and one connection each half minute: the third comes after a minute."""

    async def scenario() -> float:
        loop = asyncio.get_running_loop()
        async with stream_server(script(b"554 not today\r\n")) as peer:
            with NetworkAsk(manifest({"192.0.2.1": peer})) as network:
                began = loop.time()
                names = [Question(Kind.SMTP, f"mx{number}.example", "192.0.2.1") for number in range(3)]
                await all_answered(names, network, PLACES, Rates(2, 600))
                return loop.time() - began

    assert 60.0 <= run(scenario()) < 90.0


def test_an_address_that_is_not_public_is_not_connected_to() -> None:
    async def scenario() -> Answer:
        with NetworkAsk(manifest({})) as network:
            return await network(asked("10.0.0.1"))

    assert run(scenario()).outcome is Outcome.UNASKED


def test_mail_servers_are_greeted_by_the_name_that_is_given() -> None:
    heard: list[bytes] = []

    async def scenario() -> None:
        async with stream_server(
            script(b"220 mx.example\r\n", Do.READ_LINE, b"421 bye\r\n", heard=heard)
        ) as peer:
            with NetworkAsk(manifest({"192.0.2.1": peer})) as network:
                await network(asked("192.0.2.1"))

    run(scenario())
    assert heard == [b"EHLO scan.example\r\n"]


def test_policy_hosts_are_told_whom_to_write_to() -> None:
    heard: list[bytes] = []
    page = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    async def scenario() -> Answer:
        handler = script(Do.READ_REQUEST, page, heard=heard)
        async with stream_server(handler, certified("mta-sts.example")) as peer:
            with NetworkAsk(manifest({"192.0.2.1": peer}, port=443)) as network:
                return await network(Question(Kind.POLICY, "mta-sts.example", "192.0.2.1"))

    assert run(scenario()).outcome is Outcome.FOUND
    assert f"(+{CONTACT})".encode() in heard[0]


def test_few_files_leave_few_places() -> None:
    files, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    at_once, under_way = 0, 0

    async def ask(_question: Question) -> Answer:
        nonlocal at_once, under_way
        under_way += 1
        at_once = max(at_once, under_way)
        await asyncio.sleep(60.0)
        under_way -= 1
        return Answer(Outcome.FOUND, datetime(2026, 11, 1, tzinfo=UTC))

    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (FILES_KEPT + 20, most))
        addresses = [asked(f"192.0.2.{number}") for number in range(1, 101)]
        run(all_answered(addresses, ask, 1024))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (files, most))
    assert at_once == 20


def test_a_question_to_one_name_server_goes_to_it_and_all_others_to_the_resolver() -> None:
    def saying(address: str) -> Respond:
        return lambda wire, _transport: [reply(wire, f"a.example. 60 IN A {address}", flags=dns.flags.AA)]

    async def scenario() -> list[str]:
        async with dns_server(saying("192.0.2.1")) as resolver, dns_server(saying("192.0.2.2")) as server:
            ways = {"192.0.2.53": resolver, "198.51.100.53": server}
            with NetworkAsk(manifest(ways, port=53)) as network:
                usual = await network(Question(Kind.A, "a.example"))
                by_one = await network(Question(Kind.A, "a.example", server="198.51.100.53"))
        return [
            one.address
            for answer in (usual, by_one)
            if isinstance(answer.data, DnsData)
            for one in answer.data.records
            if isinstance(one, AddressRecord)
        ]

    assert run(scenario()) == ["192.0.2.1", "192.0.2.2"]
