"""A machine that is far from all others: every frame to it and from it is on its way for a while.

It has a TAP device in place of the end of a cable, the wire has another, and a thread passes frames between the two,
each `one_way_s` after it came. Nothing of the kernel is needed for it that a virtual machine may lack.
"""

import ctypes
import fcntl
import heapq
import itertools
import os
import select
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from real.bed.network import Machine, Network, joined

FRAME_BYTES_MAX = 65_536

_CLONE_NEWNET = 0x40000000
_TUNSETIFF = 0x400454CA
_IFF_TAP, _IFF_NO_PI = 0x0002, 0x1000
_LIBC = ctypes.CDLL(None, use_errno=True)


@contextmanager
def distant(network: Network, machine: Machine, resolver: Machine, one_way_s: float) -> Iterator[None]:
    """Join `machine` to the network at this distance, and take it away when the context is left."""
    port = f"far-{machine.name}"[:15]
    with joined(network, machine, resolver), ExitStack() as stack:
        near = _tap(network.namespace("switch"), port)
        stack.callback(os.close, near)
        far = _tap(network.namespace(machine.name), "eth0")
        stack.callback(os.close, far)
        network.plug(machine, port)
        stopped, stop = os.pipe()
        stack.callback(os.close, stopped)
        relay = threading.Thread(target=_relay, args=(near, far, stopped, one_way_s), daemon=True)
        relay.start()
        try:
            yield
        finally:
            os.close(stop)
            relay.join()


def _tap(namespace: str, name: str) -> int:
    """Return the end of a new TAP device `name` in `namespace`; a thread of its own goes there for it."""
    made: list[int] = []

    def make() -> None:
        _enter(namespace)
        end = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
        made.append(end)
        fcntl.ioctl(end, _TUNSETIFF, struct.pack("16sH22x", name.encode(), _IFF_TAP | _IFF_NO_PI))

    visitor = threading.Thread(target=make)
    visitor.start()
    visitor.join()
    if not made:
        raise OSError(f"no TAP device could be made in {namespace}")
    return made[0]


def _enter(namespace: str) -> None:
    with Path("/run/netns", namespace).open("rb") as there:
        if _LIBC.setns(there.fileno(), _CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), f"cannot enter {namespace}")


def _relay(near: int, far: int, stopped: int, one_way_s: float) -> None:
    """Pass frames on until `stopped` is closed at its other end."""
    other = {near: far, far: near}
    turns = itertools.count()
    on_the_way: list[tuple[float, int, int, bytes]] = []
    while True:
        due_s = max(on_the_way[0][0] - time.monotonic(), 0) if on_the_way else None
        ready, _, _ = select.select([near, far, stopped], [], [], due_s)
        if stopped in ready:
            return
        for end in ready:
            _receive(end, other[end], on_the_way, turns, one_way_s)
        while on_the_way and on_the_way[0][0] <= time.monotonic():
            _, _, end, frame = heapq.heappop(on_the_way)
            os.write(end, frame)


def _receive(
    end: int,
    towards: int,
    on_the_way: list[tuple[float, int, int, bytes]],
    turns: Iterator[int],
    one_way_s: float,
) -> None:
    while True:
        try:
            frame = os.read(end, FRAME_BYTES_MAX)
        except BlockingIOError:
            return
        heapq.heappush(on_the_way, (time.monotonic() + one_way_s, next(turns), towards, frame))
