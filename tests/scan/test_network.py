"""Whom a scan asks: each question goes to the resolvers or to the server that it is for, as the manifest says."""

import dns.flags

from mxproof.evidence import AddressRecord, Answer, DnsData, Kind, Outcome, Question
from mxproof.net.asking import Asking, Peer
from mxproof.scan.manifest import ScanAsking
from mxproof.scan.network import NetworkAsk, asking_of
from support_clock import run
from support_dns import Respond, dns_server, reply
from support_scan import SCAN_CONTACT, network_manifest
from support_stream import Do, certified, script, stream_server


def asked(address: str) -> Question:
    return Question(Kind.SMTP, "mx.example", address)


def test_the_manifest_says_how_the_network_is_asked() -> None:
    settings = ScanAsking(
        resolvers=("192.0.2.53:53", "[2001:db8::53]:5353"),
        connect_to=("192.0.2.1:25=127.0.0.1:2525",),
        families=(6,),
        timeout_s=7.0,
        trust_ad=True,
        allow_private=True,
        helo_name="scan.example",
        contact=SCAN_CONTACT,
    )
    assert asking_of(settings) == Asking(
        resolvers=(Peer("192.0.2.53", 53), Peer("2001:db8::53", 5353)),
        connect_to={Peer("192.0.2.1", 25): Peer("127.0.0.1", 2525)},
        families=(6,),
        timeout_s=7.0,
        trust_ad=True,
        allow_private=True,
        helo_name="scan.example",
        contact=SCAN_CONTACT,
    )


def test_an_address_that_is_not_public_is_not_connected_to() -> None:
    async def scenario() -> Answer:
        with NetworkAsk(network_manifest({})) as network:
            return await network(asked("10.0.0.1"))

    assert run(scenario()).outcome is Outcome.UNASKED


def test_mail_servers_are_greeted_by_the_name_that_is_given() -> None:
    heard: list[bytes] = []

    async def scenario() -> None:
        async with stream_server(
            script(b"220 mx.example\r\n", Do.READ_LINE, b"421 bye\r\n", heard=heard)
        ) as peer:
            with NetworkAsk(network_manifest({"192.0.2.1": peer})) as network:
                await network(asked("192.0.2.1"))

    run(scenario())
    assert heard == [b"EHLO scan.example\r\n"]


def test_policy_hosts_are_told_whom_to_write_to() -> None:
    heard: list[bytes] = []
    page = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"

    async def scenario() -> Answer:
        handler = script(Do.READ_REQUEST, page, heard=heard)
        async with stream_server(handler, certified("mta-sts.example")) as peer:
            with NetworkAsk(network_manifest({"192.0.2.1": peer}, 443)) as network:
                return await network(Question(Kind.POLICY, "mta-sts.example", "192.0.2.1"))

    assert run(scenario()).outcome is Outcome.FOUND
    assert f"(+{SCAN_CONTACT})".encode() in heard[0]


def test_a_question_to_one_name_server_goes_to_it_and_all_others_to_the_resolver() -> None:
    def saying(address: str) -> Respond:
        return lambda wire, _transport: [reply(wire, f"a.example. 60 IN A {address}", flags=dns.flags.AA)]

    async def scenario() -> list[str]:
        async with dns_server(saying("192.0.2.1")) as resolver, dns_server(saying("192.0.2.2")) as server:
            ways = {"192.0.2.53": resolver, "198.51.100.53": server}
            with NetworkAsk(network_manifest(ways, 53)) as network:
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
