"""The sockets of a sender test: opened first, at the ports where mail is delivered, and served when no right is left to open more.

A connection has its time, and so many of them at once, of one client and of all. What a client does wrong ends its
connection and nothing else.
"""

import asyncio
import contextlib
import socket
import struct
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from typing import cast

import msgspec

from mxproof.evidence import Outcome, Transport
from mxproof.lab.sendertest.name_server import NameServer, counted_as, resolving
from mxproof.lab.sendertest.policy_host import PolicyHostServing
from mxproof.lab.sendertest.receiver import MailReceiver, Talk
from mxproof.lab.sendertest.run import Run
from mxproof.lab.sendertest.setup import BASE, NAME_SERVER, NETWORK
from mxproof.lab.sendertest.stream import WatchedStream, named_context
from mxproof.lab.sendertest.watching import Watching
from mxproof.lab.tls import server_context
from mxproof.world.world import World

SMTP_PORT, HTTPS_PORT, DNS_PORT = 25, 443, 53
SESSION_S_MAX = 120.0
LEAVING_S = 2.0
CONNECTIONS_AT_ONCE_MAX = 1000
CONNECTIONS_OF_A_CLIENT_MAX = 200
"""More than a sender opens that sends to every case at once, so that no mail is held for want of a connection."""
QUERIES_A_CONNECTION_MAX = 100
LISTENING_BACKLOG = 64
_CLIENT_FAULTS = (OSError, EOFError, TimeoutError, ValueError)

Bind = Callable[[str, int], tuple[str, int]]
"""From the address and port where a server stands to those where it is opened: the same, but in tests."""


class Opened(msgspec.Struct, frozen=True):
    """The open sockets by the address and port that they stand for; `missing` are addresses that this machine does not have."""

    streams: dict[tuple[str, int], socket.socket]
    datagrams: socket.socket
    missing: tuple[str, ...]

    def close(self) -> None:
        """Close every socket."""
        for one in (*self.streams.values(), self.datagrams):
            one.close()


def itself(address: str, port: int) -> tuple[str, int]:
    """Return the address and port as they are."""
    return address, port


def opened(world: World, bind: Bind = itself) -> Opened:
    """Open a socket for every server of the set; raises OSError where the name server cannot be opened."""
    return opened_at(NAME_SERVER, _stands(world), bind)


def opened_at(name_server: str, stands: Iterable[tuple[str, int]], bind: Bind = itself) -> Opened:
    """Open the sockets of the name server and of the servers that stand at these addresses and ports.

    Raises OSError where one cannot be opened, but for those at IPv6, which are `missing` then.
    """
    streams: dict[tuple[str, int], socket.socket] = {}
    missing: list[str] = []
    dns_stream = _listening(bind(name_server, DNS_PORT))
    streams[name_server, DNS_PORT] = dns_stream
    try:
        datagrams = _bound(socket.SOCK_DGRAM, dns_stream.getsockname()[:2])
        for address, port in stands:
            try:
                streams[address, port] = _listening(bind(address, port))
            except OSError:
                if ":" not in address:  # IPv6 may be missing, and the cases that need it with it
                    raise
                missing.append(address)
    except OSError:
        for one in streams.values():
            one.close()
        raise
    return Opened(streams, datagrams, tuple(missing))


def _stands(world: World) -> Iterator[tuple[str, int]]:
    for server in world.smtp_servers:
        yield from ((address, SMTP_PORT) for address in server.addresses)
    for host in world.policy_servers:
        if host.outcome is not Outcome.REFUSED:
            yield from ((address, HTTPS_PORT) for address in host.addresses)


def _listening(at: tuple[str, int]) -> socket.socket:
    one = _bound(socket.SOCK_STREAM, at)
    one.listen(LISTENING_BACKLOG)
    return one


def _bound(kind: socket.SocketKind, at: tuple[str, int]) -> socket.socket:
    one = socket.socket(socket.AF_INET6 if ":" in at[0] else socket.AF_INET, kind)
    try:
        one.setblocking(False)
        if kind is socket.SOCK_STREAM:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind(at)
    except OSError:
        one.close()
        raise
    return one


Hold = Callable[[WatchedStream, str], Awaitable[None]]
"""One connection: its stream, and the address of the client."""


@asynccontextmanager
async def serving(
    run: Run, sockets: Opened, watching: Watching, leaving_s: float = LEAVING_S
) -> AsyncIterator[None]:
    """Serve the set at the sockets that were opened, until the block is left.

    Connections that are under way then have `leaving_s` to come to their end.
    """
    doors, name_server = Doors(watching.turned_away), _name_server(run, watching)
    try:
        await doors.open(sockets.streams[NAME_SERVER, DNS_PORT], queries(name_server))
        for address, port, hold in _holds(run, watching):
            listener = sockets.streams.get((address, port))
            if listener is not None:
                await doors.open(listener, hold)
        await doors.open_datagrams(sockets.datagrams, name_server)
        yield
    finally:
        await doors.close(leaving_s)


