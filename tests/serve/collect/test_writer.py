"""What is drained is read once, counted for its day, and written once the store takes it."""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.formats.result_type import ResultType
from mxproof.formats.tlsrpt.datagram import POLICY_CODES, RESULT_CODES, SessionDatagram, read_datagram
from mxproof.serve.collect import writer as writer_module
from mxproof.store.journal.error import JournalError
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.met_counts import MetCounts
from mxproof.store.journal.met_journal import MetJournal, MetTally
from support_datagram import DATAGRAMS
from support_met_writer import NIGHT, Scripted
from support_new_store import new_store

GOOD = DATAGRAMS[0]
DAY, NEXT = date(2026, 3, 1), date(2026, 3, 2)


@pytest.fixture
def scripted(tmp_path: Path) -> Iterator[Scripted[MetJournal]]:
    journal = Journal(new_store(tmp_path))
    yield Scripted(MetJournal(journal))
    journal.close()


class Failing(MetJournal):
    """A journal that is away for a while."""

    away = True

    def add(self, counts: MetCounts) -> None:
        """Add, but while it is away."""
        if self.away:
            raise JournalError("away")
        super().add(counts)


def ours(at: datetime, times: int) -> bytes:
    """Return a datagram of our own kind."""
    return json.dumps(json.loads(GOOD) | {"dpv": "mxproof-1", "n": times, "at": at.timestamp()}).encode()


def test_sessions_count_for_the_utc_day_on_which_they_are_taken(scripted: Scripted[MetJournal]) -> None:
    scripted.write({GOOD: 2})
    scripted.now += timedelta(seconds=1)
    scripted.write({GOOD: 3, b"x": 4})
    assert scripted.journal.tallies() == [MetTally(DAY, 1, 2, 0, 0), MetTally(NEXT, 1, 3, 4, 0)]
    assert (scripted.counts.sessions["success"], scripted.counts.refused["json"]) == (5, 4)


def test_what_our_own_daemon_tells_late_counts_for_the_day_before_and_no_earlier(
    scripted: Scripted[MetJournal],
) -> None:
    scripted.now = NIGHT + timedelta(hours=2)
    scripted.write({ours(NIGHT, 5): 1, ours(NIGHT - timedelta(days=1), 7): 1, ours(scripted.now, 11): 2})
    assert [(one.day, one.attempts) for one in scripted.journal.tallies()] == [(DAY, 5), (NEXT, 29)]


def is_down(scripted: Scripted[Failing]) -> bool:
    return scripted.counts.store_down


