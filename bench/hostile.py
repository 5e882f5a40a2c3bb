"""What hostile servers cost: at most 10 s and 8 MB of memory each.

`python bench/hostile.py` starts the servers in one process and asks each from a fresh process of its own, after a
friendly exchange that pays for imports and libraries. Memory is the highest resident size while asking above the one
before, free memory given back first (Linux with glibc: the high-water mark of /proc, reset in between). The exit status is 1 where a limit is passed.
"""

import asyncio
import ctypes
import gc
import json
import ssl
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType
from typing import cast

from mxproof.evidence import Kind, Question
from mxproof.lab.ca import issue, make_ca
from mxproof.lab.tls import server_context
from mxproof.net.asker import Asker
from mxproof.net.asking import Asking, Peer

SECONDS_MAX = 10.0
GROWTH_MB_MAX = 8.0

ADDRESS = "192.0.2.1"
NAME = "mx.example.com"
BLOCK_BYTES = 64 * 1024
BOMB_BYTES = 1024**3
PORTS = MappingProxyType({Kind.SMTP: 25, Kind.POLICY: 443})

QR, TC = 0x8000, 0x0200
READY = b"220 go\r\n"
EHLO = b"250-mx.example.com\r\n250 STARTTLS\r\n"
UNSIZED = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n"
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


class Do(Enum):
    """A step of a server other than sending bytes."""

    READ = auto()
    TLS = auto()


Attack = Callable[[asyncio.StreamReader], AsyncIterator[bytes | Do]]
"""What a server sends, given the bytes of the client."""


def steps(*lead: bytes | Do) -> Attack:
    """Take each step and be done."""

    async def attack(reader: asyncio.StreamReader) -> AsyncIterator[bytes | Do]:
        for step in lead:
            if step is Do.READ:
                await reader.read(BLOCK_BYTES)
            else:
                yield step

    return attack


