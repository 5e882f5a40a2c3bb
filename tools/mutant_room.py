"""The tests of one room, loaded once: each change meets them in a process forked from there (`tools/mutants.py` starts this).

Which functions of the source each test enters is noted in a first run, which has to pass. Then for each change a child is forked that
gives the functions of its module the changed code, wherever they are held by now, and runs the tests that enter the function, the
quickest files first, up to the first that fails; then, if none did, all others that can come near it: those that share what was
worked out with one that does, in a file or in a fixture, and, where the whole room is asked, those that start programs. The changed file lies in the copy, too, for
what is imported later and for these programs. In the first run all that functions remember is forgotten before each file, so that a
file enters whatever it rests on.
What is worked out while a module is loaded, a constant or a default, no function can be given anew: such changes are handed back
undecided, with the files of tests that enter the module. Values that tests made when they were collected stay those of the unchanged
source but for what functions remember, so a change is rather missed than noticed in error.
"""

import cProfile
import functools
import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import zip_longest
from pathlib import Path
from types import CodeType, FrameType, FunctionType

import msgspec
import pytest

from mutant_places import Mutant
from mutants import HUNG_RATIO, HUNG_S_MIN, PACKAGE, Order, Outcome

_REMEMBERING = type(functools.cache(print))
"""Of functions that remember their results: those of the unchanged source are not theirs any more once it is changed."""
_STARTING = frozenset({"subprocess.Popen", "os.posix_spawn", "os.fork", "os.forkpty", "os.exec"})
"""The audit events of a program that begins (PEP 578)."""
_COMPREHENSIONS = frozenset({"<genexpr>", "<listcomp>", "<setcomp>", "<dictcomp>"})
_SHARED = frozenset({"package", "session"})


class _Noted(msgspec.Struct):
    """What a test did in the first run, and with which others it shares what was worked out: its file, or a folder."""

    circle: str
    is_passed: bool = True
    lasted_s: float = 0.0
    entered: frozenset[tuple[str, str]] = frozenset()
    starts_programs: bool = False


class Room:
    """The plugin that runs in place of the usual loop over tests."""

    def __init__(self, copy: Path, order: Order) -> None:
        self._copy = copy
        self._order = order
        self._noted: dict[str, _Noted] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        """Have Hypothesis end at the first example that fails: a smaller one, which it may look for for minutes, tells nothing more."""
        from hypothesis import Phase, settings  # noqa: PLC0415 pytest wants to be the first to load its plugin

        settings.register_profile("mutants", settings(phases=(Phase.explicit, Phase.generate)))
        settings.load_profile("mutants")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Note what each test enters, then try every change."""
        by_id = {item.nodeid: item for item in session.items}
        gc.unfreeze()
        functions = [one for one in gc.get_objects() if isinstance(one, FunctionType)]
        forgetting = [one.cache_clear for one in gc.get_objects() if isinstance(one, _REMEMBERING)]
        gc.freeze()
        self._note(session, forgetting)
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

    def _note(self, session: pytest.Session, forgetting: list[Callable[[], None]]) -> None:
        """Run all tests in a child that tells which functions each enters, and how long it lasts."""
        reading, writing = os.pipe()
        pid = os.fork()
        if not pid:
            os.close(reading)
            _begin_child()
            with os.fdopen(writing, "wb") as told:
                for row in _noted(session, forgetting, str(self._copy / PACKAGE)):
                    told.write(msgspec.json.encode(row) + b"\n")
            os._exit(0)
        os.close(writing)
        with _ended_with(pid), os.fdopen(reading, "rb") as told:
            self._noted = dict(msgspec.json.decode(line, type=tuple[str, _Noted]) for line in told)
        os.waitpid(pid, 0)
        failed = [name for name, noted in self._noted.items() if not noted.is_passed]
        if failed:
            print(f"fail without a change, left out: {' '.join(failed)}", file=sys.__stderr__)
        for name in failed:
            del self._noted[name]

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
        if old.keys() != new.keys() or not place or all(_is_of_module(name) for name, _ in place):
            in_module = [
                name
                for name, noted in self._noted.items()
                if any(module == one.module for module, _ in noted.entered)
            ]
            return Outcome(one, None, files=tuple(sorted({name.partition("::")[0] for name in in_module})))
        names = self._meeting(one.module, {name for name, _ in place})

        functions, forgetting = loaded

        def give() -> None:
            for forget in forgetting:
                forget()
            held = [item for item in functions if item.__code__.co_filename == path]
            seen: dict[CodeType, tuple[str, int]] = {code: name for name, code in old.items()}
            for function in held:
                if function.__code__ in seen:
                    function.__code__ = new[seen[function.__code__]]

        expected_s = sum(self._noted[name].lasted_s for name in names)
        by = _met(session, [by_id[name] for name in names], give, max(HUNG_S_MIN, HUNG_RATIO * expected_s))
        return Outcome(one, bool(by), by)

    def _meeting(self, module: str, qualnames: set[str]) -> list[str]:
        """Return the tests that enter one of these functions, those of the quickest files first, then those that can come near them."""
        by_circle: dict[str, list[str]] = {}
        for name, noted in self._noted.items():
            if any(of == module and qualname in qualnames for of, qualname in noted.entered):
                by_circle.setdefault(noted.circle, []).append(name)
        lasted_s = {
            circle: sum(self._noted[name].lasted_s for name in names) for circle, names in by_circle.items()
        }
        covering = [
            name for circle in sorted(by_circle, key=lasted_s.__getitem__) for name in by_circle[circle]
        ]
        starting = {
            noted.circle for noted in self._noted.values() if noted.starts_programs and self._order.is_wide
        }
        near = [name for name, noted in self._noted.items() if noted.circle in by_circle.keys() | starting]
        return list(dict.fromkeys((*covering, *near)))


def _noted(
    session: pytest.Session, forgetting: list[Callable[[], None]], prefix: str
) -> Iterator[tuple[str, _Noted]]:
    """Run all tests, and yield of each what it did; a profiler in C notes calls for half of what a function of Python would take."""
    profile = cProfile.Profile(subcalls=False, builtins=False)
    elsewhere: set[CodeType] = set()
    started: list[str] = []

    def trace(frame: FrameType, _event: str, _argument: object) -> None:
        elsewhere.add(frame.f_code)

    def hear(event: str, _arguments: object) -> None:
        if event in _STARTING:
            started.append(event)

    sys.addaudithook(hear)
    threading.settrace(trace)
    file = ""
    for item, following in _with_next(session.items):
        if file != (file := item.nodeid.partition("::")[0]):
            for forget in forgetting:
                forget()
        began = time.monotonic()
        profile.enable()
        is_passed = _passes(session, item, following)
        profile.disable()
        lasted_s = time.monotonic() - began
        called = {entry.code for entry in profile.getstats() if isinstance(entry.code, CodeType)}
        passed_through = frozenset(
            (code.co_filename[len(prefix) + 1 :], code.co_qualname)
            for code in called | elsewhere
            if code.co_filename.startswith(prefix)
        )
        yield item.nodeid, _Noted(_circle(item), is_passed, lasted_s, passed_through, bool(started))
        profile.clear()
        elsewhere.clear()
        started.clear()


def _circle(item: pytest.Item) -> str:
    """Return the file of a test, or the folder with whose tests it has a fixture in common."""
    if not isinstance(item, pytest.Function):
        return item.nodeid.partition("::")[0]
    by_name = item._fixtureinfo.name2fixturedefs  # noqa: SLF001 pytest tells it in no other way
    fixtures = (one for of_name in by_name.values() for one in of_name)
    folders = [one.baseid for one in fixtures if one.scope in _SHARED and one.baseid]
    return min(folders, key=len, default=item.nodeid.partition("::")[0])


def _met(session: pytest.Session, items: list[pytest.Item], give: Callable[[], None], limit_s: float) -> str:
    """Return the test that failed in a child with the changed code, or nothing; a child that hangs has failed, too."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        _begin_child()
        signal.setitimer(signal.ITIMER_REAL, limit_s)  # where nobody watches any more
        try:
            give()
        except ValueError:
            os._exit(3)
        for item, following in _with_next(items):
            os.write(writing, b"\n" + item.nodeid.encode())
            if not _passes(session, item, following):
                os._exit(1)
        os._exit(0)
    os.close(writing)
    watch = threading.Timer(limit_s, os.killpg, (pid, signal.SIGKILL))
    watch.daemon = True
    watch.start()
    with _ended_with(pid), os.fdopen(reading, "rb") as told:
        said = told.read().decode(errors="replace").rpartition("\n")[2]
    _, status = os.waitpid(pid, 0)
    watch.cancel()
    return "" if status == 0 else said or "?"


