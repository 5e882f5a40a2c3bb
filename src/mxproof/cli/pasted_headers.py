"""The headers of a mail that arrived, from a file or pasted into stdin."""

import sys
from pathlib import Path

from mxproof.cli.exit import RunError
from mxproof.cli.streams import STDIN, print_stderr

PASTED_BYTES_MAX = 1024 * 1024
"""A message of more is read up to here; its header comes first."""


def pasted_headers(file: Path) -> bytes:
    """Return what is in a file or on stdin; raises RunError where it cannot be read."""
    if str(file) == STDIN:
        if sys.stdin is None:
            raise RunError("stdin is closed; headers were expected there")
        if sys.stdin.isatty():
            print_stderr("paste the headers of the mail that arrived; Ctrl-D on a line of its own ends them")
        return sys.stdin.buffer.read(PASTED_BYTES_MAX)
    try:
        with file.open("rb") as opened:
            return opened.read(PASTED_BYTES_MAX)
    except OSError as error:
        raise RunError(f"{file}: cannot be read ({error.strerror}); headers were expected there") from None
