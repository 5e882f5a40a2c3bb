"""The streams of the command line: data goes to stdout, messages to stderr."""

import sys

import click

from mxproof.cli.exit import RunError
from mxproof.formats.text import safe

MESSAGE_CHARACTERS_MAX = 1000
STDIN = "-"
"""What stands for stdin where a file is named."""


def print_stderr(message: str) -> None:
    """Print one line on stderr, `mxproof: ` and the message; words from outside in it are made safe."""
    click.echo(f"mxproof: {safe(message, limit=MESSAGE_CHARACTERS_MAX)}", err=True)


def print_stdout(text: str) -> None:
    """Write text to stdout in its encoding; what that does not hold is written as an escape."""
    encoding = sys.stdout.encoding if sys.stdout is not None else "ascii"
    write_stdout(text.encode(encoding, "backslashreplace"))


def write_stdout(data: bytes) -> None:
    """Write data to stdout at once; raises BrokenPipeError where its reader has gone."""
    if sys.stdout is None:
        raise RunError("stdout is closed; nothing can be written to it")
    try:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise
        raise RunError(f"stdout cannot be written to: {error.strerror}") from None


def terminal_columns(otherwise: int) -> int:
    """Return how wide the terminal is, `otherwise` where that is not known; COLUMNS overrides it."""
    import shutil  # noqa: PLC0415 - it loads four packings, and most output goes to no terminal

    return shutil.get_terminal_size((otherwise, 0)).columns
