"""Whether the tests notice: `python tools/mutants.py [--each N] ROOM ...` changes the source in a copy and runs the tests of it.

A change is one condition, bound or outcome: `and` for `or`, `<` for `<=`, a condition turned round, `min` for `max`, `all` for
`any`, a number one more, True for False. Which changes are made is drawn from all places of a room with a fixed seed. The tests are
loaded once, and each change meets those that enter what is changed (`mutant_room`): first, of those files that mirror the changed modules,
or import one that none mirrors, then, what these did not notice, of all files of the room. What no function can be given anew, a constant
or a default, meets tests in runs of their own. A run that takes HUNG_RATIO times as long as without the change, and HUNG_S_MIN, hangs, which is
noticed, too. What no test noticed is listed. `--list` prints the changes and runs nothing; `--near` stops before the room, and
says of what is noticed how much it is at least.
`--keep` puts down what was measured of each room, for the page of it (`mutant_scores`). Once tests were written, `--again` tries no
changes but those that no test noticed when the room was put down last: the others are as noticed as before while the sources are the
same, and where these are not, it is refused.
In place of rooms modules may be named, as `mail/caa.py`: all changes of them that are known meet the tests as with `--near`.
"""

import argparse
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from mutant_places import Mutant, all_mutants, mutants, places
from mutant_scores import FOLDER, Measured, Survivor, measured, put_down

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src/mxproof")
SEED = 8461
EACH = 60
CORE = ("judge", "formats", "mail", "explain", "survey", "remedy", "evidence")
ROOMS = (*CORE, "net", "store", "serve", "rhythm", "publish", "scan")
HUNG_S_MIN = 30.0
HUNG_RATIO = 10.0
ENVIRONMENT = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "HYPOTHESIS_STORAGE_DIRECTORY": tempfile.gettempdir() + "/mutants-hypothesis",
}


class Outcome(msgspec.Struct, frozen=True):
    """What became of one change; undecided without `is_noticed`, and then the files of tests that enter its module."""

    mutant: Mutant
    is_noticed: bool | None
    by: str = ""
    files: tuple[str, ...] = ()


class Order(msgspec.Struct, frozen=True):
    """The changes of a room, and whether those that no covering test noticed meet the others that can come near them."""

    drawn: tuple[Mutant, ...]
    is_wide: bool = True


