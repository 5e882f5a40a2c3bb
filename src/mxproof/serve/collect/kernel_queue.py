"""How many datagrams the kernel lets wait for a socket: net.unix.max_dgram_qlen as it was when the socket was made.

Nothing tells that number of a socket that is there, and one of the service manager may be older than the setting. So it is
filled, up to QUEUE_WANTED: a queue that is long enough has room meanwhile for what Postfix sends.
"""

import contextlib
import socket
from pathlib import Path
from typing import Final

QUEUE_WANTED: Final = 512
"""What takes a burst of 8 000 datagrams a second while this process waits 64 ms for a processor."""
PROBE: Final = b"mxproof"
"""What the queue is filled with; whoever reads it passes it over."""
_SETTING: Final = Path("/proc/sys/net/unix/max_dgram_qlen")
_FROM_ONE_SOCKET: Final = 64
"""So few that the buffer of the sending socket is not what ends it."""


def queue_measured(datagrams: socket.socket) -> int | None:
    """Return how many datagrams may wait for a socket, QUEUE_WANTED for that or more, None where it may not be sent to.

    Nothing is to wait for it, and nobody to read from it meanwhile; the probes are left in it.
    """
    sent = 0
    with contextlib.ExitStack() as stack:
        try:
            while sent < QUEUE_WANTED:
                sender = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
                sender.setblocking(False)
                sender.connect(datagrams.getsockname())
                for _ in range(min(_FROM_ONE_SOCKET, QUEUE_WANTED - sent)):
                    sender.send(PROBE)
                    sent += 1
        except BlockingIOError:
            return max(sent - 1, 0)  # the kernel lets one more wait than the setting says
        except OSError:
            return None
    return sent


def queue_setting() -> int | None:
    """Return how many may wait for a socket that is made now, QUEUE_WANTED at most, None where the system does not say."""
    try:
        return min(int(_SETTING.read_text()), QUEUE_WANTED)
    except (OSError, ValueError):
        return None
