"""What a sender test on a public host has counted, and how it stands, as other daemons tell monitoring. No run ever is a label.

Every series is there from the start, at 0, so that its first event is seen as a rise.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from http import HTTPStatus

from mxproof.lab.sendertest.public_serving import UNASSIGNED
from mxproof.lab.sendertest.watching import LOST, Watching
from mxproof.serve.daemon.metrics import METRICS_MEDIA_TYPE, Family, by_label, counter, exposition, gauge
from mxproof.serve.daemon.pages import Page
from mxproof.serve.daemon.process import process_text

_PREFIX = "mxproof_sendertest_"


class PublicCounts:
    """What is told of the runs that are served; whoever writes down what was seen says so with `written` and `unwritten`."""

    def __init__(self, watching: Iterable[Watching], unassigned: dict[str, int], ends: datetime) -> None:
        self._watching = tuple(watching)
        self._unassigned = unassigned
        self._ends = ends
        self.written_at: datetime | None = None
        self.failed = 0
        self.fault = ""

    def written(self, at: datetime) -> None:
        """Note that what was seen is in its files."""
        self.written_at, self.fault = at, ""

    def unwritten(self, why: str) -> None:
        """Note that it could not be written."""
        self.failed, self.fault = self.failed + 1, why

    def page(self, path: str) -> Page | None:
        """Return a page for monitoring, None where there is none of that path."""
        match path:
            case "/metrics":
                return Page(HTTPStatus.OK, METRICS_MEDIA_TYPE, self.text() + process_text())
            case "/health":
                return self._health()
            case _:
                return None

    def _health(self) -> Page:
        """Say how it stands; a status of 503 where what is seen cannot be written down."""
        lines = (
            f"not written: {self.fault}" if self.fault else "serving",
            f"runs: {len(self._watching)}",
            f"until: {self._ends:%Y-%m-%dT%H:%M:%SZ}",
        )
        status = HTTPStatus.SERVICE_UNAVAILABLE if self.fault else HTTPStatus.OK
        return Page(status, "text/plain", "".join(f"{line}\n" for line in lines))

    def text(self) -> str:
        """Return all counts."""
        return exposition(_PREFIX, self._families())

    def _families(self) -> Iterator[Family]:
        every = self._watching
        lost: Counter[str] = Counter(dict.fromkeys(LOST, 0))
        for one in every:
            lost.update(one.lost)
        connections = [seen for one in every for seen in one.connections]
        yield gauge("runs", "Runs that are served.", len(every))
        yield gauge(
            "runs_end_timestamp_seconds", "When the runs are over, since 1970.", self._ends.timestamp()
        )
        yield counter(
            "queries_total",
            "Queries about names of a run that were noted.",
            sum(len(one.queries) for one in every),
        )
        yield counter(
            "fetches_total",
            "Connections to policy hosts that were noted.",
            sum(len(one.fetches) for one in every),
        )
        yield counter("connections_total", "Connections to MX hosts that were noted.", len(connections))
        yield counter(
            "mails_total", "Mails that were taken.", sum(seen.headers is not None for seen in connections)
        )
        yield counter("reports_total", "TLS reports that were read.", sum(len(one.reports) for one in every))
        yield counter("bounces_total", "Bounces that were read.", sum(len(one.bounces) for one in every))
        yield counter(
            "changes_total",
            "Domains that became others, since a first mail for them was taken.",
            sum(len(one.changes) for one in every),
        )
        yield counter(
            "lost_total",
            "What was not noted since a run had no room for it, by kind.",
            by_label("kind", lost),
        )
        unassigned = {kind: self._unassigned.get(kind, 0) for kind in UNASSIGNED}
        yield counter("unassigned_total", "What belonged to no run, by kind.", by_label("kind", unassigned))
        at = 0.0 if self.written_at is None else self.written_at.timestamp()
        yield gauge(
            "written_timestamp_seconds", "When what was seen was written last, since 1970; 0 before.", at
        )
        yield counter("writes_failed_total", "How often it could not be written.", self.failed)
