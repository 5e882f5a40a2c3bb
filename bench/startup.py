"""Start-up: `mxproof --version` against an interpreter that does nothing."""

from bench.timing import paired, python, ratio, verdict

WALL_MS_MAX = 100.0


def main() -> bool:
    """Measure and print; tell whether the figure holds."""
    ours, theirs = paired(
        ("mxproof --version", (python(), "-m", "mxproof", "--version")),
        ("python -c pass", (python(), "-c", "pass")),
        runs=15,
    )
    print(ours.row())
    print(theirs.row())
    print(f"      ratio of wall time: {ratio(ours, theirs, 'wall_s'):.1f}")
    return verdict("mxproof --version", ours.median("wall_s") * 1000, WALL_MS_MAX, " ms")
