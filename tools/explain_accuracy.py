"""Build docs/reference/explain-accuracy.md: how often `mxproof explain` is right on the samples in tests/data."""

import sys
from pathlib import Path

from keeping import REFERENCE, ROOT, keep

sys.path.insert(0, str(ROOT / "tests"))

from support_accuracy import measured, page, summary
from support_fresh import fresh_page, fresh_summary, measured_fresh, wrong_sides
from support_kinds import kinds_page, kinds_summary, measured_kinds
from support_pasted import measured_own, measured_public, pasted_page
from support_unseen import measured_unseen, unseen_page
from support_wide import measured_wide, wide_page, wide_summary


def files() -> dict[Path, str]:
    """Return the page by its path."""
    parts = (
        page(measured()),
        unseen_page(measured_unseen()),
        pasted_page(measured_public(), measured_own()),
        fresh_page(measured_fresh(), wrong_sides()),
        kinds_page(measured_kinds()),
        wide_page(measured_wide()),
    )
    return {REFERENCE / "explain-accuracy.md": "\n".join(parts)}


if __name__ == "__main__":
    print(summary(measured()))
    print(f"second set: {summary(measured_unseen())}")
    print(f"pasted in public: {summary(measured_public())}")
    print(f"own texts of the same kinds: {summary(measured_own())}")
    print(f"fourth set: {fresh_summary()}")
    print(f"fifth set: {kinds_summary()}")
    print(f"sixth set: {wide_summary()}")
    raise SystemExit(keep(files(), "explain_accuracy.py"))
