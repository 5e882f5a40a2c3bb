"""Counts of the reports that go out, for the page of metrics. No domain and no destination ever is a label.

Every series is there from the start, at 0, so that its first event is seen as a rise.
"""

from collections import Counter
from collections.abc import Iterator

from mxproof.serve.daemon.metrics import Family, by_label, counter, gauge
from mxproof.store.journal.outgoing import AttemptOutcome, OutgoingState

MAIL, HTTPS = "mail", "https"
"""The ways of a report."""

_DONE = tuple(one for one in OutgoingState if one is not OutgoingState.WAITING)


class SendCounts:
    """What has been counted since the start."""

    def __init__(self) -> None:
        self.made = 0
        self.unprintable = 0
        self.attempts: Counter[tuple[str, str]] = Counter(
            {(way, outcome): 0 for way in (MAIL, HTTPS) for outcome in AttemptOutcome}
        )
        self.done: Counter[str] = Counter(dict.fromkeys(_DONE, 0))
        self.put_off = 0
        self.returned = 0
        self.waiting = 0

    def families(self) -> Iterator[Family]:
        """Yield all counts."""
        yield counter("send_reports_made_total", "Reports that were made of days that are over.", self.made)
        about = "Domains of which no report could be printed."
        yield counter("send_unprintable_total", about, self.unprintable)
        attempts = {
            f'{{way="{way}",outcome="{outcome}"}}': count for (way, outcome), count in self.attempts.items()
        }
        yield counter(
            "send_attempts_total", "Attempts to deliver a report, by way and how they ended.", attempts
        )
        about = "Reports that are done, by what became of them."
        yield counter("send_reports_total", about, by_label("outcome", self.done))
        about = "How often a report was put off to a later try."
        yield counter("send_put_off_total", about, self.put_off)
        about = "Reports that the mail server took and sent back later, which are given up then."
        yield counter("send_returned_total", about, self.returned)
        yield gauge("send_waiting", "Reports that wait to be sent.", self.waiting)
