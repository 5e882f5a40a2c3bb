"""The pages of a store, served at a port of this machine by a thread of their own."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from threading import Event, Thread

from mxproof.net.asking import Peer
from mxproof.serve.web.server import WebServer
from mxproof.serve.web.settings import Guests, WebSettings
from mxproof.store.journal.guest_bounds import GuestBounds
from support_web import site_over

WITHIN_S = 120
GUESTS = Guests(10, GuestBounds(waiting_max=9, an_hour_max=99, kept=timedelta(days=90)))


@contextmanager
def served(url: str) -> Iterator[int]:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setblocking(False)
    port: int = listening.getsockname()[1]
    loops: list[tuple[asyncio.AbstractEventLoop, WebServer]] = []
    begun = Event()

    async def serve() -> None:
        async with site_over(url, public=None, guests=GUESTS) as app:
            server = WebServer(app, WebSettings(listen=Peer("127.0.0.1", port)))
            loops.append((asyncio.get_running_loop(), server))
            begun.set()
            await server.run([listening])

    thread = Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert begun.wait(WITHIN_S)
    try:
        yield port
    finally:
        for loop, server in loops:
            loop.call_soon_threadsafe(server.stop)
        thread.join(WITHIN_S)
