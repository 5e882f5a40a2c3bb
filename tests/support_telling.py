"""What policyd tells a collector of TLS reports: its time, and the collector, which comes and goes."""

import socket
from contextlib import suppress
from pathlib import Path

from mxproof.formats.tlsrpt.datagram import SessionDatagram, read_datagram
from mxproof.serve.policyd.telling import Telling


class Told:
    """A policy daemon's way to a collector, with its time, and the collector's socket while it is there."""

    def __init__(self, folder: Path) -> None:
        self.now_s = 1000.0
        self._path = folder / "tlsrpt"
        self.telling = Telling(str(self._path), lambda: self.now_s)
        self._collector: socket.socket | None = None

    def come(self) -> None:
        """Let the collector be there."""
        self._collector = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._collector.bind(str(self._path))
        self._collector.setblocking(False)

    def go(self) -> None:
        """Let it be gone."""
        if self._collector is not None:
            self._collector.close()
            self._path.unlink()
            self._collector = None

    def received(self) -> list[SessionDatagram]:
        """Return what was told since the last time."""
        found: list[SessionDatagram] = []
        with suppress(BlockingIOError):
            while self._collector is not None:
                found.append(read_datagram(self._collector.recv(65_536)))
        return found

    def close(self) -> None:
        """Close both ends."""
        self.telling.close()
        self.go()
