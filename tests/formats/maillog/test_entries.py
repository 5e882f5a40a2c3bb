"""Mails from entries in every form that a log is kept in."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mxproof.formats.maillog.entries import HandedIn, LogEnd, handed_in
from mxproof.formats.maillog.line_time import LineTime, LineTimes

NOON = datetime(2025, 6, 1, 10, 0, 5, tzinfo=UTC).timestamp()
MESSAGE = "4F1A2B3C4D: client=mx.example.com[192.0.2.1]"
WANT = HandedIn(LineTime(NOON), "mx.example.com")
JOURNAL = {
    "__REALTIME_TIMESTAMP": str(int(NOON * 1_000_000)),
    "SYSLOG_IDENTIFIER": "postfix/smtpd",
    "MESSAGE": MESSAGE,
}


def entries(text: str) -> list[HandedIn | LogEnd]:
    return list(handed_in(text.encode().splitlines(keepends=True), LineTimes(UTC)))


def read(text: str) -> list[HandedIn | LogEnd]:
    return entries(text)[:-1]


@pytest.mark.parametrize(
    "text",
    [
        f"2025-06-01T10:00:05Z mx postfix/smtpd[1]: {MESSAGE}\n",
        f"<22>1 2025-06-01T10:00:05Z mx postfix/smtpd 1 - - {MESSAGE}\n",
        json.dumps(JOURNAL) + "\n",
        json.dumps({"@timestamp": "2025-06-01T10:00:05Z", "message": f"postfix/smtpd[1]: {MESSAGE}"}) + "\n",
        json.dumps({"time": NOON * 1000, "program": "postfix/smtpd", "msg": MESSAGE}) + "\n",
        json.dumps(
            {"message": "2025-06-01 10:00:05 1uLabc-0000Xy-1Z <= a@b H=mx.example.com [192.0.2.1] P=esmtp"}
        ),
        "__CURSOR=s=1\n" + "".join(f"{name}={value}\n" for name, value in JOURNAL.items()) + "\n",
        "".join(f"{name}={value}\n" for name, value in JOURNAL.items()),
    ],
)
def test_every_form_of_entry_is_read(text: str) -> None:
    assert read("an odd line\n\n" + text) == [WANT]


def test_entries_of_a_journal_do_not_mix() -> None:
    entry = "".join(f"{name}={value}\n" for name, value in JOURNAL.items()) + "\n"
    other = entry.replace(MESSAGE, "connect from mx.example.com[192.0.2.1]")
    assert read(entry + other + entry) == [WANT, WANT]


@pytest.mark.parametrize("service", ["postfix/submission/smtpd", "postfix/smtps/smtpd"])
def test_submission_is_known_by_the_service_that_a_journal_names(service: str) -> None:
    assert read(json.dumps(JOURNAL | {"SYSLOG_IDENTIFIER": service})) == []
    export = "".join(
        f"{name}={value}\n" for name, value in (JOURNAL | {"SYSLOG_IDENTIFIER": service}).items()
    )
    assert read(export + "\n") == []


def test_a_message_alone_has_no_time() -> None:
    assert read(MESSAGE) == [HandedIn(None, "mx.example.com")]


@pytest.mark.parametrize(
    ("line", "end"),
    [
        (json.dumps(JOURNAL), LineTime(NOON)),
        ("2025-06-01T10:00:05Z mx x", LineTime(NOON)),
        ('{"client="', None),
        ("", None),
    ],
)
def test_the_last_line_of_a_log_says_until_when_it_reaches(line: str, end: LineTime | None) -> None:
    assert entries(f"an odd line\n{line}")[-1] == LogEnd(end if line else None)


@given(st.lists(st.binary()))
def test_any_bytes_are_read(lines: list[bytes]) -> None:
    signs = [b"__CURSOR=\n", b"{: client=", b"__REALTIME_TIMESTAMP=x\n"]
    list(handed_in([*lines, *signs, *lines], LineTimes(UTC)))


def test_what_one_entry_of_a_journal_says_is_nothing_that_the_next_one_says() -> None:
    whole = "".join(f"{name}={value}\n" for name, value in JOURNAL.items())
    submitted = whole.replace("postfix/smtpd", "postfix/submission/smtpd")
    bare = f"__CURSOR=s=2\nMESSAGE={MESSAGE}\n"
    assert read(f"{submitted}\n{bare}\n{whole}\n{bare}") == [
        HandedIn(None, "mx.example.com"),
        WANT,
        HandedIn(None, "mx.example.com"),
    ]
    silent = "__REALTIME_TIMESTAMP=1748772005000000\nSYSLOG_IDENTIFIER=postfix/smtpd\n"
    assert read(f"{whole}\n{silent}\n{silent.replace('1748772005000000', 'soon')}MESSAGE={MESSAGE}\n") == [
        WANT,
        HandedIn(None, "mx.example.com"),
    ]
