"""The entry of the command `mxproof`: as little as can be interrupted before anyone is there to catch it."""

from collections.abc import Sequence

from mxproof.cli.exit import INTERRUPTED


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of the process, and return its exit status."""
    try:
        from mxproof.cli.program import run  # noqa: PLC0415 - Ctrl-C while it is loaded must be caught too

        return run(arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
