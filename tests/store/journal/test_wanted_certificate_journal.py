"""Certificates that are wanted of an authority: who is next, and who has to wait."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert

from mxproof.store.journal.certificate_schema import WANTED_CERTIFICATE
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.wanted_certificate_journal import WantedCertificateJournal

AT = datetime(2026, 3, 2, 5, 0, 0, 250000, tzinfo=UTC)
MX1, MX2 = "mx1.example.com", "mx2.example.com"


def _later(seconds: int) -> datetime:
    return AT + timedelta(seconds=seconds)


@pytest.fixture
def journal(journal: Journal) -> WantedCertificateJournal:
    return WantedCertificateJournal(journal)


def test_a_name_is_wanted_once_and_due_until_it_is_forgotten(journal: WantedCertificateJournal) -> None:
    assert journal.want((MX1, MX1, MX2), AT) == 0
    assert journal.want((MX1,), _later(9)) == 0
    assert [(one.name, one.wanted_at) for one in journal.due(AT, 10)] == [(MX1, AT), (MX2, AT)]
    assert [one.name for one in journal.due(AT, 1)] == [MX1]
    journal.forget(MX1)
    assert [one.name for one in journal.waiting()] == [MX2]


def test_one_that_failed_is_due_at_its_time_and_behind_those_that_did_not(
    journal: WantedCertificateJournal,
) -> None:
    journal.want((MX1,), AT)
    journal.failed(MX1, "not ours\0", _later(60))
    journal.want((MX2,), _later(1))
    assert [one.name for one in journal.due(_later(59), 10)] == [MX2]
    due = journal.due(_later(60), 10)
    assert [(one.name, one.failures) for one in due] == [(MX2, 0), (MX1, 1)]
    assert due[1].said == "not ours\N{REPLACEMENT CHARACTER}"


def test_one_that_was_put_off_is_due_once_it_leads_here_and_one_that_failed_is_not(
    journal: WantedCertificateJournal,
) -> None:
    journal.want((MX1, MX2), AT)
    journal.put_off(MX1, "it leads elsewhere", _later(60))
    journal.failed(MX2, "not ours", _later(60))
    assert journal.want((MX1, MX2), _later(1)) == 0
    assert journal.due(_later(1), 10) == ()
    assert [(one.name, one.failures, one.said) for one in journal.waiting()] == [
        (MX1, 0, "it leads elsewhere"),
        (MX2, 1, "not ours"),
    ]
    journal.want((MX1, MX2), _later(2), leading_here=True)
    assert [(one.name, one.said) for one in journal.due(_later(2), 10)] == [(MX1, "")]


def test_one_that_is_due_by_now_keeps_what_was_said_of_it(journal: WantedCertificateJournal) -> None:
    journal.want((MX1, MX2), AT)
    for name in (MX1, MX2):
        journal.put_off(name, "it leads elsewhere", _later(60))
    journal.want((MX1,), _later(60), leading_here=True)
    journal.want((MX2,), _later(59), leading_here=True)
    assert [(one.name, one.said, one.next_at) for one in journal.waiting()] == [
        (MX1, "it leads elsewhere", _later(60)),
        (MX2, "", _later(59)),
    ]


def test_there_is_room_for_so_many_names(kept_journal: Journal, journal: WantedCertificateJournal) -> None:
    row = {"wanted_at": 0.0, "failures": 0, "next_at": 0.0, "said": ""}
    names = [f"mx{number}.example.net" for number in range(19_999)]
    rows = [{**row, "name": name} for name in names]
    kept_journal.writes(lambda connection: connection.execute(insert(WANTED_CERTIFICATE), rows))
    assert journal.want((MX1, names[0], MX2, MX2), AT) == 1
    assert journal.want((MX1, MX2), AT) == 1
    journal.forget(MX1)
    assert journal.want((MX2,), AT) == 0


def test_whoever_failed_least_is_first_and_of_these_who_has_waited_longest(
    journal: WantedCertificateJournal,
) -> None:
    names = tuple(f"mx{number}.example.com" for number in range(5))
    for number, name in enumerate(reversed(names)):
        journal.want((name,), _later(number))
    journal.failed(names[4], "not ours", _later(9))
    journal.failed(names[3], "not ours", _later(9))
    journal.failed(names[3], "still not ours", _later(9))
    journal.put_off(names[2], "it leads elsewhere", _later(9))
    order = [names[2], names[1], names[0], names[4], names[3]]
    assert [one.name for one in journal.due(_later(9), 9)] == order
    assert [one.name for one in journal.due(_later(9), 2)] == order[:2]
    assert [(one.name, one.failures, one.said) for one in journal.waiting()][2:] == [
        (names[2], 0, "it leads elsewhere"),
        (names[3], 2, "still not ours"),
        (names[4], 1, "not ours"),
    ]
    journal.forget(names[3])
    journal.want((names[3],), _later(10))
    (again,) = (one for one in journal.waiting() if one.name == names[3])
    assert (again.failures, again.said, again.wanted_at, again.next_at) == (0, "", _later(10), _later(10))


def test_two_never_order_at_the_same_time(kept_journal: Journal, journal: WantedCertificateJournal) -> None:
    with journal.alone() as still, kept_journal.alone(MX1):
        still()
        with pytest.raises(JournalError), journal.alone():
            raise AssertionError("both are alone")
