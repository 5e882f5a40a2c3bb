"""What monitoring is told of a sender test on a public host: every count from the start, what is seen by kind, and how it stands."""

from datetime import timedelta
from http import HTTPStatus

import pytest

from mxproof.cli.serving_public_metrics import PublicCounts
from mxproof.evidence import Evidence, Transport
from mxproof.judge.senders.inference.observation import (
    SeenBounce,
    SeenConnection,
    SeenFetch,
    SeenQuery,
    SeenReport,
    SeenTls,
)
from mxproof.lab.sendertest import watching as watching_module
from mxproof.lab.sendertest.changing import Becoming
from mxproof.lab.sendertest.public_serving import UNASSIGNED
from mxproof.lab.sendertest.watching import LOST, Watching
from mxproof.serve.daemon.metrics import METRICS_MEDIA_TYPE
from mxproof.serve.daemon.pages import Page
from mxproof.world.world import World
from support_certificates import NOW

CLIENT = "198.51.100.20"
QUERY = SeenQuery(NOW, CLIENT, "a.example", "MX", Transport.UDP)
ENDS = NOW + timedelta(days=7)
PREFIX = "mxproof_sendertest_"
SERVED = {"runs", "runs_end_timestamp_seconds"}
AT_THE_START = """\
# HELP runs Runs that are served.
# TYPE runs gauge
runs 2
# HELP runs_end_timestamp_seconds When the runs are over, since 1970.
# TYPE runs_end_timestamp_seconds gauge
runs_end_timestamp_seconds ENDS
# HELP queries_total Queries about names of a run that were noted.
# TYPE queries_total counter
queries_total 0
# HELP fetches_total Connections to policy hosts that were noted.
# TYPE fetches_total counter
fetches_total 0
# HELP connections_total Connections to MX hosts that were noted.
# TYPE connections_total counter
connections_total 0
# HELP mails_total Mails that were taken.
# TYPE mails_total counter
mails_total 0
# HELP reports_total TLS reports that were read.
# TYPE reports_total counter
reports_total 0
# HELP bounces_total Bounces that were read.
# TYPE bounces_total counter
bounces_total 0
# HELP changes_total Domains that became others, since a first mail for them was taken.
# TYPE changes_total counter
changes_total 0
# HELP lost_total What was not noted since a run had no room for it, by kind.
# TYPE lost_total counter
lost_total{kind="bounces"} 0
lost_total{kind="connections"} 0
lost_total{kind="fetches"} 0
lost_total{kind="queries"} 0
lost_total{kind="reports"} 0
lost_total{kind="turned away"} 0
# HELP unassigned_total What belonged to no run, by kind.
# TYPE unassigned_total counter
unassigned_total{kind="bounces"} 0
unassigned_total{kind="connections too many"} 0
unassigned_total{kind="connections"} 0
unassigned_total{kind="fetches"} 0
unassigned_total{kind="reports"} 0
# HELP written_timestamp_seconds When what was seen was written last, since 1970; 0 before.
# TYPE written_timestamp_seconds gauge
written_timestamp_seconds 0
# HELP writes_failed_total How often it could not be written.
# TYPE writes_failed_total counter
writes_failed_total 0
"""
"""All series as they are before anything is seen, without the prefix of their names."""


class Counted:
    """Two runs of which things are seen, and what is told of them."""

    def __init__(self) -> None:
        becoming = Becoming(World(), {"a.example": "first"}, Evidence("a.example"))
        self.first = Watching(lambda: NOW, lambda line: None, becoming)
        self.second = Watching(lambda: NOW, lambda line: None)
        self.unassigned = dict[str, int]()
        self.counts = PublicCounts((self.first, self.second), self.unassigned, ENDS)

    def values(self) -> dict[str, float]:
        """Return each series by its name behind the prefix."""
        lines = (line for line in self.counts.text().splitlines() if not line.startswith("#"))
        pairs = (line.rsplit(" ", 1) for line in lines)
        return {name.removeprefix(PREFIX): float(value) for name, value in pairs}

    def risen(self) -> dict[str, float]:
        """Return those of them that are not 0, without what is told of the runs themselves."""
        return {name: value for name, value in self.values().items() if value and name not in SERVED}

    def health(self) -> Page | None:
        """Return the page on how it stands."""
        return self.counts.page("/health")


def test_every_series_is_there_from_the_start() -> None:
    text = Counted().counts.text()
    assert text.count(PREFIX) == AT_THE_START.count("\n")
    assert text.replace(PREFIX, "") == AT_THE_START.replace("ENDS", f"{ENDS.timestamp():.0f}")


