"""What is counted of reports that came in: pieces by their way, reports by their signature, sessions of each report once."""

from collections.abc import Sequence

import msgspec
import pytest

from mxproof.explain.tlsrpt.counted import CountedReport, counted
from mxproof.formats.tlsrpt.found import Authenticated, FoundReport
from mxproof.formats.tlsrpt.reading import ReadReport
from mxproof.serve.tlsrpt.intake import Taken
from mxproof.serve.tlsrpt.metrics import NOT_KEPT, OTHER, ReportCounts
from mxproof.store.journal.arrival import Kept, Refusal
from support_tlsrpt import SOUND

AT = 1_772_400_000.0
REFUSED = Refusal("no-gzip", "it is cut short")


def of_sender(sender: str, authenticated: Authenticated = Authenticated.VERIFIED) -> CountedReport:
    """Return a report of 7 sessions that passed and 3 that did not."""
    report = counted(FoundReport(ReadReport(SOUND), authenticated=authenticated), lambda _: True)
    return msgspec.structs.replace(report, sender=sender)


def counts_of(*pieces: Taken) -> ReportCounts:
    counts = ReportCounts()
    for one in pieces:
        counts.taken("https", one, AT)
    return counts


def piece(*reports: tuple[CountedReport, Kept], refusal: Refusal | None = None) -> Taken:
    return Taken("report.json", reports, refusal)


@pytest.mark.parametrize(
    ("became", "counted_as"),
    [
        (piece((of_sender("google"), Kept.NEW)), [Kept.NEW]),
        (piece((of_sender("google"), Kept.KNOWN)), [Kept.KNOWN]),
        (piece(refusal=REFUSED), [Kept.REFUSED]),
        (piece((of_sender("google"), Kept.REPLACED), refusal=REFUSED), [Kept.REPLACED, Kept.REFUSED]),
        (piece(), [OTHER]),
    ],
    ids=["new", "known", "refused", "both", "no report"],
)
def test_a_piece_is_counted_by_its_way_and_by_what_became_of_it(
    became: Taken, counted_as: Sequence[str]
) -> None:
    assert +counts_of(became).pieces == {("https", one): 1 for one in counted_as}


def test_a_report_that_was_not_known_is_counted_with_its_sessions() -> None:
    counts = counts_of(
        piece((of_sender("google"), Kept.NEW)),
        piece((of_sender("nobody", Authenticated.UNSIGNED), Kept.REPLACED)),
    )
    assert +counts.reports == {Authenticated.VERIFIED: 1, Authenticated.UNSIGNED: 1}
    assert +counts.sessions == {
        ("google", Authenticated.VERIFIED, "success"): 7,
        ("google", Authenticated.VERIFIED, "failure"): 3,
        (OTHER, Authenticated.UNSIGNED, "success"): 7,
        (OTHER, Authenticated.UNSIGNED, "failure"): 3,
    }
    assert counts.gauges["last_kept_timestamp_seconds"] == AT


def test_a_report_that_was_known_is_counted_as_a_piece_alone() -> None:
    counts = counts_of(piece((of_sender("google"), Kept.KNOWN)))
    assert (+counts.reports, +counts.sessions) == ({}, {})
    assert counts.gauges["last_kept_timestamp_seconds"] == 0.0


def test_every_series_is_there_from_the_start() -> None:
    """So that its first event is seen as a rise."""
    names = [line.partition(" ")[0] for line in ReportCounts().text().splitlines() if line[0] != "#"]
    assert [one.removeprefix("mxproof_tlsrpt_received_total") for one in names if "received" in one] == [
        f'{{way="{way}",outcome="{outcome}"}}'
        for way in ("https", "imap", "lmtp")
        for outcome in (NOT_KEPT, "known", "new", "other", "refused", "replaced")
    ]
    assert len([one for one in names if "sessions_total" in one]) == 3 * len(Authenticated) * 2
    assert [one for one in names if "{" not in one] == [
        "mxproof_tlsrpt_errors_total",
        "mxproof_tlsrpt_log_lines_lost_total",
        "mxproof_tlsrpt_connections_open",
        "mxproof_tlsrpt_last_kept_timestamp_seconds",
        "mxproof_tlsrpt_folder_down",
        "mxproof_tlsrpt_store_down",
    ]


def test_a_fault_is_counted() -> None:
    counts = ReportCounts()
    counts.fault()
    assert "\nmxproof_tlsrpt_errors_total 1\n" in counts.text()