class Proving(msgspec.Struct):
    """A copy of the project, and what the tests said of the sources as they are: seconds for each choice of tests."""

    copy: Path
    passed_s: dict[tuple[str, ...], float] = msgspec.field(default_factory=dict)

    def notices(self, one: Mutant, tests: tuple[str, ...]) -> bool:
        """Tell whether the tests fail with the change; where they fail without it, nothing is measured."""
        if tests not in self.passed_s:
            began = time.monotonic()
            if not self._passes(tests, None):
                sys.exit(f"{' '.join(tests)}: these tests fail without a change, so they can measure none")
            self.passed_s[tests] = time.monotonic() - began
        file = self.copy / PACKAGE / one.module
        source = file.read_bytes()
        file.write_bytes(source[: one.start] + one.new.encode() + source[one.end :])
        try:
            return not self._passes(tests, max(HUNG_S_MIN, HUNG_RATIO * self.passed_s[tests]))
        finally:
            file.write_bytes(source)

    def environment(self) -> dict[str, str]:
        """Return what programs are started with so that they find the copy."""
        return {**os.environ, **ENVIRONMENT, "PYTHONPATH": str(self.copy / "src")}

    def _passes(self, tests: tuple[str, ...], limit_s: float | None) -> bool:
        command = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests)
        run = subprocess.Popen(
            command,
            cwd=self.copy,
            env=self.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            return run.wait(limit_s) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            if run.returncode is None:
                os.killpg(run.pid, signal.SIGKILL)
                run.wait()


def tests_of(module: str, root: Path) -> tuple[str, ...]:
    """Return the test files that mirror a module, with those named after it, or else those of its room that import it."""
    path = Path("tests") / module
    mirrored = sorted((root / path.parent).glob(f"test_{path.stem}*.py"))
    folder, name = f"mxproof.{'.'.join(Path(module).parent.parts)}", Path(module).stem
    imported = re.compile(
        rf"^(?:from {re.escape(folder)}\.{name}\b|from {re.escape(folder)} import .*\b{name}\b)", re.MULTILINE
    )
    importing = (
        one
        for one in sorted((root / "tests" / path.parts[1]).rglob("test_*.py"))
        if imported.search(one.read_text(encoding="utf-8"))
    )
    return tuple(one.relative_to(root).as_posix() for one in mirrored or importing)


class Choice(msgspec.Struct, frozen=True):
    """How many changes of a room are drawn by which seed, and what is done with them."""

    each: int = EACH
    seed: int = SEED
    is_wide: bool = True
    is_kept: bool = False
    is_again: bool = False


def main(rooms: Iterable[str], choice: Choice) -> None:
    """Print a table by room, and what survived; put each room down where that is wanted."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        proving = Proving(_copied(Path(folder)))
        for room in rooms:
            rows.append(_again(proving, room, choice) if choice.is_again else _whole(proving, room, choice))
            print(f"{room:<10} {rows[-1].noticed:>4} of {rows[-1].changes:>4} noticed", flush=True)
            if choice.is_kept:
                put_down(rows[-1])
    noticed, made = sum(row.noticed for row in rows), sum(row.changes for row in rows)
    print(f"{'together':<10} {noticed:>4} of {made:>4} noticed: {noticed / max(made, 1):.2f}")
    for row in rows:
        for one in row.survived:
            print(f"survived  {one.module}:{one.line}: {one.change}")


def of_modules(modules: Iterable[str]) -> None:
    """Print which of all changes of modules the tests do not notice that mirror or import them."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        proving = Proving(_copied(Path(folder)))
        for module in modules:
            source = (proving.copy / PACKAGE / module).read_text(encoding="utf-8")
            drawn = sorted(places(module, source))
            left = _left(proving, drawn, is_wide=False)
            print(f"{module}: {len(drawn) - len(left)} of {len(drawn)} noticed", flush=True)
            for one in left:
                print(f"survived  {one}", flush=True)


def _whole(proving: Proving, room: str, choice: Choice) -> Measured:
    """Return what becomes of all changes that are drawn of a room."""
    drawn = mutants(proving.copy / PACKAGE / room, choice.each, choice.seed)
    left = _left(proving, drawn, is_wide=choice.is_wide)
    return _measured(proving.copy, (room, choice.seed, len(drawn)), left, is_wide=choice.is_wide)


def _again(proving: Proving, room: str, choice: Choice) -> Measured:
    """Return what was put down last of a room, with those noticed by now that survived."""
    last = last_measured(measured(FOLDER), room, choice.seed)
    if last is None or last.sources != digest_of(proving.copy / PACKAGE / room):
        sys.exit(f"{room}: its sources were not measured with seed {choice.seed}; measure it whole first")
    survived = {(one.module, one.start, one.change) for one in last.survived}
    every = all_mutants(proving.copy / PACKAGE / room)
    drawn = [one for one in every if (one.module, one.start, one.change) in survived]
    left = _left(proving, drawn, is_wide=choice.is_wide)
    is_wide = choice.is_wide or last.by_room
    return _measured(proving.copy, (room, choice.seed, last.changes), left, is_wide=is_wide)


def _left(proving: Proving, drawn: list[Mutant], *, is_wide: bool) -> list[Mutant]:
    """Return those of the changes that neither the tests notice that mirror or import their modules nor, if wide, the room."""
    near = sorted({test for one in drawn for test in tests_of(one.module, proving.copy)})
    if near:
        drawn = [one for one, noticed in _tried(proving, tuple(near), drawn, is_wide=False) if not noticed]
    for room in sorted({one.module.partition("/")[0] for one in drawn}) if is_wide else ():
        tests = (f"tests/{room}",)
        tried = _tried(
            proving, tests, [one for one in drawn if one.module.startswith(f"{room}/")], is_wide=True
        )
        noticed = {one for one, is_noticed in tried if is_noticed}
        drawn = [one for one in drawn if one not in noticed]
    return drawn


def last_measured(rows: Iterable[Measured], room: str, seed: int) -> Measured | None:
    """Return what was put down last of a room with a seed."""
    return next((row for row in reversed(list(rows)) if (row.room, row.seed) == (room, seed)), None)


def digest_of(room: Path) -> str:
    """Return what tells the sources of a room from others."""
    digest = hashlib.sha256()
    for path in sorted(room.rglob("*.py")):
        digest.update(path.relative_to(room).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def _measured(copy: Path, drawn: tuple[str, int, int], left: list[Mutant], *, is_wide: bool) -> Measured:
    """Return what became of the changes drawn, of a room by a seed so many, with the lines of those that no test noticed."""

    def survivor(one: Mutant) -> Survivor:
        lines = (copy / PACKAGE / one.module).read_text(encoding="utf-8").splitlines()
        return Survivor(one.module, one.line, one.start, lines[one.line - 1].strip(), one.change)

    room, seed, changes = drawn
    folder = copy / PACKAGE / room
    return Measured(
        room,
        seed,
        datetime.now(UTC).date().isoformat(),
        digest_of(folder),
        len(all_mutants(folder)),
        changes,
        changes - len(left),
        tuple(map(survivor, left)),
        is_wide,
    )


def _tried(
    proving: Proving, tests: tuple[str, ...], drawn: list[Mutant], *, is_wide: bool
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each change with whether it is noticed: most by `tests` loaded once, the others by runs of their own.

    Those runs wait until the process that loaded the tests has ended, for until then it lays its own changes into the copy.
    """
    undecided = []
    for outcome in _outcomes(proving, tests, Order(tuple(drawn), is_wide)):
        if outcome.is_noticed is None:
            undecided.append(outcome)
        else:
            yield _told(outcome.mutant, outcome.by, is_noticed=outcome.is_noticed)
    for outcome in undecided:
        runs = _runs(outcome, proving.copy, tests if is_wide else ())
        by = next((" ".join(run) for run in runs if proving.notices(outcome.mutant, run)), "")
        yield _told(outcome.mutant, by, is_noticed=bool(by))


def _outcomes(proving: Proving, tests: tuple[str, ...], order: Order) -> Iterator[Outcome]:
    """Yield what became of each change in the process that loads the tests once."""
    command = (sys.executable, str(ROOT / "tools" / "mutant_room.py"), *tests)
    with subprocess.Popen(
        command, cwd=proving.copy, env=proving.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(msgspec.json.encode(order))
        process.stdin.close()
        left = len(order.drawn)
        try:
            for line in process.stdout:
                if line.startswith(b"{"):
                    left -= 1
                    yield msgspec.json.decode(line, type=Outcome)
        except BaseException:
            process.terminate()
            raise
    if left:
        sys.exit(f"{' '.join(tests)}: ended before {left} changes were tried, so nothing was measured")


def _told(one: Mutant, by: str, *, is_noticed: bool) -> tuple[Mutant, bool]:
    print(f"{'noticed' if is_noticed else 'SURVIVED'}  {one}  {by}", file=sys.stderr, flush=True)
    return one, is_noticed


def _runs(outcome: Outcome, copy: Path, widest: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield which tests a change meets by which no function is changed: those of its module, those that enter it, the widest."""
    nearest = tests_of(outcome.mutant.module, copy)
    yield from dict.fromkeys(filter(None, (nearest, outcome.files, widest)))


def _copied(folder: Path) -> Path:
    """Copy what git knows of the work tree, as it stands, and return the copy."""
    listed = subprocess.run(
        ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"),
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return folder


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument(
        "rooms",
        nargs="*",
        default=ROOMS,
        help="rooms of the package, all that count if none is named, or modules",
    )
    parser.add_argument("--each", type=int, default=EACH, help="changes a room")
    parser.add_argument("--seed", type=int, default=SEED, help="which changes are drawn")
    parser.add_argument("--near", action="store_true", help="ask no tests but those of the changed modules")
    parser.add_argument("--keep", action="store_true", help="put down what was measured of each room")
    parser.add_argument("--list", action="store_true", help="print the changes and run nothing")
    parser.add_argument(
        "--again", action="store_true", help="try what no test noticed when it was put down last"
    )
    given = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(1))  # so that copy and programs go, too
    if given.rooms and all(name.endswith(".py") for name in given.rooms):
        of_modules(given.rooms)
        sys.exit()
    if unknown := [room for room in given.rooms if not (ROOT / PACKAGE / room).is_dir()]:
        parser.error(f"no room of the package: {', '.join(unknown)}; those that count: {', '.join(ROOMS)}")
    if given.list:
        for room in given.rooms:
            print(*mutants(ROOT / PACKAGE / room, given.each, given.seed), sep="\n")
    else:
        main(given.rooms, Choice(given.each, given.seed, not given.near, given.keep, given.again))
