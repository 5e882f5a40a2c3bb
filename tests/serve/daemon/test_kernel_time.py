"""What the kernel says of its clock, by what adjtimex(2) returns."""

import ctypes
import time

import pytest

from mxproof.serve.daemon import kernel_time
from mxproof.serve.daemon.kernel_time import Synchronised, running_s, synchronised


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (0, Synchronised.YES),
        (1, Synchronised.YES),  # a second will be inserted at the end of the day
        (4, Synchronised.YES),
        (5, Synchronised.NO),
        (-1, Synchronised.UNKNOWN),
    ],
)
def test_the_kernel_tells_whether_somebody_keeps_its_clock_right(
    state: int, expected: Synchronised, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bytes] = []

    def adjtimex(buffer: ctypes.Array[ctypes.c_char]) -> int:
        asked.append(buffer.raw)
        return state

    monkeypatch.setattr(kernel_time, "_adjtimex", lambda: adjtimex)
    assert synchronised() is expected
    assert asked == [bytes(1024)]


def test_a_system_without_the_call_does_not_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel_time, "_adjtimex", lambda: None)
    assert synchronised() is Synchronised.UNKNOWN


def test_the_call_of_this_system_answers() -> None:
    assert kernel_time.synchronised() in {Synchronised.YES, Synchronised.NO, Synchronised.UNKNOWN}


@pytest.mark.parametrize("clock", [None, time.CLOCK_MONOTONIC], ids=["none that counts suspends", "one"])
def test_the_time_since_the_start_of_the_machine_is_steady(
    clock: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel_time, "_COUNTING", clock)
    before = time.monotonic()
    assert before <= running_s() <= time.monotonic()
