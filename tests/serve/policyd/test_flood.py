"""Forged datagrams at the shared socket, from the resolver's own port and from others: nobody gets another answer."""

import asyncio
import contextlib
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.rdataclass
import dns.rdatatype
import dns.rrset
import msgspec

from mxproof.formats.postfix.netstring import print_netstring, read_netstring
from mxproof.formats.postfix.socketmap import SOCKETMAP_REPLY_BYTES_MAX, parse_reply
from mxproof.lab.running import RunningLab, running
from mxproof.lab.scenario import Scenario, parse
from mxproof.lab.serving import Endpoint, bound_pair
from mxproof.serve.policyd.config import AnswerOptions, DnsOptions
from support_long import EXHAUSTIVE
from support_policyd import DnsRelay, Site, config_for, daemon

DESTINATIONS = tuple(f"d{number:02}.example.com" for number in range(42))
STRAYS_FOR_EACH = 40
ROUND = 20
"""How many datagrams an attacker sends to a port before others have their turn."""
FORGED_MIN = 20_000
LONG_S = 30.0
"""More than it takes where most answers are lost in the flood, on a machine that has other things to do."""
_ANOTHER = dns.name.from_text("another.example.org")
FORGED = "203.0.113.66"
DEFENCES = ("OK secure match=mx.{} servername=hostname", "OK dane-only", "NOTFOUND")


def defended(number: int) -> str:
    """Return what Postfix is to be told: a third of the destinations has a policy, a third TLSA records, a third nothing."""
    return DEFENCES[number % len(DEFENCES)].format(DESTINATIONS[number])


def world() -> Scenario:
    """Return a world of all destinations."""
    tables = ["title = 'x'\nstory = 'x'\nexpect.text = 'x'\n"]
    for number, name in enumerate(DESTINATIONS):
        records = [f"@ MX 10 mx\nmx A 192.0.2.{number + 1}"]
        if number % 3 == 0:
            records.append(f'_mta-sts TXT "v=STSv1; id=1;"\nmta-sts A 203.0.113.{number + 1}')
            body = f"version: STSv1\\nmode: enforce\\nmx: mx.{name}\\nmax_age: 86400\\n"
            tables.append(f'[[https]]\nname = "mta-sts.{name}"\nbody = "{body}"')
        if number % 3 == 1:
            records.append(f"_25._tcp.mx TLSA 3 1 1 {number:02x}{'0f' * 31}")
        lines = "\n".join(records)
        secure = str(number % 3 == 1).lower()
        tables.append(f"[[zone]]\nname = '{name}'\nsecure = {secure}\nrecords = '''\n{lines}\n'''")
    return parse("\n".join(tables).encode(), "flood")


class HostileRelay(DnsRelay):
    """A way to the lab's resolver beside which somebody forges: from the port of the resolver, and from one of his own."""

    def __init__(self, to: Endpoint) -> None:
        super().__init__(to)
        self.forged: Counter[str] = Counter()
        self.enough = asyncio.Event()
        self.askers: dict[Endpoint, bytes] = {}
        """The ports that something was asked from, and what was asked there last."""
        self._elsewhere = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)

    def close(self) -> None:
        self._elsewhere.close()

    def datagram_received(self, data: bytes, addr: Endpoint) -> None:
        self.askers[addr] = data
        self.flood(addr, STRAYS_FOR_EACH)
        super().datagram_received(data, addr)

    def flood(self, asker: Endpoint, count: int) -> None:
        """Send forged datagrams of each kind in turn."""
        for _, (kind, wire) in zip(range(count), forgeries(self.askers[asker]), strict=False):
            self.forged[kind] += 1
            if self.forged.total() >= FORGED_MIN:
                self.enough.set()
            with contextlib.suppress(OSError):
                if kind == "source":
                    self._elsewhere.sendto(wire, asker)
                elif self._transport is not None:
                    self._transport.sendto(wire, asker)


def forgeries(query: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield forged answers without end: each wrong in its source, ID, question, letters or form."""
    read = dns.message.from_wire(query)
    response = dns.message.make_response(read, recursion_available=True)
    response.flags |= dns.flags.AD
    name = read.question[0].name
    response.answer = [dns.rrset.from_text(name, 300, "IN", "A", FORGED)]
    forged = response.to_wire()
    response.question = [dns.rrset.RRset(_ANOTHER, dns.rdataclass.IN, dns.rdatatype.A)]
    about_another = response.to_wire()
    number = 0
    while True:
        number += 1
        other = (int.from_bytes(query[:2], "big") + number) & 0xFFFF
        yield "source", forged
        yield "id", other.to_bytes(2, "big") + forged[2:]
        yield "question", about_another
        yield "query", query
        yield "short", forged[: number % 12]
        yield "unasked", other.to_bytes(2, "big") + b"\x81\x82" + bytes(8)


@asynccontextmanager
async def attacked(lab: RunningLab) -> AsyncIterator[tuple[Site, HostileRelay]]:
    """Put the attacker between the daemon and the resolver, whose TCP he does not reach."""
    stream, datagram = bound_pair()
    relay = HostileRelay(lab.resolver)

    async def over_tcp(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection(*lab.resolver)
        inner_writer.write(await reader.read(1000))
        writer.write(await inner_reader.read(65536))
        writer.close()
        inner_writer.close()

    transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(lambda: relay, sock=datagram)
    server = await asyncio.start_server(over_tcp, sock=stream)
    try:
        yield Site(lab, relay, transport.get_extra_info("sockname")[:2]), relay
    finally:
        server.close()
        transport.close()
        relay.close()


async def keep_flooding(relay: HostileRelay) -> None:
    """Flood every port that was asked from, in turns with whoever else has something to do, until it is enough."""
    while not relay.enough.is_set():
        for asker in tuple(relay.askers):
            relay.flood(asker, ROUND)
            await asyncio.sleep(0)
        await asyncio.sleep(0)


@EXHAUSTIVE
def test_under_a_flood_of_forged_datagrams_every_destination_has_its_own_answer(tmp_path: Path) -> None:
    async def scene() -> tuple[list[str], Counter[str]]:
        async with running(world(), now=datetime.now(UTC)) as lab, attacked(lab) as (one, relay):
            config = config_for(one, tmp_path, AnswerOptions(patience_s=LONG_S))
            config = msgspec.structs.replace(
                config,
                dns=DnsOptions(resolvers=(str(one.resolver),), trust_ad=True, timeout_s=LONG_S),
                https=msgspec.structs.replace(config.https, timeout_s=LONG_S, domain_timeout_s=3 * LONG_S),
            )
            async with daemon(config):
                flood = asyncio.create_task(keep_flooding(relay))
                told = await asyncio.gather(*(look_up(tmp_path, name) for name in DESTINATIONS))
                await flood
            return told, relay.forged

    told, forged = asyncio.run(scene())
    assert told == [defended(number) for number in range(len(DESTINATIONS))]
    assert min(forged.values()) > FORGED_MIN // 20
    assert len(forged) == 6


async def look_up(folder: Path, name: str) -> str:
    """Ask the daemon as Postfix does, and wait for as long as it takes."""
    reader, writer = await asyncio.open_unix_connection(str(folder / "socketmap"))
    writer.write(print_netstring(f"postfix {name}".encode()))
    writer.write_eof()
    told = await reader.read()
    writer.close()
    framed = read_netstring(told, SOCKETMAP_REPLY_BYTES_MAX)
    assert framed is not None, told
    given = parse_reply(framed.payload)
    return f"{given.status} {given.text}".strip()
