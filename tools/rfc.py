"""Build docs/reference/rfc-coverage.md: which section of which RFC is implemented where.

A requirement is cited where it is implemented as `RFC 8461 section 4.1` (style: one form only), so the table is read
from the sources themselves. `python tools/rfc.py` writes the page; `--check` fails when it is out of date.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from keeping import REFERENCE, ROOT, keep, row, table

_CITED = re.compile(r"RFC (\d{3,5}) sections? ([0-9]+(?:\.[0-9]+)*)")


def files() -> dict[Path, str]:
    """Return the page by its path."""
    return {REFERENCE / "rfc-coverage.md": page(citations(ROOT / "src" / "mxproof"))}


def citations(sources: Path) -> dict[tuple[int, str], set[str]]:
    """Return, for each (RFC, section), the module paths that cite it."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for path in sorted(sources.rglob("*.py")):
        for rfc, section in _CITED.findall(path.read_text(encoding="utf-8")):
            found[int(rfc), section].add(path.relative_to(sources).as_posix())
    return found


def page(found: dict[tuple[int, str], set[str]]) -> str:
    """Return the coverage table as Markdown."""
    head = "# RFC coverage\n\nMade from the citations in the sources by `python tools/rfc.py`.\n\n"
    return head + table("RFC", "section", "cited in") + "".join(_rows(found))


def _rows(found: dict[tuple[int, str], set[str]]) -> Iterator[str]:
    for (rfc, section), modules in sorted(found.items(), key=_order):
        link = f"[{section}](https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section})"
        yield row(str(rfc), link, ", ".join(f"`{module}`" for module in sorted(modules)))


def _order(item: tuple[tuple[int, str], set[str]]) -> tuple[int, tuple[int, ...]]:
    (rfc, section), _ = item
    return rfc, tuple(int(part) for part in section.split("."))


if __name__ == "__main__":
    raise SystemExit(keep(files(), "rfc.py"))
