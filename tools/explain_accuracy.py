"""Build docs/reference/explain-accuracy.md: how often `mxproof explain` is right on the proof set.

`python tools/explain_accuracy.py` judges the samples in tests/data/dsn and writes the page; `--check` fails when it is
out of date.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reference" / "explain-accuracy.md"
sys.path.insert(0, str(ROOT / "tests"))

from support_accuracy import measured, page, summary  # noqa: E402 - found by way of the path set above


def main() -> int:
    """Write the page, or compare it with `--check`."""
    accuracy = measured()
    print(summary(accuracy))
    wanted = page(accuracy)
    if "--check" in sys.argv[1:]:
        if not PAGE.exists() or PAGE.read_text(encoding="utf-8") != wanted:
            print(
                f"{PAGE.relative_to(ROOT)} is out of date; run python tools/explain_accuracy.py",
                file=sys.stderr,
            )
            return 1
        return 0
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(wanted, encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
