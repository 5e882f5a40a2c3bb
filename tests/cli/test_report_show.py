"""What the journal holds of a period: which days are meant, what is said where there is nothing, and what it is held against."""

from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, USAGE, RunError
from mxproof.cli.report_show import Against, _days, shown, status_of_period
from mxproof.evidence.codec import encode
from mxproof.explain.tlsrpt.period_told import PeriodSessions, ToldPeriod
from mxproof.explain.tlsrpt.row_standing import RowStanding
from mxproof.formats.tlsrpt.found import Authenticated
from mxproof.store.journal.journal import Journal
from support_evidence import small_evidence
from support_new_store import new_store
from support_reporters import reported

NOW = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
ALONE = Against()


@pytest.mark.parametrize(
    ("since", "days"),
    [
        ("1", 1),
        (" 30 ", 30),
        ("3660", 3660),
        ("2026-03-02", 1),
        ("2026-03-01", 2),
        ("20260301", 2),
    ],
)
def test_a_time_is_a_day_or_how_many_days_up_to_today(since: str, days: int) -> None:
    assert _days(since, NOW) == days


@pytest.mark.parametrize("since", ["0", "3661", "9999", "2026-03-03", "2016-01-01"])
def test_so_many_days_up_to_today_can_be_shown(since: str) -> None:
    with pytest.raises(RunError) as raised:
        _days(since, NOW)
    assert (raised.value.status, str(raised.value)) == (
        USAGE,
        f"--since '{since}': from 1 to 3660 days up to today can be shown",
    )


@pytest.mark.parametrize("since", ["", "yesterday", "abc", "-1", "10000", "٣"])
def test_what_is_no_time_is_refused(since: str) -> None:
    with pytest.raises(RunError) as raised:
        _days(since, NOW)
    assert (raised.value.status, str(raised.value)) == (
        USAGE,
        f"--since '{since}': a day such as 2026-03-01, or a number of days, was expected",
    )


@pytest.fixture
def store(tmp_path: Path) -> str:
    """Return a store with reports: of these days about example.com, where sessions failed, and example.net, where none did; of long ago another."""
    url = f"sqlite:{tmp_path}/journal.db"
    new_store(tmp_path)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    with closing(Journal(url)) as journal:
        reported(journal, "google.com", -2, -1, "example.com", today, failure=3)
        reported(journal, "google.com", -2, -1, "example.net", today)
        reported(journal, "google.com", -100, -99, "old.example", today)
    return url


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(RunError) as raised:
        shown(f"sqlite:{tmp_path}/none.db", "", "30", ALONE)
    assert (raised.value.status, str(raised.value)) == (
        UNKNOWN,
        f"{tmp_path}/none.db: nothing is kept there yet; `mxproof tlsrpt import` keeps reports",
    )
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("domain", "since", "reports", "said"),
    [
        ("", "30", 2, ""),
        ("example.com", "30", 1, ""),
        ("old.example", "30", 0, ""),
        ("", "1", 0, ""),
        (
            "none.example",
            "30",
            0,
            "mxproof: none.example: no report about it was ever kept here\n",
        ),
    ],
)
def test_of_a_domain_that_no_report_was_ever_about_that_is_said(
    store: str, capsys: pytest.CaptureFixture[str], domain: str, since: str, reports: int, said: str
) -> None:
    told = shown(store, domain, since, ALONE)
    assert told.unauthenticated.reports == reports
    assert capsys.readouterr().err == said


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Return a file with evidence about example.com."""
    file = tmp_path / "evidence.json"
    file.write_bytes(encode(msgspec.structs.replace(small_evidence(), domain="example.com")))
    return file


def test_a_way_of_failing_is_held_against_evidence(store: str, evidence: Path) -> None:
    (sender,) = shown(store, "example.com", "30", Against(files=(evidence,))).senders
    assert [one.standing for one in sender.failures] == [RowStanding.CONFIRMED]
    (alone,) = shown(store, "example.com", "30", ALONE).senders
    assert [one.standing for one in alone.failures] == [None]


def test_evidence_has_to_be_about_the_domain_where_something_failed(store: str, evidence: Path) -> None:
    assert shown(store, "example.net", "30", Against(files=(evidence,))).domain == "example.net"
    with closing(Journal(store)) as journal:
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        reported(journal, "google.com", -1, 0, "example.net", today, failure=1)
    with pytest.raises(RunError, match=r"^example\.net: none of the evidence is about this domain$"):
        shown(store, "example.net", "30", Against(files=(evidence,)))


@pytest.mark.parametrize(
    ("authenticated", "failures", "status"),
    [
        (Authenticated.VERIFIED, 0, DONE),
        (Authenticated.VERIFIED, 1, PROBLEM),
        (Authenticated.UNKNOWN, 1, PROBLEM),
    ],
)
def test_sessions_that_failed_are_a_problem_whoever_says_so(
    tmp_path: Path, authenticated: Authenticated, failures: int, status: int
) -> None:
    new_store(tmp_path)
    today = datetime.now(UTC) - timedelta(days=2)
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        reported(
            journal, "google.com", 0, 1, "example.com", today, failure=failures, authenticated=authenticated
        )
    assert status_of_period(shown(f"sqlite:{tmp_path}/journal.db", "", "30", ALONE)) == status


def test_where_there_is_no_report_nothing_is_known() -> None:
    none = PeriodSessions(0, 0, 0, at_least=False)
    told = ToldPeriod(
        domain=None,
        since=NOW.date(),
        until=NOW.date(),
        authenticated=none,
        unauthenticated=none,
        senders=(),
        domains=(),
        more=False,
    )
    assert status_of_period(told) == UNKNOWN
