"""A reader of the pages of the watch over one connection, and clients beside that are slow on purpose.

python -m bench.watch_client PORT SLOW     hold SLOW connections that send a request byte by byte, until killed
"""

import asyncio
import contextlib
import http.client
import re
import sys
import time
from collections.abc import Sequence
from urllib.parse import urlencode

import msgspec

WITHIN_S = 60.0
DRIP_S = 1.0
READY = "all of them are connected"
_TOKEN = re.compile(r'name="form" value="([^"]+)"')


class Took(msgspec.Struct, frozen=True):
    """How long pages took, to the first byte and whole, in ms, the shortest first."""

    first: tuple[float, ...]
    whole: tuple[float, ...]

    def row(self) -> str:
        """Return median and p99 of both."""
        named = (("first byte", self.first), ("whole", self.whole))
        return ", ".join(f"{name} p50 {at(of, 0.5):.0f} p99 {at(of, 0.99):.0f} ms" for name, of in named)


def at(sorted_values: Sequence[float], share: float) -> float:
    """Return the value below which this share of them lies."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * share))]


class Reader:
    """Somebody who is logged in."""

    def __init__(self, port: int, account: str, password: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WITHIN_S)
        self._cookies: dict[str, str] = {}
        page = self._ask("GET", "/login")[2].decode()
        token = _TOKEN.search(page)
        assert token is not None, page
        fields = {"form": token[1], "then": "", "account": account, "password": password}
        status, _, said = self._ask("POST", "/login", urlencode(fields))
        assert status == http.client.SEE_OTHER, said

    def read(self, *pages: str) -> Took:
        """Read pages one after the other."""
        self._connection.close()  # so that it is a new one, which nobody has ended meanwhile
        first, whole = [], []
        for page in pages:
            began = time.perf_counter()
            status, first_s, _ = self._ask("GET", page)
            whole.append(1e3 * (time.perf_counter() - began))
            first.append(1e3 * (first_s - began))
            assert status == http.client.OK, (page, status)
        return Took(tuple(sorted(first)), tuple(sorted(whole)))

    def _ask(self, method: str, page: str, body: str | None = None) -> tuple[int, float, bytes]:
        """Return the status, when the first byte was there, and the text."""
        cookies = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        headers = {"Cookie": cookies, "Origin": f"http://127.0.0.1:{self._connection.port}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, page, body, headers)
        answered = self._connection.getresponse()
        first_s = time.perf_counter()
        for cookie in answered.headers.get_all("set-cookie", ()):
            name, _, value = cookie.partition(";")[0].partition("=")
            self._cookies[name] = value
        return answered.status, first_s, answered.read()


async def _slow(port: int, count: int) -> None:
    connected = asyncio.Semaphore(0)

    async def one() -> None:
        """Send a request byte by byte, again and again, as the server ends it."""
        text = f"GET / HTTP/1.1\r\nHost: localhost\r\nX: {'x' * 1000}".encode()
        while True:
            with contextlib.suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                connected.release()
                for place in range(len(text)):
                    writer.write(text[place : place + 1])
                    await writer.drain()
                    await asyncio.sleep(DRIP_S)

    tasks = [asyncio.create_task(one()) for _ in range(count)]
    for _ in range(count):
        await connected.acquire()
    print(READY, flush=True)
    await asyncio.gather(*tasks)


if __name__ == "__main__":
    asyncio.run(_slow(int(sys.argv[1]), int(sys.argv[2])))
