"""A file that is there whole or not at all, whatever happens while it is written.

How is told in `store/whole`. What is no file (a terminal, a pipe, `/dev/null`) is simply written to.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path

from mxproof.cli.exit import RunError


def write_whole(path: Path, pieces: Iterable[bytes]) -> None:
    """Write the pieces; raises RunError with what went wrong."""
    from mxproof.store.whole import replace_file  # noqa: PLC0415 - few write a file

    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                stream.writelines(pieces)
        else:
            replace_file(path, pieces)
    except OSError as error:
        raise RunError(f"{path}: was not written ({error.strerror or error})") from None


def write_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Write a folder with all of its files, by their paths in it, or nothing.

    Raises RunError with what went wrong. A folder that is there already has to be empty, and stays the one that it is.
    """
    import shutil  # noqa: PLC0415 - it loads four packings, and few write a folder

    from mxproof.store.whole import hidden, replace_file  # noqa: PLC0415 - few write a folder

    target = path.absolute()
    beside = target / hidden("new") if path.exists() else target.with_name(hidden(target.name))
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise RunError(f"{path}: exists, and is no empty folder; nothing was written")
        beside.mkdir()
        for name, data in files.items():
            file = beside / name
            file.parent.mkdir(parents=True, exist_ok=True)
            replace_file(file, [data])
        if beside.parent == target:
            _move_out(beside, target)
        else:
            beside.replace(target)
    except OSError as error:
        raise RunError(f"{path}: was not written ({error.strerror or error})") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _move_out(folder: Path, target: Path) -> None:
    """Move all that is in `folder` to `target`, or nothing."""
    names = sorted(one.name for one in folder.iterdir())
    try:
        for name in names:
            (folder / name).rename(target / name)
    except BaseException:
        for name in names:
            with suppress(FileNotFoundError):
                (target / name).rename(folder / name)
        raise
