"""Counts of what the daemon did, and their text for Prometheus.

Plain integers, because counting must cost nothing where an answer costs microseconds. No domain name ever is a label.
"""

from collections import Counter
from collections.abc import Iterator

from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision
from mxproof.serve.daemon.metrics import Family, by_label, counter, exposition, gauge

_PREFIX = "mxproof_policyd_"
_GAUGES = {
    "connections_open": "Connections that are open.",
    "dane_possible": "1 where the resolvers are trusted and seen to validate, else 0.",
    "domains": "Destinations in memory.",
    "policies_due": "Policies that the last round had to refresh.",
    "ready_replies": "Replies ready to be given again.",
    "store_down": "1 while the store is away, else 0.",
    "store_failures": "What the store did not do since the start.",
    "store_waiting": "Destinations that wait to be written to the store.",
}


class Counts:
    """What has been counted since the start; `warm` are answers without a look at anything but memory."""

    def __init__(self) -> None:
        self.warm = 0
        self.connections = 0
        self.connections_open = 0
        self.malformed = 0
        self.replies: Counter[str] = Counter()
        self.decisions: Counter[tuple[str, str]] = Counter()
        self.fetch_failures: Counter[str] = Counter()
        self.refreshes: Counter[str] = Counter()
        self.kept = 0
        self.late = 0
        self.errors = 0
        self.gauges: dict[str, float] = {}

    def decided(self, decision: Decision) -> None:
        """Count one decision."""
        self.decisions[decision.protection, decision.reason] += 1
        self.kept += decision.kept

    def fetch_failed(self, result_type: ResultType) -> None:
        """Count one policy that could not be fetched."""
        self.fetch_failures[result_type] += 1

    def fault(self) -> None:
        """Count one fault of this program."""
        self.errors += 1

    def text(self) -> str:
        """Return all counts."""
        return exposition(_PREFIX, self._families())

    def _families(self) -> Iterator[Family]:
        yield counter("warm_answers_total", "Answers from memory alone.", self.warm)
        yield counter("replies_total", "Replies found anew, by status.", by_label("status", self.replies))
        decisions = {
            f'{{protection="{protection}",reason="{reason}"}}': float(count)
            for (protection, reason), count in self.decisions.items()
        }
        yield counter("decisions_total", "Decisions, by protection and reason.", decisions)
        failures = by_label("result_type", self.fetch_failures)
        yield counter("fetch_failures_total", "Policies that could not be fetched.", failures)
        refreshes = by_label("outcome", self.refreshes)
        yield counter("refreshes_total", "Policies fetched again before they end, by how it went.", refreshes)
        about = "Decisions that stand in for one that DNS did not allow."
        yield counter("kept_decisions_total", about, self.kept)
        about = "Answers given from an older decision for want of patience."
        yield counter("late_answers_total", about, self.late)
        yield counter("connections_total", "Connections accepted.", self.connections)
        about = "Requests that are no netstring or no look-up."
        yield counter("malformed_requests_total", about, self.malformed)
        yield counter("errors_total", "Faults of this program.", self.errors)
        for name, value in (self.gauges | {"connections_open": self.connections_open}).items():
            yield gauge(name, _GAUGES[name], value)
