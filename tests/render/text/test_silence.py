"""Senders, their rhythm and their silence as text: what has to be there, and that it fits."""

from datetime import UTC, datetime
from math import inf

import pytest

from mxproof.render.text.paper import Paper
from mxproof.render.text.silence import alarms_text, logs_text, senders_text
from mxproof.rhythm.alarm import Alarm, AlarmKind
from mxproof.rhythm.notice import KnownSender

PAPER = Paper(width=60)
SINCE, AT = datetime(2025, 6, 1, 12, tzinfo=UTC), datetime(2025, 6, 2, 9, tzinfo=UTC)
ALARM = Alarm(AlarmKind.SENDER, "Microsoft", SINCE, AT, 14.2, 2e-5)
EVERYTHING = Alarm(AlarmKind.EVERYTHING, "", SINCE, AT, 30.0, 0.0)
OFTEN = KnownSender("Microsoft", 212.0, (0, 1, 2, 3, 4), (8, 17), 1.5, 16.0)
SELDOM = KnownSender("digest.example", 0.14, (1,), (8, 9), 1400.0, 1400.0)
NEVER = KnownSender("example.net", 3.0, (0, 2, 4, 6), (0, 0), inf, inf)


def test_every_alarm_has_its_sender_and_its_times() -> None:
    text = alarms_text([ALARM, EVERYTHING], UTC, PAPER)
    for wanted in ("Microsoft", "2025-06-01 12:00", "2025-06-02 09:00", "everything", "50 000"):
        assert wanted in text


@pytest.mark.parametrize(
    ("kind", "name", "whom"),
    [(AlarmKind.REPORTER, "google.com", "google.com"), (AlarmKind.REPORTS, "", "reports")],
)
def test_a_silence_of_reports_is_told_as_one_of_reports(kind: AlarmKind, name: str, whom: str) -> None:
    text = alarms_text([Alarm(kind, name, SINCE, AT, 3.0, 1e-4)], UTC, PAPER)
    for wanted in (whom, "TLS report", "2025-06-01", "2025-06-02 09:00"):
        assert wanted in text
    assert "mails" not in text


def test_no_alarm_is_said_too() -> None:
    assert alarms_text([], UTC, PAPER)


@pytest.mark.parametrize("one", [OFTEN, SELDOM, NEVER])
def test_every_sender_has_its_line(one: KnownSender) -> None:
    text = senders_text([one], 1.0, PAPER)
    assert one.name in text
    assert max(map(len, text.splitlines())) <= 70


def test_the_busiest_sender_comes_first() -> None:
    text = senders_text([SELDOM, OFTEN], 1.0, PAPER)
    assert text.index(OFTEN.name) < text.index(SELDOM.name)


def test_nobody_watched_is_no_table_and_is_explained() -> None:
    assert senders_text([], 1.0, PAPER) == ""
    assert len(logs_text(5, 2, 0, PAPER)) > len(logs_text(5, 2, 2, PAPER))
