"""An outage of the resolver, seen by a Postfix that goes on asking: who asks, what is noted, what the daemon costs.

Postfix keeps a connection for at most 100 s and waits as long for a reply (socketmap in postconf(5)); several
processes ask at once, each one question at a time.
"""

import itertools
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from enum import StrEnum
from pathlib import Path

import msgspec

from real.bed.machines import RESOLVER
from real.bed.network import COMMAND_WITHIN_S
from real.bed.policyd import PolicyDaemon, asked_over
from real.bed.process import STOP_WITHIN_S
from real.bed.resolver import resolver_from
from real.bed.town import RESOLVER_FOLDER, Town

PATIENCE_S = 100.0
CONNECTION_LIFE_S = 100.0
CURIOUS = 4
"""Processes that ask for what was never asked before."""
SAMPLE_S = 1.0
_REFUSE_ALL = "echo 0 > /proc/sys/net/ipv4/icmp_ratelimit"
"""Refuse as often as a resolver on the same machine would: by default no more than one packet a second is refused."""
NO_REPLY = "no reply: "


class Outage(StrEnum):
    """How a resolver is away: its process ended, so that the machine refuses; or stopped, so that nothing is said."""

    REFUSING = "refusing"
    SILENT = "silent"


class Asked(msgspec.Struct, frozen=True):
    """One look-up: when it was begun (monotonic), the map and the key, the reply and how long that took."""

    at_s: float
    table: str
    key: str
    reply: str
    took_s: float


class Cost(msgspec.Struct, frozen=True):
    """What the daemon holds at one moment."""

    rss_mib: float
    descriptors: int


@contextmanager
def resolver_away(place: Town, outage: Outage, after: ExitStack) -> Iterator[None]:
    """Take the resolver away; afterwards it is back, in `after` where it had to be started anew."""
    process = place.resolver.process
    if outage is Outage.SILENT:
        process.send_signal(signal.SIGSTOP)
    else:
        subprocess.run(
            place.network.inside(RESOLVER, "sh", "-c", _REFUSE_ALL), check=True, timeout=COMMAND_WITHIN_S
        )
        process.terminate()
        process.wait(STOP_WITHIN_S)
    try:
        yield
    finally:
        if outage is Outage.SILENT:
            process.send_signal(signal.SIGCONT)
        else:
            again = resolver_from(place.network, RESOLVER, place.folder / RESOLVER_FOLDER, "again.log")
            after.enter_context(again).await_ready()


class Postfix:
    """The processes of a Postfix that asks a daemon: one for each of `known`, some for new names below `parent`.

    Each takes a break of `pause_s` between two questions. What they saw is in `seen`, what the daemon held meanwhile
    in `costs`.
    """

    def __init__(
        self, daemon: PolicyDaemon, known: Sequence[tuple[str, str]], parent: str, pause_s: float
    ) -> None:
        self.seen: list[Asked] = []
        self.costs: list[Cost] = []
        self._daemon = daemon
        self._pause_s = pause_s
        self._over = threading.Event()
        turns: list[Iterator[tuple[str, str]]] = [itertools.repeat(one) for one in known]
        turns += [_never_asked(f"{place}.{parent}") for place in range(CURIOUS)]
        self._threads = [threading.Thread(target=self._ask, args=(turn,)) for turn in turns]
        self._threads.append(threading.Thread(target=self._weigh))

    def ask(self, length_s: float) -> None:
        """Ask for `length_s`, and return when the last questions are answered."""
        for thread in self._threads:
            thread.start()
        try:
            self._over.wait(length_s)
        finally:
            self._over.set()
            for thread in self._threads:
                thread.join()

    def _ask(self, turns: Iterator[tuple[str, str]]) -> None:
        while not self._over.is_set():
            with closing(self._daemon.connected(PATIENCE_S)) as connection:
                end_s = time.monotonic() + CONNECTION_LIFE_S
                while time.monotonic() < end_s:
                    self.seen.append(one := _asked(connection, *next(turns)))
                    if self._over.wait(self._pause_s) or one.reply.startswith(NO_REPLY):
                        break

    def _weigh(self) -> None:
        while not self._over.wait(SAMPLE_S):
            self.costs.append(cost(self._daemon))


def _never_asked(parent: str) -> Iterator[tuple[str, str]]:
    for number in itertools.count():
        yield "postfix", f"new{number}.{parent}"


def _asked(connection: socket.socket, table: str, key: str) -> Asked:
    begun_s = time.monotonic()
    try:
        reply = asked_over(connection, table, key)
    except OSError as error:
        reply = f"{NO_REPLY}{error!r}"
    return Asked(begun_s, table, key, reply, time.monotonic() - begun_s)


def cost(daemon: PolicyDaemon) -> Cost:
    """Return what the daemon holds now."""
    process = Path("/proc", str(daemon.daemon.process.pid))
    status = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
    return Cost(int(status["VmRSS"].split()[0]) / 1024, len([*(process / "fd").iterdir()]))
