"""Fetch policies as senders do, each over a connection of its own with a full handshake, and say how long each took.

    python -m bench.publish_load PORT FETCHES AT_ONCE DOMAINS SLOW HALF_OPEN

SLOW connections beside them send a request byte by byte, HALF_OPEN ones the beginning of a handshake, from addresses of their own; what
the server ends of these is begun again. One line of JSON: seconds, percentiles, and what came back.
"""

import asyncio
import contextlib
import json
import resource
import ssl
import sys
import time
from collections import Counter

from mxproof.serve.daemon.run import run

ZONE = "bench.example"
PATH = "/.well-known/mta-sts.txt"
NETWORKS = 100
"""Strangers come from so many addresses of 127.0.0.0/8."""
DRIP_S = 1.0
BEGUN_AGAIN_S = 10.0
"""How long after the server ended it a stranger's connection is begun again."""
_HELLO = bytes.fromhex("16030102000100")


async def main(port: int, fetches: int, at_once: int, domains: int, slow: int, half_open: int) -> None:
    """Run the load and print what it found."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    strangers = [asyncio.create_task(_slow(port, number, context)) for number in range(slow)]
    strangers += [asyncio.create_task(_half_open(port, number)) for number in range(half_open)]
    if strangers:
        await asyncio.sleep(3.0)
    numbers = iter(range(fetches))
    took: list[float] = []
    got: Counter[str] = Counter()

    async def worker() -> None:
        for number in numbers:
            began = time.perf_counter()
            got[await _fetch(port, f"mta-sts.d{number * 7919 % domains}.{ZONE}", context)] += 1
            took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(at_once)))
    seconds = time.perf_counter() - began
    for one in strangers:
        one.cancel()
    await asyncio.gather(*strangers, return_exceptions=True)
    took.sort()
    last = len(took) - 1
    print(
        json.dumps(
            {
                "seconds": seconds,
                "p50_ms": 1e3 * took[last // 2],
                "p99_ms": 1e3 * took[last * 99 // 100],
                "got": got,
            }
        )
    )


async def _fetch(port: int, host: str, context: ssl.SSLContext) -> str:
    """Fetch one policy and return the status, or the name of what went wrong."""
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname=host)
        writer.write(f"GET {PATH} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        response = await reader.read()
        writer.close()
    except OSError as error:
        return type(error).__name__
    return response[9:12].decode() if response.endswith(b"\r\n") else "cut"


def _address(number: int) -> tuple[str, int]:
    return f"127.1.{number % NETWORKS}.1", 0


async def _slow(port: int, number: int, context: ssl.SSLContext) -> None:
    """Send a request byte by byte, again and again."""
    text = f"GET {PATH} HTTP/1.1\r\nX: {'x' * 1000}".encode()
    while True:
        with contextlib.suppress(OSError):
            _, writer = await asyncio.open_connection(
                "127.0.0.1",
                port,
                ssl=context,
                server_hostname=f"mta-sts.d0.{ZONE}",
                local_addr=_address(number),
            )
            for place in range(len(text)):
                writer.write(text[place : place + 1])
                await writer.drain()
                await asyncio.sleep(DRIP_S)
        await asyncio.sleep(BEGUN_AGAIN_S)


async def _half_open(port: int, number: int) -> None:
    """Begin a handshake and say nothing more, again and again."""
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=_address(number))
            writer.write(_HELLO)
            await reader.read()
            writer.close()
        await asyncio.sleep(BEGUN_AGAIN_S)


if __name__ == "__main__":
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    numbers = [int(one) for one in sys.argv[1:]]
    run(lambda: main(*numbers))
