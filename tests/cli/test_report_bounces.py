"""TLS reports that came back, out of mail: which are noted, and what is told of them."""

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from mxproof.cli.exit import DONE, UNKNOWN
from mxproof.cli.report_bounces import note_bounces
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.outgoing_journal import OutgoingJournal
from support_new_store import new_store
from support_outgoing import AT, PLACE, claimed, new, sent
from support_report_bounce import REFUSAL, bounce

NOW = AT + timedelta(hours=1)
OTHER = b"From: a@example.com\n\nthanks\n"


@pytest.fixture
def report_id(tmp_path: Path) -> str:
    """Return the id of a report that went out by mail."""
    new_store(tmp_path)
    return sent(tmp_path)


def noted(folder: Path, *mails: bytes) -> int:
    (folder / "mails").mkdir(exist_ok=True)
    for number, one in enumerate(mails):
        (folder / "mails" / f"{number}").write_bytes(one)
    return note_bounces(f"sqlite:{folder}/journal.db", (f"{folder}/mails",), NOW)


def test_a_report_that_came_back_is_told_and_other_mail_is_counted(
    tmp_path: Path, report_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert noted(tmp_path, bounce(report_id), OTHER) == DONE
    assert capsys.readouterr().out.splitlines() == [
        f"a.example, 2026-03-01: the report to {PLACE} came back: {REFUSAL}",
        "2 mails read, 1 of them give a report back",
    ]
    assert noted(tmp_path, bounce(report_id), OTHER) == UNKNOWN
    assert capsys.readouterr().out == "2 mails read, 0 of them give a report back\n"


def test_of_one_mail_it_is_said_in_the_singular(
    tmp_path: Path, report_id: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert noted(tmp_path, OTHER) == UNKNOWN
    assert capsys.readouterr().out == "1 mail read, 0 of them give a report back\n"


def test_a_report_that_is_on_its_way_still_is_not_given_up(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new_store(tmp_path)
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as journal:
        outgoing = OutgoingJournal(journal)
        outgoing.add([new()], AT)
        report_id = claimed(outgoing).report_id
    assert noted(tmp_path, bounce(report_id)) == UNKNOWN
    assert capsys.readouterr().out == "1 mail read, 0 of them give a report back\n"
