"""Counts of what was collected, and their text for Prometheus. No domain ever is a label.

Every series is there from the start, at 0, so that its first event is seen as a rise.
"""

from collections import Counter
from collections.abc import Iterator

from mxproof.formats.tlsrpt.datagram import REFUSALS
from mxproof.serve.daemon.metrics import Family, by_label, counter, exposition, gauge
from mxproof.serve.sending.counts import SendCounts

_PREFIX = "mxproof_collect_"
OUTCOMES = ("success", "failure")


class CollectCounts:
    """What has been counted since the start, and how it stands now."""

    def __init__(self) -> None:
        self.refused: Counter[str] = Counter(dict.fromkeys(REFUSALS, 0))
        self.sessions: Counter[str] = Counter(dict.fromkeys(OUTCOMES, 0))
        self.sending = SendCounts()
        self.received = 0
        self.lost = 0
        self.beyond = 0
        self.probes = 0
        self.queue = 0
        self.fullest = 0
        self.domains = 0
        self.waiting_rows = 0
        self.written_at = 0.0
        self.store_down = False
        self.errors = 0
        self.lines_lost = 0

    def fault(self) -> None:
        """Count one fault of this program."""
        self.errors += 1

    def text(self) -> str:
        """Return all counts."""
        return exposition(_PREFIX, self._families())

    def _families(self) -> Iterator[Family]:
        yield counter("datagrams_total", "Datagrams that came.", self.received)
        about = "Datagrams that were refused, by the rule they break."
        yield counter("refused_total", about, by_label("rule", self.refused))
        about = "Policies that sessions satisfied or failed; one attempt may count for several."
        yield counter("sessions_total", about, by_label("outcome", self.sessions))
        about = "Datagrams that this process had no room for, since the store was away or slow."
        yield counter("lost_total", about, self.lost)
        about = "Delivery attempts that were counted and not kept: too many domains or policies of one day."
        yield counter("beyond_bounds_total", about, self.beyond)
        about = "Domains in mode testing whose MX hosts were probed out of band."
        yield counter("probes_total", about, self.probes)
        about = "How many datagrams the kernel lets wait for the socket, measured at the start, no further than 512; 0 where that is not known."
        yield gauge("queue_length", about, self.queue)
        about = "The most datagrams that were seen to wait at once; as many as the queue is long, and Postfix may have lost some."
        yield gauge("queue_fullest", about, self.fullest)
        yield gauge("domains_today", "Policy domains that were met today.", self.domains)
        yield gauge("rows_waiting", "Rows that are not written yet.", self.waiting_rows)
        about = "When something was written last, since 1970; 0 for nothing since the start."
        yield gauge("last_written_timestamp_seconds", about, self.written_at)
        yield gauge("store_down", "1 while the store is away, else 0.", self.store_down)
        yield counter("errors_total", "Faults of this program.", self.errors)
        yield counter("log_lines_lost_total", "Lines of the log that nobody read in time.", self.lines_lost)
        yield from self.sending.families()