def _with_next(items: list[pytest.Item]) -> Iterable[tuple[pytest.Item, pytest.Item | None]]:
    return zip_longest(items, items[1:])


def _passes(session: pytest.Session, item: pytest.Item, following: pytest.Item | None) -> bool:
    """Run one test, and keep of its fixtures what the following needs."""
    heard = _Heard()
    session.config.pluginmanager.register(heard)
    try:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
    except BaseException:  # noqa: BLE001 whatever a changed source raises is heard
        return False
    finally:
        session.config.pluginmanager.unregister(heard)
    return not heard.failed


class _Heard:
    failed = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed = self.failed or report.failed


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


def _is_of_module(qualname: str) -> bool:
    """Tell whether code that has a frame of its own is run while its module is loaded, and then never again."""
    return qualname.rpartition(".")[2] in _COMPREHENSIONS and "<locals>" not in qualname


def _is_function(code: CodeType) -> bool:
    return bool(code.co_flags & 0x02)  # CO_NEWLOCALS: no class body


def _differ(old: CodeType, new: CodeType) -> bool:
    """Tell whether the code of a function itself differs, not only in its lines."""
    same = [a for a in old.co_consts if not isinstance(a, CodeType)] == [
        b for b in new.co_consts if not isinstance(b, CodeType)
    ]
    return _is_function(old) and not (same and old.co_code == new.co_code and old.co_names == new.co_names)


@contextmanager
def _ended_with(pid: int) -> Iterator[None]:
    """End a child, and what it started, where it is waited for no longer."""
    try:
        yield
    except BaseException:
        os.killpg(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        raise


def _begin_child() -> None:
    """Give the child a group of its own, the usual end by a signal, and nobody to talk to."""
    os.setsid()
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    null = os.open(os.devnull, os.O_RDWR)
    os.dup2(null, 1)
    os.dup2(null, 2)


def main() -> None:
    """Read the order from stdin, and try its changes with the tests named as arguments."""
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    arguments = ["-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-s", *sys.argv[1:]]
    sys.exit(pytest.main(arguments, plugins=[Room(Path.cwd(), order)]))


if __name__ == "__main__":
    main()
