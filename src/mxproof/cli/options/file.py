"""Files that a command writes: refused before anything is asked where they could not be made."""

import os
from pathlib import Path

import click

from mxproof.cli.exit import RunError

_STDOUT = Path("-")


def output_file(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    """Return the file that output goes to, None for stdout, which is `-` as well."""
    return None if file == _STDOUT else file_to_write(file)


def kept_file(_: click.Context, __: click.Parameter, file: Path | None) -> Path | None:
    """Return the file in which something is kept beside what is printed."""
    return file_to_write(file)


def file_to_write(file: Path | None) -> Path | None:
    """Return the file, unless it can be seen that it could not be made."""
    try:
        if file is not None:
            _could_be_made(file)
    except OSError:
        return file  # such as a name that is too long: writing tells, and the report is not lost
    return file


def new_folder(_: click.Context, __: click.Parameter, folder: Path | None) -> Path | None:
    """Return the folder of an option, which is to be made or is empty, unless it can be seen that it could not be written."""
    try:
        if folder is not None:
            _could_be_filled(folder)
    except OSError:
        return folder  # as above
    return folder


def folder_to_write(folder: Path | None) -> Path | None:
    """Return the folder for a file a domain, made where there is none; raises RunError where it cannot be."""
    if folder is None:
        return None
    try:
        folder.mkdir(exist_ok=True)
    except FileExistsError:
        raise RunError(f"{folder}: is a file; a folder was expected, for a file a domain") from None
    except OSError as error:
        raise RunError(f"{folder}: the folder cannot be made ({error.strerror})") from None
    if not os.access(folder, os.W_OK):
        raise RunError(f"{folder}: the folder cannot be written to")
    return folder


def _could_be_filled(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise click.BadParameter(f"{folder}: exists, and is no empty folder")
    where = folder if folder.exists() else folder.absolute().parent
    if not where.is_dir():
        raise click.BadParameter(f"{folder}: the folder {where} does not exist")
    if not os.access(where, os.W_OK):
        raise click.BadParameter(f"{folder}: the folder {where} cannot be written to")


def _could_be_made(file: Path) -> None:
    if file == _STDOUT:
        raise click.BadParameter("-: a file was expected, since stdout has what is printed")
    if file.is_dir():
        raise click.BadParameter(f"{file}: is a folder; a file was expected")
    if not file.parent.is_dir():
        raise click.BadParameter(f"{file}: the folder {file.parent} does not exist")
    if not os.access(file.parent, os.W_OK) and not file.exists():
        raise click.BadParameter(f"{file}: the folder {file.parent} cannot be written to")
