"""Run the figures: `python -m bench [NAME ...]`; the exit status tells whether all of them hold."""

import importlib
import sys

FIGURES = ("startup", "judging", "latency", "hostile", "peer", "policyd", "explain")


def main(names: list[str]) -> int:
    """Run each named figure, or all of them."""
    held = True
    for name in names or FIGURES:
        print(f"== {name}", flush=True)
        held = bool(importlib.import_module(f"bench.{name}").main()) and held
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
