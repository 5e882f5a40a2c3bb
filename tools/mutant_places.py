"""Which changes to the source are tried: every condition, bound and outcome of a module, and those that a seed draws of a room."""

import ast
import random
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from pathlib import Path

import msgspec

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
        return f"{self.module}:{self.line}: {self.change}"

    @property
    def change(self) -> str:
        """What was, and what is made of it."""
        return f"{' '.join(self.old.split())} -> {' '.join(self.new.split())}"


def mutants(room: Path, each: int, seed: int) -> list[Mutant]:
    """Return `each` changes of a room in order, or all where there are fewer; the same for the same sources."""
    every = all_mutants(room)
    return sorted(random.Random(f"{seed} {room.name}").sample(every, min(each, len(every))))


def all_mutants(room: Path) -> list[Mutant]:
    """Return every change of a room that this tool knows, in order."""
    return sorted(
        one
        for path in sorted(room.rglob("*.py"))
        for one in places(path.relative_to(room.parent).as_posix(), path.read_text(encoding="utf-8"))
    )


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
