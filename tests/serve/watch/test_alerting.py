"""Telling somebody by a command: what it is handed, and what counts as told."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mxproof.judge.difference import Course
from mxproof.judge.news import Weight
from mxproof.judge.settling import TurnKind
from mxproof.serve.watch.alerting import GIVEN_UP_AFTER_TRIES, told, tried_again_at
from mxproof.serve.watch.settings import Channel
from mxproof.store.journal.watched import DueNotice, KeptNews

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NEWS = KeptNews(1, "example.com", NOW, NOW, TurnKind.CHANGED, Course.WORSE, "alarm", b'{"a":1}', 1)


def tell(*command: str, timeout_s: float = 30.0) -> str:
    channel = Channel("pager", command, Weight.NOTE, timeout_s)
    return asyncio.run(told(channel, DueNotice(NEWS, "pager", 0)))


def test_the_command_gets_the_news_and_whom_they_are_about(tmp_path: Path) -> None:
    program = (
        "import os, sys\n"
        f"open({str(tmp_path / 'told')!r}, 'w').write("
        "' '.join([sys.stdin.read(), os.environ['MXPROOF_DOMAIN'], os.environ['MXPROOF_WEIGHT']]))"
    )
    assert tell(sys.executable, "-c", program) == ""
    assert (tmp_path / "told").read_text() == '{"a":1} example.com alarm'


def test_a_command_that_fails_says_why() -> None:
    said = tell(sys.executable, "-c", "import sys; sys.exit('out of\\n paper')")
    assert said.endswith("exit status 1: out of paper")


def test_one_that_reads_nothing_and_succeeds_has_told() -> None:
    assert tell("/bin/true") == ""


def test_a_program_that_is_not_there_is_named() -> None:
    assert tell("/nowhere/page-me").startswith("/nowhere/page-me: ")


def test_a_command_that_hangs_is_ended_with_all_that_it_started() -> None:
    assert "not done within 0.5 s" in tell("/bin/sh", "-c", "sleep 600 & sleep 600", timeout_s=0.5)


@pytest.mark.parametrize(("tries", "minutes"), [(1, 1), (2, 2), (3, 4), (7, 64), (20, 64)])
def test_it_is_tried_again_later_and_later(tries: int, minutes: int) -> None:
    assert tried_again_at(NOW, tries) == NOW + timedelta(minutes=minutes)


def test_after_about_a_day_it_is_given_up() -> None:
    waits = [tried_again_at(NOW, tries) for tries in range(1, GIVEN_UP_AFTER_TRIES + 1)]
    assert waits.pop() is None
    whole = sum(((at - NOW) for at in waits if at is not None), timedelta())
    assert timedelta(hours=12) < whole < timedelta(hours=36)
