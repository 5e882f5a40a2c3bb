"""Lines of the log: with the number of the level where they go to the journal, and only there."""

import io
import logging
import os
from pathlib import Path

import pytest

from mxproof.serve.daemon.logs import log_to


def lines(path: Path, announced: str, *levels: int) -> list[str]:
    """Return what a log writes to a file of which systemd announced `announced`."""
    with path.open("w") as stream:
        found = os.fstat(stream.fileno())
        told = announced.format(device=found.st_dev, inode=found.st_ino)
        handler = log_to(stream, {"JOURNAL_STREAM": told} if told else {})
        for level in levels:
            handler.handle(logging.LogRecord("mxproof", level, "", 0, "said", None, None))
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
def test_any_other_stream_gets_the_word_alone(tmp_path: Path, announced: str) -> None:
    assert lines(tmp_path / "log", announced, logging.WARNING) == ["WARNING said"]


def test_a_stream_that_is_no_file_is_not_the_journal() -> None:
    stream = io.StringIO()
    log_to(stream, {"JOURNAL_STREAM": "1:2"}).handle(
        logging.LogRecord("mxproof", logging.INFO, "", 0, "said", None, None)
    )
    assert stream.getvalue() == "INFO said\n"
