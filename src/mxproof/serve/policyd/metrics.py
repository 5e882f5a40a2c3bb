"""Counts of what the daemon did, and their text for Prometheus (exposition format 0.0.4).

Plain integers, because counting must cost nothing where an answer costs microseconds. No domain name ever is a label.
"""

from collections import Counter

from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision

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


class Meter:
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

    def text(self) -> str:
        """Return all counts."""
        lines: list[str] = []

        def family(name: str, kind: str, about: str, values: dict[str, float]) -> None:
            lines.append(f"# HELP {_PREFIX}{name} {about}")
            lines.append(f"# TYPE {_PREFIX}{name} {kind}")
            lines.extend(f"{_PREFIX}{name}{labels} {value:g}" for labels, value in sorted(values.items()))

        def plain(name: str, about: str, value: int) -> None:
            family(name, "counter", about, {"": value})

        plain("warm_answers_total", "Answers from memory alone.", self.warm)
        family(
            "replies_total", "counter", "Replies found anew, by status.", _labelled("status", self.replies)
        )
        decisions = {
            f'{{protection="{protection}",reason="{reason}"}}': float(count)
            for (protection, reason), count in self.decisions.items()
        }
        family("decisions_total", "counter", "Decisions, by protection and reason.", decisions)
        failures = _labelled("result_type", self.fetch_failures)
        family("fetch_failures_total", "counter", "Policies that could not be fetched.", failures)
        about = "Policies fetched again before they end, by how it went."
        family("refreshes_total", "counter", about, _labelled("outcome", self.refreshes))
        plain("kept_decisions_total", "Decisions that stand in for one that DNS did not allow.", self.kept)
        plain("late_answers_total", "Answers given from an older decision for want of patience.", self.late)
        plain("connections_total", "Connections accepted.", self.connections)
        plain("malformed_requests_total", "Requests that are no netstring or no look-up.", self.malformed)
        plain("errors_total", "Faults of this program.", self.errors)
        self.gauges["connections_open"] = self.connections_open
        for name, value in self.gauges.items():
            family(name, "gauge", _GAUGES[name], {"": value})
        return "\n".join(lines) + "\n"


def _labelled(label: str, counts: Counter[str]) -> dict[str, float]:
    return {f'{{{label}="{value}"}}': float(count) for value, count in counts.items()}
