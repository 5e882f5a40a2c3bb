"""A policy daemon, or its core alone, in front of a lab whose resolver and policy hosts are watched and can fall silent."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar, cast

import dns.flags
import dns.message
import msgspec

from mxproof.formats.postfix.netstring import print_netstring, read_netstring
from mxproof.formats.postfix.next_hop import NextHop, next_hop
from mxproof.formats.postfix.socketmap import SOCKETMAP_REPLY_BYTES_MAX, SocketmapReply, parse_reply
from mxproof.judge.senders.protection import Rules
from mxproof.lab.running import HTTPS_PORT, RunningLab, running
from mxproof.lab.scenario import Scenario, load
from mxproof.lab.serving import Endpoint
from mxproof.net.asking import Asking, Peer
from mxproof.serve.daemon.clock import Clockwork
from mxproof.serve.daemon.config import AdminOptions
from mxproof.serve.policyd.answer_settings import AnswerSettings
from mxproof.serve.policyd.answers import Answers
from mxproof.serve.policyd.config import AnswerOptions, Config, DnsOptions, HttpsOptions, StoreOptions
from mxproof.serve.policyd.daemon import Daemon
from mxproof.serve.policyd.metrics import Counts
from mxproof.serve.policyd.reply import Dialect, reply
from mxproof.serve.policyd.settings import read_settings, settings
from mxproof.store.destinations.destination import Destination, Store
from mxproof.store.destinations.memory import MemoryStore
from mxproof.store.destinations.write_behind import WriteBehind
from support_clock import run
from support_lab import world

WITHIN_S = 20.0
READ_BYTES_MAX = 65536
KERNEL_HOLDS_S = 0.25
"""How long the kernel may hold back what one end of a connection has sent to the other, for more to come."""
ENFORCE = "version: STSv1\\nmode: enforce\\nmx: mx1.example.com\\nmax_age: 604800\\n"


T = TypeVar("T")


def play(scene: Coroutine[None, None, T]) -> T:
    """Run what happens in front of a lab on a clock that leaps, so that no deadline is met because the machine is slow."""
    return run(scene, KERNEL_HOLDS_S)


class DnsRelay(asyncio.DatagramProtocol):
    """A way to the lab's resolver; `asked` counts the queries; while `silent` none is answered.

    In answers the first of `rewritten` becomes the second; where it is not `validating` none has the AD bit.
    """

    def __init__(self, to: Endpoint) -> None:
        self.asked: Counter[str] = Counter()
        self.silent = False
        self.rewritten = (b"", b"")
        self.validating = True
        self.received = asyncio.Event()
        self._to = to
        self._transport: asyncio.DatagramTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: Endpoint) -> None:
        question = dns.message.from_wire(data).question[0]
        self.asked[
            f"{dns.rdatatype.to_text(question.rdtype)} {question.name.to_text(omit_final_dot=True)}"
        ] += 1
        self.received.set()
        if not self.silent:
            task = asyncio.create_task(self._relay(data, addr))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def next_query(self) -> None:
        """Wait until something is asked."""
        self.received.clear()
        async with asyncio.timeout(WITHIN_S):
            await self.received.wait()

    async def _relay(self, data: bytes, addr: Endpoint) -> None:
        answered: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()

        class Once(asyncio.DatagramProtocol):
            def datagram_received(self, data: bytes, addr: object) -> None:
                if not answered.done():
                    answered.set_result(data)

        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Once, remote_addr=self._to)
        try:
            transport.sendto(data)
            async with asyncio.timeout(WITHIN_S):
                wire = await answered
            if self._transport is not None and not self._transport.is_closing():
                flags = wire[3] if self.validating else wire[3] & ~dns.flags.AD
                wire = wire[:3] + bytes([flags]) + wire[4:]
                self._transport.sendto(wire.replace(*self.rewritten), addr)
        except TimeoutError:
            pass
        finally:
            transport.close()


class HttpsRelay:
    """A way to one policy host; `connections` counts, and while `hanging` nothing comes through."""

    def __init__(self, to: Endpoint, reached: asyncio.Event) -> None:
        self.connections = 0
        self.reached = reached
        self.hanging = False
        self.at: Endpoint = ("", 0)
        self._to = to

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.reached.set()
        with contextlib.suppress(OSError):
            if self.hanging:
                await reader.read(READ_BYTES_MAX)
                await reader.read(READ_BYTES_MAX)
            else:
                inner_reader, inner_writer = await asyncio.open_connection(*self._to)
                await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))
        writer.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await reader.read(READ_BYTES_MAX):
            writer.write(data)
            await writer.drain()
    writer.close()


class Site:
    """A running lab with its relays."""

    def __init__(self, lab: RunningLab, dns_relay: DnsRelay, resolver: Endpoint) -> None:
        self.lab = lab
        self.dns = dns_relay
        self.resolver = Peer(*resolver)
        self.detours: dict[Endpoint, Endpoint] = dict(lab.connect_to)
        self.https: list[HttpsRelay] = []
        self.reached = asyncio.Event()

    def fetches(self) -> int:
        return sum(relay.connections for relay in self.https)

    def hang(self, hanging: bool = True) -> None:
        for relay in self.https:
            relay.hanging = hanging

    def settings(self, **changes: object) -> AnswerSettings:
        asking = Asking(
            resolvers=(self.resolver,),
            connect_to=self.detours,
            timeout_s=1.0,
            domain_timeout_s=5.0,
            trust_ad=True,
        )
        made = AnswerSettings(asking, self.lab.roots, Rules(), grace_s=60.0, patience_s=2.0)
        return AnswerSettings(**{**{name: getattr(made, name) for name in made.__struct_fields__}, **changes})


@asynccontextmanager
async def site(subject: Scenario | str) -> AsyncIterator[Site]:
    """Run a lab behind relays."""
    scenario = load(subject) if isinstance(subject, str) else subject
    loop = asyncio.get_running_loop()
    async with running(scenario, now=datetime.now(UTC)) as lab, contextlib.AsyncExitStack() as stack:
        transport, dns_relay = await loop.create_datagram_endpoint(
            lambda: DnsRelay(lab.resolver), local_addr=("127.0.0.1", 0)
        )
        stack.callback(transport.close)
        made = Site(lab, dns_relay, transport.get_extra_info("sockname")[:2])
        for meant, instead in lab.connect_to.items():
            if meant[1] == HTTPS_PORT:
                relay = HttpsRelay(instead, made.reached)
                server = await asyncio.start_server(relay, "127.0.0.1", 0)
                stack.callback(server.close)
                made.detours[meant] = server.sockets[0].getsockname()[:2]
                made.https.append(relay)
        yield made


def policy_world(body: str = ENFORCE, ident: str = "1") -> Scenario:
    """Return a world of one host whose policy is `body` under the id `ident`."""
    made = world(f'[[https]]\nbody = "{body}"\n')
    (zone,) = made.zones
    renamed = msgspec.structs.replace(zone, records=zone.records.replace("id=1;", f"id={ident};"))
    return msgspec.structs.replace(made, zones=(renamed,))


class FakeTime:
    """Both clocks of a machine, moved by hand."""

    def __init__(self) -> None:
        self.machine = datetime.now(UTC)
        self.counted_s = 1000.0

    def pass_(self, seconds: float) -> None:
        """Let time pass on both."""
        self.machine += timedelta(seconds=seconds)
        self.counted_s += seconds

    def clockwork(self) -> Clockwork:
        return Clockwork(lambda: self.machine, lambda: self.counted_s)


class Core:
    """The answers of a daemon without its sockets."""

    def __init__(self, answers: Answers, destinations: WriteBehind, time: FakeTime, counts: Counts) -> None:
        self.answers = answers
        self.destinations = destinations
        self.time = time
        self.counts = counts

    async def destination(self, key: str = "example.com") -> Destination:
        return await self.answers.ask(hop(key))

    async def told(self, key: str = "example.com", dialect: Dialect = Dialect.CLASSIC) -> str:
        given = reply(hop(key).domain, (await self.destination(key)).held, dialect)
        return f"{given.status} {given.text}".strip()


def hop(key: str) -> NextHop:
    found = next_hop(key)
    assert found is not None
    return found


@asynccontextmanager
async def core(
    answer_settings: AnswerSettings, store: Store | None = None, time: FakeTime | None = None
) -> AsyncIterator[Core]:
    """Run the answers over a store."""
    time, counts = time or FakeTime(), Counts()
    destinations = WriteBehind(MemoryStore(1000) if store is None else store, 1000)
    await destinations.open()
    answers = Answers(destinations, answer_settings, time.clockwork(), counts)
    try:
        yield Core(answers, destinations, time, counts)
    finally:
        await answers.land(WITHIN_S)
        await destinations.close()


def config_for(one: Site, folder: Path, answers: AnswerOptions | None = None) -> Config:
    """Return the configuration of a daemon in front of a site, with its sockets and its store in `folder`."""
    ca_file = folder / "ca.pem"
    ca_file.write_bytes(one.lab.ca_pem)
    detours = tuple(f"{Peer(*meant)}={Peer(*instead)}" for meant, instead in one.detours.items())
    return Config(
        listen=(f"unix:{folder}/socketmap",),
        dns=DnsOptions(resolvers=(str(one.resolver),), trust_ad=True, timeout_s=1.0),
        https=HttpsOptions(ca_file=str(ca_file), connect_to=detours, timeout_s=1.0, domain_timeout_s=5.0),
        answers=answers or AnswerOptions(),
        store=StoreOptions(url=f"sqlite:{folder}/state.db"),
        admin=AdminOptions(http=f"unix:{folder}/http", control=f"unix:{folder}/control"),
    )


@asynccontextmanager
async def daemon(config: Config, path: Path | None = None) -> AsyncIterator[Daemon]:
    """Run a daemon in this loop."""
    made = Daemon(settings(config), lambda: read_settings(path)[1])
    running_daemon = asyncio.create_task(made.run())
    ready = asyncio.create_task(made.life.ready.wait())
    await asyncio.wait({running_daemon, ready}, return_when=asyncio.FIRST_COMPLETED)
    if running_daemon.done():
        await running_daemon
    try:
        yield made
    finally:
        made.life.stop.set()
        async with asyncio.timeout(WITHIN_S):
            await running_daemon


class Client:
    """A connection as Postfix has one."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self._received = b""

    async def look_up(self, key: str, name: str = "postfix") -> SocketmapReply:
        self.writer.write(print_netstring(f"{name} {key}".encode()))
        return await self.reply()

    async def reply(self) -> SocketmapReply:
        async with asyncio.timeout(WITHIN_S):
            while (framed := read_netstring(self._received, SOCKETMAP_REPLY_BYTES_MAX)) is None:
                data = await self.reader.read(READ_BYTES_MAX)
                assert data, "the daemon hung up on an open question"
                self._received += data
        self._received = self._received[framed.end :]
        return parse_reply(framed.payload)


@asynccontextmanager
async def client(folder: Path) -> AsyncIterator[Client]:
    """Connect to the daemon whose sockets are in `folder`."""
    reader, writer = await asyncio.open_unix_connection(str(folder / "socketmap"))
    try:
        yield Client(reader, writer)
    finally:
        writer.close()
