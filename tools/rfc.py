"""Build docs/reference/rfc-coverage.md: which section of which RFC is implemented where.

A requirement is cited where it is implemented as `RFC 8461 section 4.1` (style: one form only), so the table is read
from the sources themselves. `python tools/rfc.py` writes the page; `--check` fails when it is out of date.
"""

import re
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "rfc-coverage.md"
_CITED = re.compile(r"RFC (\d{3,5}) sections? ([0-9]+(?:\.[0-9]+)*)")


def citations(sources: Path) -> dict[tuple[int, str], set[str]]:
    """Return, for each (RFC, section), the module paths that cite it."""
    found: dict[tuple[int, str], set[str]] = defaultdict(set)
    for path in sorted(sources.rglob("*.py")):
        for rfc, section in _CITED.findall(path.read_text(encoding="utf-8")):
            found[int(rfc), section].add(path.relative_to(sources).as_posix())
    return found


def page(found: dict[tuple[int, str], set[str]]) -> str:
    """Return the coverage table as Markdown."""
    lines = [
        "# RFC coverage",
        "",
        "Made from the citations in the sources by `python tools/rfc.py`.",
        "",
        "| RFC | section | cited in |",
        "|---|---|---|",
    ]
    for (rfc, section), modules in sorted(found.items(), key=_order):
        link = f"[{section}](https://www.rfc-editor.org/rfc/rfc{rfc}#section-{section})"
        lines.append(f"| {rfc} | {link} | {', '.join(f'`{module}`' for module in sorted(modules))} |")
    return "\n".join(lines) + "\n"


def _order(item: tuple[tuple[int, str], set[str]]) -> tuple[int, tuple[int, ...]]:
    (rfc, section), _ = item
    return rfc, tuple(int(part) for part in section.split("."))


def main() -> int:
    """Write the page, or compare it with `--check`."""
    wanted = page(citations(ROOT / "src" / "mxproof"))
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
            print(f"{PAGE.relative_to(ROOT)} is out of date; run python tools/rfc.py", file=sys.stderr)
            return 1
        return 0
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
