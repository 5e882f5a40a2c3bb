"""What is noted of a run while it goes on: so much and no more, and a line for whoever watches.

What comes when the room for its kind is full is counted, and not kept.
"""

from collections.abc import Callable
from datetime import datetime

from mxproof.judge.senders.inference.observation import (
    SeenBounce,
    SeenChange,
    SeenConnection,
    SeenFetch,
    SeenQuery,
    SeenReport,
)
from mxproof.lab.sendertest.changing import Becoming

SEEN_QUERIES_MAX = 20_000
SEEN_FETCHES_MAX = 2_000
SEEN_CONNECTIONS_MAX = 2_000
SEEN_REPORTS_MAX = 100
SEEN_BOUNCES_MAX = 500
LOST = ("queries", "fetches", "connections", "reports", "bounces", "turned away")
"""The kinds of what is not noted: for want of room, or since a connection was one too many."""


class Watching:
    """Everything that was seen so far; `clock` tells the time, and `log` gets a line for each mail and each refusal.

    A domain that is among those `becoming` others has done so once a mail for it was taken.
    """

    def __init__(
        self,
        clock: Callable[[], datetime],
        log: Callable[[str], None],
        becoming: Becoming | None = None,
    ) -> None:
        self.now = clock
        self._becoming = becoming
        self._changed: dict[str, SeenChange] = {}
        self.queries: list[SeenQuery] = []
        self.fetches: list[SeenFetch] = []
        self.connections: list[SeenConnection] = []
        self.reports: list[SeenReport] = []
        self.bounces: list[SeenBounce] = []
        self.lost: dict[str, int] = {}
        self._log = log

    @property
    def changes(self) -> tuple[SeenChange, ...]:
        """The domains that have become others, in their order."""
        return tuple(self._changed.values())

    def taken(self, recipient: str) -> None:
        """Note that a mail for `recipient` was taken, from when on its domain may be another."""
        domain = recipient.rpartition("@")[2].lower()
        if self._becoming is None or domain in self._changed or domain not in self._becoming.cases:
            return
        self._changed[domain] = SeenChange(self._becoming.cases[domain], self.now())
        self._log(f"{domain}: a first mail was taken, and now it is another")

    def has_changed(self, name: str) -> bool:
        """Tell whether `name` is in a domain that has become another."""
        return self._becoming is not None and self._becoming.changing(name) in self._changed

    def query(self, seen: SeenQuery) -> None:
        """Note a query."""
        if len(self.queries) < SEEN_QUERIES_MAX:
            self.queries.append(seen)
        else:
            self._lose("queries")

    def fetch(self, seen: SeenFetch) -> None:
        """Note a connection to a policy host."""
        if len(self.fetches) < SEEN_FETCHES_MAX:
            self.fetches.append(seen)
        else:
            self._lose("fetches")

    def connection(self, seen: SeenConnection) -> None:
        """Note a connection to an MX host."""
        if len(self.connections) < SEEN_CONNECTIONS_MAX:
            self.connections.append(seen)
            self._log(_told(seen))
        else:
            self._lose("connections")

    def report(self, seen: SeenReport) -> None:
        """Note a TLS report."""
        if len(self.reports) < SEEN_REPORTS_MAX:
            self.reports.append(seen)
            self._log(f"a TLS report of {seen.organization or 'nobody in particular'}, from {seen.client}")
        else:
            self._lose("reports")

    def bounce(self, seen: SeenBounce) -> None:
        """Note a bounce."""
        if len(self.bounces) < SEEN_BOUNCES_MAX:
            self.bounces.append(seen)
            about = ", ".join(one.recipient for one in seen.recipients)
            self._log(f"a bounce of {seen.reporting_mta or 'nobody in particular'} about {about}")
        else:
            self._lose("bounces")

    def turned_away(self) -> None:
        """Note a connection that was one too many."""
        self._lose("turned away")

    def _lose(self, kind: str) -> None:
        self.lost[kind] = self.lost.get(kind, 0) + 1


def _told(seen: SeenConnection) -> str:
    """Return a connection in one line."""
    spoken = "in clear text" if seen.tls is None else f"over {seen.tls.version or 'no TLS'}"
    if seen.tls is not None and seen.tls.failure:
        spoken += f" ({seen.tls.failure})"
    last = seen.commands[-1].verb if seen.commands else "nothing"
    became = "took a mail" if seen.headers is not None else f"no mail, {last} said last"
    return f"{seen.host}: {became}, {spoken}, from {seen.client}"
