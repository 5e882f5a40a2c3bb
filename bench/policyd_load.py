"""Ask a socketmap server as many Postfix processes would, and say how long each answer took.

    python -m bench.policyd_load HOST:PORT CONNECTIONS REQUESTS FIRST DOMAINS

Each connection has one request outstanding. Connection `c` walks the DOMAINS from the number FIRST on, beginning at a
place of its own, so that a cold server is asked for each domain once. One line of JSON: seconds in all, the percentiles, and the replies by status.
"""

import json
import selectors
import socket
import sys
import time
from collections import Counter

MAP = "postfix"
ZONE = "bench.example"


class State:
    """One connection: which domain is next, how many requests are left, and the one that is outstanding."""

    def __init__(self, connection: socket.socket, place: int, left: int) -> None:
        self.connection = connection
        self.place = place
        self.left = left
        self.sent_at = 0.0
        self.received = b""


def main(peer: str, connections: int, requests: int, first: int, domains: int) -> None:
    """Run the load and print what it found."""
    host, _, port = peer.rpartition(":")
    payloads = [f"{MAP} d{number}.{ZONE}".encode() for number in range(first, first + domains)]
    framed = [b"%d:%b," % (len(payload), payload) for payload in payloads]
    selector = selectors.DefaultSelector()
    share = requests // connections
    states: dict[int, State] = {}
    for number in range(connections):
        one = socket.create_connection((host, int(port)))
        one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        states[one.fileno()] = State(one, number * (domains // connections), share)
        selector.register(one, selectors.EVENT_READ)
    latencies: list[float] = []
    replies: Counter[str] = Counter()
    began = time.perf_counter()
    for state in states.values():
        _send(state, framed)
    left = connections
    while left:
        for key, _ in selector.select():
            state = states[key.fd]
            one = state.connection
            data = one.recv(65536)
            if not data:
                raise SystemExit("the server hung up")
            state.received += data
            if not state.received.endswith(b","):
                continue
            latencies.append(time.perf_counter() - state.sent_at)
            replies[state.received.partition(b":")[2].partition(b" ")[0].decode()] += 1
            state.received = b""
            if state.left:
                _send(state, framed)
            else:
                selector.unregister(one)
                one.close()
                left -= 1
    total_s = time.perf_counter() - began
    latencies.sort()
    place = len(latencies) - 1
    print(
        json.dumps(
            {
                "seconds": total_s,
                "requests": len(latencies),
                "p50_us": 1e6 * latencies[place // 2],
                "p99_us": 1e6 * latencies[place * 99 // 100],
                "replies": replies,
            }
        )
    )


def _send(state: State, framed: list[bytes]) -> None:
    state.sent_at = time.perf_counter()
    state.connection.sendall(framed[state.place % len(framed)])
    state.place += 1
    state.left -= 1


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:6]))
