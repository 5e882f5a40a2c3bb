"""Whether the tests notice: `python tools/mutants.py [--each N] ROOM ...` changes the source in a copy and runs the tests of it.

A change is one condition, bound or outcome: `and` for `or`, `<` for `<=`, a condition turned round, `min` for `max`, `all` for
`any`, a number one more, True for False. Which changes are made is drawn from all places of a room with a fixed seed. The tests of the room
are loaded once, and each change meets those that enter what is changed, then all others of the room (`mutant_room`). What no
function can be given anew, a constant or a default, meets in runs of their own the tests that mirror its module, then those files that
enter it, then the room. A run that takes HUNG_RATIO times as long as without the change, and HUNG_S_MIN, hangs, which is noticed, too.
What no test noticed is listed. `--list` prints the changes and runs nothing; `--near` leaves out the tests that do not enter it.
"""

import argparse
import ast
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = Path("src/mxproof")
SEED = 8461
EACH = 60
CORE = ("judge", "formats", "mail", "explain", "survey", "remedy", "evidence")
ROOMS = (*CORE, "net", "store", "serve", "rhythm", "publish", "scan")
HUNG_S_MIN = 120.0
HUNG_RATIO = 10.0
ENVIRONMENT = {
    "PYTHONDONTWRITEBYTECODE": "1",
    "HYPOTHESIS_STORAGE_DIRECTORY": tempfile.gettempdir() + "/mutants-hypothesis",
}

_COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Is: ("is", "is not"),
    ast.IsNot: ("is not", "is"),
    ast.In: ("in", "not in"),
    ast.NotIn: ("not in", "in"),
}
_CALLED = {"min": "max", "max": "min", "any": "all", "all": "any"}
_SWAPPED = {"and": "or", "or": "and", "True": "False", "False": "True"}


class Mutant(msgspec.Struct, frozen=True, order=True):
    """One change: in `module` (below the package) the characters from `start` to `end` become `new`."""

    module: str
    start: int
    end: int
    line: int
    old: str
    new: str

    def __str__(self) -> str:
        """Return place and change on one line."""
        return f"{self.module}:{self.line}: {' '.join(self.old.split())} -> {' '.join(self.new.split())}"


def mutants(room: Path, each: int, seed: int = SEED) -> list[Mutant]:
    """Return `each` changes of a room in order, or all where there are fewer; the same for the same sources."""
    every = sorted(
        one
        for path in sorted(room.rglob("*.py"))
        for one in places(path.relative_to(room.parent).as_posix(), path.read_text(encoding="utf-8"))
    )
    return sorted(random.Random(f"{seed} {room.name}").sample(every, min(each, len(every))))


def places(module: str, source: str) -> Iterator[Mutant]:
    """Yield every change of one module that this tool knows."""
    text = _Text(module, source)
    for node in _walked(ast.parse(source)):
        if isinstance(node, ast.BoolOp):
            word = "and" if isinstance(node.op, ast.And) else "or"
            for left, right in pairwise(node.values):
                yield from text.between(left, right, (word, _SWAPPED[word]))
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            yield from text.between(node.left, node.comparators[0], _COMPARED[type(node.ops[0])])
            yield from text.bounds((node.left, *node.comparators))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _CALLED:
            yield text.changed(node.func, _CALLED[node.func.id])
        elif isinstance(node, ast.If | ast.IfExp | ast.While) and not isinstance(node.test, ast.Compare):
            yield text.changed(node.test, f"(not ({text.of(node.test)}))")
        elif isinstance(node, ast.comprehension):
            yield from (text.changed(test, "True") for test in node.ifs)
        elif isinstance(node, ast.Return) and isinstance(node.value, ast.Constant):
            if isinstance(node.value.value, bool):
                yield text.changed(node.value, _SWAPPED[str(node.value.value)])
        elif isinstance(node, ast.Slice | ast.Assign):
            ends = (node.lower, node.upper) if isinstance(node, ast.Slice) else (node.value,)
            yield from text.bounds(filter(None, ends))


