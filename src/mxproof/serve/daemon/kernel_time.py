"""What the kernel knows of time: how long it has run, suspended too, and whether somebody keeps its clock right."""

import ctypes
import functools
import time
from collections.abc import Callable
from enum import StrEnum

_COUNTING: int | None = getattr(time, "CLOCK_BOOTTIME", None)
_TIME_ERROR = 5
"""What adjtimex(2) returns while the clock is not synchronised."""
_TIMEX_BYTES_MAX = 1024
"""More than struct timex has on any machine; all zero it asks and changes nothing."""


class Synchronised(StrEnum):
    """What the kernel says of its clock; anybody who sets it by hand takes the sign away, who steers it gives it back."""

    YES = "synchronised"
    NO = "not synchronised"
    UNKNOWN = "unknown"
    """This system does not say."""


def running_s() -> float:
    """Return the seconds since the machine was started, those in suspend too."""
    return time.monotonic() if _COUNTING is None else time.clock_gettime(_COUNTING)


def synchronised() -> Synchronised:
    """Return whether the kernel calls its clock synchronised."""
    ask = _adjtimex()
    if ask is None:
        return Synchronised.UNKNOWN
    state = ask(ctypes.create_string_buffer(_TIMEX_BYTES_MAX))
    if state < 0:
        return Synchronised.UNKNOWN  # a system call filter forbids it
    return Synchronised.NO if state == _TIME_ERROR else Synchronised.YES


@functools.cache
def _adjtimex() -> Callable[..., int] | None:
    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), "adjtimex", None)
    return found
