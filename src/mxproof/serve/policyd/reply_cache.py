"""Replies ready to be sent, by the very bytes of the request: what most requests are answered from.

Two generations bound it: hits and new replies go to the young one, and when that is full it becomes the old one and
the old one is forgotten. What was used last stays, and a hit costs one look-up.
"""

from typing import NamedTuple


class ReadyReply(NamedTuple):
    """A framed reply and until when it is given, on the clock that only counts."""

    until_s: float
    framed: bytes


class ReplyCache:
    """Framed replies by framed requests, at most `replies_max`."""

    def __init__(self, replies_max: int) -> None:
        self._half = max(1, replies_max // 2)
        self._young: dict[bytes, ReadyReply] = {}
        self._old: dict[bytes, ReadyReply] = {}

    def __len__(self) -> int:
        return len(self._young) + sum(request not in self._young for request in self._old)

    def find(self, request: bytes, counted_s: float) -> bytes | None:
        """Return the reply to `request`, None where there is none or its time is over."""
        ready = self._young.get(request)
        if ready is None:
            ready = self._old.get(request)
            if ready is None:
                return None
            self._keep(request, ready)
        return ready.framed if counted_s < ready.until_s else None

    def keep(self, request: bytes, framed: bytes, until_s: float) -> None:
        """Give `framed` to everyone who sends `request` until `until_s`."""
        self._keep(request, ReadyReply(until_s, framed))

    def clear(self) -> None:
        """Forget all replies."""
        self._young, self._old = {}, {}

    def _keep(self, request: bytes, ready: ReadyReply) -> None:
        if len(self._young) >= self._half and request not in self._young:
            self._old, self._young = self._young, {}
        self._young[request] = ready
