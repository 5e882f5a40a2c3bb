"""Build docs/reference/explain-accuracy.md: how often `mxproof explain` is right on the samples in tests/data/dsn."""

import sys
from pathlib import Path

from keeping import REFERENCE, ROOT, keep

sys.path.insert(0, str(ROOT / "tests"))

from support_accuracy import measured, page, summary


def files() -> dict[Path, str]:
    """Return the page by its path."""
    return {REFERENCE / "explain-accuracy.md": page(measured())}


if __name__ == "__main__":
    print(summary(measured()))
    raise SystemExit(keep(files(), "explain_accuracy.py"))
