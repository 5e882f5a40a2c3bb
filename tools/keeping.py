"""Keep files that are made from the code: write them, or fail with `--check` where one is out of date."""

import sys
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
REFERENCE = ROOT / "docs" / "reference"


def keep(files: Mapping[Path, str], tool: str) -> int:
    """Write each file with its text, or compare them all where the command line says `--check`."""
    check = "--check" in sys.argv[1:]
    stale = [path for path, text in files.items() if not is_current(path, text)]
    for path in stale:
        if check:
            print(f"{path.relative_to(ROOT)} is out of date; run python tools/{tool}", file=sys.stderr)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(files[path], encoding="utf-8")
            print(f"{path.relative_to(ROOT)} is written")
    return 1 if check and stale else 0


def is_current(path: Path, text: str) -> bool:
    """Tell whether the file at `path` holds `text`."""
    return path.exists() and path.read_text(encoding="utf-8") == text


def table(*heads: str) -> str:
    """Return the head of a Markdown table."""
    return row(*heads) + row(*["---"] * len(heads))


def row(*cells: str) -> str:
    """Return a row of a Markdown table; a bar inside a cell is escaped."""
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |\n"
