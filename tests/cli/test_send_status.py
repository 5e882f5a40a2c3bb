"""How the reports stand that go out, in words, and with which status."""

from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec
import pytest

from mxproof.cli.exit import DONE, PROBLEM, UNKNOWN, RunError
from mxproof.cli.options.output import OutputOptions
from mxproof.cli.send_status import _day, _text, shown
from mxproof.render.text.paper import Paper
from mxproof.serve.sending.status import DayStanding, SendStatus
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing import (
    AttemptOutcome,
    AvoidedPlace,
    OutgoingReport,
    OutgoingState,
    Settled,
)
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from support_new_store import new_store
from support_outgoing import AT, PLACE, attempt, claimed, new

WIDE = Paper(width=1000)
COLOURED = Paper(width=1000, colour=True)
SINCE, ONE = date(2026, 2, 1), date(2026, 3, 1)
NOW = datetime(2026, 3, 2, 9, 5, 7, tzinfo=UTC)
HEAD = "TLS reports sent, of the days since 2026-02-01"


def status(
    *days: DayStanding,
    domain: str = "",
    next_due_at: datetime | None = None,
    reports: tuple[OutgoingReport, ...] = (),
    avoided: tuple[AvoidedPlace, ...] = (),
) -> SendStatus:
    return SendStatus(SINCE, domain, next_due_at, days, reports, avoided)


def day(*, is_made: bool = True, **reports: int) -> DayStanding:
    states = {str(OutgoingState[name.upper()]): count for name, count in reports.items()}
    return DayStanding(ONE, 2, 9, is_made, states)


def report(state: OutgoingState, **fields: object) -> OutgoingReport:
    plain = OutgoingReport(ONE, "a.example", "1", state, 7, 3, 2, None, None, "", "")
    return msgspec.structs.replace(plain, **fields)


def test_where_nothing_was_met_that_is_all_that_is_said() -> None:
    assert list(_text(status(), WIDE)) == [HEAD, "  Nothing was met in these days."]


def test_each_day_is_told_by_how_its_reports_stand() -> None:
    days = (day(is_made=False), day(sent=3, given_up=1), day())
    assert list(_text(status(*days, next_due_at=NOW), WIDE)) == [
        HEAD,
        "  2026-03-01  9 delivery attempts to 2 domains; its reports are not made yet",
        "  2026-03-01  3 sent, 1 given up; 9 delivery attempts to 2 domains",
        "  2026-03-01  no report; 9 delivery attempts to 2 domains",
        "  The next is due at 2026-03-02 09:05 UTC.",
    ]


def test_a_state_has_a_word_of_its_own() -> None:
    (line,) = _day(day(waiting=1, sent=2, unwanted=3, withheld=4, given_up=5), WIDE)
    assert line == (
        "  2026-03-01  1 waiting, 2 sent, 3 to domains that ask for none, 4 withheld, 5 given up; "
        "9 delivery attempts to 2 domains"
    )


@pytest.mark.parametrize(
    ("one", "colour"),
    [
        (day(sent=3), "32"),
        (day(sent=3, given_up=1), "1;31"),
        (day(sent=3, given_up=0), "32"),
        (day(is_made=False, given_up=1), "2"),
    ],
)
def test_a_day_of_which_a_report_was_given_up_is_marked(one: DayStanding, colour: str) -> None:
    assert _day(one, COLOURED)[0].startswith(f"  \x1b[{colour}m2026-03-01\x1b[0m  ")


@pytest.mark.parametrize(
    ("one", "became"),
    [
        (report(OutgoingState.WAITING, tries=0), "waiting after 0 tries"),
        (report(OutgoingState.SENT, tries=1, destination=PLACE), f"sent after 1 try, to {PLACE}"),
        (
            report(OutgoingState.WAITING, due_at=NOW, said="451 later"),
            "waiting after 2 tries, again at 2026-03-02 09:05 UTC: 451 later",
        ),
        (
            report(OutgoingState.GIVEN_UP, destination=PLACE, due_at=NOW, said="550 nobody"),
            f"given up after 2 tries, to {PLACE}, again at 2026-03-02 09:05 UTC: 550 nobody",
        ),
    ],
)
def test_a_report_is_told_with_what_became_of_it(one: OutgoingReport, became: str) -> None:
    assert list(_text(status(day(), reports=(one,)), WIDE))[2:] == [
        "",
        "Not delivered, or not yet",
        "  2026-03-01  to a.example, 7 sessions passed, 3 failed",
        f"              {became}",
    ]


def test_of_a_domain_its_reports_are_told_or_that_there_are_none() -> None:
    one = report(OutgoingState.SENT)
    assert list(_text(status(day(), domain="a.example", reports=(one,)), WIDE))[2:4] == [
        "",
        "Reports to a.example",
    ]
    assert list(_text(status(day(), domain="a.example"), WIDE))[2:] == ["  No report to a.example was made."]
    assert list(_text(status(day()), WIDE))[2:] == []


def test_a_destination_that_is_avoided_is_told_with_what_it_said() -> None:
    avoided = (AvoidedPlace(PLACE, 9, NOW, "550 nobody"),)
    assert list(_text(status(day(), avoided=avoided), WIDE))[2:] == [
        "",
        "Destinations that are avoided, as they refused again and again",
        f"  {PLACE} until 2026-03-02 09:05 UTC: 550 nobody",
    ]


@pytest.fixture
def store(tmp_path: Path) -> str:
    new_store(tmp_path)
    return f"sqlite:{tmp_path}/journal.db"


@pytest.mark.parametrize(
    ("states", "status"),
    [
        ((OutgoingState.SENT,), DONE),
        ((OutgoingState.WITHHELD,), DONE),
        ((OutgoingState.WITHHELD, OutgoingState.GIVEN_UP), PROBLEM),
    ],
)
def test_a_report_that_was_given_up_is_a_problem(
    store: str, states: tuple[OutgoingState, ...], status: int
) -> None:
    with closing(Journal(store)) as journal:
        outgoing = OutgoingJournal(journal)
        for state in states:
            outgoing.add([new(f"{state}.example")], AT)
            tried = attempt(AttemptOutcome.REFUSED)
            outgoing.settle(claimed(outgoing), Settled(state, (tried,)), AT)
    assert shown(store, "", SINCE, NOW, OutputOptions()) == status


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(RunError) as raised:
        shown(f"sqlite:{tmp_path}/none.db", "", SINCE, NOW, OutputOptions())
    assert (raised.value.status, str(raised.value)) == (
        UNKNOWN,
        f"{tmp_path}/none.db: nothing is kept there yet; `mxproof tlsrpt collectd` collects",
    )
    assert list(tmp_path.iterdir()) == []


def test_where_nothing_was_met_nothing_is_known(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(store, "", SINCE, NOW, OutputOptions(width=80)) == UNKNOWN
    assert capsys.readouterr().out == f"{HEAD}\n  Nothing was met in these days.\n"


def test_the_form_for_programs_is_json(store: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert shown(store, "", SINCE, NOW, OutputOptions(format="json")) == UNKNOWN
    assert msgspec.json.decode(capsys.readouterr().out, type=SendStatus) == status()
