"""What a roll-out is decided by: of reports, those alone that are known to be from their senders."""

from mxproof.explain.tlsrpt.period import PeriodCounts, SenderCounts
from mxproof.publish.rollout_decision import ReporterDays
from mxproof.publish.rollout_evidence import reporter_days


def sender(name: str, authenticated: str, *days: tuple[int, int, int]) -> SenderCounts:
    return SenderCounts(name, authenticated, len(days), 0, 0, 0, 0, days)


def test_reports_that_anybody_may_have_written_decide_nothing() -> None:
    counts = PeriodCounts(
        (
            sender("microsoft.com", "verified", (20, 5, 0), (19, 7, 1)),
            sender("google.com", "unknown", (20, 1, 0)),
            sender("google.com", "verified", (18, 2, 0)),
            sender("forger.example", "failed", (20, 0, 99)),
            sender("", "verified", (20, 3, 0)),
        ),
        (),
        (),
    )
    assert reporter_days(counts) == (
        ReporterDays("google.com", ((18, 2, 0),)),
        ReporterDays("microsoft.com", ((19, 7, 1), (20, 5, 0))),
    )
