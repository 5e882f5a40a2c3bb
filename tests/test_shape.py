"""The shape of the house: sizes of files and functions, one meaning a name, and a docstring on every module."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
ROOMS = sorted({path.parent for path in SOURCES})
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60

Plain = int | float | str | bytes | tuple[object, ...]
"""What a constant can be that is the same wherever it equals: numbers, texts, and tuples of them."""
_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_Holding = ast.stmt | ast.excepthandler | ast.match_case


class Defined(NamedTuple):
    """A class or a function: where it stands, and its first and last line."""

    path: Path
    name: str
    first: int
    last: int
    is_class: bool


class Module(NamedTuple):
    """What is kept of a module. A tree of all sources would be looked through by every collection of garbage."""

    says_its_job: bool
    defined: tuple[Defined, ...]
    assigned: tuple[tuple[str, int], ...]
    """Names that a statement of the module itself gives a value, with its line."""


@cache
def _module(path: Path) -> Module:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    defined = (
        Defined(path, one.name, one.lineno, one.end_lineno or one.lineno, isinstance(one, ast.ClassDef))
        for one in _defined(tree.body)
    )
    return Module(bool(ast.get_docstring(tree)), tuple(defined), tuple(_assigned(tree.body)))


def _defined(body: Iterable[ast.AST]) -> Iterator[_Definition]:
    """Yield the classes and functions among statements and within them; no expression holds one, so none is looked into."""
    for one in body:
        if isinstance(one, _Definition):
            yield one
        if isinstance(one, _Holding):
            yield from _defined(ast.iter_child_nodes(one))


def _assigned(body: Iterable[ast.stmt]) -> Iterator[tuple[str, int]]:
    for node in body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        yield from ((target.id, node.lineno) for target in targets if isinstance(target, ast.Name))


def _definitions() -> Iterator[Defined]:
    """Yield every class and function of the sources, those within others among them."""
    return (one for path in SOURCES for one in _module(path).defined)


def test_the_sources_are_found() -> None:
    assert len(SOURCES) > 10


def test_a_file_is_at_most_400_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    long = [path for path, lines in lengths.items() if lines > FILE_LINES_MAX]
    assert long == [], _listed(map(str, long))


def test_a_function_is_at_most_60_lines() -> None:
    long = [
        f"{one.path}:{one.first} {one.name}"
        for one in _definitions()
        if not one.is_class and one.last - one.first + 1 > FUNCTION_LINES_MAX
    ]
    assert long == [], _listed(long)


def test_a_module_says_its_job() -> None:
    silent = [path for path in SOURCES if not _module(path).says_its_job]
    assert silent == [], _listed(map(str, silent))


def test_every_room_says_its_job() -> None:
    silent = [room for room in ROOMS if not _says_its_job(room / "__init__.py")]
    assert silent == [], _listed(room.relative_to(ROOT).as_posix() for room in silent)


def test_the_architecture_names_every_room() -> None:
    architecture = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    unnamed = [room for room in ROOMS if room.name != "mxproof" and f"`{room.name}/`" not in architecture]
    assert unnamed == [], _listed(room.relative_to(ROOT).as_posix() for room in unnamed)


def test_a_public_class_name_has_one_meaning() -> None:
    defined: dict[str, list[str]] = {}
    for one in _definitions():
        if one.is_class and not one.name.startswith("_"):
            defined.setdefault(one.name, []).append(_place(one.path, one.first))
    several = {name: places for name, places in defined.items() if len(places) > 1}
    assert several == {}, _listed(f"{name}: {', '.join(places)}" for name, places in sorted(several.items()))


def test_a_constant_of_one_name_has_one_value() -> None:
    defined: dict[str, dict[Plain, list[str]]] = {}
    for path in SOURCES:
        for name, value, place in _constants(path):
            defined.setdefault(name, {}).setdefault(value, []).append(place)
    several = {name: values for name, values in defined.items() if len(values) > 1}
    assert several == {}, _listed(
        f"{name}: {value!r:.60} in {', '.join(places)}"
        for name, values in sorted(several.items())
        for value, places in values.items()
    )


def _constants(path: Path) -> Iterator[tuple[str, Plain, str]]:
    """Yield the name, the value and the place of each public constant with a plain value that a module defines."""
    module = import_module(
        ".".join(path.relative_to(ROOT / "src").with_suffix("").parts).removesuffix(".__init__")
    )
    for name, line in _module(path).assigned:
        if name.isupper() and not name.startswith("_"):
            value = getattr(module, name)
            if _is_plain(value):
                yield name, value, _place(path, line)


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return type(value) is tuple and all(map(_is_plain, value))
    return type(value) in {int, float, str, bytes}


def _says_its_job(path: Path) -> bool:
    return path.exists() and _module(path).says_its_job


def _place(path: Path, line: int) -> str:
    return f"{path.relative_to(ROOT / 'src' / 'mxproof').as_posix()}:{line}"


def _listed(violations: Iterable[str]) -> str:
    """Return all violations as the message of an assertion, which is printed whole."""
    return "\n" + "\n".join(violations)
