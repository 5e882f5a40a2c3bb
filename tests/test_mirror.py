"""The tree of tests mirrors the sources: a module that decides much has a file of tests at its own path."""

import ast
from pathlib import Path

from support_long import EXHAUSTIVE

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "src").rglob("*.py"))

DECISIONS = (
    *(ast.If, ast.IfExp, ast.match_case, ast.BoolOp, ast.Compare),
    *(ast.For, ast.While, ast.comprehension, ast.Try),
)
DECISIONS_MAX = 7
"""With more of them a module has tests of its own; below it may be a table, or a few lines that others test."""


def decisions(path: Path) -> int:
    return sum(isinstance(one, DECISIONS) for one in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def mirrored(source: Path) -> Path:
    place = source.relative_to(ROOT / "src" / "mxproof")
    name = "package" if place.stem == "__init__" else place.stem.strip("_")
    return ROOT / "tests" / place.with_name(f"test_{name}.py")


@EXHAUSTIVE
def test_a_module_that_decides_much_has_tests_of_its_own() -> None:
    without = [one for one in SOURCES if not mirrored(one).exists() and decisions(one) > DECISIONS_MAX]
    assert [str(mirrored(one).relative_to(ROOT)) for one in without] == []


def test_what_a_module_decides_is_counted(tmp_path: Path) -> None:
    module = tmp_path / "module.py"
    module.write_text("A = 1\n\n\ndef first(texts):\n    return [one for one in texts if one or A > 1]\n")
    assert decisions(module) == 3
