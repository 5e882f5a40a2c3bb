"""Counts of the watch, and their text for Prometheus. No domain ever is a label.

Every series is there from the start, at 0, so that its first event is seen as a rise.
"""

from collections import Counter
from collections.abc import Iterator

from mxproof.judge.news import Weight
from mxproof.judge.vocabulary import Verdict
from mxproof.serve.daemon.metrics import Durations, Family, by_label, counter, exposition, gauge
from mxproof.store.journal.watched import Moot

_PREFIX = "mxproof_watch_"
_CHECK_BOUNDS_S = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 60.0)
DELIVERED, FAILED, GIVEN_UP = "delivered", "failed", "given-up"
DONE, LOST = "done", "lost"


class WatchCounts:
    """What has been counted since the start."""

    def __init__(self) -> None:
        self.checks: Counter[str] = Counter(dict.fromkeys(Verdict, 0))
        self.news: Counter[str] = Counter(dict.fromkeys(Weight, 0))
        self.notices: Counter[str] = Counter(dict.fromkeys((DELIVERED, FAILED, GIVEN_UP, *Moot), 0))
        self.digests: Counter[str] = Counter(dict.fromkeys((DELIVERED, FAILED, GIVEN_UP), 0))
        self.guests: Counter[str] = Counter(dict.fromkeys((DONE, LOST), 0))
        self.taken = Durations(_CHECK_BOUNDS_S)
        self.late_s = 0.0
        self.lost = 0
        self.errors = 0
        self.lines_lost = 0
        self.store_down = False

    def fault(self) -> None:
        """Count one fault of this program."""
        self.errors += 1

    def text(self) -> str:
        """Return all counts."""
        return exposition(_PREFIX, self._families())

    def _families(self) -> Iterator[Family]:
        yield counter("checks_total", "Checks, by what they came to.", by_label("outcome", self.checks))
        yield self.taken.family("check_seconds", "How long a check took.")
        yield counter(
            "news_total", "News of domains, by how loudly they are told.", by_label("weight", self.news)
        )
        yield counter(
            "notices_total",
            "Tries to tell of news, and what was not told any more, by how they went.",
            by_label("outcome", self.notices),
        )
        yield counter(
            "digests_total", "Tries to send a digest, by how they went.", by_label("outcome", self.digests)
        )
        yield counter(
            "guest_checks_total",
            "Checks that guests of the pages asked for, made or lost to another worker.",
            by_label("outcome", self.guests),
        )
        yield counter("checks_lost_total", "Checks that another worker had taken over meanwhile.", self.lost)
        yield gauge("late_seconds", "How long after it was due the last domain was begun.", self.late_s)
        yield gauge("store_down", "1 while the store is away, else 0.", float(self.store_down))
        yield counter("errors_total", "Faults of this program.", self.errors)
        yield counter("log_lines_lost_total", "Lines of the log that nobody read in time.", self.lines_lost)
