"""Run the figures: `python -m bench [NAME ...]`; the exit status tells whether all of them hold.

Each figure has a process of its own: what one has loaded would count as memory of what another starts.
"""

import importlib
import subprocess
import sys

FIGURES = (
    "startup",
    "single",
    "judging",
    "plan",
    "latency",
    "hostile",
    "peer",
    "many",
    "policyd",
    "policyd_recheck",
    "explain",
    "tlsrpt",
    "collect",
    "silence",
    "tlsrpt_show",
    "tlsrpt_closing",
    "publish",
    "watch",
    "scan",
    "scan_dns",
    "scan_policy",
    "scan_records",
)


def main(names: list[str]) -> int:
    """Run the named figures, or all of them."""
    if len(names) == 1:
        return 0 if importlib.import_module(f"bench.{names[0]}").main() else 1
    statuses = []
    for name in names or FIGURES:
        print(f"== {name}", flush=True)
        statuses.append(subprocess.run([sys.executable, "-m", "bench", name], check=False).returncode)
    return max(statuses)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
