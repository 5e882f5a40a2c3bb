"""The shape of the house: sizes of files and functions, and a docstring on every module."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 60
ASKING_ROOMS = {"net", "survey", "evidence", "formats"}
LIMIT = re.compile(r"_(MAX|S)\Z")

Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_the_sources_are_found() -> None:
    assert len(SOURCES) > 10


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_at_most_400_lines(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= FILE_LINES_MAX


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_function_is_at_most_60_lines(path: Path) -> None:
    long = [
        f"{node.name}:{node.lineno}"
        for node in _functions(path)
        if (node.end_lineno or node.lineno) - node.lineno + 1 > FUNCTION_LINES_MAX
    ]
    assert long == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_says_its_job(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))


def _constants(path: Path) -> Iterator[tuple[str, str]]:
    """Yield name and value, as it is written, of each limit and each time that a module names."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if LIMIT.search(name):
                yield name.lstrip("_"), ast.unparse(value)
            case _:
                pass


def test_a_limit_of_one_name_has_one_value_in_the_rooms_of_asking() -> None:
    """Whoever reads a limit by its name must not find another one."""
    values: dict[str, set[str]] = {}
    concerned: set[str] = set()
    for path in SOURCES:
        for name, value in _constants(path):
            values.setdefault(name, set()).add(value)
            if path.relative_to(ROOT / "src" / "mxproof").parts[0] in ASKING_ROOMS:
                concerned.add(name)
    assert {name: found for name, found in values.items() if name in concerned and len(found) > 1} == {}
