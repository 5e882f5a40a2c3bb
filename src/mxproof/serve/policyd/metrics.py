"""Counts of what the daemon did, and their text for Prometheus.

Plain integers, because counting must cost nothing where an answer costs microseconds. No domain name ever is a label.
Every series is there from the start, at 0, so that its first event is seen as a rise.
"""

from collections import Counter
from collections.abc import Iterator

from mxproof.formats.mtasts import Mode
from mxproof.formats.postfix.socketmap import Status
from mxproof.formats.result_type import ResultType
from mxproof.judge.decision import Decision
from mxproof.judge.senders.protection import Protection, Reason
from mxproof.serve.daemon.metrics import Durations, Family, by_label, counter, exposition, gauge

_PREFIX = "mxproof_policyd_"
_BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_GAUGES = {
    "clock_away_seconds": "By how much the machine's clock is away from the time that is gone by.",
    "clock_synchronised": "1 where the kernel calls its clock synchronised, else 0.",
    "connections_open": "Connections that are open.",
    "dane_possible": "1 where the resolvers are trusted and seen to validate, else 0.",
    "domains": "Destinations in memory.",
    "evidence_held": "Destinations whose DNS answers are held.",
    "flights": "Look-ups under way.",
    "last_reload_successful": "1 unless the last reload found a configuration that is wrong.",
    "last_reload_timestamp_seconds": "When the configuration was last taken over, since 1970.",
    "policies_due": "Policies that are due to be fetched again.",
    "policies_failing": "Policies in force that could not be fetched again.",
    "policies_failing_soonest_end_timestamp_seconds": "When the first of them ends, since 1970; 0 without one.",
    "ready_replies": "Replies ready to be given again.",
    "resolver_silent": "1 while none of the resolvers answers, else 0.",
    "store_down": "1 while the store is away, else 0.",
    "store_failures": "What the store did not do since the start (store_failures_total is the same as a counter).",
    "store_waiting": "Destinations that wait to be written to the store.",
}
_REPLIES = tuple(Status)
_RULINGS = (
    (Protection.DANE_ONLY, Reason.DANE_EVERYWHERE),
    (Protection.DANE_ONLY, Reason.DANE_SOMEWHERE),
    (Protection.DANE, Reason.DANE_SOMEWHERE),
    (Protection.DANE, Reason.DANE_UNUSABLE),
    (Protection.DANE, Reason.DANE_UNDECIDED),
    (Protection.STS, Reason.STS_ENFORCE),
    (Protection.REPORT, Reason.STS_TESTING),
    (Protection.DEFAULT, Reason.STS_TESTING),
    (Protection.DEFAULT, Reason.STS_NONE),
    (Protection.DEFAULT, Reason.STS_ABSENT),
    (Protection.DEFAULT, Reason.STS_UNANSWERED),
    (Protection.UNDECIDED, Reason.DANE_UNDECIDED),
    (Protection.UNDECIDED, Reason.MX_UNANSWERED),
    (Protection.UNDECIDED, Reason.HOSTS_UNANSWERED),
)
_FETCH_FAILURES = (
    ResultType.STS_POLICY_FETCH_ERROR,
    ResultType.STS_POLICY_INVALID,
    ResultType.STS_WEBPKI_INVALID,
)


class Counts:
    """What has been counted since the start; `warm` are answers without a look at anything but memory."""

    def __init__(self) -> None:
        self.warm = 0
        self.connections = 0
        self.connections_open = 0
        self.malformed = 0
        self.replies: Counter[str] = Counter(dict.fromkeys(_REPLIES, 0))
        self.answered = Durations(_BOUNDS_S)
        self.decisions: Counter[tuple[str, str]] = Counter(dict.fromkeys(_RULINGS, 0))
        self.fetch_failures: Counter[str] = Counter(dict.fromkeys(_FETCH_FAILURES, 0))
        self.refreshes: Counter[str] = Counter({"done": 0, "failed": 0, "error": 0})
        self.rechecks: Counter[str] = Counter({"same": 0, "changed": 0})
        self.modes: Counter[str] = Counter(dict.fromkeys(Mode, 0))
        self.kept = 0
        self.late = 0
        self.errors = 0
        self.reloads: Counter[str] = Counter({"done": 0, "refused": 0})
        self.store_failures = 0
        self.clock_jumps = 0
        self.lines_lost = 0
        self.gauges: dict[str, float] = dict.fromkeys(_GAUGES, 0)

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
        yield self.answered.family("answer_duration_seconds", "How long replies took that were found anew.")
        decisions = {
            f'{{protection="{protection}",reason="{reason}"}}': count
            for (protection, reason), count in self.decisions.items()
        }
        yield counter("decisions_total", "Decisions, by protection and reason.", decisions)
        about = "Looks at what is remembered, by whether anything had changed."
        yield counter("rechecks_total", about, by_label("outcome", self.rechecks))
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
        yield counter("reloads_total", "Reloads, by how they went.", by_label("outcome", self.reloads))
        yield counter("store_failures_total", "What the store did not do.", self.store_failures)
        yield counter("clock_jumps_total", "Jumps of the machine's clock.", self.clock_jumps)
        yield counter("log_lines_lost_total", "Lines of the log that nobody read in time.", self.lines_lost)
        yield gauge("policies", "Policies in memory, by mode.", by_label("mode", self.modes))
        for name, value in (self.gauges | {"connections_open": self.connections_open}).items():
            yield gauge(name, _GAUGES[name], value)
