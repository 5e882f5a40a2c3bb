"""Lines of the log: with the number of the level where they go to the journal, else with the time; nobody waits for them."""

import logging
import os
import re
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from mxproof.serve.daemon import logs as module
from mxproof.serve.daemon.logs import LAST_LINES_S, Log, log_to

DATED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (?P<rest>.*)")
LINES_MAX = 10
WITHIN_S = 20.0
LOOKED_AGAIN_S = 0.05


def record(level: int = logging.INFO, words: str = "said") -> logging.LogRecord:
    return logging.LogRecord("mxproof", level, "", 0, words, None, None)


def lines(path: Path, announced: str, *levels: int) -> list[str]:
    """Return what a log writes to a file of which systemd announced `announced`."""
    with path.open("w") as stream:
        found = os.fstat(stream.fileno())
        told = announced.format(device=found.st_dev, inode=found.st_ino)
        log = log_to(stream, {"JOURNAL_STREAM": told} if told else {})
        for level in levels:
            log.handle(record(level))
        log.flush()
    return path.read_text().splitlines()


def test_the_journal_is_told_the_level_as_a_number_too(tmp_path: Path) -> None:
    levels = (logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR, logging.CRITICAL)
    assert lines(tmp_path / "log", "{device}:{inode}", *levels) == [
        "<7>DEBUG said",
        "<6>INFO said",
        "<4>WARNING said",
        "<3>ERROR said",
        "<2>CRITICAL said",
    ]


@pytest.mark.parametrize("announced", ["", "0:0", "{inode}:{device}", "journal"])
def test_any_other_stream_gets_the_time_and_the_word(tmp_path: Path, announced: str) -> None:
    (line,) = lines(tmp_path / "log", announced, logging.WARNING)
    found = DATED.fullmatch(line)
    assert found is not None
    assert found["rest"] == "WARNING said"


def test_a_warning_takes_along_what_was_gathered_and_waits_for_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "LINES_GATHERED_S", 3600.0)
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as end, os.fdopen(writing, "wb") as begin:
        log = Log(begin.fileno())
        for level in (logging.INFO, logging.DEBUG, logging.WARNING):
            log.handle(record(level, logging.getLevelName(level)))
        assert [end.readline() for _ in range(3)] == [b"INFO\n", b"DEBUG\n", b"WARNING\n"]


def fill(writing: int, *, blocking: bool = True) -> None:
    """Fill a pipe, and leave it as it is to be."""
    os.set_blocking(writing, False)
    try:
        while True:
            os.write(writing, b"x" * 4096)
    except BlockingIOError:
        os.set_blocking(writing, blocking)


@contextmanager
def pipe(*, blocking: bool = True) -> Iterator[tuple[int, int]]:
    """Make a pipe that is full already and that nobody reads, and yield its ends."""
    reading, writing = os.pipe()
    try:
        fill(writing, blocking=blocking)
        yield reading, writing
    finally:
        os.close(writing)
        os.close(reading)


def read_to(reading: int, end: bytes) -> bytes:
    found = b""
    while not found.endswith(end):
        found += os.read(reading, 65536)
    return found.lstrip(b"x")


@pytest.mark.parametrize("blocking", [True, False])
def test_a_log_that_nobody_reads_holds_nobody_up_and_says_later_what_was_lost(blocking: bool) -> None:
    with pipe(blocking=blocking) as (reading, writing):
        log = Log(writing, lines_max=LINES_MAX)
        log.handle(record(words="first"))
        with log._changed:
            assert log._changed.wait_for(lambda: log._writing, WITHIN_S)
        for number in range(LINES_MAX + 7):
            log.handle(record(words=f"line {number}"))
        assert log.lost == 7
        written = read_to(reading, b"nobody read the log\n").decode().splitlines()
        assert written[:-1] == ["first", *(f"line {number}" for number in range(LINES_MAX))]
        assert "7 lines" in written[-1]
        log.handle(record(words="last"))
        assert read_to(reading, b"\n") == b"last\n"
        log.flush()


def test_each_line_that_was_lost_is_told_of_once() -> None:
    with pipe() as (reading, writing):
        log = Log(writing, lines_max=LINES_MAX)
        lost = 0
        for more, name in ((7, "a"), (3, "b")):
            log.handle(record(words="first"))
            with log._changed:
                assert log._changed.wait_for(lambda: log._writing, WITHIN_S)
            for number in range(LINES_MAX + more):
                log.handle(record(words=f"{name}{number}"))
            lost += more
            assert log.lost == lost
            written = read_to(reading, b"nobody read the log\n").decode().splitlines()
            assert written[:-1] == ["first", *(f"{name}{number}" for number in range(LINES_MAX))]
            assert f" {more} lines" in written[-1]
            log.handle(record(words="between"))
            log.flush()
            assert read_to(reading, b"\n") == b"between\n"
            with log._changed:
                assert log._changed.wait_for(lambda: not log._writing, WITHIN_S)
            fill(writing)


def test_the_end_does_not_wait_for_a_log_that_nobody_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mxproof.serve.daemon.logs.LAST_LINES_S", 0.01)
    with pipe() as (reading, writing):
        log = Log(writing)
        log.handle(record())
        ended = threading.Thread(target=log.flush)
        ended.start()
        ended.join(LAST_LINES_S + WITHIN_S)
        assert not ended.is_alive()
        assert read_to(reading, b"\n") == b"said\n"
        log.flush()


class _Held(Log):
    """A log whose writing takes until it is let go."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor)
        self.begun, self.let_go, self.written = threading.Event(), threading.Event(), threading.Event()

    def _write(self, data: bytes) -> None:
        self.begun.set()
        assert self.let_go.wait(WITHIN_S)
        super()._write(data)
        self.written.set()


def test_the_end_waits_for_the_lines_that_are_being_written(tmp_path: Path) -> None:
    was_written: list[bool] = []
    with (tmp_path / "log").open("wb") as file:
        log = _Held(file.fileno())

        def end() -> None:
            log.flush()
            was_written.append(log.written.is_set())

        log.handle(record(logging.WARNING, "the last"))
        assert log.begun.wait(WITHIN_S)
        ending = threading.Thread(target=end)
        ending.start()
        ending.join(LOOKED_AGAIN_S)
        assert was_written == [], "nothing was written yet"
        log.let_go.set()
        ending.join(WITHIN_S)
    assert was_written == [True]
    assert (tmp_path / "log").read_bytes() == b"the last\n"


def test_a_stream_whose_reader_is_gone_costs_lines_and_nothing_else() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with closing(os.fdopen(writing, "wb", 0)):
        log = Log(writing)
        log.handle(record())
        log.flush()
        assert log.lost == 1


def test_a_line_that_cannot_be_formatted_ends_nothing() -> None:
    reading, writing = os.pipe()
    log = Log(writing)
    log.handle(logging.LogRecord("mxproof", logging.INFO, "", 0, "%d words", ("no",), None))
    log.flush()
    assert os.read(reading, 100) == b"INFO '%d words' cannot be formatted\n"
    os.close(reading)
    os.close(writing)