def test_what_is_seen_is_counted_by_kind_over_all_runs() -> None:
    one = Counted()
    for watching, times in ((one.first, 1), (one.second, 2)):
        for _ in range(times):
            watching.query(QUERY)
            watching.fetch(SeenFetch(NOW, CLIENT, "", "a.example", SeenTls()))
            watching.connection(SeenConnection(NOW, CLIENT, "", "a.example"))
            watching.report(SeenReport(NOW, CLIENT, "", ()))
            watching.bounce(SeenBounce(NOW, CLIENT, "", ()))
    one.first.query(QUERY)
    one.first.bounce(SeenBounce(NOW, CLIENT, "", ()))
    one.first.bounce(SeenBounce(NOW, CLIENT, "", ()))
    assert one.risen() == {
        "queries_total": 4,
        "fetches_total": 3,
        "connections_total": 3,
        "reports_total": 3,
        "bounces_total": 5,
    }


def test_a_mail_was_taken_where_it_has_headers_though_these_are_empty() -> None:
    one = Counted()
    one.first.connection(SeenConnection(NOW, CLIENT, "", "a.example", headers=""))
    one.second.connection(SeenConnection(NOW, CLIENT, "", "a.example", headers="Subject: x"))
    one.second.connection(SeenConnection(NOW, CLIENT, "", "a.example"))
    assert one.risen() == {"connections_total": 3, "mails_total": 2}


def test_a_domain_that_became_another_is_counted_once() -> None:
    one = Counted()
    one.first.taken("postmaster@a.example")
    one.first.taken("postmaster@a.example")
    one.second.taken("postmaster@a.example")
    assert one.risen() == {"changes_total": 1}


@pytest.mark.parametrize("kind", LOST)
def test_what_is_lost_in_several_runs_is_one_count_of_its_kind(kind: str) -> None:
    one = Counted()
    one.first.lost[kind], one.second.lost[kind] = 2, 3
    assert one.risen() == {f'lost_total{{kind="{kind}"}}': 5}


def test_what_a_run_had_no_room_for_is_lost_and_not_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching_module, "SEEN_QUERIES_MAX", 1)
    one = Counted()
    one.first.query(QUERY)
    one.first.query(QUERY)
    one.second.turned_away()
    assert one.risen() == {
        "queries_total": 1,
        'lost_total{kind="queries"}': 1,
        'lost_total{kind="turned away"}': 1,
    }


@pytest.mark.parametrize("kind", UNASSIGNED)
def test_what_belonged_to_no_run_is_counted_by_kind(kind: str) -> None:
    one = Counted()
    one.unassigned[kind] = 3
    assert one.risen() == {f'unassigned_total{{kind="{kind}"}}': 3}


def test_what_was_written_says_when_and_what_was_not_how_often() -> None:
    one = Counted()
    one.counts.written(NOW)
    assert one.risen() == {"written_timestamp_seconds": NOW.timestamp()}
    one.counts.unwritten("no space left")
    one.counts.unwritten("no space left")
    assert one.risen() == {"written_timestamp_seconds": NOW.timestamp(), "writes_failed_total": 2}


def test_health_is_bad_from_a_write_that_failed_to_the_next_that_did_not() -> None:
    one = Counted()
    runs = f"runs: 2\nuntil: {ENDS:%Y-%m-%d}T{ENDS:%H:%M:%S}Z\n"
    assert one.health() == Page(HTTPStatus.OK, "text/plain", f"serving\n{runs}")
    one.counts.unwritten("no space left")
    bad = Page(HTTPStatus.SERVICE_UNAVAILABLE, "text/plain", f"not written: no space left\n{runs}")
    assert one.health() == bad
    one.counts.written(NOW)
    assert one.health() == Page(HTTPStatus.OK, "text/plain", f"serving\n{runs}")
    assert one.counts.failed == 1


def test_monitoring_has_a_page_of_metrics_with_those_of_the_process_and_no_other_page() -> None:
    counts = Counted().counts
    page = counts.page("/metrics")
    assert page is not None
    own, behind = page.text[: len(counts.text())], page.text[len(counts.text()) :]
    assert (page.status, page.media_type, own) == (HTTPStatus.OK, METRICS_MEDIA_TYPE, counts.text())
    assert behind.startswith("# HELP process_cpu_seconds_total ")
    assert [counts.page(path) for path in ("/", "/metrics/", "/healthy")] == [None] * 3