def test_what_the_store_did_not_take_is_written_once_it_is_back(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    journal = Journal(new_store(tmp_path))
    failing = Failing(journal)
    scripted = Scripted(failing)
    scripted.write({GOOD: 2})
    assert is_down(scripted)
    assert [one.levelname for one in caplog.records] == ["ERROR"]
    scripted.write({GOOD: 3})
    failing.away = False
    scripted.write({})
    assert not is_down(scripted)
    assert scripted.journal.tallies() == [MetTally(DAY, 1, 5, 0, 0)]
    journal.close()
    assert [one.levelname for one in caplog.records] == ["ERROR", "WARNING"], "it is said once each"


def test_what_is_kept_no_longer_is_forgotten_once_a_day(scripted: Scripted[MetJournal]) -> None:
    scripted.write({GOOD: 1})
    scripted.now += timedelta(days=29)
    scripted.write({GOOD: 1})
    assert len(scripted.journal.tallies()) == 2
    scripted.now += timedelta(days=1)
    scripted.write({})
    assert [one.day for one in scripted.journal.tallies()] == [date(2026, 3, 30)]


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [one.getMessage() for one in caplog.records]


def test_the_first_refusal_of_a_rule_is_told_and_the_next_a_minute_later(
    scripted: Scripted[MetJournal], caplog: pytest.LogCaptureFixture
) -> None:
    told = []
    for seconds in (0, 59, 60, 61):
        scripted.now = NIGHT + timedelta(seconds=seconds)
        scripted.write({b"x": 1})
        told.append(len(lines(caplog)))
    assert told == [1, 1, 2, 2]
    assert scripted.counts.refused["json"] == 4
    assert lines(caplog)[0].startswith("refused rule=json ")


def test_what_stands_of_a_domain_is_known_before_its_sessions_and_is_no_session(
    scripted: Scripted[MetJournal],
) -> None:
    """Whatever comes first of what was drained together."""
    code = RESULT_CODES[ResultType.STS_POLICY_FETCH_ERROR]
    failed = {"policy-type": POLICY_CODES["sts"], "failure-details": [{"c": code}], "f": 1}
    without = {"policy-type": POLICY_CODES["no-policy-found"], "f": 0}
    session = json.dumps({"d": "good.test", "policies": [without]}).encode()
    stands = {"d": "good.test", "policies": [failed], "dpv": "mxproof-1", "standing": 60.0}
    scripted.write({session: 2, json.dumps(stands).encode(): 1})
    assert +scripted.counts.sessions == {"failure": 2}


def test_what_stands_is_over_once_that_is_told(scripted: Scripted[MetJournal]) -> None:
    code = RESULT_CODES[ResultType.STS_POLICY_FETCH_ERROR]
    failed = {"policy-type": POLICY_CODES["sts"], "failure-details": [{"c": code}], "f": 1}
    without = {"policy-type": POLICY_CODES["no-policy-found"], "f": 0}
    session = json.dumps({"d": "good.test", "policies": [without]}).encode()
    stands, over = (
        json.dumps({"d": "good.test", "policies": [failed], "dpv": "mxproof-1", "standing": seconds}).encode()
        for seconds in (60.0, 0.0)
    )
    counted = []
    for waiting in (
        {stands: 1, session: 1},
        {session: 2},
        {over: 1},
        {session: 4},
        {stands: 1},
        {session: 8},
    ):
        scripted.write(waiting)
        counted.append((scripted.counts.sessions["success"], scripted.counts.sessions["failure"]))
    assert counted == [(0, 1), (0, 3), (0, 3), (4, 3), (4, 3), (4, 11)]
    assert [one.attempts for one in scripted.journal.tallies()] == [15], "no session is made up"


def test_what_is_written_is_said_with_its_time_and_nothing_without_a_session(
    scripted: Scripted[MetJournal],
) -> None:
    scripted.write({})
    assert (scripted.counts.written_at, scripted.journal.tallies()) == (0.0, [])
    scripted.write({GOOD: 2})
    assert scripted.counts.written_at == NIGHT.timestamp()
    assert (scripted.counts.domains, scripted.counts.waiting_rows) == (1, 1)


def test_sessions_that_a_day_has_no_room_for_are_counted_apart(tmp_path: Path) -> None:
    journal = Journal(new_store(tmp_path))
    scripted = Scripted(MetJournal(journal), domains_max=1)
    scripted.write({GOOD: 2})
    assert scripted.counts.beyond == 0
    scripted.write({DATAGRAMS[1]: 3})
    assert scripted.counts.beyond == 3
    journal.close()


def test_a_fault_loses_what_was_counted_and_the_next_is_written(
    scripted: Scripted[MetJournal], caplog: pytest.LogCaptureFixture
) -> None:
    scripted.write({"no bytes": 1})  # type: ignore[dict-item]  # as no socket has them
    assert (scripted.counts.errors, scripted.counts.store_down) == (1, False)
    assert lines(caplog) == ["fault of mxproof; what was counted in a quarter of a second is lost"]
    scripted.write({GOOD: 2})
    assert scripted.journal.tallies() == [MetTally(DAY, 1, 2, 0, 0)]


def test_a_thread_that_is_stopped_writes_what_is_there(scripted: Scripted[MetJournal]) -> None:
    scripted.waiting = {GOOD: 2}
    scripted.writer.start()
    scripted.writer.stop()
    assert scripted.journal.tallies() == [MetTally(DAY, 1, 2, 0, 0)]


def test_one_that_was_never_begun_is_stopped_and_has_written_nothing(scripted: Scripted[MetJournal]) -> None:
    scripted.waiting = {GOOD: 2}
    scripted.writer.stop()
    assert scripted.journal.tallies() == []


@pytest.mark.parametrize(
    ("bytes_max", "kept_max", "reads"), [(len(GOOD), 9, 1), (len(GOOD) - 1, 9, 3), (9999, 1, 1)]
)
def test_a_datagram_that_is_known_is_not_read_again_unless_it_is_long(
    scripted: Scripted[MetJournal], monkeypatch: pytest.MonkeyPatch, bytes_max: int, kept_max: int, reads: int
) -> None:
    read: list[bytes] = []

    def reading(data: bytes) -> SessionDatagram:
        read.append(data)
        return read_datagram(data)

    monkeypatch.setattr(writer_module, "read_datagram", reading)
    monkeypatch.setattr(writer_module, "REMEMBERED_BYTES_MAX", bytes_max)
    monkeypatch.setattr(writer_module, "REMEMBERED_MAX", kept_max)
    for _ in range(3):
        scripted.write({GOOD: 1})
    assert len(read) == reads


def test_of_datagrams_so_many_are_known_and_then_all_are_forgotten(
    scripted: Scripted[MetJournal], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[bytes] = []

    def reading(data: bytes) -> SessionDatagram:
        read.append(data)
        return read_datagram(data)

    monkeypatch.setattr(writer_module, "read_datagram", reading)
    monkeypatch.setattr(writer_module, "REMEMBERED_MAX", 2)
    one, two, three = (GOOD + b" " * number for number in range(3))
    for data in (one, two, one, three, one):
        scripted.write({data: 1})
    assert read == [one, two, three, one]
