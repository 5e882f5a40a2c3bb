"""Run what asks in an event loop that can watch a socket, which the default one of Windows cannot."""

import asyncio
import importlib
import importlib.util
import sys
from collections.abc import Callable, Coroutine
from typing import TypeVar

T = TypeVar("T")


def run(main: Coroutine[object, object, T]) -> T:
    """Run `main` in an event loop of its own, and return what it returns."""
    with asyncio.Runner(loop_factory=loop_factory(sys.platform)) as runner:
        return runner.run(main)


def run_quickly(main: Coroutine[object, object, T]) -> T:
    """Run `main` as `run` does, in the quickest loop there is: for who asks so much that its half second pays."""
    with asyncio.Runner(loop_factory=quick_loop_factory() or loop_factory(sys.platform)) as runner:
        return runner.run(main)


def quick_loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the loop of uvloop, None where that is not installed."""
    if importlib.util.find_spec("uvloop") is None:
        return None
    factory: Callable[[], asyncio.AbstractEventLoop] = importlib.import_module("uvloop").new_event_loop
    return factory


def loop_factory(platform: str) -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return what makes the loop on `platform`, a name as in `sys.platform`; None is asyncio's own choice."""
    return asyncio.SelectorEventLoop if platform == "win32" else None
