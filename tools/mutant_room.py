"""The tests of one room, loaded once: each change meets them in a process forked from there (`tools/mutants.py` starts this).

Which functions of the source each test enters is noted in a first run, which has to pass. Then for each change a child is forked that
gives the functions of its module the changed code, wherever they are held by now, and runs the tests that enter the function, the
quickest first, up to the first that fails; then, if none did, all others of the room. The changed file lies in the copy, too, for
what is imported later and for programs that tests start. What is worked out while a module is loaded, a constant or a default, no
function can be given anew: such changes are handed back undecided, with the files of tests that enter the module.
Values that tests made when they were collected stay those of the unchanged source but for what functions remember, so a change is
rather missed than noticed in error.
"""

import functools
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import msgspec
import pytest

from mutants import HUNG_RATIO, HUNG_S_MIN, PACKAGE, Mutant, Order, Outcome

_REMEMBERING = type(functools.cache(print))
"""Of functions that remember their results: those of the unchanged source are not theirs any more once it is changed."""


class Room:
    """The plugin that runs in place of the usual loop over tests."""

    def __init__(self, copy: Path, order: Order) -> None:
        self._copy = copy
        self._order = order
        self._entered: dict[str, frozenset[tuple[str, str]]] = {}
        self._lasted_s: dict[str, float] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Note what each test enters, then try every change."""
        by_id = {item.nodeid: item for item in session.items}
        gc.unfreeze()
        functions = [one for one in gc.get_objects() if isinstance(one, FunctionType)]
        forgetting = [one.cache_clear for one in gc.get_objects() if isinstance(one, _REMEMBERING)]
        gc.freeze()
        self._note(session)
        for one in self._order.drawn:
            file = self._copy / PACKAGE / one.module
            source = file.read_bytes()
            changed = source[: one.start] + one.new.encode() + source[one.end :]
            file.write_bytes(changed)
            try:
                outcome = self._tried(session, by_id, (functions, forgetting), one, (source, changed))
            finally:
                file.write_bytes(source)
            print(msgspec.json.encode(outcome).decode(), file=sys.__stdout__, flush=True)
        return True

    def _note(self, session: pytest.Session) -> None:
        """Run all tests in a child that tells which functions each enters, and how long it lasts."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            _silence()
            prefix = str(self._copy / PACKAGE)
            with os.fdopen(writing, "wb") as told:
                for item, following in _with_next(session.items):
                    entered: set[CodeType] = set()
                    began = time.monotonic()
                    is_passed = _passes(session, item, following, _noting(entered))
                    passed_through = {
                        (code.co_filename[len(prefix) + 1 :], code.co_qualname)
                        for code in entered
                        if code.co_filename.startswith(prefix)
                    }
                    row = (item.nodeid, is_passed, time.monotonic() - began, sorted(passed_through))
                    told.write(msgspec.json.encode(row) + b"\n")
            os._exit(0)
        os.close(writing)
        failed = []
        with os.fdopen(reading, "rb") as told:
            for line in told:
                name, is_passed, lasted_s, names = msgspec.json.decode(
                    line, type=tuple[str, bool, float, list[tuple[str, str]]]
                )
                self._entered[name], self._lasted_s[name] = frozenset(names), lasted_s
                if not is_passed:
                    failed.append(name)
        os.waitpid(pid, 0)
        if failed:
            print(f"fail without a change, left out: {' '.join(failed)}", file=sys.__stderr__)
        for name in failed:
            del self._entered[name]

    def _tried(
        self,
        session: pytest.Session,
        by_id: dict[str, pytest.Item],
        loaded: tuple[list[FunctionType], list[Callable[[], None]]],
        one: Mutant,
        texts: tuple[bytes, bytes],
    ) -> Outcome:
        """Return what became of a change."""
        path = str(self._copy / PACKAGE / one.module)
        old, new = (dict(_codes(compile(text, path, "exec"))) for text in texts)
        place = [name for name in old if name in new and _differ(old[name], new[name])]
        module_files = {
            name.partition("::")[0]
            for name, entered in self._entered.items()
            if any(module == one.module for module, _ in entered)
        }
        if old.keys() != new.keys() or not place:
            return Outcome(one, None, files=tuple(sorted(module_files)))
        qualnames = {name for name, _ in place}
        covering = sorted(
            (
                name
                for name, entered in self._entered.items()
                if any(module == one.module and qualname in qualnames for module, qualname in entered)
            ),
            key=lambda name: self._lasted_s[name],
        )
        others = [name for name in self._entered if name not in set(covering)] if self._order.is_wide else []

        functions, forgetting = loaded

        def give() -> None:
            for forget in forgetting:
                forget()
            held = [item for item in functions if item.__code__.co_filename == path]
            seen: dict[CodeType, tuple[str, int]] = {code: name for name, code in old.items()}
            for function in held:
                if function.__code__ in seen:
                    function.__code__ = new[seen[function.__code__]]

        expected_s = sum(self._lasted_s[name] for name in (*covering, *others))
        by = _met(
            session,
            [by_id[name] for name in (*covering, *others)],
            give,
            max(HUNG_S_MIN, HUNG_RATIO * expected_s),
        )
        return Outcome(one, bool(by), by)


