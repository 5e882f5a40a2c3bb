"""Build docs/reference/explain-accuracy.md: how often `mxproof explain` is right on the samples in tests/data."""

import sys
from pathlib import Path

from keeping import REFERENCE, ROOT, keep

sys.path.insert(0, str(ROOT / "tests"))

from support_accuracy import measured, page, summary
from support_unseen import measured_unseen, unseen_page


def files() -> dict[Path, str]:
    """Return the page by its path."""
    return {REFERENCE / "explain-accuracy.md": f"{page(measured())}\n{unseen_page(measured_unseen())}"}


if __name__ == "__main__":
    print(summary(measured()))
    print(f"second set: {summary(measured_unseen())}")
    raise SystemExit(keep(files(), "explain_accuracy.py"))
