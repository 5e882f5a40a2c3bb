"""Logs that are followed: what was learnt of their senders, and alarms that somebody has to be told of once."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.store.journal.journal import Journal
from mxproof.store.journal.silence import ALARMS_AT_ONCE, KeptLog, SilenceJournal

AT = datetime(2026, 3, 2, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
ALARM = Alarm(AlarmKind.SENDER, "Microsoft", AT - 5 * HOUR, AT, 12.5, 1e-4)


@pytest.fixture
def silence(tmp_path: Path) -> Iterator[SilenceJournal]:
    with closing(Journal(f"sqlite:{tmp_path}/journal.db")) as made:
        yield SilenceJournal(made)


def alarm(sender: str = "Microsoft", hours: int = 0) -> Alarm:
    later = hours * HOUR
    return msgspec.structs.replace(
        ALARM, sender=sender, silent_since=ALARM.silent_since + later, alarmed_at=ALARM.alarmed_at + later
    )


def test_of_a_log_what_was_read_and_learnt_is_kept_sender_by_sender(silence: SilenceJournal) -> None:
    assert silence.log("mail.log") is None
    first = KeptLog("place 1", b"detector 1", (("Google", b"g1"), ("Microsoft", b"m1")), "example.com")
    silence.keep("mail.log", first)
    silence.keep("other.log", KeptLog("place", b"detector", (("Google", b"other"),)))
    assert silence.log("mail.log") == first
    silence.keep(
        "mail.log", KeptLog("place 2", b"detector 2", (("Microsoft", b"m2"), ("new", b"n")), "example.com")
    )
    want = (("Google", b"g1"), ("Microsoft", b"m2"), ("new", b"n"))
    assert silence.log("mail.log") == KeptLog("place 2", b"detector 2", want, "example.com")


def test_a_log_in_which_no_sender_changed_keeps_what_it_knew(silence: SilenceJournal) -> None:
    silence.keep("mail.log", KeptLog("1", b"detector", (("Google", b"g"),)))
    silence.keep("mail.log", KeptLog("2", b"detector"))
    assert silence.log("mail.log") == KeptLog("2", b"detector", (("Google", b"g"),))


def test_all_logs_are_read_in_the_order_of_their_names(silence: SilenceJournal) -> None:
    assert silence.logs() == []
    for name in ("b.log", "a.log"):
        silence.keep(name, KeptLog(name, b"detector", ((name, b"rhythm"),)))
    assert [(one.name, one.log.senders) for one in silence.logs()] == [
        ("a.log", (("a.log", b"rhythm"),)),
        ("b.log", (("b.log", b"rhythm"),)),
    ]


def test_an_alarm_is_told_once(silence: SilenceJournal) -> None:
    kept = KeptLog("place", b"detector")
    silence.keep("mail.log", kept, [alarm(), alarm("Google")])
    silence.keep("other.log", kept, [alarm("firm.example")])
    one, other = silence.untold("mail.log")
    assert (one.alarm, other.alarm) == (alarm(), alarm("Google"))
    silence.told(one.id, AT + HOUR)
    assert silence.untold("mail.log") == [other]
    assert [each.alarm.sender for each in silence.untold("other.log")] == ["firm.example"]


def test_an_alarm_that_is_worked_out_again_is_kept_once(silence: SilenceJournal) -> None:
    everything = msgspec.structs.replace(alarm(), kind=AlarmKind.REPORTER)
    again = msgspec.structs.replace(alarm(), alarmed_at=AT + HOUR, expected=20.0)
    silence.keep_new("mail.log", [alarm()], "example.com")
    silence.keep_new("mail.log", [again, alarm("Google"), alarm(hours=6), everything], "example.com")
    silence.keep_new("other.log", [alarm()], "example.com")
    assert [one.alarm for one in silence.untold("mail.log")] == [
        alarm(),
        alarm("Google"),
        alarm(hours=6),
        everything,
    ]
    assert len(silence.untold("other.log")) == 1


def test_alarms_of_a_period_are_those_of_a_domain_and_of_all(silence: SilenceJournal) -> None:
    for name, domain in (("mine", "example.com"), ("all", ""), ("other", "example.net")):
        silence.keep(f"{name}.log", KeptLog("place", b"detector", (), domain), [alarm(name)])
    silence.keep("mine.log", KeptLog("place", b"detector", (), "example.com"), [alarm("later", 1)])
    found = silence.alarms("example.com", AT, AT + HOUR + SECOND)
    assert [one.sender for one in found] == ["later", "all", "mine"]
    assert [one.sender for one in silence.alarms("example.com", AT + SECOND, AT + HOUR)] == []
    assert [one.sender for one in silence.alarms("example.com", AT, AT + HOUR)] == ["all", "mine"]
    assert [one.sender for one in silence.alarms(None, AT, AT + HOUR)] == ["other", "all", "mine"]
    assert [one.sender for one in silence.alarms(None, AT, AT + 2 * HOUR, 1)] == ["later"]


def test_logs_are_read_each_with_its_own_senders_however_many_there_are(silence: SilenceJournal) -> None:
    kept = {
        f"{number:02}.log": KeptLog(
            f"{number}", b"detector", ((f"{number}", b"r"), ("all", b"r")), "example.com"
        )
        for number in range(24)
    }
    for name, log in kept.items():
        silence.keep(name, log)
    silence.keep("none.log", KeptLog("place", b"detector"))
    found = {one.name: one.log for one in silence.logs()}
    assert found == {**kept, "none.log": KeptLog("place", b"detector")}
    assert list(found) == sorted(found)


def test_more_alarms_than_are_told_at_once_are_told_the_earliest_first(silence: SilenceJournal) -> None:
    many = [alarm(f"sender {number}", number) for number in range(ALARMS_AT_ONCE + 2)]
    silence.keep("mail.log", KeptLog("place", b"detector"), many)
    first = silence.untold("mail.log")
    assert [one.alarm for one in first] == many[:ALARMS_AT_ONCE]
    for one in first[:3]:
        silence.told(one.id, AT)
    assert [one.alarm for one in silence.untold("mail.log")] == many[3:]
