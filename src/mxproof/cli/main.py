"""The entry of the command `mxproof`: as little as can be interrupted before anyone is there to catch it."""

from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line, by default that of the process, and return its exit status."""
    try:
        from mxproof.cli.loading import loaded  # noqa: PLC0415 - Ctrl-C while it is loaded must be caught too

        status: int = loaded("mxproof.cli.program").run(arguments)
    except KeyboardInterrupt:
        from mxproof.cli.exit import INTERRUPTED  # noqa: PLC0415 - what it needs is loaded with the rest

        return INTERRUPTED
    return status
