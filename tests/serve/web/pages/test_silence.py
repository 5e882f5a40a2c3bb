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


def missing(silent_h: float) -> list[tuple[float, float]]:
    """Return the spans of the week, in hours, that are drawn as gone after so many hours without a mail."""
    last_hour = (NOW_HOUR - silent_h) % WEEK_H
    one = SenderStanding(
        KNOWN, (1.0,) * 168, NOW.timestamp() - 3600 * silent_h, last_hour, NOW_HOUR, 3.0, False
    )
    page = html(element("main", *silence_content([LogSeen("mail.log", "example.com", [one])], NOW)))
    (drawn,) = GONE.findall(page)
    return [(float(begin) / 2, float(end) / 2) for begin, end in SPAN.findall(drawn)]


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
