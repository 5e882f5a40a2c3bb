"""A thread that only drains the socket: identical datagrams are counted, and whoever takes the counts reads each once.

What waits here is lost when the process is killed, so it is taken several times a second. Where nobody takes it for longer, at
most WAITING_BYTES_MAX of distinct datagrams wait; further ones are counted as lost.
"""

import logging
import os
import select
import socket
import threading
from typing import Final

from mxproof.serve.collect.kernel_queue import PROBE, queue_measured
from mxproof.serve.collect.receiving import BATCH, Receiver

WAITING_BYTES_MAX: Final = 64 * 1024 * 1024
_BATCHES_AT_ONCE: Final = 8

_log = logging.getLogger("mxproof.collect")


class Drain:
    """The socket and its thread.

    `queue` is how many datagrams the kernel lets wait for it, None where that could not be measured; `fullest` how many came at
    once, as far as that was seen. `lost` counts datagrams that had no room here; `fault` is what ended the thread, None while it drains.
    """

    def __init__(self, datagrams: socket.socket) -> None:
        self.queue: int | None = None
        self.fullest = 0
        self.lost = 0
        self.received = 0
        self.fault: OSError | None = None
        self._socket = datagrams
        self._receiver = Receiver(datagrams)
        self._waiting: dict[bytes, int] = {}
        self._waiting_bytes = 0
        self._lock = threading.Lock()
        self._woken, self._wakes = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._thread = threading.Thread(target=self._run, name="drain", daemon=True)

    def start(self) -> None:
        """Take in what waits already, measure how many the kernel lets wait, and begin."""
        self._drained()
        self.queue = queue_measured(self._socket)
        self._drained()
        self.received -= self._waiting.pop(PROBE, 0)
        self.fullest = 0
        self._thread.start()

    def take(self) -> dict[bytes, int]:
        """Return the datagrams that came since the last time, each with how often it did."""
        with self._lock:
            taken, self._waiting, self._waiting_bytes = self._waiting, {}, 0
        return taken

    def stop(self) -> None:
        """End the thread, once it has drained what waits in the kernel."""
        os.write(self._wakes, b"\0")
        if self._thread.ident is not None:
            self._thread.join()
        for one in (self._woken, self._wakes):
            os.close(one)

    def _run(self) -> None:
        poll = select.poll()
        poll.register(self._socket, select.POLLIN)
        poll.register(self._woken, select.POLLIN)
        try:
            while True:
                ready = {descriptor for descriptor, _ in poll.poll()}
                self._drained()
                if self._woken in ready:
                    return
        except OSError as error:
            self.fault = error
            _log.exception("the socket cannot be read any more")

    def _drained(self) -> None:
        """Take in what waits, as far as it does not come as fast as it goes."""
        depth = 0
        for _ in range(_BATCHES_AT_ONCE):
            found = self._receiver.receive()
            self._keep(found)
            depth += len(found)
            if len(found) < BATCH:
                break
        self.fullest = max(self.fullest, depth)

    def _keep(self, found: list[bytes]) -> None:
        with self._lock:
            waiting = self._waiting
            self.received += len(found)
            for data in found:
                known = waiting.get(data)
                if known is not None:
                    waiting[data] = known + 1
                elif self._waiting_bytes + len(data) > WAITING_BYTES_MAX:
                    self.lost += 1
                else:
                    waiting[data] = 1
                    self._waiting_bytes += len(data)
