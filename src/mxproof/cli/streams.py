"""To stdout the data, to stderr the talk."""

import sys

import click

from mxproof.cli.exit import RunError
from mxproof.formats.text import safe

LINE_CHARACTERS_MAX = 1000


def talk(message: str) -> None:
    """Say one line on stderr; words from outside in it are made safe."""
    click.echo(f"mxproof: {safe(message, limit=LINE_CHARACTERS_MAX)}", err=True)


def emit(data: bytes) -> None:
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
