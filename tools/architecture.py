"""Build the map of the command line within ARCHITECTURE.md: each module of `cli`, and what it is for as it says itself."""

import ast
from pathlib import Path

from keeping import ROOT, keep, row, table

PAGE = ROOT / "ARCHITECTURE.md"
CLI = ROOT / "src" / "mxproof" / "cli"
BEGIN = "<!-- made by tools/architecture.py from the docstrings of the modules -->\n"
END = "<!-- end -->\n"


def files() -> dict[Path, str]:
    """Return the page by its path, with its map made again and all else as it stands."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    assert end, f"ARCHITECTURE.md has lost the line {BEGIN!r} or {END!r}"
    return {PAGE: before + BEGIN + "\n" + _map() + "\n" + END + after}


def _map() -> str:
    """Return a row a module: those of `cli` itself first, then those of each folder within."""
    paths = sorted(CLI.rglob("*.py"), key=lambda path: (path.parent, path.name))
    rows = (
        row(f"`{_name(path)}`", _job(path)) for path in paths if path.parent != CLI or path.stem != "__init__"
    )
    return table("module of `cli`", "what it is for") + "".join(rows)


def _name(path: Path) -> str:
    inner = path.relative_to(CLI)
    return f"{inner.parent.as_posix()}/" if path.stem == "__init__" else inner.with_suffix("").as_posix()


def _job(path: Path) -> str:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring is not None, f"{path} does not say its job"
    return " ".join(docstring.partition("\n\n")[0].split())


if __name__ == "__main__":
    raise SystemExit(keep(files(), Path(__file__).name))
