"""Counts of the reports that came in, and their text for Prometheus. No domain and no submitter ever is a label.

Every series is there from the start, at 0, so that its first event is seen as a rise.
"""

from collections import Counter
from collections.abc import Iterator

from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.serve.daemon.metrics import Family, by_label, counter, exposition, gauge
from mxproof.serve.tlsrpt.intake import Taken
from mxproof.store.journal.arrival import Kept

WAYS = ("lmtp", "https", "imap")
OTHER = "other"
"""Of pieces: no TLS report. Of senders: none that has a model."""
NOT_KEPT = "failed"
"""The journal did not keep it; it comes again."""
REPORTING_SENDERS = ("google", "microsoft", OTHER)

_PREFIX = "mxproof_tlsrpt_"
_OUTCOMES = (*Kept, OTHER, NOT_KEPT)
_PASSED, _NOT_PASSED = "success", "failure"


class ReportCounts:
    """What has been counted since the start. Sessions are those of reports that were not known, each counted once."""

    def __init__(self) -> None:
        self.pieces: Counter[tuple[str, str]] = Counter({(way, one): 0 for way in WAYS for one in _OUTCOMES})
        self.reports: Counter[str] = Counter(dict.fromkeys(Authenticated, 0))
        self.sessions: Counter[tuple[str, str, str]] = Counter(
            {
                (sender, authenticated, outcome): 0
                for sender in REPORTING_SENDERS
                for authenticated in Authenticated
                for outcome in (_PASSED, _NOT_PASSED)
            }
        )
        self.errors = 0
        self.lines_lost = 0
        self.gauges = {
            "connections_open": 0.0,
            "last_kept_timestamp_seconds": 0.0,
            "folder_down": 0.0,
            "store_down": 0.0,
        }

    def taken(self, way: str, taken: Taken, at: float) -> None:
        """Count what became of a piece; `at` is in seconds since 1970."""
        kept = [one for _, one in taken.reports] + ([Kept.REFUSED] if taken.refusal is not None else [])
        for one in kept:
            self.pieces[way, one] += 1
        if not kept:
            self.pieces[way, OTHER] += 1
        for report, one in taken.reports:
            if one is Kept.KNOWN:
                continue
            self.gauges["last_kept_timestamp_seconds"] = at
            authenticated = report.found.authenticated
            self.reports[authenticated] += 1
            sender = report.sender if report.sender in REPORTING_SENDERS else OTHER
            self.sessions[sender, authenticated, _PASSED] += sum(one.success for one in report.domains)
            self.sessions[sender, authenticated, _NOT_PASSED] += sum(one.failure for one in report.domains)

    def fault(self) -> None:
        """Count one fault of this program."""
        self.errors += 1

    def text(self) -> str:
        """Return all counts."""
        return exposition(_PREFIX, self._families())

    def _families(self) -> Iterator[Family]:
        pieces = {f'{{way="{way}",outcome="{one}"}}': count for (way, one), count in self.pieces.items()}
        yield counter("received_total", "Reports that came, by way and what became of them.", pieces)
        about = "Reports that were kept, by whether they are known to be from their senders."
        yield counter("reports_total", about, by_label("authenticated", self.reports))
        sessions = {
            f'{{sender="{sender}",authenticated="{authenticated}",outcome="{outcome}"}}': count
            for (sender, authenticated, outcome), count in self.sessions.items()
        }
        yield counter("sessions_total", "Sessions in reports that were kept.", sessions)
        yield counter("errors_total", "Faults of this program.", self.errors)
        yield counter("log_lines_lost_total", "Lines of the log that nobody read in time.", self.lines_lost)
        yield gauge("connections_open", "Connections that are open.", self.gauges["connections_open"])
        about = "When a report was kept last, since 1970; 0 for none since the start."
        yield gauge("last_kept_timestamp_seconds", about, self.gauges["last_kept_timestamp_seconds"])
        about = "1 while the folder of IMAP cannot be read, else 0."
        yield gauge("folder_down", about, self.gauges["folder_down"])
        yield gauge("store_down", "1 while the store is away, else 0.", self.gauges["store_down"])
