"""Streams of a terminal for tests: one on which somebody types, and one at which somebody looks while a clock stands still."""

import io

import pytest


class TypedStdin(io.TextIOWrapper):
    """A terminal on which `text` is typed."""

    def __init__(self, text: bytes) -> None:
        super().__init__(io.BytesIO(text))

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True


class WatchedStderr(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        """Say that it is a terminal."""
        return True

    def shown(self) -> str:
        """Return what was written since it was asked last."""
        text = self.getvalue()
        self.seek(0)
        self.truncate()
        return text


class StandingClock:
    """In the place of the module `time`: it goes on only where a test says so."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        """Return the seconds that have passed."""
        return self.now


def watched(monkeypatch: pytest.MonkeyPatch, columns: str = "") -> WatchedStderr:
    """Have stderr be a terminal of so many columns, of a width that is not known where none are given."""
    stderr = WatchedStderr()
    monkeypatch.setattr("sys.stderr", stderr)
    monkeypatch.setattr("sys.__stdout__", None)
    monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setenv("TERM", "xterm")
    return stderr
