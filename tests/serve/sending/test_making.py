"""Reports made of a day that is over: of which domains, when they are due, and what is told of the day."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path

import msgspec
import pytest

from mxproof.net.asking import Asking
from mxproof.serve.sending import making
from mxproof.serve.sending.making import Chance, ClosedDay, close_days, made_reports, met_pages
from mxproof.serve.sending.settings import SendList, SendSettings
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_journal import MetJournal
from mxproof.store.journal.outgoing import OutgoingState
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from support_met import GOOD, MISMATCH, met
from support_new_store import new_store
from support_outgoing import met_on, new

DAY = date(2026, 3, 1)
OVER = datetime(2026, 3, 2, 0, 10, tzinfo=UTC)
SETTINGS = SendSettings(
    organization="Sender Example",
    contact="tls@sender.example",
    sender="bounces@sender.example",
    asking=Asking(()),
    spread=timedelta(hours=4),
)
HALF = partial(float, 0.5)


def dice() -> Chance:
    """Return dice that show the middle, and yet another number each time."""
    throws = count(1)
    return lambda: 0.5 + next(throws) * 2.0**-40


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    """Return a journal with sessions of three domains on a day."""
    with closing(Journal(new_store(tmp_path))) as made:
        met_on(made, DAY, "a.example", "b.example", "c.example")
        yield made


def made_of(journal: Journal) -> list[tuple[str, str, datetime | None]]:
    found = OutgoingJournal(journal).reports(DAY, list(OutgoingState))
    return [(one.domain, one.report_id, one.due_at) for one in found]


def test_a_report_is_about_one_domain_and_one_day_and_has_an_id_of_the_sender() -> None:
    """RFC 8460 section 4.3."""
    (made,) = made_reports([met(MISMATCH, 4, 3)], SETTINGS, HALF)
    assert made.domain == MISMATCH.domain
    report = made.report
    assert (report.organization, report.contact) == ("Sender Example", "tls@sender.example")
    assert (report.begin, report.end) == (
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 3, 1, 23, 59, 59, tzinfo=UTC),
    )
    assert report.id == "20260301.8000000000000@sender.example"
    assert report.policies == met(MISMATCH, 4, 3).policies


@pytest.mark.parametrize(
    ("allow", "expected"),
    [((), [GOOD.domain, MISMATCH.domain]), ((GOOD.domain,), [GOOD.domain]), (("example.org",), [])],
    ids=["to all", "to one", "to another"],
)
def test_reports_are_made_for_those_who_are_allowed_and_for_all_where_nobody_is_named(
    allow: tuple[str, ...], expected: list[str]
) -> None:
    settings = msgspec.structs.replace(SETTINGS, allow=SendList(frozenset(allow)))
    days = [met(GOOD, 1, 0), met(MISMATCH, 0, 1)]
    assert [one.domain for one in made_reports(days, settings, HALF)] == expected


def test_no_report_is_made_of_a_day_without_a_session() -> None:
    assert list(made_reports([met(GOOD, 0, 0)], SETTINGS, HALF)) == []


def test_a_day_is_closed_ten_minutes_after_it_ended_and_once(journal: Journal) -> None:
    assert close_days(journal, SETTINGS, OVER - timedelta(seconds=1), HALF) == []
    assert close_days(journal, SETTINGS, OVER, dice()) == [ClosedDay(DAY, 3, 0)]
    assert made_of(journal) == [
        (f"{name}.example", f"20260301.800000000{digit}000@sender.example", OVER + timedelta(hours=2))
        for name, digit in (("a", 1), ("b", 3), ("c", 5))
    ]
    assert close_days(journal, SETTINGS, OVER + timedelta(hours=9), HALF) == []


def test_a_report_that_is_there_already_is_left_as_it_is(journal: Journal) -> None:
    """Whoever was killed in the middle of a day goes on where it was."""
    there = new("a.example")
    OutgoingJournal(journal).add([there], OVER)
    assert close_days(journal, SETTINGS, OVER, dice()) == [ClosedDay(DAY, 3, 0)]
    assert [one[0] for one in made_of(journal)] == ["a.example", "b.example", "c.example"]
    assert made_of(journal)[0] == ("a.example", there.report_id, there.due_at)


def test_domains_are_read_so_many_at_a_time_and_each_once(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "REPORTS_AT_ONCE", 2)
    pages = met_pages(MetJournal(journal), DAY)
    assert [[one.domain for one in page] for page in pages] == [["a.example", "b.example"], ["c.example"]]


def test_a_day_of_several_pages_is_kept_whole_and_days_are_closed_in_their_order(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "REPORTS_AT_ONCE", 2)
    before = DAY - timedelta(days=1)
    met_on(journal, before, "z.example")
    assert close_days(journal, SETTINGS, OVER, dice()) == [ClosedDay(before, 1, 0), ClosedDay(DAY, 3, 0)]
    assert [one[0] for one in made_of(journal)] == ["a.example", "b.example", "c.example"]
    assert OutgoingJournal(journal).states(before) == {
        before: {OutgoingState.WAITING: 1},
        DAY: {OutgoingState.WAITING: 3},
    }
    assert OutgoingJournal(journal).open_days(DAY + timedelta(days=1)) == []


def test_a_domain_that_no_report_can_be_printed_of_is_told_and_the_others_are_made(
    journal: Journal, caplog: pytest.LogCaptureFixture
) -> None:
    settings = msgspec.structs.replace(SETTINGS, organization="\ud800")
    assert close_days(journal, settings, OVER, HALF) == [ClosedDay(DAY, 0, 3)]
    assert [one.getMessage().partition(" printed: ")[0] for one in caplog.records] == [
        f"day=2026-03-01 domain={name}.example no report can be" for name in ("a", "b", "c")
    ]
