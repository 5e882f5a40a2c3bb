"""The shape of the house: sizes of files and functions, one meaning a name, and a docstring on every module."""

import ast
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
ROOMS = sorted({path.parent for path in SOURCES})
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60

Plain = int | float | str | bytes | tuple[object, ...]
"""What a constant can be that is the same wherever it equals: numbers, texts, and tuples of them."""
_Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
_Holding = ast.stmt | ast.excepthandler | ast.match_case


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def _definitions() -> tuple[tuple[Path, _Definition], ...]:
    """Return every class and function of the sources, those within others among them."""
    return tuple((path, node) for path in SOURCES for node in _defined(_tree(path).body))


def _defined(body: Iterable[ast.AST]) -> Iterator[_Definition]:
    """Yield the classes and functions among statements; no expression holds one, so none is looked into."""
    for one in body:
        if isinstance(one, _Definition):
            yield one
        if isinstance(one, _Holding):
            yield from _defined(ast.iter_child_nodes(one))


def test_the_sources_are_found() -> None:
    assert len(SOURCES) > 10


def test_a_file_is_at_most_400_lines() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES}
    long = [path for path, lines in lengths.items() if lines > FILE_LINES_MAX]
    assert long == [], _listed(map(str, long))


def test_a_function_is_at_most_60_lines() -> None:
    long = [
        f"{path}:{node.lineno} {node.name}"
        for path, node in _definitions()
        if not isinstance(node, ast.ClassDef)
        and (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert long == [], _listed(long)


def test_a_module_says_its_job() -> None:
    silent = [path for path in SOURCES if not ast.get_docstring(_tree(path))]
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
    for path, node in _definitions():
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            defined.setdefault(node.name, []).append(_place(path, node))
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
    for node in _tree(path).body:
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Name) and target.id.isupper() and not target.id.startswith("_"):
                value = getattr(module, target.id)
                if _is_plain(value):
                    yield target.id, value, _place(path, node)


def _is_plain(value: object) -> bool:
    if isinstance(value, tuple):
        return type(value) is tuple and all(map(_is_plain, value))
    return type(value) in {int, float, str, bytes}


def _says_its_job(path: Path) -> bool:
    return path.exists() and bool(ast.get_docstring(_tree(path)))


def _place(path: Path, node: ast.stmt) -> str:
    return f"{path.relative_to(ROOT / 'src' / 'mxproof').as_posix()}:{node.lineno}"


def _listed(violations: Iterable[str]) -> str:
    """Return all violations as the message of an assertion, which is printed whole."""
    return "\n" + "\n".join(violations)
