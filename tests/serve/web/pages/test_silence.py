"""The week of a sender as it is drawn: what is missing since its last mail."""

import re
from datetime import UTC, datetime

import msgspec
import pytest

from mxproof.render.markup import element, html
from mxproof.rhythm.notice import KnownSender
from mxproof.rhythm.standing import SenderStanding
from mxproof.serve.web.pages.silence import LogSeen, silence_content
from mxproof.serve.web.pages.silence import drawn as drawn_of

KNOWN = KnownSender("Microsoft", 24.0, (0, 1, 2, 3, 4), (8, 17), 1.5, 16.0)
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
NOW_HOUR = 60.0
"""Wednesday noon."""
WEEK_H = 168.0
GONE = re.compile(r'd="([^"]*)" class="gone"')
SPAN = re.compile(r"M([0-9.]+) 0H([0-9.]+)V")


def drawn(silent_h: float, *, is_silent: bool = False) -> str:
    """Return the page of a log of one sender that wrote so many hours ago."""
    last_hour = (NOW_HOUR - silent_h) % WEEK_H
    last_s = NOW.timestamp() - 3600 * silent_h
    one = SenderStanding(KNOWN, (1.0,) * 168, last_s, last_hour, NOW_HOUR, 3.0, is_silent)
    return html(element("main", *silence_content([LogSeen("mail.log", "example.com", [one])], NOW)))


def missing(silent_h: float) -> list[tuple[float, float]]:
    """Return the spans of the week, in hours, that are drawn as gone after so many hours without a mail."""
    (path,) = GONE.findall(drawn(silent_h))
    return [(float(begin) / 2, float(end) / 2) for begin, end in SPAN.findall(path)]


@pytest.mark.parametrize(
    ("silent_h", "spans"),
    [
        (0.0, [(60.0, 60.0)]),
        (10.0, [(50.0, 60.0)]),
        (70.0, [(0.0, 60.0), (158.0, 168.0)]),
        (167.5, [(0.0, 60.0), (60.5, 168.0)]),
        (168.0, [(0.0, 168.0)]),
        (1000.0, [(0.0, 168.0)]),
    ],
    ids=["now", "within a week", "over a Sunday", "nearly a week", "a week", "six weeks"],
)
def test_the_hours_since_the_last_mail_are_drawn_as_gone(
    silent_h: float, spans: list[tuple[float, float]]
) -> None:
    assert missing(silent_h) == spans


@pytest.mark.parametrize("is_silent", [True, False])
def test_a_sender_of_which_the_detector_rang_is_marked_as_silent(*, is_silent: bool) -> None:
    page = drawn(10.0, is_silent=is_silent)
    assert ('class="word refused"' in page, 'class="gone silent"' in page) == (is_silent, is_silent)
    assert ("</strong> <span" in page) is is_silent


def of(*logs: LogSeen) -> str:
    return html(element("main", *silence_content(logs, NOW)))


def sender(name: str = "Microsoft", by_hour: tuple[float, ...] = (1.0,) * 168) -> SenderStanding:
    known = msgspec.structs.replace(KNOWN, name=name)
    return SenderStanding(known, by_hour, NOW.timestamp(), NOW_HOUR, NOW_HOUR, 3.0, False)


def test_where_no_log_is_followed_that_is_said_and_how_one_is() -> None:
    assert ("No log is followed" in of(), "mxproof watch follow LOG" in of()) == (True, True)
    assert "No log is followed" not in of(LogSeen("mail.log", "", ()))


@pytest.mark.parametrize(
    ("domain", "said"), [("example.com", "Mail for example.com."), ("", "Mail of all domains.")]
)
def test_a_log_says_whose_mail_it_tells_of(domain: str, said: str) -> None:
    assert f"<p>{said}</p>" in of(LogSeen("mail.log", domain, [sender()]))


def test_a_log_of_which_nobody_is_known_yet_says_so() -> None:
    words = "Nobody is known well enough yet"
    assert (words in of(LogSeen("mail.log", "", ())), words in of(LogSeen("mail.log", "", [sender()]))) == (
        True,
        False,
    )


@pytest.mark.parametrize(("senders", "beyond"), [(2, None), (3, "1 more, none of which is silent.")])
def test_so_many_senders_are_drawn_and_the_others_counted(senders: int, beyond: str | None) -> None:
    log = LogSeen("mail.log", "", [sender(f"sender{number}") for number in range(senders)])
    page = html(element("main", *drawn_of(log, NOW, 2)))
    assert page.count("<figure") == 2
    assert re.findall(r'class="faint">([^<]*)<', page) == ([] if beyond is None else [beyond])


def test_an_hour_is_as_tall_as_its_part_of_the_fullest_and_one_of_nearly_none_is_left_out() -> None:
    """The fullest is 40 high, and what is less than 0.05 high is not drawn."""
    hours = [0.0] * 168
    hours[1], hours[2], hours[3], hours[4] = 4.0, 2.0, 0.005, 0.0049
    (usual,) = re.findall(r'd="([^"]*)" class="usual"', of(LogSeen("l", "", [sender(by_hour=tuple(hours))])))
    assert usual == "M2 40v-40.0h2V40zM4 40v-20.0h2V40zM6 40v-0.1h2V40z"
    assert 'class="usual"' not in of(LogSeen("l", "", [sender(by_hour=(0.0,) * 168)]))


def test_a_mail_of_a_clock_that_is_ahead_was_now() -> None:
    late = msgspec.structs.replace(sender(), last_s=NOW.timestamp() + 7200)
    now = of(LogSeen("l", "", [sender()]))
    assert re.findall(r", ([^,<]*) ago;", of(LogSeen("l", "", [late]))) == re.findall(r", ([^,<]*) ago;", now)
    assert re.findall(r", ([^,<]*) ago;", drawn(10.0)) != re.findall(r", ([^,<]*) ago;", now)
