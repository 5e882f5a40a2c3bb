"""Files that a command writes: refused before anything is asked where they could not be made."""

import os
from pathlib import Path

import click


def file_to_write(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    """Return the file, unless it can be seen that it could not be made."""
    try:
        if file is not None:
            _could_be_made(file)
    except OSError:
        return file  # such as a name that is too long: writing tells, and the report is not lost
    return file


def _could_be_made(file: Path) -> None:
    if file.is_dir():
        raise click.BadParameter(f"{file}: is a folder; a file was expected")
    if not file.parent.is_dir():
        raise click.BadParameter(f"{file}: the folder {file.parent} does not exist")
    if not os.access(file.parent, os.W_OK) and not file.exists():
        raise click.BadParameter(f"{file}: the folder {file.parent} cannot be written to")