def flood(*lead: bytes | Do, block: bytes) -> Attack:
    """Take each step, then send `block` without end."""

    async def attack(reader: asyncio.StreamReader) -> AsyncIterator[bytes | Do]:
        async for step in steps(*lead)(reader):
            yield step
        while True:
            yield block * (BLOCK_BYTES // len(block) + 1)

    return attack


def drip(*lead: bytes | Do) -> Attack:
    """Take each step, then send a byte a second."""

    async def attack(reader: asyncio.StreamReader) -> AsyncIterator[bytes | Do]:
        async for step in steps(*lead)(reader):
            yield step
        while True:
            await asyncio.sleep(1)
            yield b"2"

    return attack


async def silence(_reader: asyncio.StreamReader) -> AsyncIterator[bytes | Do]:
    """Send nothing, and stay."""
    await asyncio.Event().wait()
    yield b""


async def bomb(reader: asyncio.StreamReader) -> AsyncIterator[bytes | Do]:
    """Send 1 GiB of zeros as gzip, made as it goes."""
    await reader.readuntil(b"\r\n\r\n")
    yield b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
    packer = zlib.compressobj(9, wbits=31)
    zeros = bytes(1024 * 1024)
    for _ in range(BOMB_BYTES // len(zeros)):
        yield packer.compress(zeros)
    yield packer.flush()


def dns(padding: bytes = b"", *, bytes_a_second: int | None = None) -> Attack:
    """Answer the query over TCP with no records and `padding` behind."""

    async def attack(reader: asyncio.StreamReader) -> AsyncIterator[bytes | Do]:
        query = await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
        answer = _answer(query, QR) + padding
        message = len(answer).to_bytes(2, "big") + answer
        for start in range(0, len(message), bytes_a_second or len(message)):
            yield message[start : start + (bytes_a_second or len(message))]
            if bytes_a_second:
                await asyncio.sleep(1)

    return attack


SECURED = (b"220 mx\r\n", Do.READ, EHLO, Do.READ, READY, Do.TLS, Do.READ)
CASES: tuple[tuple[str, Kind, Attack], ...] = (
    ("SMTP banner without end", Kind.SMTP, flood(block=b"220-more\r\n")),
    ("SMTP banner of one endless line", Kind.SMTP, flood(block=b"220 more ")),
    ("SMTP banner, a byte a second", Kind.SMTP, drip(b"220-")),
    ("SMTP silence", Kind.SMTP, silence),
    ("SMTP reply to EHLO without end", Kind.SMTP, flood(b"220 mx\r\n", Do.READ, block=b"250-X\r\n")),
    ("SMTP flood in place of a handshake", Kind.SMTP, flood(*SECURED[:5], block=b"\x16\x03\x03\x40\0")),
    ("SMTP reply without end under TLS", Kind.SMTP, flood(*SECURED, block=b"250-X\r\n")),
    ("HTTPS gzip bomb of 1 GiB", Kind.POLICY, bomb),
    ("HTTPS body without end", Kind.POLICY, flood(Do.READ, UNSIZED, block=b"x")),
    ("HTTPS chunks without end", Kind.POLICY, flood(Do.READ, CHUNKED, block=b"1\r\nx\r\n")),
    ("HTTPS headers without end", Kind.POLICY, flood(Do.READ, b"HTTP/1.1 200 OK\r\n", block=b"X: y\r\n")),
    ("HTTPS body, a byte a second", Kind.POLICY, drip(Do.READ, UNSIZED)),
    ("DNS answer of 64 KiB", Kind.TXT, dns(bytes(65_000))),
    ("DNS answer, a byte a second", Kind.TXT, dns(bytes_a_second=1)),
)
FRIENDLY: tuple[tuple[str, Kind, Attack], ...] = (
    ("friendly SMTP", Kind.SMTP, steps(*SECURED, EHLO, Do.READ, b"221 bye\r\n")),
    ("friendly POLICY", Kind.POLICY, steps(Do.READ, b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")),
    ("friendly TXT", Kind.TXT, dns()),
)


def main() -> bool:
    """Run every case and print the table; tell whether the figures hold."""
    server = subprocess.Popen([sys.executable, __file__, "serve"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        ports = json.loads(server.stdout.readline())
        print(f"{'hostile server':40} {'outcome':11} {'s':>6} {'of limit':>9} {'MB':>6} {'of limit':>9}")
        held = [_case(name, kind, ports) for name, kind, _ in CASES]  # every case, also after one that fails
        return all(held)
    finally:
        server.terminate()
        server.wait()


def _case(name: str, kind: Kind, ports: dict[str, int]) -> bool:
    arguments = ["ask", kind, str(ports[f"friendly {kind}"]), str(ports[name])]
    run = subprocess.run([sys.executable, __file__, *arguments], stdout=subprocess.PIPE, check=True)
    outcome, seconds, growth_mb = json.loads(run.stdout)
    parts = seconds / SECONDS_MAX, growth_mb / GROWTH_MB_MAX
    print(
        f"{name:40} {outcome:11} {seconds:6.2f} {parts[0]:8.2f}x {growth_mb:6.2f} {parts[1]:8.2f}x",
        flush=True,
    )
    return bool(max(parts) <= 1)


def _ask(kind: Kind, friendly: int, hostile: int) -> None:
    """Ask the friendly server, then the hostile one, and print what the latter cost."""
    asyncio.run(_put(kind, friendly))
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # else what the imports left free would hide the growth
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    before_kb, begun = _status_kb("VmRSS"), time.monotonic()
    outcome = asyncio.run(_put(kind, hostile))
    seconds = time.monotonic() - begun
    print(json.dumps([outcome, seconds, (_status_kb("VmHWM") - before_kb) / 1024]))


async def _put(kind: Kind, port: int) -> str:
    peer = Peer("127.0.0.1", port)
    detours = {(ADDRESS, PORTS[kind]): peer} if kind in PORTS else {}
    at = ADDRESS if kind in PORTS else ""
    with Asker(Asking((peer,), connect_to=detours)) as asker:
        answer = await asker.ask(Question(kind, NAME, at), asker.share())
    return answer.outcome


def _status_kb(field: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{field}:"))


async def _serve() -> None:
    """Serve every case on a port of its own, print the ports, and go on until ended."""
    ports = {}
    servers = []
    for name, kind, attack in (*CASES, *FRIENDLY):
        context = _context() if kind is Kind.POLICY else None
        server = await asyncio.start_server(partial(_connection, attack), "127.0.0.1", 0, ssl=context)
        servers.append(server)
        ports[name] = int(server.sockets[0].getsockname()[1])
        if kind is Kind.TXT:
            loop = asyncio.get_running_loop()
            await loop.create_datagram_endpoint(_Truncated, local_addr=("127.0.0.1", ports[name]))
    print(json.dumps(ports), flush=True)
    await asyncio.Event().wait()


_HELD: set[asyncio.Task[None]] = set()
"""The loop knows tasks only weakly, and one whose client has gone while it writes hangs on nothing else."""


async def _connection(attack: Attack, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    task = asyncio.current_task()
    assert task is not None
    _HELD.add(task)
    task.add_done_callback(_HELD.discard)
    with suppress(OSError, EOFError):
        async for step in attack(reader):
            if writer.is_closing():
                break
            if isinstance(step, bytes):
                writer.write(step)
                await writer.drain()
                await asyncio.sleep(0)  # lets the loop notice a client that has gone
            else:
                await writer.start_tls(_context())
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


class _Truncated(asyncio.DatagramProtocol):
    """Send every client to TCP."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.DatagramTransport", transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        self._transport.sendto(_answer(data, QR | TC), addr)


def _answer(query: bytes, flags: int) -> bytes:
    """Return `query` as its own answer, without records."""
    return query[:2] + flags.to_bytes(2, "big") + query[4:]


@cache
def _context() -> ssl.SSLContext:
    now = datetime.now(UTC)
    day = timedelta(days=1)
    return server_context(issue(make_ca(now), [NAME], not_before=now - day, not_after=now + day))


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["serve"]:
            asyncio.run(_serve())
        case ["ask", kind, friendly, hostile]:
            _ask(Kind(kind), int(friendly), int(hostile))
        case _:
            sys.exit(0 if main() else 1)
