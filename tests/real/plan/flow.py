"""Mail that flows continually: each sender hands in one message after the other and says what became of each."""

import itertools
import re
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec

from real.bed.postfix import Sender

ENDED_WITHIN_S = 300.0
PAUSE_S = 0.3
"""Between two messages of a sender: many of them within each TTL, and processors left for whoever plans meanwhile."""
SENT = "sent"


class Message(msgspec.Struct, frozen=True):
    """What became of one message: Postfix's word, its code and its text; times are those of the monotonic clock."""

    sender: str
    handed_in_s: float
    decided_s: float
    status: str
    dsn: str
    text: str


class Flow:
    """What every sender has sent so far, to any domain of the flow."""

    def __init__(self, senders: Mapping[str, Sender], domain: str, pause_s: float) -> None:
        self._senders = senders
        self._domain = domain
        self._pause_s = pause_s
        self._decided = threading.Condition()
        self._messages: list[Message] = []
        self._ended = threading.Event()
        self._failures: list[Exception] = []

    def run(self, name: str) -> None:
        """Send with one sender until the flow ends."""
        try:
            for number in itertools.count():
                self._send(name, f"{name}{number}@{self._domain}")
                if self._ended.wait(self._pause_s):
                    return
        except (OSError, subprocess.SubprocessError) as error:  # told where the messages are read
            with self._decided:
                self._failures.append(error)
                self._decided.notify_all()

    def await_all(self, since_s: float) -> None:
        """Return when every sender has decided on a message that was handed in at `since_s` or later."""
        wanted = set(self._senders)
        with self._decided:
            done = self._decided.wait_for(
                lambda: (
                    self._failures
                    or wanted <= {one.sender for one in self._messages if one.handed_in_s >= since_s}
                ),
                ENDED_WITHIN_S + max(since_s - time.monotonic(), 0),
            )
            assert done, f"no message of each sender since {since_s}: {self._messages[-len(wanted) :]}"
            assert self._failures == []

    def messages(self) -> tuple[Message, ...]:
        """Return all that was decided so far."""
        with self._decided:
            return tuple(self._messages)

    def connected(self, kind: str) -> dict[str, int]:
        """Return how many connections each sender made to hosts of the domain that it calls `kind`, such as Verified."""
        wanted = re.compile(rf"\b{kind} TLS connection established to \S+\.{re.escape(self._domain)}\[")
        return {name: len(wanted.findall(one.daemon.text())) for name, one in self._senders.items()}

    def arrived_at(self, address: str) -> int:
        """Return how many messages of the flow a host took."""
        took = re.compile(
            rf"to=<[^>]+@{re.escape(self._domain)}>, relay=\S+\[{re.escape(address)}\]:25, .* status=sent"
        )
        return sum(len(took.findall(one.daemon.text())) for one in self._senders.values())

    def in_clear(self) -> set[str]:
        """Return the senders with fewer encrypted connections than messages that arrived; each message is a connection of its own."""
        # Messages first: one that is sent while the logs are read has its connection there, too.
        sent = Counter(one.sender for one in self.messages() if one.status == SENT)
        encrypted = self.connected(r"\w+")
        return {name for name in self._senders if encrypted[name] < sent[name]}

    def end(self) -> None:
        self._ended.set()

    def _send(self, name: str, recipient: str) -> None:
        sender, handed_in_s = self._senders[name], time.monotonic()
        sender.submit(recipient)
        found = sender.outcome(recipient)
        message = Message(name, handed_in_s, time.monotonic(), found.status, found.dsn, found.text)
        with self._decided:
            self._messages.append(message)
            self._decided.notify_all()


@contextmanager
def flowing(senders: Mapping[str, Sender], domain: str, pause_s: float = PAUSE_S) -> Iterator[Flow]:
    """Have every sender send to `domain`, one message after the other, until the context is left."""
    flow = Flow(senders, domain, pause_s)
    threads = [threading.Thread(target=flow.run, args=(name,)) for name in senders]
    for one in threads:
        one.start()
    try:
        yield flow
    finally:
        flow.end()
        for one in threads:
            one.join(ENDED_WITHIN_S)


def undelivered(flow: Flow) -> dict[str, str]:
    """Return the senders with a message that did not arrive at once, and what the first of them was told."""
    found: dict[str, str] = {}
    for one in flow.messages():
        if one.status != SENT:
            found.setdefault(one.sender, one.dsn)
    return found
