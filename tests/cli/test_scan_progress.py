"""How far a scan is: a line a stage, and where somebody watches one that is drawn again now and then."""

import pytest

from mxproof.cli import scan_progress as module
from mxproof.cli.scan_progress import ScanProgress
from mxproof.scan.running import ScanStanding
from support_terminal import StandingClock, watched

CLEAR = "\r\x1b[K"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> StandingClock:
    clock = StandingClock()
    monkeypatch.setattr(module, "time", clock)
    return clock


def standing(
    stage: str, done: int, tasks: int, counts: dict[str, int] | None = None, *, is_new: bool = True
) -> ScanStanding:
    return ScanStanding(stage, done, tasks, counts or {}, is_new)


def test_a_stage_is_told_once_it_is_done_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    progress = ScanProgress(watched=False)
    progress.told(standing("domains", 1, 2))
    assert capsys.readouterr().err == ""
    progress.told(standing("domains", 2, 2, {"found": 12345, "questions": 20000, "timeout": 0, "other": 7}))
    assert capsys.readouterr().err == (
        "mxproof: asking about the domains: 2 of 2 parts; 20,000 questions, 12,345 found\n"
    )
    progress.told(standing("joining", 2, 2))
    progress.end()
    assert capsys.readouterr().err == ""
    progress.told(standing("judge", 2, 2, {"unknown": 1, "at_risk": 2, "delivers": 3}))
    assert capsys.readouterr().err == "mxproof: judging: 2 of 2 parts; 3 delivers, 2 at_risk, 1 unknown\n"


def test_the_first_and_the_last_part_are_drawn_at_once_and_others_5_times_a_second(
    monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    stderr = watched(monkeypatch)
    progress = ScanProgress(watched=True)
    progress.told(standing("domains", 1, 9))
    assert stderr.shown() == f"{CLEAR}asking about the domains: 1 of 9 parts"
    clock.now = 0.19
    progress.told(standing("domains", 2, 9))
    assert stderr.shown() == ""
    clock.now = 0.2
    progress.told(standing("domains", 3, 9))
    assert stderr.shown() == f"{CLEAR}asking about the domains: 3 of 9 parts"
    clock.now = 0.3
    progress.told(standing("domains", 9, 9))
    assert stderr.shown() == f"{CLEAR}asking about the domains: 9 of 9 parts\n"
    progress.told(standing("names", 1, 9))
    assert stderr.shown() == f"{CLEAR}asking about shared names: 1 of 9 parts"
    progress.end()
    assert stderr.shown() == CLEAR


def test_a_stage_that_is_done_twice_is_drawn_at_once_again(
    monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    stderr = watched(monkeypatch)
    progress = ScanProgress(watched=True)
    clock.now = 1.0
    for _ in ("the first time", "once more"):
        progress.told(standing("judge", 1, 2))
        assert stderr.shown() == f"{CLEAR}judging: 1 of 2 parts"
        progress.told(standing("judge", 2, 2))
        assert stderr.shown() == f"{CLEAR}judging: 2 of 2 parts\n"


def test_a_quiet_stage_is_drawn_and_does_not_stay(
    monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    stderr = watched(monkeypatch)
    progress = ScanProgress(watched=True)
    progress.told(standing("joining", 1, 2))
    clock.now = 0.2
    progress.told(standing("joining", 2, 2))
    assert stderr.shown() == (
        f"{CLEAR}putting answers together: 1 of 2 parts{CLEAR}putting answers together: 2 of 2 parts"
    )


def test_what_is_left_is_told_by_how_long_the_parts_took_since_the_first(
    monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    stderr = watched(monkeypatch)
    progress = ScanProgress(watched=True)
    progress.told(standing("hosts", 1, 4))
    stderr.shown()
    clock.now = 3723.0
    progress.told(standing("hosts", 2, 4, {"questions": 5}))
    assert stderr.shown() == f"{CLEAR}asking hosts: 2 of 4 parts, 1:02:03 left; 5 questions"


def test_parts_of_an_earlier_run_say_nothing_of_how_long_one_takes(
    monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    stderr = watched(monkeypatch)
    progress = ScanProgress(watched=True)
    progress.told(standing("once more", 1, 5, is_new=False))
    clock.now = 100.0
    progress.told(standing("once more", 2, 5, is_new=False))
    assert stderr.shown() == (
        f"{CLEAR}asking once more what was not answered: 1 of 5 parts"
        f"{CLEAR}asking once more what was not answered: 2 of 5 parts"
    )
    clock.now = 110.0
    progress.told(standing("once more", 3, 5))
    assert stderr.shown() == (f"{CLEAR}asking once more what was not answered: 3 of 5 parts, 0:00:20 left")


@pytest.mark.parametrize(("columns", "width"), [("", 79), ("60", 59)])
def test_a_line_is_cut_before_it_would_wrap(
    columns: str, width: int, monkeypatch: pytest.MonkeyPatch, clock: StandingClock
) -> None:
    stderr = watched(monkeypatch, columns)
    counts = dict.fromkeys(("questions", "found", "empty", "nxdomain", "timeout", "servfail"), 1000)
    ScanProgress(watched=True).told(standing("domains", 1, 2, counts))
    whole = (
        "asking about the domains: 1 of 2 parts; 1,000 questions, 1,000 found, 1,000 empty, "
        "1,000 nxdomain, 1,000 timeout, 1,000 servfail"
    )
    assert stderr.shown() == CLEAR + whole[:width]
    assert clock.now == 0.0
