"""Hold all that tools make from the code against what is kept: `tools/generated.py TOOL...`, in one process.

Each tool can do so alone, with `--check`; together they load the program and ask the worlds of the lab once. The exit status is 1
where anything is out of date.
"""

import sys
from collections.abc import Sequence
from importlib import import_module

from keeping import ROOT, is_current


def main(tools: Sequence[str]) -> int:
    """Say what is out of date; return the exit status."""
    current = True
    for tool in tools:
        made = import_module(tool).files()
        stale = [path for path, text in made.items() if not is_current(path, text)]
        for path in stale:
            print(f"{path.relative_to(ROOT)} is out of date; run python tools/{tool}.py", file=sys.stderr)
        if not made:
            print(f"tools/{tool}.py makes no file", file=sys.stderr)
        current = current and bool(made) and not stale
    return 0 if current else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
