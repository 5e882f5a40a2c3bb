"""What is being waited for, on a terminal alone: a line that is drawn again now and then, and gone afterwards."""

import functools

import pytest

from mxproof.cli import progress as module
from mxproof.cli.judged import judged
from mxproof.cli.progress import progress, tally
from mxproof.evidence import Answer, Kind, Outcome, Question
from mxproof.judge.report import Report
from support_certificates import NOW
from support_terminal import StandingClock, watched
from support_world import ZoneWorld, collect

CLEAR = "\r\x1b[K"
MX = Question(Kind.MX, "example.com")
TXT = Question(Kind.TXT, "_mta-sts.example.com")
ANSWER = Answer(Outcome.EMPTY, NOW)


@functools.cache
def report() -> Report:
    return judged(collect(ZoneWorld()), now=NOW, shows_fixes=False)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    clock = StandingClock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def test_nothing_is_said_where_nobody_watches(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress() as told, tally(["example.com"]) as counted:
        assert (told, counted) == (None, None)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr", None)
    with progress() as told, tally(["example.com"]) as counted:
        assert (told, counted) == (None, None)


def test_nothing_is_redrawn_on_a_dumb_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = watched(monkeypatch)
    monkeypatch.setenv("TERM", "dumb")
    with progress() as told, tally(["example.com"]) as counted:
        assert (told, counted) == (None, None)
    assert stderr.shown() == ""


def test_answers_are_counted_and_what_was_asked_first_of_the_rest_is_named(
    monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    stderr = watched(monkeypatch)
    with progress() as told:
        assert told is not None
        clock.now = 1.0
        told(MX, None)
        assert stderr.shown() == f"{CLEAR}0 answers, waiting for 1: MX example.com"
        clock.now = 2.0
        told(TXT, None)
        assert stderr.shown() == f"{CLEAR}0 answers, waiting for 2: MX example.com"
        clock.now = 3.0
        told(MX, ANSWER)
        assert stderr.shown() == f"{CLEAR}1 answers, waiting for 1: TXT _mta-sts.example.com"
        clock.now = 4.0
        told(TXT, ANSWER)
        assert stderr.shown() == f"{CLEAR}2 answers"
    assert stderr.shown() == CLEAR


def test_the_line_is_drawn_20_times_a_second_at_most(
    monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    stderr = watched(monkeypatch)
    with progress() as told:
        assert told is not None
        clock.now = 0.04
        told(MX, None)
        assert stderr.shown() == ""
        clock.now = 0.05
        told(TXT, None)
        assert stderr.shown() == f"{CLEAR}0 answers, waiting for 2: MX example.com"
        clock.now = 0.09
        told(TXT, ANSWER)
        assert stderr.shown() == ""


@pytest.mark.parametrize(("columns", "width"), [("", 79), ("60", 59)])
def test_a_line_is_cut_before_it_would_wrap(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    stderr = watched(monkeypatch, columns)
    clock.now = 1.0
    with progress() as told:
        assert told is not None
        told(Question(Kind.MX, f"{'long.' * 40}example"), None)
    whole = f"0 answers, waiting for 1: MX {'long.' * 40}example"
    assert stderr.shown() == CLEAR + whole[:width] + CLEAR


def test_a_line_stays_for_each_domain_that_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    stderr = watched(monkeypatch)
    with tally(["example.com", "example.net"]) as told:
        assert told is not None
        assert stderr.shown() == f"{CLEAR}0 of 2 done, waiting for example.com"
        told.done(1, report())
        assert stderr.shown() == (f"{CLEAR}DELIVERS example.net\n{CLEAR}1 of 2 done, waiting for example.com")
        told.done(0, report())
        assert stderr.shown() == f"{CLEAR}DELIVERS example.com\n"
    assert stderr.shown() == CLEAR
