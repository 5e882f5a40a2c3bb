"""The least that a cold domain can cost: two questions, one fetch from a host whose certificate is verified, no more.

python -m bench.policyd_bare PORT CA_FILE

It asks over the same sockets, with the same TLS and the same verifier as policyd, reads nothing else of what comes,
judges nothing, remembers nothing, and answers every request alike. What policyd needs beyond it all the rest costs.
"""

import asyncio
import ipaddress
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import uvloop

from mxproof.evidence import Der, Kind, Question
from mxproof.formats.mtasts import POLICY_PATH
from mxproof.mail.certification_path import verifies
from mxproof.net.asking import DNS_PORT, HTTPS_PORT, Asking, Peer
from mxproof.net.dns.query import query
from mxproof.net.dns.udp import DatagramSockets
from mxproof.net.roots import roots_from
from mxproof.net.stream import Stream, secure

RESOLVER = Peer("127.0.0.1", DNS_PORT)
WITHIN_S = 60.0
ANSWER = b"15:OK secure match,"
_REQUEST = "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
_ADDRESS_BYTES = 4


class Bare(asyncio.Protocol):
    """One connection, with one request at a time that comes whole."""

    def __init__(self, sockets: DatagramSockets, anchors: tuple[Der, ...]) -> None:
        self._sockets = sockets
        self._anchors = anchors
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection over."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Fetch the policy of the domain asked for."""
        domain = data.rstrip(b",").rpartition(b" ")[2].decode()
        self._task = asyncio.get_running_loop().create_task(self._answer(domain))

    async def _answer(self, domain: str) -> None:
        await self._asked(Kind.TXT, f"_mta-sts.{domain}")
        host = f"mta-sts.{domain}"
        found = await self._asked(Kind.A, host)
        # the one record of the answer ends where the OPT record of 11 bytes begins
        address = str(ipaddress.IPv4Address(found[-11 - _ADDRESS_BYTES : -11]))
        async with Stream(Peer(address, HTTPS_PORT), Asking((RESOLVER,))) as stream:
            seen = await secure(stream, host, alpn=("http/1.1",), secret=False)
            assert verifies(seen.chain, self._anchors, datetime.now(UTC)), "the bench has good certificates"
            await stream.write(_REQUEST.format(path=POLICY_PATH, host=host).encode())
            policy = b""
            while b"max_age" not in policy:
                policy += await stream.read()
            await stream.end()
        self._transport.write(ANSWER)

    async def _asked(self, kind: Kind, name: str) -> bytes:
        asked = query(Question(kind, name))
        assert asked is not None, "the names of the bench can be asked"
        wire, _ = await self._sockets.ask(asked, RESOLVER, asyncio.get_running_loop().time() + WITHIN_S)
        return wire


async def main(port: int, ca_file: Path) -> None:
    """Serve until killed."""
    anchors = tuple(map(Der, roots_from(ca_file)))
    with DatagramSockets() as sockets:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(lambda: Bare(sockets, anchors), "127.0.0.1", port)
        print("ready", file=sys.stderr, flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1]), Path(sys.argv[2])))
