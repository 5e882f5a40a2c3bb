"""Build docs/reference/sendertest-metrics.md: every metric of a sender test on a public host."""

from datetime import UTC, datetime
from pathlib import Path

from keeping import REFERENCE, keep, table
from metric_rows import metric_rows
from mxproof.cli.serving_public_metrics import PublicCounts

METRICS = """\
# The metrics of `mxproof sendertest serve`

Made from the code by `python tools/sendertest_host.py`. They are at `/metrics` of `--http`, on a public host alone, beside what every
process has. Each series is there from the start, at 0; no run, domain or sender ever is a label.

"""


def files() -> dict[Path, str]:
    """Return the page by its path."""
    counts = PublicCounts((), {}, datetime(2026, 1, 1, tzinfo=UTC))
    rows = metric_rows(counts.text())
    return {
        REFERENCE / "sendertest-metrics.md": METRICS
        + table("metric", "kind", "labels", "what it says")
        + "".join(rows)
    }


if __name__ == "__main__":
    raise SystemExit(keep(files(), "sendertest_host.py"))
