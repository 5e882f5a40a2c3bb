"""What a sending Postfix did with a message, read from its log."""

import re
from collections.abc import Iterator

import msgspec

_SESSION = re.compile(
    r": (?P<level>\w+) TLS connection established to (?P<host>[^[]+)\[(?P<address>[^]]+)]:\d+"
)
_STATUS = re.compile(r": \w+: to=<")
_PROCESS = re.compile(r"\w\[(\d+)]: ")


class Session(msgspec.Struct, frozen=True):
    """One TLS session that Postfix set up: its trust level (Verified, Trusted, Untrusted, Anonymous), and with whom."""

    level: str
    host: str
    address: str


class Deed(msgspec.Struct, frozen=True):
    """What became of a message, with which status code, and how the server of the last session was trusted."""

    status: str
    dsn: str
    level: str


VERIFIED = Deed("sent", "2.0.0", "Verified")
TRUSTED = Deed("sent", "2.0.0", "Trusted")
UNTRUSTED = Deed("sent", "2.0.0", "Untrusted")
UNVERIFIED = Deed("deferred", "4.7.5", "Untrusted")
NO_TLS = Deed("deferred", "4.7.4", "none")


class Delivery(msgspec.Struct, frozen=True):
    """What a sender did with its message.

    `status` is Postfix's word: sent, deferred or bounced. `address` and `port` are where the last attempt went, "" and 0 for nowhere.
    `sessions` are all TLS sessions of this attempt to deliver, in order; `log` is what the process that made it wrote.
    """

    status: str
    dsn: str
    text: str
    address: str
    port: int
    sessions: tuple[Session, ...]
    log: str

    @property
    def level(self) -> str:
        """Return the trust level of the last session, `none` where there was none."""
        return self.sessions[-1].level if self.sessions else "none"

    @property
    def deed(self) -> Deed:
        """Return what became of the message."""
        return Deed(self.status, self.dsn, self.level)


def status_line(recipient: str, *, queue_id: str = r"\w+", status: str = r"\w+") -> re.Pattern[str]:
    """Return the pattern of the line in which Postfix says what became of a message to `recipient`.

    `queue_id` and `status` are patterns of what else it may have to say.
    """
    return re.compile(
        rf": {queue_id}: to=<{re.escape(recipient)}>, relay=[^[,]*(?:\[(?P<address>[^]]*)]:(?P<port>\d+))?[^,]*, .*?"
        rf"dsn=(?P<dsn>[0-9.]+), status=(?P<status>{status}) \((?P<text>.*)\)$",
        re.MULTILINE,
    )


def delivery(log: str, status: re.Match[str]) -> Delivery:
    """Return the delivery that ends in the line `status` of `log`."""
    lines = [*reversed(list(_attempt(log, status)))]
    return Delivery(
        status=status["status"],
        dsn=status["dsn"],
        text=status["text"],
        address=status["address"] or "",
        port=int(status["port"] or 0),
        sessions=tuple(Session(**found.groupdict()) for line in lines if (found := _SESSION.search(line))),
        log="\n".join(lines),
    )


def _attempt(log: str, status: re.Match[str]) -> Iterator[str]:
    """Yield the lines of one attempt to deliver, the last one first: a process of Postfix makes one after another."""
    lines = log[: status.end()].splitlines()
    yield lines[-1]
    process = _PROCESS.search(lines[-1])
    for line in reversed(lines[:-1]):
        found = _PROCESS.search(line)
        if process is not None and found is not None and found[1] == process[1]:
            if _STATUS.search(line):
                return
            yield line
