"""A world of the lab at the addresses that it speaks of: real ports, in a network namespace that holds nothing else.

The process that comes here must be in namespaces of its own (`unshare --net --mount`): every address of the world is put on
its loopback, the resolver stands at 127.0.0.1, and resolv.conf and the certificates of the system are covered by those of the
world. The lab itself listens on other ports; each connection is handed on to it. A server that never takes a connection takes
it here and stays silent.
"""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import msgspec

from mxproof.lab.running import RunningLab, running
from mxproof.lab.scenario import Scenario
from mxproof.lab.serving import Endpoint
from mxproof.world.lookup import record_table
from peers.root_server import ROOT_ADDRESS, RootServer

DNS_PORT = 53
PIECE_BYTES = 64 * 1024
RESOLVER = "127.0.0.1"


class Ground(msgspec.Struct, frozen=True):
    """Where everything of a running world is found; `is_delegated` tells whether a walk down from the root leads to it."""

    lab: RunningLab
    ca_file: Path
    is_delegated: bool


@asynccontextmanager
async def ground(scenario: Scenario, folder: Path) -> AsyncIterator[Ground]:
    """Serve `scenario` at its own addresses until the context is left; files are put into `folder`."""
    _raise_loopback()
    async with AsyncExitStack() as stack:
        lab = await stack.enter_async_context(running(scenario, now=datetime.now(UTC)))
        addresses = sorted({address for address, _ in lab.connect_to} | {ROOT_ADDRESS})
        ca_file = folder / "ca.pem"
        ca_file.write_bytes(lab.ca_pem)
        _set_up(addresses, folder / "resolv.conf")
        nobody = _refusing(lab)
        for (address, port), endpoint in lab.connect_to.items():
            if endpoint != nobody:
                await _led(stack, address, port, endpoint)
        await _led(stack, RESOLVER, DNS_PORT, lab.resolver)
        table = record_table(lab.world.zones)
        root = RootServer(table, lab.domain)
        if root.is_useful:
            await stack.enter_async_context(root.serving())
        yield Ground(lab, ca_file, root.is_useful)


def _raise_loopback() -> None:
    """Bring it up before the lab stands on it: a new namespace has it down."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)


def _set_up(addresses: list[str], resolv: Path) -> None:
    subprocess.run(["ip", "-batch", "-"], input=_on_loopback(addresses), text=True, check=True)
    resolv.write_text(f"nameserver {RESOLVER}\noptions edns0 trust-ad timeout:3 attempts:1\n")
    subprocess.run(["mount", "--bind", str(resolv), "/etc/resolv.conf"], check=True)


def _on_loopback(addresses: list[str]) -> str:
    lines = [
        f"addr add {one}/{128 if ':' in one else 32} dev lo" + (" nodad" if ":" in one else "")
        for one in addresses
    ]
    return "\n".join(lines) + "\n"


def _refusing(lab: RunningLab) -> Endpoint | None:
    """Return the endpoint that stands for nobody: the one that is no listener's."""
    known = {one.endpoint for one in lab.listeners}
    return next((one for one in lab.connect_to.values() if one not in known), None)


async def _led(stack: AsyncExitStack, address: str, port: int, endpoint: Endpoint) -> None:
    """Hand on what comes to a port of an address; DNS comes in datagrams too."""

    async def taken(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _handed_on(reader, writer, endpoint)

    server = await asyncio.start_server(taken, address, port)
    stack.push_async_callback(_closed, server)
    if port == DNS_PORT:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Datagrams(endpoint), local_addr=(address, port)
        )
        stack.callback(transport.close)


async def _closed(server: asyncio.Server) -> None:
    server.close()


async def _handed_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, endpoint: Endpoint) -> None:
    try:
        inner_reader, inner_writer = await asyncio.open_connection(*endpoint)
    except OSError:
        writer.transport.abort()
        return
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(_piped(reader, inner_writer))
            group.create_task(_piped(inner_reader, writer))
    except* OSError:
        pass
    finally:
        inner_writer.transport.abort()
        writer.transport.abort()


async def _piped(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while piece := await reader.read(PIECE_BYTES):
        writer.write(piece)
        await writer.drain()
    with suppress(OSError):
        writer.write_eof()


class _Datagrams(asyncio.DatagramProtocol):
    """Each query is handed on from a socket of its own, and what comes back goes to whoever asked."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._transport: asyncio.DatagramTransport | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        task = asyncio.create_task(self._asked(data, addr))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _asked(self, data: bytes, addr: tuple[str, int]) -> None:
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[bytes] = loop.create_future()
        transport, _ = await loop.create_datagram_endpoint(
            lambda: _Answer(answered), remote_addr=self._endpoint
        )
        try:
            transport.sendto(data)
            async with asyncio.timeout(ANSWER_WITHIN_S):
                answer = await answered
            if self._transport is not None:
                self._transport.sendto(answer, addr)
        except (TimeoutError, OSError):
            pass
        finally:
            transport.close()


ANSWER_WITHIN_S = 20.0


class _Answer(asyncio.DatagramProtocol):
    def __init__(self, answered: asyncio.Future[bytes]) -> None:
        self._answered = answered

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        if not self._answered.done():
            self._answered.set_result(data)

    def error_received(self, exc: Exception) -> None:
        if not self._answered.done():
            self._answered.set_exception(exc)