def _walked(tree: ast.AST) -> Iterator[ast.AST]:
    """Yield the nodes of a tree but those within f-strings, whose places Python tells only since 3.12."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.JoinedStr):
            waiting += ast.iter_child_nodes(node)


class _Text:
    """The bytes of one module, and where its expressions stand in them."""

    def __init__(self, module: str, source: str) -> None:
        self._module = module
        self._bytes = source.encode()
        self._lines = [0, *accumulate(len(line) for line in self._bytes.splitlines(keepends=True))]

    def of(self, node: ast.expr) -> str:
        """Return an expression as it is written."""
        start, end = self._span(node)
        return self._bytes[start:end].decode()

    def changed(self, node: ast.expr, new: str) -> Mutant:
        """Return the change of a whole expression."""
        return Mutant(self._module, *self._span(node), node.lineno, self.of(node), new)

    def between(self, left: ast.expr, right: ast.expr, words: tuple[str, str]) -> Iterator[Mutant]:
        """Yield the change of the operator that stands between two operands."""
        old, new = words
        start, end = self._span(left)[1], self._span(right)[0]
        place = self._bytes.find(old.encode(), start, end)
        if place >= 0:
            line = (left.end_lineno or left.lineno) + self._bytes.count(b"\n", start, place)
            yield Mutant(self._module, place, place + len(old), line, old, new)

    def bounds(self, nodes: Iterable[ast.expr]) -> Iterator[Mutant]:
        """Yield the change of each number above 1 among these expressions: it becomes one more."""
        for node in nodes:
            if isinstance(node, ast.Constant) and type(node.value) is int and node.value > 1:
                yield self.changed(node, str(node.value + 1))

    def _span(self, node: ast.expr) -> tuple[int, int]:
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[end_line - 1] + end_column


class Outcome(msgspec.Struct, frozen=True):
    """What became of one change; undecided without `is_noticed`, and then the files of tests that enter its module."""

    mutant: Mutant
    is_noticed: bool | None
    by: str = ""
    files: tuple[str, ...] = ()


class Order(msgspec.Struct, frozen=True):
    """The changes of a room, and whether those that no covering test noticed meet the whole room."""

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


def tests_of(module: str) -> tuple[str, ...]:
    """Return the test file that mirrors a module, with those named after it, or else the nearest folder of tests."""
    path = Path("tests") / module
    mirrored = sorted((ROOT / path.parent).glob(f"test_{path.stem}*.py"))
    if mirrored:
        return tuple(one.relative_to(ROOT).as_posix() for one in mirrored)
    folder = next(one for one in path.parents if any((ROOT / one).rglob("test_*.py")))
    return (folder.as_posix(),)


def main(rooms: Iterable[str], each: int, seed: int, *, is_wide: bool) -> None:
    """Print a table by room, and what survived."""
    survived: list[Mutant] = []
    rows = []
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        proving = Proving(_copied(Path(folder)))
        for room in rooms:
            drawn = mutants(ROOT / PACKAGE / room, each, seed)
            left = [
                one for one, is_noticed in _tried(proving, room, drawn, is_wide=is_wide) if not is_noticed
            ]
            survived += left
            rows.append((room, len(drawn) - len(left), len(drawn)))
            print(f"{room:<10} {rows[-1][1]:>4} of {rows[-1][2]:>4} noticed", flush=True)
    noticed, made = sum(row[1] for row in rows), sum(row[2] for row in rows)
    print(f"{'together':<10} {noticed:>4} of {made:>4} noticed: {noticed / max(made, 1):.2f}")
    for one in survived:
        print(f"survived  {one}")


def _tried(
    proving: Proving, room: str, drawn: list[Mutant], *, is_wide: bool
) -> Iterator[tuple[Mutant, bool]]:
    """Yield each change with whether it is noticed: most by the tests of the room loaded once, the others by runs of their own.

    Those runs wait until the process of the room has ended, for until then it lays its own changes into the copy.
    """
    undecided = []
    for outcome in _outcomes(proving, room, Order(tuple(drawn), is_wide)):
        if outcome.is_noticed is None:
            undecided.append(outcome)
        else:
            yield _told(outcome.mutant, outcome.by, is_noticed=outcome.is_noticed)
    for outcome in undecided:
        by = next(
            (
                " ".join(tests)
                for tests in _runs(outcome, room, is_wide=is_wide)
                if proving.notices(outcome.mutant, tests)
            ),
            "",
        )
        yield _told(outcome.mutant, by, is_noticed=bool(by))


def _outcomes(proving: Proving, room: str, order: Order) -> Iterator[Outcome]:
    """Yield what became of each change in the process that loads the tests of the room once."""
    command = (sys.executable, str(ROOT / "tools" / "mutant_room.py"), f"tests/{room}")
    with subprocess.Popen(
        command, cwd=proving.copy, env=proving.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(msgspec.json.encode(order))
        process.stdin.close()
        for line in process.stdout:
            if line.startswith(b"{"):
                yield msgspec.json.decode(line, type=Outcome)


def _told(one: Mutant, by: str, *, is_noticed: bool) -> tuple[Mutant, bool]:
    print(f"{'noticed' if is_noticed else 'SURVIVED'}  {one}  {by}", file=sys.stderr, flush=True)
    return one, is_noticed


def _runs(outcome: Outcome, room: str, *, is_wide: bool) -> Iterator[tuple[str, ...]]:
    """Yield which tests a change meets by which no function is changed: those named after it, those that enter it, the room."""
    nearest = tests_of(outcome.mutant.module)
    yield nearest
    if outcome.files and outcome.files != nearest:
        yield outcome.files
    if is_wide and nearest != (f"tests/{room}",):
        yield (f"tests/{room}",)


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
        "rooms", nargs="*", default=ROOMS, help="rooms of the package, all that count if none is named"
    )
    parser.add_argument("--each", type=int, default=EACH, help="changes a room")
    parser.add_argument("--seed", type=int, default=SEED, help="which changes are drawn")
    parser.add_argument(
        "--near", action="store_true", help="ask no tests but those that enter what is changed"
    )
    parser.add_argument("--list", action="store_true", help="print the changes and run nothing")
    given = parser.parse_args()
    if unknown := [room for room in given.rooms if not (ROOT / PACKAGE / room).is_dir()]:
        parser.error(f"no room of the package: {', '.join(unknown)}; those that count: {', '.join(ROOMS)}")
    if given.list:
        for room in given.rooms:
            print(*mutants(ROOT / PACKAGE / room, given.each, given.seed), sep="\n")
    else:
        main(given.rooms, given.each, given.seed, is_wide=not given.near)