def _holds(run: Run, watching: Watching) -> Iterator[tuple[str, int, Hold]]:
    """Yield for each address and port what is done with a connection there."""
    lab = run.lab
    for server in lab.world.smtp_servers:
        context = server_context(lab.issued[server.chain], only=server.tls_version, offers=server.offers)
        receiver = MailReceiver(server, named_context(context), _is_of_the_set, watching.taken)
        for address in server.addresses:
            yield address, SMTP_PORT, _mail(receiver, address, server.name, watching)
    for host in lab.world.policy_servers:
        context = server_context(lab.issued[host.chain], only=host.tls_version)
        policy_host = PolicyHostServing(
            (host,),
            named_context(context),
            lambda one: run.policy_server(one, watching),
            lambda report, _: watching.report(report),
        )
        for address in host.addresses:
            yield address, HTTPS_PORT, _fetch(policy_host, address, watching)


def _is_of_the_set(recipient: str) -> bool:
    return recipient.rpartition("@")[2].lower().endswith(f".{BASE}")


def _name_server(run: Run, watching: Watching) -> NameServer:
    reverse = ".".join((*reversed(NETWORK.split(".")[:3]), "in-addr", "arpa"))
    answering = resolving(lambda name: run.world_of(name, watching))
    return NameServer(answering, (BASE, reverse), lambda name: watching, watching.now)


def _mail(receiver: MailReceiver, address: str, host: str, watching: Watching) -> Hold:
    async def hold(stream: WatchedStream, client: str) -> None:
        talk = Talk(client, address, host, watching.now())
        try:
            await receiver.talk(stream, talk)
        finally:
            for seen in talk.seen(stream, watching.now):
                watching.connection(seen)
            for report in talk.reports:
                watching.report(report)
            for bounce in talk.bounces:
                watching.bounce(bounce)

    return hold


def _fetch(policy_host: PolicyHostServing, address: str, watching: Watching) -> Hold:
    async def hold(stream: WatchedStream, client: str) -> None:
        watching.fetch(await policy_host.answer(stream, client, address, watching.now()))

    return hold


def queries(name_server: NameServer) -> Hold:
    """Return what is done with a connection to the name server."""

    async def hold(stream: WatchedStream, client: str) -> None:
        for _ in range(QUERIES_A_CONNECTION_MAX):
            (length,) = struct.unpack("!H", await stream.exactly(2))
            response = name_server.response(await stream.exactly(length), client, Transport.TCP)
            if response is None:
                return
            await stream.write(struct.pack("!H", len(response)) + response)

    return hold


class Doors:
    """The listeners of a set, and the connections that are under way; `turned_away` is called for each that is one too many."""

    def __init__(self, turned_away: Callable[[], None]) -> None:
        self._turned_away = turned_away
        self._servers: list[asyncio.Server] = []
        self._transports: list[asyncio.DatagramTransport] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._of: dict[str, int] = {}

    async def open(self, listener: socket.socket, hold: Hold) -> None:
        """Take connections at a socket that listens, and do with each as `hold` says."""

        def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self._connected(reader, writer, hold)

        self._servers.append(await asyncio.start_server(connected, sock=listener))

    async def open_datagrams(self, bound: socket.socket, name_server: NameServer) -> None:
        """Answer the datagrams that come to a socket."""
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(lambda: _Datagrams(name_server), sock=bound)
        self._transports.append(transport)

    async def close(self, leaving_s: float) -> None:
        """Take no more, and end what is under way, which has `leaving_s` for it."""
        for server in self._servers:
            server.close()
        for transport in self._transports:
            transport.close()
        tasks = tuple(self._tasks)
        if tasks:
            await asyncio.wait(tasks, timeout=leaving_s)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hold: Hold) -> None:
        client = str(writer.get_extra_info("peername")[0])
        counted = counted_as(client)
        at_once = self._of.get(counted, 0)
        if len(self._tasks) >= CONNECTIONS_AT_ONCE_MAX or at_once >= CONNECTIONS_OF_A_CLIENT_MAX:
            writer.transport.abort()
            self._turned_away()
            return
        self._of[counted] = at_once + 1
        task = asyncio.create_task(_held(reader, writer, hold, client))
        self._tasks.add(task)
        task.add_done_callback(lambda done: self._done(done, counted))

    def _done(self, task: asyncio.Task[None], client: str) -> None:
        self._tasks.discard(task)
        self._of[client] -= 1
        if not self._of[client]:
            del self._of[client]


async def _held(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, hold: Hold, client: str) -> None:
    """Hold one connection in its time, and end it."""
    try:
        with contextlib.suppress(*_CLIENT_FAULTS):
            async with asyncio.timeout(SESSION_S_MAX):
                await hold(WatchedStream(reader, writer), client)
                writer.close()
                await writer.wait_closed()
    finally:
        writer.transport.abort()


class _Datagrams(asyncio.DatagramProtocol):
    """Answers each datagram at once."""

    def __init__(self, name_server: NameServer) -> None:
        self._name_server = name_server
        self._transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # the loop's own datagram transports are no subclass of the abstract one before Python 3.12
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        response = self._name_server.response(data, str(addr[0]), Transport.UDP)
        if response is not None and self._transport is not None:
            self._transport.sendto(response, addr)