def _met(session: pytest.Session, items: list[pytest.Item], give: Callable[[], None], limit_s: float) -> str:
    """Return the test that failed in a child with the changed code, or nothing; a child that hangs has failed, too."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        os.setsid()
        _silence()
        try:
            give()
        except ValueError:
            os._exit(3)
        for item, following in _with_next(items):
            os.write(writing, b"\n" + item.nodeid.encode())
            if not _passes(session, item, following, None):
                os._exit(1)
        os._exit(0)
    os.close(writing)
    watch = threading.Timer(limit_s, os.killpg, (pid, signal.SIGKILL))
    watch.start()
    with os.fdopen(reading, "rb") as told:
        said = told.read().decode(errors="replace").rpartition("\n")[2]
    _, status = os.waitpid(pid, 0)
    watch.cancel()
    return "" if status == 0 else said or "?"


def _with_next(items: list[pytest.Item]) -> Iterable[tuple[pytest.Item, pytest.Item | None]]:
    return zip_longest(items, items[1:])


def _passes(
    session: pytest.Session,
    item: pytest.Item,
    following: pytest.Item | None,
    trace: Callable[..., None] | None,
) -> bool:
    """Run one test, and keep of its fixtures what the following needs."""
    heard = _Heard()
    session.config.pluginmanager.register(heard)
    if trace:
        sys.settrace(trace)
        threading.settrace(trace)
    try:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    except BaseException:  # noqa: BLE001 whatever a changed source raises is heard
        return False
    finally:
        if trace:
            sys.settrace(None)
            threading.settrace(None)
        session.config.pluginmanager.unregister(heard)
    return not heard.failed


class _Heard:
    failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed


def _noting(entered: set[CodeType]) -> Callable[..., None]:
    def trace(frame: FrameType, _event: str, _argument: object) -> None:
        entered.add(frame.f_code)

    return trace


def _codes(code: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
    """Yield the code of all functions, by name and by which of that name it is."""
    counted: dict[str, int] = {}

    def walked(outer: CodeType) -> Iterator[tuple[tuple[str, int], CodeType]]:
        for inner in outer.co_consts:
            if isinstance(inner, CodeType):
                number = counted[inner.co_qualname] = counted.get(inner.co_qualname, 0) + 1
                yield (inner.co_qualname, number), inner
                yield from walked(inner)

    return walked(code)


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & 0x02)  # CO_NEWLOCALS: no class body


def _differ(old: CodeType, new: CodeType) -> bool:
    """Tell whether the code of a function itself differs, not only in its lines."""
    same = [a for a in old.co_consts if not isinstance(a, CodeType)] == [
        b for b in new.co_consts if not isinstance(b, CodeType)
    ]
    return _is_function(old) and not (same and old.co_code == new.co_code and old.co_names == new.co_names)


def _silence() -> None:
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)


def main() -> None:
    """Read the order from stdin, and try its changes with the tests named as arguments."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-s", *sys.argv[1:]]
    sys.exit(pytest.main(arguments, plugins=[Room(Path.cwd(), order)]))


if __name__ == "__main__":
    main()
