"""The week of a sender as it is drawn: what is missing since its last mail."""

import re
from datetime import UTC, datetime

import pytest

from mxproof.render.markup import element, html
from mxproof.rhythm.notice import KnownSender
from mxproof.rhythm.standing import SenderStanding
from mxproof.serve.web.pages.silence import LogSeen, silence_content

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
